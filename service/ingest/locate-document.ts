import type { Exchange } from '../exchange/types.ts'
import { findAwsKeys } from './aws/aws-credentials.ts'
import { s3Url } from './aws/s3-url.ts'
import { signAwsUrl } from './aws/sign-aws.ts'
import type { Environment } from './secrets/local-secrets.ts'
import type { RestConnection } from './workflow/workflow-form.ts'

/**
 * Where the document of a connection can be read: its URL, the path of its file, or a signed URL of an object in S3.
 *
 * @throws ConnectorError as `findAwsKeys`.
 */
export async function locateDocument(
  { openAPISchemaURL, openAPISchemaConnection: nested }: RestConnection,
  environment: Environment,
  exchange: Exchange
): Promise<string> {
  const s3 = nested?.openAPISchemaS3URL
  const credentials = nested?.awsCredentials
  if (s3 !== undefined && credentials !== undefined) {
    const { awsRegion, endPointURL } = credentials
    const keys = await findAwsKeys(credentials, environment, exchange)
    const url = s3Url(s3, { awsRegion, ...(endPointURL !== undefined && { endPointURL }) })
    return signAwsUrl(url, { keys, region: awsRegion, service: 's3' })
  }
  return openAPISchemaURL ?? nested?.openAPISchemaURL ?? nested?.openAPISchemaFilePath ?? ''
}
