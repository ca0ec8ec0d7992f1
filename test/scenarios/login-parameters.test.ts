import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { headerOf, loginOf, loginUrlOf, TENANT } from '../support/login.ts'
import { found, problem, startConnector } from '../support/start-connector.ts'
import { startFakeProvider, tokenAnswer } from '../support/start-fake-provider.ts'
import { startUpstream } from '../support/start-upstream.ts'

const USER = 'authorizationCode: {authorizationUrl: "AUTHORIZE", tokenUrl: TOKEN, scopes: {}}'
const OWN = 'clientCredentials: {tokenUrl: TOKEN, scopes: {}}'

/** An API whose token endpoint is at `/token`, and an identity for its scheme. */
async function setUp(
  t: TestContext,
  flow: string,
  identity: string,
  { tokenUrl = '/token', authorizationUrl = '/authorize', refused = 'none' } = {}
) {
  const forms: URLSearchParams[] = []
  const urls: string[] = []
  const api = await startUpstream(t, async (request, response) => {
    const url = request.url ?? ''
    if (url === '/openapi.yaml') return void response.end(document)
    const form = new URLSearchParams(await text(request))
    const isToken = url.startsWith('/token')
    if (isToken) {
      forms.push(form)
      urls.push(url)
    }
    const token = { access_token: `at-${forms.length}`, token_type: 'Bearer', refresh_token: 'r' }
    const isRefused = request.headers.authorization === refused
    const said = isToken
      ? token
      : url === '/me'
        ? { id: 1 }
        : [{ id: request.headers.authorization }]
    response
      .writeHead(isRefused && url === '/things' ? 401 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(said))
  })
  const document = `openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: '${api}'}]
security: [{oauth: [read]}]
paths: {/things: {get: {responses: {'200': {description: ok}}}}}
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: {${flow.replace('AUTHORIZE', authorizationUrl).replaceAll('TOKEN', `"${tokenUrl}"`)}}
      x-flow-identity: ${identity}
  schemas:
    Thing: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Thing}, x-flow-query: {path: /things}}
`
  const connector = await startConnector(t, {
    'Schema URL': `${api}/openapi.yaml`,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's'
  })
  return { connector, forms, urls }
}

const AUDIENCE = 'https://api.acme.example/'
const PARAMETERS = `{audience: "${AUDIENCE}", resource: a b, prompt: consent, max_age: 0, access_type: offline}`

test('I17 parameters go into the authorization URL, and those of all requests into requests for tokens', async t => {
  const identity = `{me: {userInfoUrl: /me}, parameters: ${PARAMETERS}}`
  const { connector, forms } = await setUp(t, USER, identity, { refused: 'Bearer at-1' })
  const { searchParams } = new URL(await loginUrlOf(connector))
  assert.deepEqual(Object.fromEntries(searchParams), {
    audience: AUDIENCE,
    resource: 'a b',
    prompt: 'consent',
    max_age: '0',
    access_type: 'offline',
    client_id: 'flow',
    response_type: 'code',
    scope: 'read'
  })
  const credentials = { code: 'c', tenantId: TENANT }
  const login = loginOf(await connector.send('POST', '/authentication', credentials))
  const asUser = connector.as({ headers: headerOf(login) })
  assert.equal(found(await asUser.load('Thing'))[0]?.id, 'Bearer at-2')
  assert.deepEqual(
    forms.map(form => form.get('grant_type')),
    ['authorization_code', 'refresh_token']
  )
  for (const form of forms) {
    assert.deepEqual([form.get('audience'), form.get('resource')], [AUDIENCE, 'a b'])
    for (const name of ['prompt', 'max_age', 'access_type']) assert.ok(!form.has(name), name)
  }
})

test('I17 what the connector and the platform set cannot be set by parameters, and a diagnostic says so', async t => {
  const names = [
    'client_id',
    'redirect_uri',
    'state',
    'scope',
    'code',
    'grant_type',
    'client_secret'
  ]
  const parameters = names.map(name => `${name}: evil`).join(', ')
  const identity = `{me: {userInfoUrl: /me}, parameters: {${parameters}, response_type: token, ok: fine}}`
  const { connector, forms } = await setUp(t, USER, identity)
  const { searchParams } = new URL(await loginUrlOf(connector))
  assert.deepEqual([...searchParams.values()].includes('evil'), false)
  assert.equal(searchParams.get('response_type'), 'code')
  assert.equal(loginOf(await connector.send('POST', '/authentication', { code: 'c' })).userId, '1')
  assert.equal([...(forms[0]?.values() ?? [])].includes('evil'), false)
  assert.equal(forms[0]?.get('ok'), 'fine')
  const { diagnostics } = await connector.preview()
  const found = diagnostics.filter(({ code }) => code === 'IDENTITY_PARAMETER_RESERVED')
  assert.equal(found.length, names.length + 1)
})

