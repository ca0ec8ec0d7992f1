import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'

import { logInAt } from '../support/browser.ts'
import { headerOf, logInByBrowser, loginUrlOf, TENANT, verdictOf } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import { found, startConnector } from '../support/start-connector.ts'
import { CLIENT, startProvider } from '../support/start-provider.ts'

function document(provider: string): string {
  return `openapi: 3.0.3
info: {title: Notes of staff, version: '1'}
security: [{oidc: [notes]}]
paths:
  /notes: {get: {responses: {'200': {description: ok}}}}
components:
  securitySchemes:
    oidc:
      type: openIdConnect
      openIdConnectUrl: ${provider}/.well-known/openid-configuration
      x-flow-identity: {scope: openid email profile}
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
}

const CLIENT_VALUES = {
  'OAuth2/OIDC: Client Id': CLIENT.id,
  'OAuth2/OIDC: Client Secret': CLIENT.secret
}

async function setUp(t: TestContext) {
  const provider = await startProvider(t)
  const api = await startApi(t, document(provider.url))
  const configuration = { 'Schema URL': api.documentUrl, ...CLIENT_VALUES }
  const connector = await startConnector(t, configuration)
  return { provider, api, connector }
}

test('F11 F10 a user logs in by OpenID Connect, end to end through the redirects of a certified provider', async t => {
  const { provider, api, connector } = await setUp(t)
  const nobody = verdictOf(await connector.send('POST', '/authorization'))
  const { LoginUrl, ...rest } = nobody
  assert.deepEqual(rest, {
    'User ID': 'anonymous',
    'Directory Id': 'oidc',
    'Directory Name': 'Notes of staff',
    AuthenticationType: 'OAUTH2',
    Status: '401'
  })
  assert.equal(
    LoginUrl,
    `${provider.url}/auth?client_id=flow-client&response_type=code&scope=openid%20email%20profile`
  )

  const { token = '', ...login } = await logInByBrowser(connector, 'ana')
  assert.deepEqual(login, {
    status: 'AUTHENTICATED',
    userId: 'ana',
    username: 'ana.ruiz',
    email: 'ana@example.com',
    firstName: 'Ana',
    lastName: 'Ruiz',
    directoryId: 'oidc',
    directoryName: 'Notes of staff',
    roleId: '',
    roleName: '',
    primaryGroupId: 'friends-of-ana',
    primaryGroupName: 'friends-of-ana',
    tenantName: TENANT,
    identityProvider: new URL(provider.url).host
  })
  assert.match(token, /^[\w-]{60,1500}$/)

  const user = connector.as({ headers: headerOf({ ...login, token }) })
  api.answer({ json: [{ id: 'n1' }] })
  assert.deepEqual(found(await user.load('Note')), [{ externalId: 'n1', id: 'n1' }])
  assert.equal(await provider.accountOf(api.calls[0]?.headers.authorization), 'ana')
})

test('F11 the connector proves itself as the provider says, with a secret of any characters', async t => {
  const { provider, connector } = await setUp(t)
  await logInByBrowser(connector, 'ana')
  const encoded = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
  const expected = Buffer.from(`${encoded(CLIENT.id)}:${encoded(CLIENT.secret)}`).toString('base64')
  assert.equal(provider.tokenRequests[0]?.authorization, `Basic ${expected}`)
})

test('F11 PKCE is used where the platform passes a verifier, and a wrong one is denied', async t => {
  const { connector } = await setUp(t)
  const verifier = randomBytes(32).toString('base64url')
  const challenge = {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256'
  }
  const right = await logInByBrowser(connector, 'ana', { challenge, verifier })
  assert.equal(right.status, 'AUTHENTICATED')
  const wrong = await logInByBrowser(connector, 'ana', { challenge, verifier: 'x'.repeat(43) })
  assert.equal(wrong.status, 'ACCESS_DENIED')
})

test("F11 a nonce that the platform put into its request is the platform's business", async t => {
  const { connector } = await setUp(t)
  const login = await logInByBrowser(connector, 'ana', { challenge: { nonce: 'n-1' } })
  assert.equal(login.status, 'AUTHENTICATED')
})

test('F11 the provider is asked about itself once, and again when none of its keys is the one', async t => {
  const { provider, connector } = await setUp(t)
  const asked = () => provider.requests.filter(line => line.includes('/.well-known/')).length
  await logInByBrowser(connector, 'ana')
  await logInByBrowser(connector, 'bob')
  assert.equal(asked(), 1)
  await provider.rotateKeys()
  const after = await logInByBrowser(connector, 'cem')
  assert.equal(after.status, 'AUTHENTICATED')
  assert.equal(after.userId, 'cem')
  assert.equal(asked(), 2)
})

test('F11 a code is worth one login', async t => {
  const { provider, connector } = await setUp(t)
  const { code } = await logInAt(await loginUrlOf(connector), 'ana')
  const body = { code, redirectUri: 'https://flow.example.com/api/run/1/oauth2', tenantId: TENANT }
  const [first, second] = [
    await connector.send('POST', '/authentication', body),
    await connector.send('POST', '/authentication', body)
  ]
  assert.match(first.text, /"AUTHENTICATED"/)
  assert.match(second.text, /"ACCESS_DENIED".*refuses this login \(invalid_grant\)/)
  assert.equal(provider.tokenRequests.length, 2)
})

test('F10 the redirect address goes to the provider exactly as the platform says it', async t => {
  const { connector } = await setUp(t)
  const { code } = await logInAt(await loginUrlOf(connector), 'ana')
  const redirectUri = 'https://flow.example.com/api/run/1/oauth2/'
  const answer = await connector.send('POST', '/authentication', { code, redirectUri })
  assert.match(answer.text, /"ACCESS_DENIED"/)
})

test('J02 the description says whether the document has a login that the configuration serves', async t => {
  const { api, connector } = await setUp(t)
  const provides = async (configuration: { [name: string]: string }) =>
    (await connector.as({ configuration }).install()).providesIdentity
  assert.equal(await provides({}), true)
  assert.equal(await provides({ 'Schema URL': api.documentUrl, ...CLIENT_VALUES }), true)
  assert.equal(await provides({ 'Schema URL': api.documentUrl }), false)
  assert.equal(await provides({ 'Schema URL': 'sample:petstore', ...CLIENT_VALUES }), false)
  assert.equal(await provides({ 'Schema URL': 'sample:identity' }), true)
})
