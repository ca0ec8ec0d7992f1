import { createHash } from 'node:crypto'

import { AwsV4Signer } from 'aws4fetch'

import type { PlainCall } from '../server/plain-call.ts'

/** An access key of AWS; `sessionToken` is null for a lasting one. */
export type AwsKeys = {
  readonly id: string
  readonly secret: string
  readonly sessionToken: string | null
}

/** Who signs, and for what. */
export type AwsScope = {
  readonly keys: AwsKeys
  readonly region: string
  readonly service: 's3' | 'secretsmanager' | 'sts'
}

/** How long a signed URL is valid (s). */
const VALID_S = 300

/** Signs a call (Signature Version 4). */
export async function signAwsCall(
  call: Omit<PlainCall, 'operation'>,
  scope: AwsScope
): Promise<Omit<PlainCall, 'operation'>> {
  const { method, url, headers = {}, body = null } = call
  const mediaType = body === null ? {} : { 'content-type': body.mediaType }
  const signed = await new AwsV4Signer({
    method,
    url,
    headers: { ...headers, ...mediaType },
    ...(body !== null && { body: body.text }),
    ...signerOf(scope)
  }).sign()
  const secretHeaders = Object.fromEntries(
    ['authorization', 'x-amz-security-token', 'x-amz-date', 'x-amz-content-sha256'].flatMap(
      name => {
        const value = signed.headers.get(name)
        return value === null ? [] : [[name, value] as const]
      }
    )
  )
  return { ...call, secretHeaders }
}

/** A URL that can be read for five minutes. Its query is a secret. */
export async function signAwsUrl(url: string, scope: AwsScope): Promise<string> {
  const expiring = new URL(url)
  expiring.searchParams.set('X-Amz-Expires', `${VALID_S}`)
  const signer = new AwsV4Signer({ url: expiring.href, signQuery: true, ...signerOf(scope) })
  return (await signer.sign()).url.href
}

function signerOf({ keys, region, service }: AwsScope) {
  return {
    accessKeyId: keys.id,
    secretAccessKey: keys.secret,
    ...(keys.sessionToken !== null && { sessionToken: keys.sessionToken }),
    region,
    service
  }
}

/** The headers by which a call of S3 is signed, its body included. */
export async function signS3Call(
  call: {
    readonly method: string
    readonly url: string
    readonly headers: { readonly [name: string]: string }
    readonly body: Uint8Array
  },
  scope: AwsScope
): Promise<{ readonly [name: string]: string }> {
  const { method, url, headers, body } = call
  const hash = createHash('sha256').update(body).digest('hex')
  const signed = await new AwsV4Signer({
    method,
    url,
    headers: { ...headers, 'x-amz-content-sha256': hash },
    ...signerOf(scope)
  }).sign()
  return Object.fromEntries(signed.headers)
}
