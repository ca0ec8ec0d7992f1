import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { EndpointRecord, SecuritySchemeRecord } from '../../service/model/endpoint-record.ts'
import { planCredential } from '../../service/plan/credentials.ts'
import type { ApiAccess } from '../../service/plan/types.ts'
import { access, operation, parameter, plan, problem } from './plan-records.ts'

function apiKey(
  name: string,
  place: 'query' | 'header' | 'cookie',
  wireName = `x-${name}`
): SecuritySchemeRecord {
  return { name, kind: 'apiKey', in: place, parameter: wireName }
}

const KEY = apiKey('key', 'header')
const BASIC: SecuritySchemeRecord = { name: 'login', kind: 'basic' }
const BEARER: SecuritySchemeRecord = { name: 'jwt', kind: 'bearer' }
const OAUTH: SecuritySchemeRecord = { name: 'oauth', kind: 'oauth2', clientCredentials: null }
const OIDC: SecuritySchemeRecord = { name: 'oidc', kind: 'openIdConnect' }
const OTHER: SecuritySchemeRecord = { name: 'digest', kind: 'other', type: 'http digest' }

const NOTHING = { headers: {}, query: [], cookies: [] }

const ORIGIN = 'https://api.example.com'

function planned(security: EndpointRecord['security'], given: Partial<ApiAccess>, origin = ORIGIN) {
  return planCredential(operation({ security }), origin, access(given))
}

test('F01 F02 F03 an API key goes where its scheme says, under the name that it gives', () => {
  const schemes = [apiKey('q', 'query', 'api_key'), KEY, apiKey('c', 'cookie', 'session')]
  assert.deepEqual(planned([schemes], { apiKey: 'k=1&2' }), {
    credential: {
      headers: { 'x-key': 'k=1&2' },
      query: [['api_key', 'k=1&2']],
      cookies: [['session', 'k=1&2']]
    },
    grant: null,
    missingCredential: null
  })
})

test('F01 a credential stands apart from the URL and the headers', () => {
  const security = [[apiKey('q', 'query', 'api_key'), KEY, BEARER]]
  const configured = { apiKey: 'k-s3cret', bearerToken: 't-s3cret' }
  const { credential, ...rest } = plan({ security }, { access: configured })
  assert.ok(!JSON.stringify(rest).includes('s3cret'))
  assert.deepEqual(credential, {
    headers: { 'x-key': 'k-s3cret', Authorization: 'Bearer t-s3cret' },
    query: [['api_key', 'k-s3cret']],
    cookies: []
  })
})

test('F04 F21 an operation without security, or with an empty list, gets no credential', () => {
  const configured = { apiKey: 'k', bearerToken: 't' }
  assert.deepEqual(planned([], configured), {
    credential: NOTHING,
    grant: null,
    missingCredential: null
  })
})

test('S17 F04 where nothing is said about security, credentials go as their names say', () => {
  const sent = (given: Partial<ApiAccess>) =>
    planCredential(operation({ sendsByName: true }), ORIGIN, access(given)).credential
  const basic = { username: 'u', password: 'p' }
  const bearer = { ...NOTHING, headers: { Authorization: 'Bearer t' } }
  assert.deepEqual(sent({ apiKey: 'k', bearerToken: 't', basic }), bearer)
  assert.deepEqual(sent({ apiKey: 'k', basic }), {
    ...NOTHING,
    headers: { Authorization: 'Basic dTpw' }
  })
  assert.deepEqual(sent({ apiKey: 'k' }), NOTHING)
  assert.deepEqual(sent({}), NOTHING)
  problem('PARAMETER_INVALID', () => sent({ bearerToken: 'a\nb' }))
})

