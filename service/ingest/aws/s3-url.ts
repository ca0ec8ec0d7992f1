import { parseUrl } from '../../base/parse-url.ts'
import { percentEncoded } from '../../base/percent-encoding.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'

/** Where an S3 service is. */
export type S3Place = {
  readonly awsRegion: string
  /** Of a service other than that of AWS. */
  readonly endPointURL?: string
}

const S3_URL = /^s3:\/\/([^/?#]+)\/(.+)$/i

/** Why a text is no address of an object in S3; null if it is one. */
export function s3Fault(text: string): string | null {
  if (S3_URL.test(text)) return null
  const url = parseUrl(text)
  const isHttp = url !== null && /^https?:$/.test(url.protocol)
  return isHttp && url.pathname.length > 1 ? null : 'names no bucket and object'
}

/**
 * The http or https URL of an object. An object of AWS is below the host of its bucket; one of another service, or in a
 * bucket whose name no certificate covers, has the bucket in its path.
 *
 * @param text Without an `s3Fault`.
 */
export function s3Url(text: string, place: S3Place): string {
  const [, bucket = '', key = ''] = S3_URL.exec(text) ?? []
  return bucket === '' ? text : s3KeyUrl(bucket, key, place)
}

/** The URL of an object by its bucket and key; of the bucket itself where the key is blank. */
export function s3KeyUrl(bucket: string, key: string, { awsRegion, endPointURL }: S3Place): string {
  const path = key.split('/').map(signableSegment).join('/')
  if (endPointURL !== undefined) return `${trimTrailing(endPointURL, '/')}/${bucket}/${path}`
  const host = `s3.${awsRegion}.amazonaws.com`
  return bucket.includes('.')
    ? `https://${host}/${bucket}/${path}`
    : `https://${bucket}.${host}/${path}`
}

/** A segment as it is signed: nothing but the unreserved characters of RFC 3986 stands for itself. */
function signableSegment(text: string): string {
  const code = (character: string): string =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return percentEncoded(text).replace(/[!'()*]/g, code)
}
