import { textMember } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { Exchange } from '../../exchange/types.ts'
import { awsAddress, findAwsKeys } from '../aws/aws-credentials.ts'
import { signAwsCall } from '../aws/sign-aws.ts'
import { sendPlain } from '../server/plain-call.ts'
import type { Environment, SecretLookup } from './local-secrets.ts'

/**
 * Looks secrets up in AWS Secrets Manager, with the keys and the region of the environment (docs/catalog.md#secrets).
 *
 * @throws ConnectorError of each look-up: `AWS_KEYS_MISSING`, `ENVIRONMENT_MISSING`, `API_ERROR` where it is refused.
 */
export function createAwsLookup(environment: Environment, exchange: Exchange): SecretLookup {
  return async name => {
    const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
    if (!region) throw new ConnectorError('ENVIRONMENT_MISSING', { name: 'AWS_REGION' })
    const keys = await findAwsKeys({ awsRegion: region }, environment, exchange)
    const call = {
      method: 'POST',
      url: awsAddress('secretsmanager', region, environment),
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
      body: { mediaType: 'application/x-amz-json-1.1', text: JSON.stringify({ SecretId: name }) }
    }
    const signed = await signAwsCall(call, { keys, region, service: 'secretsmanager' })
    try {
      const { body } = await sendPlain(exchange, { operation: 'GetSecretValue', ...signed })
      const binary = textMember(body, 'SecretBinary')
      return textMember(body, 'SecretString') ?? (binary ? atob(binary) : null)
    } catch (error) {
      if (isUnknown(error)) return null
      throw error
    }
  }
}

function isUnknown(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false
  return error.upstream?.body.includes('ResourceNotFoundException') === true
}