test('S17 a call names the configured credentials that its security does not ask for', () => {
  const all = { apiKey: 'k', bearerToken: 't', basic: { username: 'u', password: 'p' } }
  const unsent = (given: Parameters<typeof plan>[0]) =>
    plan(given, { access: all }).unsentCredentials
  assert.deepEqual(unsent({ security: [[KEY]] }), ['Bearer Token', 'Basic: Username'])
  assert.deepEqual(unsent({ security: [[OAUTH], [BASIC]] }), ['API Key'])
  assert.deepEqual(unsent({ security: [[]] }), ['API Key', 'Bearer Token', 'Basic: Username'])
  assert.deepEqual(unsent({ sendsByName: true }), ['API Key'])
  const own = parameter('Authorization', { in: 'header', fromHeaders: true, fallback: 'x' })
  assert.deepEqual(unsent({ security: [[KEY]], parameters: [own] }), [])
})

test('F12 a bearer token serves http bearer, oauth2 and openIdConnect', () => {
  for (const scheme of [BEARER, OAUTH, OIDC]) {
    const { credential } = planned([[scheme]], { bearerToken: 'abc.def' })
    assert.deepEqual(credential.headers, { Authorization: 'Bearer abc.def' })
  }
})

test('F13 basic credentials are UTF-8 in base64', () => {
  const basic = { username: 'åse', password: 'p:w' }
  const { credential } = planned([[BASIC]], { basic })
  const encoded = Buffer.from('åse:p:w').toString('base64')
  assert.deepEqual(credential.headers, { Authorization: `Basic ${encoded}` })
})

test('F22 the first alternative that can be met wins, with all its schemes', () => {
  const security = [[KEY, BASIC], [OTHER], [BEARER, KEY], [BASIC]]
  const configured = { apiKey: 'k', bearerToken: 't' }
  assert.deepEqual(planned(security, configured).credential.headers, {
    Authorization: 'Bearer t',
    'x-key': 'k'
  })
})

test('F22 an empty alternative is met by nothing', () => {
  assert.deepEqual(planned([[KEY], []], {}), {
    credential: NOTHING,
    grant: null,
    missingCredential: null
  })
  assert.deepEqual(planned([[KEY], []], { apiKey: 'k' }).credential.headers, { 'x-key': 'k' })
})

for (const [schemes, name] of [
  [[KEY], 'API Key'],
  [[BEARER], 'Bearer Token'],
  [[OAUTH], 'Bearer Token'],
  [[BASIC], 'Basic: Username']
] as const) {
  test(`F04 without a credential for ${schemes[0].kind} the call goes out without, ${name} is missing`, () => {
    assert.deepEqual(planned([schemes], {}), {
      credential: NOTHING,
      grant: null,
      missingCredential: name
    })
  })
}

test('what is missing is of an alternative that the configuration can meet', () => {
  assert.equal(planned([[OTHER], [KEY, BEARER]], { apiKey: 'k' }).missingCredential, 'Bearer Token')
  assert.equal(planned([[OTHER]], { apiKey: 'k' }).missingCredential, null)
})

test('F04 a line of the API Key is of one scheme only where its left part names one', () => {
  const two = [apiKey('a', 'header'), apiKey('b', 'header')]
  const keys = (text: string) => planned([two], { apiKey: text }).credential.headers
  assert.deepEqual(keys('a=1\nb=2=='), { 'x-a': '1', 'x-b': '2==' })
  assert.deepEqual(keys('shared=='), { 'x-a': 'shared==', 'x-b': 'shared==' })
  assert.deepEqual(keys('a=1\r\nshared'), { 'x-a': '1', 'x-b': 'shared' })
  assert.equal(planned([two], { apiKey: 'a=1' }).missingCredential, 'API Key')
})

for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'X-Forwarded-For', 'a b', '']) {
  test(`A9 a key never goes into header "${name}"`, () => {
    const security = [[apiKey('key', 'header', name)]]
    const error = problem('PARAMETER_INVALID', () => planned(security, { apiKey: 's3cret' }))
    assert.ok(!`${error.message}${error.remedy}`.includes('s3cret'))
    assert.deepEqual(planned(security, {}).credential, NOTHING)
  })
}

