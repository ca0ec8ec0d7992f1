import assert from 'node:assert/strict'
import { test } from 'node:test'

import { challengeWords } from '../../service/exchange/challenge-words.ts'

const rows: readonly (readonly [header: string | undefined, words: string])[] = [
  [
    'Bearer realm="Service", error="invalid_token", error_description="The access token expired"',
    'The access token expired'
  ],
  [
    'Bearer error_description="Say \\"please\\", then wait",error="invalid_token"',
    'Say "please", then wait'
  ],
  ['Basic realm="x", Bearer error=insufficient_scope, scope="read"', 'insufficient_scope'],
  ['DPoP error = "use_dpop_nonce"', 'use_dpop_nonce'],
  ['BEARER ERROR="invalid_token"', 'invalid_token'],
  ['Bearer error="unclosed', ''],
  ['Basic realm="API"', ''],
  ['Bearer my_error="x"', ''],
  ['', ''],
  [undefined, '']
]

for (const [header, words] of rows) {
  test(`W11 the reason in WWW-Authenticate ${header} is "${words}"`, () => {
    assert.equal(challengeWords(header), words)
  })
}
