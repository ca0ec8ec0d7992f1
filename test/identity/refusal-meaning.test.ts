import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isRefusedGrant, refusalMeaning } from '../../service/identity/refusal-meaning.ts'

function meaningOf(error: string, status: number, description = '') {
  return refusalMeaning({ error, description, status })
}

for (const [meaning, errors] of [
  [
    'grant',
    [
      'invalid_grant',
      'INVALID_GRANT',
      'bad_refresh_token',
      'BAD_AUTH_CODE',
      'invalid_code',
      'interaction_required'
    ]
  ],
  [
    'client',
    [
      'invalid_client',
      'InvalidClient',
      'bad_client_secret',
      'invalid_client_id',
      'redirect_uri_mismatch'
    ]
  ],
  [
    'moment',
    [
      'slow_down',
      'too_many_requests',
      'ratelimited',
      'internal_failure',
      'temporarily_unavailable',
      'fatal_error'
    ]
  ],
  [
    'nothing',
    ['', 'invalid_request', 'access_denied', 'expired', 'grant', 'not invalid_grant', 'constructor']
  ]
] as const) {
  test(`I7 errors of token endpoints that are about ${meaning}`, () => {
    for (const error of errors) assert.equal(meaningOf(error, 400), meaning, error)
  })
}

test('I7 a status says what a refusal is about where its error does not', () => {
  for (const [status, meaning] of [
    [200, 'nothing'],
    [400, 'nothing'],
    [401, 'client'],
    [403, 'nothing'],
    [404, 'nothing'],
    [408, 'moment'],
    [425, 'moment'],
    [429, 'moment'],
    [500, 'moment'],
    [503, 'moment']
  ] as const) {
    assert.equal(meaningOf('', status), meaning, String(status))
    assert.equal(meaningOf('invalid_grant', status), 'grant', String(status))
  }
  assert.equal(meaningOf('access_denied', 401), 'client')
})

test('I7 I18 only a refused grant ends a session, and whatever is no one else’s fault denies a code', () => {
  for (const meaning of ['grant', 'client', 'moment', 'nothing'] as const) {
    assert.equal(isRefusedGrant(meaning, 'refresh_token'), meaning === 'grant')
    assert.equal(isRefusedGrant(meaning, 'client_credentials'), false)
    const deniesCode = meaning === 'grant' || meaning === 'nothing'
    assert.equal(isRefusedGrant(meaning, 'authorization_code'), deniesCode)
  }
})