test('A9 a secret that no header can hold is named by its configuration value, never shown', () => {
  for (const configured of [{ apiKey: 's3cret\nX: 1' }, { apiKey: 's3cret€' }]) {
    const error = problem('PARAMETER_INVALID', () => planned([[KEY]], configured))
    assert.match(error.remedy, /"API Key"/)
    assert.ok(!error.message.includes('s3cret'))
  }
})

test('A10 the name of a cookie cannot bring another one', () => {
  const { credential } = planned([[apiKey('key', 'cookie', 'a=1; b')]], { apiKey: 'k' })
  assert.deepEqual(credential.cookies, [['a%3D1%3B%20b', 'k']])
})

test('a mapping that sets Authorization itself wins and lacks nothing', () => {
  const own = parameter('authorization', { in: 'header', fromHeaders: true, fallback: 'Token 1' })
  const security = [[BEARER]]
  const without = plan({ security, parameters: [own] })
  assert.equal(without.missingCredential, null)
  const both = plan({ security, parameters: [own] }, { access: { bearerToken: 't' } })
  assert.deepEqual(both.credential.headers, { authorization: 'Token 1' })
  assert.deepEqual(both.headers, {})
})

test('a line of the API key for a scheme that only other operations use is not taken for the key', () => {
  const security = [[apiKey('key', 'header')]]
  const given = operation({ security, apiKeySchemes: ['key', 'other'] })
  const lines = access({ apiKey: 'other=for-others\nmine' })
  assert.deepEqual(planCredential(given, ORIGIN, lines).credential.headers, { 'x-key': 'mine' })
})

const ANY_CLIENT = { auth: null, authorizeParameters: {}, tokenParameters: {} }
const CLIENT_FLOW: SecuritySchemeRecord = {
  name: 'oauth',
  kind: 'oauth2',
  clientCredentials: { tokenUrl: '/token', scope: 'a b', client: ANY_CLIENT }
}
const CLIENT = { id: 'c', secret: 's' }
const LOGIN = { from: 'login' } as const
const OWN = {
  from: 'client',
  scheme: 'oauth',
  tokenUrl: '/token',
  scope: 'a b',
  client: ANY_CLIENT
} as const

test('F22 F23 the first alternative with what the user has wins, else the first that can be met', () => {
  const login = { scheme: 'oauth', kind: 'bearer', origins: [ORIGIN] } as const
  const grantOf = (security: EndpointRecord['security'], given: Partial<ApiAccess>) =>
    planned(security, { login, ...given }).grant
  assert.deepEqual(grantOf([[KEY], [OAUTH]], { apiKey: 'k' }), LOGIN)
  assert.deepEqual(grantOf([[], [OAUTH]], {}), LOGIN)
  assert.deepEqual(grantOf([[KEY, OAUTH], [OAUTH]], {}), LOGIN)
  assert.equal(grantOf([[KEY], [OAUTH]], { apiKey: 'k', loginIsShared: true }), null)
  assert.deepEqual(grantOf([[KEY], [OAUTH]], { loginIsShared: true }), LOGIN)
  assert.equal(grantOf([[OAUTH]], { loginIsShared: true, bearerToken: 't' }), null)
  assert.deepEqual(grantOf([[], [OAUTH]], { loginIsShared: true }), LOGIN)
  assert.deepEqual(grantOf([[OAUTH], []], { loginIsShared: true }), LOGIN)
  assert.equal(grantOf([[], [KEY]], { apiKey: 'k', loginIsShared: true, login: null }), null)
  assert.deepEqual(grantOf([[BEARER]], {}), LOGIN)
  assert.equal(grantOf([[OIDC]], {}), null)
  assert.equal(
    grantOf([[BASIC]], { login: { scheme: 'other', kind: 'basic', origins: [ORIGIN] } }),
    null
  )
  assert.deepEqual(
    grantOf([[BASIC]], { login: { scheme: 'login', kind: 'basic', origins: [ORIGIN] } }),
    LOGIN
  )
})

