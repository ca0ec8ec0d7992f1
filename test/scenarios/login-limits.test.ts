import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { TENANT } from '../support/login.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

/** Logs in at an API that answers as a test says at one path, and well at the others. */
async function logIn(
  t: TestContext,
  scheme: string,
  credentials: object,
  limited: string,
  status: number
): Promise<[status: number, code: unknown, retryAfter: string | null]> {
  const api = await startUpstream(t, ({ url = '' }, response) => {
    if (url === '/openapi.yaml') return void response.end(document)
    const headers = { 'content-type': 'application/json' }
    if (url === limited) {
      response.writeHead(status, { ...headers, 'retry-after': '30' })
      response.end('{"error":"access_denied"}')
      return
    }
    const token = { access_token: 'at', token_type: 'Bearer', id: 1 }
    response.writeHead(200, headers).end(JSON.stringify(token))
  })
  const document = `openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: '${api}'}]
paths: {}
components: {securitySchemes: {s: ${scheme}}}
`
  const configuration = {
    'Schema URL': `${api}/openapi.yaml`,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's'
  }
  const { url } = await startConnector(t, configuration)
  const configurationValues = Object.entries(configuration).map(([developerName, contentValue]) => {
    return { developerName, contentValue, contentType: null, objectData: null }
  })
  const response = await fetch(`${url}/authentication`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ configurationValues, tenantId: TENANT, ...credentials })
  })
  const body = JSON.parse(await response.text())
  return [response.status, body.code ?? body.status, response.headers.get('retry-after')]
}

const OAUTH =
  '{type: oauth2, flows: {authorizationCode: {authorizationUrl: /a, tokenUrl: /token, scopes: {}}}, x-flow-identity: {me: {userInfoUrl: /me}}}'
const BASIC = '{type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: /me}}}'
const CODE = { code: 'c' }
const PASSWORD = { username: 'ana', password: 'pw' }

for (const [what, scheme, credentials, path] of [
  ['a token endpoint', OAUTH, CODE, '/token'],
  ['an API that says who the user is', OAUTH, CODE, '/me'],
  ['an API that checks passwords', BASIC, PASSWORD, '/me']
] as const) {
  test(`I18 the limit of ${what} is a problem that says when to come again`, async t => {
    const answer = await logIn(t, scheme, credentials, path, 429)
    assert.deepEqual(answer, [502, 'IDENTITY_FAILED', '30'])
  })

  test(`I18 a locked account at ${what} is a denial`, async t => {
    const answer = await logIn(t, scheme, credentials, path, 423)
    assert.deepEqual(answer, [200, 'ACCESS_DENIED', null])
  })
}
