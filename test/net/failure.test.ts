import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import type { ProblemCode } from '../../service/errors.ts'
import { documentFailure, upstreamFailure } from '../../service/net/failure.ts'

const limits = { CONNECT_TIMEOUT_MS: 2, RESPONSE_MAX_BYTES: 3, DOCUMENT_MAX_BYTES: 4 }
const url = new URL('https://user:pa55@api.example.com:8443/spec?key=s3cret#part')

const rows: readonly { code: string; upstream: ProblemCode; document: ProblemCode }[] = [
  { code: 'ENOTFOUND', upstream: 'UPSTREAM_UNREACHABLE', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'EAI_AGAIN', upstream: 'UPSTREAM_UNREACHABLE', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'EHOSTUNREACH', upstream: 'UPSTREAM_UNREACHABLE', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'CERT_HAS_EXPIRED', upstream: 'UPSTREAM_TLS', document: 'DOCUMENT_UNREACHABLE' },
  {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    upstream: 'UPSTREAM_TLS',
    document: 'DOCUMENT_UNREACHABLE'
  },
  {
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    upstream: 'UPSTREAM_TLS',
    document: 'DOCUMENT_UNREACHABLE'
  },
  {
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    upstream: 'UPSTREAM_TLS',
    document: 'DOCUMENT_UNREACHABLE'
  },
  { code: 'EGRESS_DENIED', upstream: 'EGRESS_DENIED', document: 'EGRESS_DENIED' },
  { code: 'ETIMEOUT', upstream: 'DNS_TIMEOUT', document: 'DNS_TIMEOUT' },
  { code: 'ERR_PROXY_TUNNEL', upstream: 'UPSTREAM_UNREACHABLE', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'UND_ERR_ABORTED', upstream: 'UPSTREAM_UNREACHABLE', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'ECONNRESET', upstream: 'UPSTREAM_RESET', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'EPIPE', upstream: 'UPSTREAM_RESET', document: 'DOCUMENT_UNREACHABLE' },
  {
    code: 'ETIMEDOUT',
    upstream: 'UPSTREAM_CONNECT_TIMEOUT',
    document: 'DOCUMENT_CONNECT_TIMEOUT'
  },
  { code: 'HPE_INVALID_CONSTANT', upstream: 'UPSTREAM_PROTOCOL', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'Z_DATA_ERROR', upstream: 'UPSTREAM_PROTOCOL', document: 'DOCUMENT_UNREACHABLE' },
  { code: 'ERR_BUFFER_TOO_LARGE', upstream: 'UPSTREAM_TOO_LARGE', document: 'DOCUMENT_TOO_LARGE' },
  { code: 'UND_ERR_INVALID_ARG', upstream: 'INTERNAL', document: 'INTERNAL' }
]

for (const { code, upstream, document } of rows) {
  test(`${code} becomes ${upstream}, or ${document} for a document`, () => {
    const error = Object.assign(new Error('s3cret'), { code, options: { token: 's3cret' } })
    for (const wrapped of [
      error,
      new Error('s3cret', { cause: error }),
      new AggregateError([error])
    ]) {
      const failures = [
        upstreamFailure(wrapped, url, limits),
        documentFailure(wrapped, url, limits)
      ]
      assert.equal(failures[0]?.code, upstream)
      assert.equal(failures[1]?.code, document)
      const shown = inspect(failures, { depth: 9 })
      assert.ok(!shown.includes('s3cret') && !shown.includes('pa55'), shown)
    }
  })
}

test('a failure on a connection that was made is a reset, whatever its code', () => {
  for (const [syscall, code, problem] of [
    ['connect', 'ETIMEDOUT', 'UPSTREAM_CONNECT_TIMEOUT'],
    ['read', 'ETIMEDOUT', 'UPSTREAM_RESET'],
    ['connect', 'EHOSTUNREACH', 'UPSTREAM_UNREACHABLE'],
    ['read', 'EHOSTUNREACH', 'UPSTREAM_RESET'],
    ['write', 'EPIPE', 'UPSTREAM_RESET'],
    ['connect', 'ECONNREFUSED', 'UPSTREAM_UNREACHABLE']
  ] as const) {
    const error = Object.assign(new Error(), { code, syscall })
    assert.equal(upstreamFailure(error, url, limits).code, problem, `${syscall} ${code}`)
    const wrapped = new Error('', { cause: error })
    assert.equal(upstreamFailure(wrapped, url, limits).code, problem, `wrapped ${code}`)
  }
})

test('the messages name the host, the limit, and a URL without query and user', () => {
  const tooLarge = Object.assign(new Error(), { code: 'ERR_BUFFER_TOO_LARGE' })
  const late = Object.assign(new Error(), { code: 'UND_ERR_CONNECT_TIMEOUT' })
  assert.equal(
    upstreamFailure(tooLarge, url, limits).message,
    'the answer of api.example.com:8443 is larger than 3 bytes'
  )
  assert.equal(
    upstreamFailure(late, url, limits).message,
    'api.example.com:8443 accepted no connection within 2 ms'
  )
  assert.equal(
    documentFailure(tooLarge, url, limits).message,
    'the document at https://api.example.com:8443/spec is larger than 4 bytes'
  )
})

test('what is no error at all becomes INTERNAL', () => {
  assert.equal(upstreamFailure('s3cret', url, limits).code, 'INTERNAL')
  assert.deepEqual(documentFailure(null, url, limits).cause, { code: 'UNKNOWN' })
})
