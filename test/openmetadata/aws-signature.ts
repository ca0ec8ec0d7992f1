import { createHash, createHmac } from 'node:crypto'

import type { ApiCall } from '../support/start-api.ts'

type SignedCall = Pick<ApiCall, 'method' | 'url' | 'headers'> & {
  readonly body: string | Uint8Array
}

/** What a signed call says of its signature, in a header or in its query. */
type Claim = {
  /** `20260101/eu-west-1/s3/aws4_request` */
  readonly scope: string
  readonly date: string
  readonly headers: readonly string[]
  readonly signature: string
  readonly payload: string
}

/** Whether a call was signed with a secret key (Signature Version 4 of AWS). */
export function isSignedWith(secret: string, call: SignedCall): boolean {
  const url = new URL(call.url, 'http://server')
  const claim = readClaim(call, url.searchParams)
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&')
  const headers = claim.headers
    .map(name => `${name}:${String(call.headers[name]).trim()}\n`)
    .join('')
  const request = [
    call.method,
    url.pathname,
    query,
    headers,
    claim.headers.join(';'),
    claim.payload
  ]
  const text = ['AWS4-HMAC-SHA256', claim.date, claim.scope, sha256(request.join('\n'))].join('\n')
  const key = claim.scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, text).toString('hex') === claim.signature
}

function readClaim({ headers, body }: SignedCall, query: URLSearchParams): Claim {
  const given = query.get('X-Amz-Credential')
  if (given !== null) {
    return {
      scope: given.slice(given.indexOf('/') + 1),
      date: query.get('X-Amz-Date') ?? '',
      headers: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
      signature: query.get('X-Amz-Signature') ?? '',
      payload: 'UNSIGNED-PAYLOAD'
    }
  }
  const words = /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\w+)/
  const [, scope = '', names = '', signature = ''] = words.exec(headers.authorization ?? '') ?? []
  const date = String(headers['x-amz-date'])
  return { scope, date, headers: names.split(';'), signature, payload: sha256(body) }
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}
