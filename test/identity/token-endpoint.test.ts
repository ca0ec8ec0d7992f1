import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { ConnectorError } from '../../service/errors.ts'
import { createTokenRequests } from '../../service/identity/token-endpoint.ts'
import type { GrantType } from '../../service/identity/types.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createIdentityClient } from '../../service/net/identity-client.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { testEgress } from '../support/test-egress.ts'

/** A secret that the header has in another form than plain. */
const CLIENT = { id: 'flow client', secret: 's3cret/+:%' }
const FORM = 'application/x-www-form-urlencoded'
const { signal } = new AbortController()

/** How a request of the token endpoint proves the client. */
type Proof = 'encoded' | 'plain' | 'body' | 'none'

type Answer = (response: ServerResponse, proof: Proof) => void

const json =
  (body: object, status = 200): Answer =>
  response =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const GRANTED = json({ access_token: 'token-1', token_type: 'Bearer', expires_in: 60 })

/** A provider that answers as a test says, the last answer again and again. */
async function setUp(t: TestContext, ...answers: readonly Answer[]) {
  const proofs: Proof[] = []
  const url = await startUpstream(t, async (request, response) => {
    const proof = proofOf(request, new URLSearchParams(await text(request)))
    const answer = answers[proofs.length] ?? answers.at(-1)
    proofs.push(proof)
    answer?.(response, proof)
  })
  const egress = testEgress()
  const limits = { CONNECT_TIMEOUT_MS: 5_000, UPSTREAM_TIMEOUT_MS: 20_000 }
  const control = createControlClient(limits, egress)
  t.after(() => control.close())
  const client = createIdentityClient(control, limits, egress.policy.isNamed)
  const waits: number[] = []
  const requestTokens = createTokenRequests({
    now: () => 0,
    wait: async milliseconds => void waits.push(milliseconds),
    callMs: 20_000
  })
  const ask = async (
    given: {
      readonly id?: string
      readonly methods?: unknown
      readonly grant?: GrantType
      readonly clientAuth?: 'basic' | 'post'
    } = {}
  ) => {
    const metadata = JSON.parse(
      JSON.stringify({ token_endpoint_auth_methods_supported: given.methods })
    )
    const server = { issuer: url, token_endpoint: `${url}/token`, ...metadata }
    const endpoint = {
      server,
      client: { ...CLIENT, ...(given.id !== undefined && { id: given.id }) },
      clientAuth: given.clientAuth ?? null,
      parameters: {},
      isOpenId: false
    }
    const grantType = given.grant ?? 'client_credentials'
    return requestTokens(client, endpoint, grantType, {}, signal)
  }
  const refused = async (given: Parameters<typeof ask>[0] = {}): Promise<ConnectorError> => {
    const error = await ask(given).then(
      () => assert.fail('a token was granted'),
      (reason: unknown) => reason
    )
    assert.ok(error instanceof ConnectorError, inspect(error))
    return error
  }
  const takeProofs = (): Proof[] => proofs.splice(0)
  return { ask, refused, waits, takeProofs }
}

function proofOf({ headers }: IncomingMessage, body: URLSearchParams): Proof {
  const [, base64 = ''] = headers.authorization?.split(' ') ?? []
  const pair = Buffer.from(base64, 'base64').toString()
  if (pair.endsWith(':s3cret%2F%2B%3A%25')) return 'encoded'
  if (pair.endsWith(`:${CLIENT.secret}`)) return 'plain'
  return body.get('client_secret') === CLIENT.secret ? 'body' : 'none'
}

const html: Answer = response =>
  void response.writeHead(401, { 'content-type': 'text/html' }).end('<h1>Unauthorized</h1>')

const html404: Answer = response =>
  void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>')

/** A provider that takes some proofs only. */
function taking(proofs: readonly Proof[], refusal: Answer): Answer {
  return (response, proof) => (proofs.includes(proof) ? GRANTED : refusal)(response, proof)
}

