import { parseUrl } from '../../base/parse-url.ts'
import { findOwnKeys } from '../../ingest/aws/aws-credentials.ts'
import type { S3Place } from '../../ingest/aws/s3-url.ts'
import { s3Url } from '../../ingest/aws/s3-url.ts'
import type { AwsKeys } from '../../ingest/aws/sign-aws.ts'
import { signAwsUrl } from '../../ingest/aws/sign-aws.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

type Environment = Terminal['environment']

/** An object in S3, at its http or https URL. */
export type S3Object = {
  readonly url: string
  /** A URL that can be read for some minutes, of the object or of another one at its host. */
  sign(url: string): Promise<string>
}

/** The host of AWS in both styles of URLs: below the bucket, or without it; with the region or, of old, without. */
const AWS_HOST =
  /(?:^|\.)s3(?:[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?$/

const USUAL_REGION = 'us-east-1'

/**
 * The object in S3 that a DOC names (docs/terminal.md#documents-in-s3): by `s3://bucket/key`, or by its URL in either style where
 * the environment has an access key. Null for anything else, and for a URL that is signed already.
 *
 * @throws CommandError for an `s3:` address without bucket or key.
 */
export function s3Object(location: string, environment: Environment): S3Object | null {
  const place = s3Place(environment)
  const { awsRegion, endPointURL } = place
  if (/^s3:/i.test(location)) {
    const url = s3Url(location, place)
    if (url !== location) return objectAt(url, awsRegion, environment)
    throw new CommandError(
      `"${location}" names no bucket and object, such as s3://bucket/openapi.yaml`
    )
  }
  const url = parseUrl(location)
  if (url === null || !hasKey(environment) || isSigned(url)) return null
  const isOfEndPoint = endPointURL !== undefined && url.origin === parseUrl(endPointURL)?.origin
  const host = AWS_HOST.exec(url.hostname)
  if (host === null && !isOfEndPoint) return null
  return objectAt(url.href, host?.[1] ?? awsRegion, environment)
}

/** Where the environment has S3. */
export function s3Place(environment: Environment): S3Place {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = environment
  const endPointURL = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL
  const awsRegion = AWS_REGION || AWS_DEFAULT_REGION || USUAL_REGION
  return { awsRegion, ...(endPointURL && { endPointURL }) }
}

/**
 * The keys by which the environment signs for S3.
 *
 * @throws ConnectorError `AWS_KEYS_MISSING`
 */
export function s3Keys(environment: Environment): Promise<AwsKeys> {
  const { AWS_PROFILE: profileName } = environment
  const isOfProfile = profileName !== undefined && !hasOwnKey(environment)
  return findOwnKeys(isOfProfile ? { profileName } : {}, environment)
}

function objectAt(url: string, region: string, environment: Environment): S3Object {
  return {
    url,
    async sign(asked) {
      const keys = await s3Keys(environment)
      return signAwsUrl(asked, { keys, region, service: 's3' })
    }
  }
}

/** Whether the environment says who signs; public objects need nobody. */
function hasKey(environment: Environment): boolean {
  return hasOwnKey(environment) || Boolean(environment.AWS_PROFILE)
}

function hasOwnKey({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Environment): boolean {
  return Boolean(AWS_ACCESS_KEY_ID) && Boolean(AWS_SECRET_ACCESS_KEY)
}

function isSigned({ searchParams }: URL): boolean {
  return ['X-Amz-Signature', 'Signature'].some(name => searchParams.has(name))
}