test("F22 every scheme of an alternative is carried, the user's beside the configured ones", () => {
  const login = { scheme: 'oauth', kind: 'bearer', origins: [ORIGIN] } as const
  assert.deepEqual(planned([[KEY, OAUTH]], { apiKey: 'k', login }), {
    credential: { ...NOTHING, headers: { 'x-key': 'k' } },
    grant: LOGIN,
    missingCredential: null
  })
})

test("F17 a token of the connector's own is planned where the flow, the id and the secret are there alone", () => {
  assert.deepEqual(planned([[CLIENT_FLOW]], { client: CLIENT }).grant, OWN)
  assert.deepEqual(
    planned([[CLIENT_FLOW]], { client: CLIENT, bearerToken: 't' }).credential.headers,
    {
      Authorization: 'Bearer t'
    }
  )
  assert.equal(planned([[OAUTH]], { client: CLIENT }).grant, null)
  const incomplete = planned([[CLIENT_FLOW]], { client: { id: 'c', secret: null } })
  assert.deepEqual(
    [incomplete.grant, incomplete.missingCredential],
    [null, 'OAuth2/OIDC: Client Id']
  )
  const login = { scheme: 'oauth', kind: 'bearer', origins: [ORIGIN] } as const
  assert.deepEqual(planned([[CLIENT_FLOW]], { client: CLIENT, login }).grant, LOGIN)
  assert.deepEqual(
    planned([[CLIENT_FLOW]], { client: CLIENT, login, loginIsShared: true }).grant,
    OWN
  )
})

test('F20 mutual TLS is met by the certificate of the service, and by nothing in the request', () => {
  const tls: SecuritySchemeRecord = { name: 'tls', kind: 'mutualTLS' }
  const headers = (security: EndpointRecord['security'], hasCertificate: boolean) =>
    planned(security, { apiKey: 'k', hasCertificate }).credential.headers
  assert.deepEqual(headers([[tls, KEY]], true), { 'x-key': 'k' })
  assert.deepEqual(headers([[tls], [KEY]], true), {})
  assert.deepEqual(headers([[tls, KEY]], false), {})
  assert.deepEqual(headers([[tls], [KEY]], false), { 'x-key': 'k' })
  assert.equal(planned([[tls]], {}).missingCredential, null)
})

test("F23 a mapping that sets Authorization itself is not given the user's", () => {
  const own = parameter('Authorization', { in: 'header', fromHeaders: true, fallback: 'Custom x' })
  const made = plan(
    { security: [[OAUTH]], parameters: [own] },
    { access: { login: { scheme: 'oauth', kind: 'bearer', origins: [ORIGIN] } } }
  )
  assert.equal(made.grant, null)
  assert.deepEqual(made.credential.headers, { Authorization: 'Custom x' })
})

test('I2 a bearer scheme that is not the user’s takes the user’s token at the API of the login only', () => {
  const origins = [ORIGIN, 'https://me.example.com']
  const given = { login: { scheme: 'oauth', kind: 'bearer', origins }, bearerToken: 't' } as const
  const configured = { Authorization: 'Bearer t' }
  for (const origin of origins) {
    assert.deepEqual(planned([[BEARER]], given, origin).grant, LOGIN, origin)
  }
  for (const origin of [
    'https://partner.example.net',
    'https://api.example.com:8443',
    'http://api.example.com',
    'https://example.com',
    'https://api.example.com.evil.test',
    'https://files.api.example.com'
  ]) {
    const { grant, credential } = planned([[BEARER]], given, origin)
    assert.deepEqual([grant, credential.headers], [null, configured], origin)
    const none = planned([[BEARER]], { login: given.login }, origin)
    assert.deepEqual([none.grant, none.missingCredential], [null, 'Bearer Token'], origin)
    const shared = { ...given, bearerToken: null, loginIsShared: true }
    assert.equal(planned([[BEARER]], shared, origin).grant, null, origin)
    assert.deepEqual(planned([[OAUTH]], given, origin).grant, LOGIN, origin)
  }
})