for (const [what, refusal] of [
  ['a 401 in HTML', html],
  ['an empty 401', response => void response.writeHead(401).end()],
  ['a 401 of JSON without an error', json({ message: 'who?' }, 401)],
  ['invalid_client', json({ error: 'invalid_client' }, 401)],
  [
    'invalid_client with a challenge',
    response => {
      const headers = { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="x"' }
      response.writeHead(401, headers).end('{"error":"invalid_client"}')
    }
  ],
  ['invalid_request', json({ error: 'invalid_request' }, 400)],
  [
    'an error in a form',
    response => void response.writeHead(400, { 'content-type': FORM }).end('error=invalid_client')
  ],
  ['an error in a 200', json({ error: 'invalid_client' })],
  ['a 404 (GitHub)', json({ error: 'Not Found' }, 404)],
  ['a 404 in HTML', html404],
  ['a 401 access_denied (Auth0)', json({ error: 'access_denied' }, 401)],
  ['a 401 server_error (ServiceNow)', json({ error: 'server_error' }, 401)],
  ['a 403 in other words', json({ message: 'Forbidden' }, 403)],
  ['an error that is an object (Facebook)', json({ error: { message: 'No.', code: 101 } }, 400)],
  ['a status of its own (HubSpot)', json({ status: 'BAD_CLIENT_ID', message: 'No.' }, 400)],
  [
    'a list of errors (Strava)',
    json({ message: 'Bad Request', errors: [{ field: 'client_id', code: 'invalid' }] }, 400)
  ],
  ['a refusal in a 200 (Slack)', json({ ok: false, error: 'bad_client_secret' })],
  ['a refusal in a 200 without an error', json({ success: false })],
  ['an error object in a 200', json({ error: { code: 'INVALID_CLIENT' } })],
  ['an error code in a 200 (WeChat)', json({ errcode: 40013, errmsg: 'invalid appid' })],
  [
    'a form in a 200 (GitHub)',
    response => void response.writeHead(200, { 'content-type': FORM }).end('error=incorrect')
  ],
  ['an empty 400', response => void response.writeHead(400).end()]
] as const satisfies readonly (readonly [string, Answer])[]) {
  test(`S19 after ${what} the client proves itself in the next way, and from then on in that one`, async t => {
    for (const grant of ['client_credentials', 'authorization_code'] as const) {
      for (const [taken, tried] of [
        ['encoded', ['encoded']],
        ['plain', ['encoded', 'plain']],
        ['body', ['encoded', 'plain', 'body']]
      ] as const) {
        const { ask, takeProofs } = await setUp(t, taking([taken], refusal))
        assert.equal((await ask({ grant })).accessToken, 'token-1')
        assert.deepEqual(takeProofs(), tried)
        await ask({ grant })
        assert.deepEqual(takeProofs(), [taken])
        await ask({ grant, id: 'another' })
        assert.deepEqual(takeProofs(), [taken])
      }
    }
  })
}

test('S19 each client keeps the way that worked for it, and one that works no more is left', async t => {
  const taken = new Map<number, Proof>()
  let count = 0
  const { ask, refused, takeProofs } = await setUp(t, (response, proof) => {
    const wanted = taken.get(count)
    ;(wanted === undefined || wanted === proof ? GRANTED : html)(response, proof)
  })
  taken.set(0, 'body')
  await ask({ id: 'one' })
  count = 1
  taken.set(1, 'plain')
  await ask({ id: 'two' })
  assert.deepEqual(takeProofs(), ['encoded', 'plain', 'body', 'body', 'encoded', 'plain'])
  count = 2
  await ask({ id: 'one' })
  await ask({ id: 'two' })
  assert.deepEqual(takeProofs(), ['body', 'plain'])
  count = 3
  taken.set(3, 'none')
  assert.equal((await refused({ id: 'one' })).code, 'IDENTITY_CLIENT_REFUSED')
  assert.deepEqual(takeProofs(), ['body', 'encoded', 'plain'])
})

test('S19 the ways are those of the metadata, and a header is not tried twice in one form', async t => {
  for (const [methods, tried] of [
    [['client_secret_basic'], ['encoded', 'plain']],
    [['client_secret_post'], ['body']],
    [
      ['client_secret_post', 'client_secret_basic'],
      ['encoded', 'plain', 'body']
    ],
    [['private_key_jwt'], ['encoded', 'plain']],
    ['client_secret_post', ['encoded', 'plain', 'body']]
  ] as const) {
    const { refused, takeProofs } = await setUp(t, html)
    assert.equal((await refused({ methods })).code, 'IDENTITY_CLIENT_REFUSED')
    assert.deepEqual(takeProofs(), tried)
  }
})

test('I11 the declared way is the only one, whatever the metadata say', async t => {
  for (const [clientAuth, tried] of [
    ['post', ['body']],
    ['basic', ['encoded', 'plain']]
  ] as const) {
    for (const methods of [undefined, ['client_secret_basic'], ['client_secret_post']] as const) {
      const { refused, takeProofs } = await setUp(t, html)
      assert.equal((await refused({ clientAuth, methods })).code, 'IDENTITY_CLIENT_REFUSED')
      assert.deepEqual(takeProofs(), tried)
    }
  }
})

test('I11 a provider that uses the code up on a wrong proof is asked in the right way from the next login on', async t => {
  const grant = 'authorization_code'
  let isUsed = false
  const { ask, refused, takeProofs } = await setUp(t, (response, proof) => {
    const answer = isUsed ? json({ error: 'invalid_grant' }, 400) : GRANTED
    if (proof === 'body') return answer(response, proof)
    isUsed = true
    json({ error: 'invalid_client' }, 401)(response, proof)
  })
  assert.equal((await refused({ grant })).code, 'LOGIN_DENIED')
  assert.deepEqual(takeProofs(), ['encoded', 'plain', 'body'])
  isUsed = false
  assert.equal((await ask({ grant })).accessToken, 'token-1')
  assert.deepEqual(takeProofs(), ['body'])
})

test('I11 of a client that is known, what is said to its proof counts, not what is said to others', async t => {
  const grant = 'authorization_code'
  let answer = GRANTED
  const { ask, refused, takeProofs } = await setUp(t, (response, proof) =>
    proof === 'encoded'
      ? answer(response, proof)
      : json({ error: 'invalid_client' }, 401)(response, proof)
  )
  await ask({ grant })
  answer = json({ error: 'expired' }, 400)
  const { code, message } = await refused({ grant })
  assert.equal(code, 'LOGIN_DENIED')
  assert.match(message, /\(expired\)/)
  assert.deepEqual(takeProofs(), ['encoded', 'encoded', 'plain', 'body'])
})

test('I18 a code that is called worthless in a description denies the login at once', async t => {
  const grant = 'authorization_code'
  for (const refusal of [
    {
      error: 'invalid_request',
      error_description: 'The authorization code was not found or was already used'
    },
    { error: { message: 'This authorization code has been used.', type: 'OAuthException' } },
    { error_type: 'OAuthException', error_message: 'Matching code was not found or already used' },
    { error: 'invalid_request', error_description: 'Authorization code expired' }
  ]) {
    const { refused, takeProofs } = await setUp(t, json(refusal, 400))
    assert.equal((await refused({ grant })).code, 'LOGIN_DENIED', JSON.stringify(refusal))
    assert.deepEqual(takeProofs(), ['encoded'])
  }
  for (const refusal of [
    { error: 'invalid_request', error_description: 'The parameter code is missing' },
    { error: 'invalid_request', error_description: 'Invalid client' }
  ]) {
    const { refused, takeProofs } = await setUp(t, json(refusal, 400))
    await refused({ grant })
    assert.equal(takeProofs().length, 3, JSON.stringify(refusal))
  }
})

test('I18 what is wrong for the moment is no denial, and says when to come again', async t => {
  const later = { 'retry-after': '30', 'content-type': 'application/json' }
  for (const [status, body] of [
    [429, ''],
    [429, '{"error":"invalid_request"}'],
    [403, '{"error":"too_many_requests"}'],
    [200, '{"ok":false,"error":"ratelimited"}']
  ] as const) {
    const { refused, takeProofs } = await setUp(t, response => {
      response.writeHead(status, later).end(body)
    })
    const { code, retryAfterSeconds } = await refused({ grant: 'authorization_code' })
    assert.deepEqual([code, retryAfterSeconds], ['IDENTITY_FAILED', 30], `${status} ${body}`)
    assert.deepEqual(takeProofs(), ['encoded'])
  }
})

test('S19 a refusal that is not about the client is not tried in another way', async t => {
  for (const answer of [
    json({ error: 'invalid_grant' }, 400),
    json({ error: 'Invalid-Grant' }, 401),
    json({ error: 'bad_refresh_token' }),
    json({ error: 'BAD_REFRESH_TOKEN' }, 400)
  ]) {
    const { refused, takeProofs } = await setUp(t, answer)
    assert.equal((await refused({ grant: 'refresh_token' })).code, 'LOGIN_DENIED')
    assert.deepEqual(takeProofs(), ['encoded'])
  }
})

const answers: readonly (readonly [
  what: string,
  type: string | null,
  body: string,
  seconds: number | null
])[] = [
  ['a form', FORM, 'access_token=token-1&scope=a%2Cb&token_type=bearer&expires_in=60', 60],
  [
    'a form with a charset',
    `${FORM}; charset=utf-8`,
    'access_token=token%2D1&refresh_token=',
    null
  ],
  ['a form that is called text', 'text/plain', 'access_token=token-1&expires_in=60\n', 60],
  ['a form that is called JSON', 'application/json', 'access_token=token-1', null],
  ['JSON that is called a form', FORM, '{"access_token":"token-1","expires_in":60}', 60],
  ['JSON that is called HTML', 'text/html', '{"access_token":"token-1"}', null],
  ['JSON of no type', null, '{"access_token":"token-1"}', null]
]
for (const [what, type, body, seconds] of answers) {
  test(`S19 a token is read from ${what}`, async t => {
    const { ask } = await setUp(t, response => {
      response.writeHead(200, type === null ? {} : { 'content-type': type }).end(body)
    })
    const { accessToken, expiresInS, refreshToken } = await ask()
    assert.deepEqual([accessToken, expiresInS, refreshToken], ['token-1', seconds, null])
  })
}

for (const kind of [
  ...['JWT', 'BEARER', 'bEarer', 'Bearer ', 'bot', 'user', 'token', 'urn:x:token', 'Macaroon'],
  ...['', null, undefined]
]) {
  test(`S19 I10 a token of the type ${kind} is used as a bearer token`, async t => {
    const { ask } = await setUp(t, json({ access_token: 'token-1', token_type: kind }))
    assert.equal((await ask()).accessToken, 'token-1')
  })
}

for (const kind of ['DPoP', 'dpop', 'DPOP ', 'mac', 'MAC', 'hmac', 'pop', 'N_A', 'mac-sha-256']) {
  test(`S19 I10 a token of the type ${kind}, which needs a proof for each call, is refused by its type`, async t => {
    const { refused } = await setUp(t, json({ access_token: 'token-1', token_type: kind }))
    const { code, message } = await refused()
    assert.equal(code, 'IDENTITY_ANSWER_INVALID')
    assert.ok(message.includes(`of the type ${kind.trim()}`), message)
  })
}

const USER = { id: 'U1', access_token: 'xoxp-1', token_type: 'user', expires_in: 60 }
for (const [what, answer, token] of [
  ['nested, without another', { authed_user: USER }, 'xoxp-1'],
  ['nested, beside a blank one', { access_token: '', authed_user: USER }, 'xoxp-1'],
  ['nested, beside null', { access_token: null, authed_user: USER }, 'xoxp-1'],
  [
    'nested, beside one of the app',
    { access_token: 'xoxb-1', token_type: 'bot', authed_user: USER },
    'xoxp-1'
  ],
  [
    'nested without a type',
    { token_type: 'bot', authed_user: { access_token: 'xoxp-1' } },
    'xoxp-1'
  ],
  [
    'of the answer, beside another',
    { access_token: 'own', token_type: 'Bearer', authed_user: USER },
    'own'
  ],
  [
    'of the app, where the user has none',
    { access_token: 'xoxb-1', token_type: 'bot', authed_user: { id: 'U1' } },
    'xoxb-1'
  ]
] as const) {
  test(`I10 the token of the user is found: ${what}`, async t => {
    const { ask } = await setUp(t, json({ ok: true, ...answer }))
    assert.equal((await ask({ grant: 'authorization_code' })).accessToken, token)
  })
}

test('I10 a nested token that is no bearer token is refused by its type', async t => {
  const { refused } = await setUp(t, json({ authed_user: { ...USER, token_type: 'DPoP' } }))
  assert.match((await refused()).message, /of the type DPoP/)
})

test('S19 an answer that is neither JSON nor a form is a problem', async t => {
  for (const body of ['<html>access_token</html>', '', '[]', 'token-1']) {
    const { refused } = await setUp(t, response => void response.writeHead(200).end(body))
    assert.equal((await refused()).code, 'IDENTITY_ANSWER_INVALID')
  }
})

const unavailable =
  (retryAfter?: string): Answer =>
  response => {
    response.writeHead(503, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
  }

test('S19 a 503 is repeated as a GET is, and Retry-After is honoured', async t => {
  for (const [first, waits] of [
    [unavailable('0'), [0]],
    [unavailable('7'), [7_000]],
    [unavailable(), [200]],
    [unavailable('soon'), [200]]
  ] as const) {
    const { ask, waits: waited, takeProofs } = await setUp(t, first, GRANTED)
    assert.equal((await ask({ grant: 'authorization_code' })).accessToken, 'token-1')
    assert.deepEqual(waited, waits)
    assert.deepEqual(takeProofs(), ['encoded', 'encoded'])
  }
})

test('S19 a provider that stays unavailable, or says that it does, is a problem', async t => {
  const { refused, waits, takeProofs } = await setUp(t, unavailable())
  assert.equal((await refused()).code, 'IDENTITY_FAILED')
  assert.deepEqual([waits, takeProofs().length], [[200, 400], 3])
  const later = await setUp(t, unavailable('3600'))
  const { code, retryAfterSeconds } = await later.refused()
  assert.deepEqual([code, retryAfterSeconds], ['IDENTITY_FAILED', 3_600])
  assert.deepEqual([later.waits, later.takeProofs().length], [[], 1])
  const broken = await setUp(t, response => void response.writeHead(500).end())
  assert.equal((await broken.refused()).code, 'IDENTITY_FAILED')
  assert.equal(broken.takeProofs().length, 1)
})