test('I17 parameters replace those of the authorization URL, which keeps its others', async t => {
  const identity = '{me: {userInfoUrl: /me}, parameters: {audience: new}}'
  const options = { authorizationUrl: '/authorize?audience=old&tenant=t' }
  const { connector } = await setUp(t, USER, identity, options)
  const { searchParams } = new URL(await loginUrlOf(connector))
  assert.deepEqual([searchParams.getAll('audience'), searchParams.get('tenant')], [['new'], 't'])
})

test('I17 the connector requests its own tokens with the parameters, and with those of the token URL', async t => {
  for (const [identity, tokenUrl, audience] of [
    [`{parameters: {audience: "${AUDIENCE}"}}`, '/token', AUDIENCE],
    ['{}', `/token?audience=${AUDIENCE}`, AUDIENCE],
    ['{parameters: {audience: new}}', '/token?audience=old', 'new']
  ] as const) {
    const { connector, forms, urls } = await setUp(t, OWN, identity, { tokenUrl })
    assert.equal(found(await connector.load('Thing'))[0]?.id, 'Bearer at-1')
    assert.deepEqual(forms[0]?.getAll('audience'), [audience])
    assert.deepEqual([forms[0]?.get('grant_type'), forms[0]?.get('scope')], [GRANT, 'read'])
    assert.deepEqual(urls, [tokenUrl])
    const { diagnostics } = await connector.preview()
    assert.deepEqual(
      diagnostics.filter(({ code }) => code.startsWith('IDENTITY')),
      []
    )
  }
})

const GRANT = 'client_credentials'

test('I17 a scheme for users and for the connector itself has the parameters in both', async t => {
  const identity = `{me: {userInfoUrl: /me}, parameters: {audience: "${AUDIENCE}"}}`
  const { connector, forms } = await setUp(t, `${USER}, ${OWN}`, identity)
  await connector.load('Thing')
  await connector.send('POST', '/authentication', { code: 'c', tenantId: TENANT })
  assert.deepEqual(
    forms.map(form => [form.get('grant_type'), form.get('audience')]),
    [
      [GRANT, AUDIENCE],
      ['authorization_code', AUDIENCE]
    ]
  )
})

test('I11 the declared way counts for the connector’s own tokens too', async t => {
  for (const [clientAuth, inBody] of [
    ['post', true],
    ['basic', false]
  ] as const) {
    const { connector, forms } = await setUp(t, OWN, `{clientAuth: ${clientAuth}}`)
    await connector.load('Thing')
    assert.deepEqual(
      forms.map(form => form.has('client_secret')),
      [inBody]
    )
  }
})

test('I17 docs/providers.md: the connector requests a token of its own from Auth0', async t => {
  const refused = { status: 403, json: { error: 'access_denied' } }
  const answer = (audience: string | null) => ({ json: { access_token: 'at', aud: audience } })
  const { connector } = await startFakeProvider(t, 'auth0-client', call =>
    tokenAnswer(call, {
      takes: ['body'],
      refusal: { status: 401, json: { error: 'access_denied', error_description: 'Unauthorized' } },
      usedCode: call.form.get('audience') === AUDIENCE ? answer(AUDIENCE) : refused,
      granted: refused
    })
  )
  assert.equal(found(await connector.load('Thing'))[0]?.id, 'Bearer at')
})

test('I17 members of the wrong kind are one diagnostic, and the login is left out', async t => {
  const identity = '{me: {userInfoUrl: /me}, clientAuth: jwt, parameters: {a: [b]}}'
  const { connector } = await setUp(t, USER, identity)
  const { diagnostics } = await connector.preview()
  const malformed = diagnostics.filter(({ code }) => code === 'EXTENSION_MALFORMED')
  assert.equal(malformed.length, 1)
  const answer = await connector.send('POST', '/authentication', { code: 'c' })
  assert.equal(problem(answer).code, 'LOGIN_UNAVAILABLE')
})
