import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { JWTPayload } from 'jose'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { denialOf, loginOf, TENANT } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const TID = '9188040d-6c67-4c5b-b112-36a304b66dad'
const V1 = 'https://sts.windows.net'

const { publicKey, privateKey } = await generateKeyPair('RS256')

type Issuers = {
  /** The path of the metadata. */
  readonly at?: string
  /** The issuer in the metadata, and the claims of the token; `${api}` is the provider's origin. */
  readonly stated: (api: string) => string
  readonly claims: (api: string) => JWTPayload
}

async function logInAt(t: TestContext, { at = '/common/v2.0', stated, claims }: Issuers) {
  const api = await startUpstream(t, async (request, response) => {
    const seconds = Math.floor(Date.now() / 1000)
    const json = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (request.url === '/keys') {
      const key = await exportJWK(publicKey)
      return json({ keys: [{ ...key, kid: 'k', alg: 'RS256', use: 'sig' }] })
    }
    if (request.url === '/token') {
      const usual = { aud: 'flow', sub: 'ana', iat: seconds, exp: seconds + 300 }
      const token = new SignJWT({ ...usual, ...claims(api) })
      const id_token = await token.setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)
      return json({ access_token: 'at', token_type: 'Bearer', id_token })
    }
    return json({
      issuer: stated(api),
      authorization_endpoint: `${api}/authorize`,
      token_endpoint: `${api}/token`,
      jwks_uri: `${api}/keys`
    })
  })
  const { documentUrl } = await startApi(
    t,
    `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {}
components:
  securitySchemes:
    oidc: {type: openIdConnect, openIdConnectUrl: '${api}${at}/.well-known/openid-configuration', x-flow-identity: {}}
`
  )
  const connector = await startConnector(t, {
    'Schema URL': documentUrl,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's'
  })
  return connector.send('POST', '/authentication', { code: 'c', tenantId: TENANT })
}

const TEMPLATE = (api: string): string => `${api}/{tenantid}/v2.0`

const taken: readonly (readonly [what: string, issuers: Issuers])[] = [
  [
    'of the tenant that the token names, where the metadata have a hole for it',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}/${TID}/v2.0`, tid: TID }) }
  ],
  [
    'of a tenant, at the address of its domain name',
    {
      at: '/acme.onmicrosoft.com/v2.0',
      stated: api => `${api}/${TID}/v2.0`,
      claims: api => ({ iss: `${api}/${TID}/v2.0`, tid: TID })
    }
  ],
  [
    'without the policy that is in the address',
    {
      at: '/acme.onmicrosoft.com/B2C_1_signin/v2.0',
      stated: api => `${api}/${TID}/v2.0/`,
      claims: api => ({ iss: `${api}/${TID}/v2.0/` })
    }
  ],
  [
    'with a policy that is no part of the address',
    {
      at: '/acme.onmicrosoft.com/v2.0',
      stated: api => `${api}/tfp/${TID}/b2c_1_signin/v2.0/`,
      claims: api => ({ iss: `${api}/tfp/${TID}/b2c_1_signin/v2.0/` })
    }
  ],
  [
    'of tokens v1',
    {
      at: `/${TID}`,
      stated: () => `${V1}/${TID}/`,
      claims: () => ({ iss: `${V1}/${TID}/`, tid: TID })
    }
  ],
  [
    'of tokens v1 of any tenant',
    {
      at: '/common',
      stated: () => `${V1}/{tenantid}/`,
      claims: () => ({ iss: `${V1}/${TID}/`, tid: TID })
    }
  ]
]
for (const [what, issuers] of taken) {
  test(`I13 an issuer ${what} is taken`, async t => {
    assert.equal(loginOf(await logInAt(t, issuers)).userId, 'ana')
  })
}

const forged: readonly (readonly [what: string, issuers: Issuers])[] = [
  [
    'of another tenant than the token names',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}/other/v2.0`, tid: TID }) }
  ],
  [
    'that is the template itself',
    { stated: TEMPLATE, claims: api => ({ iss: TEMPLATE(api), tid: TID }) }
  ],
  [
    'that is the template itself, of a token that names it as its tenant',
    { stated: TEMPLATE, claims: api => ({ iss: TEMPLATE(api), tid: '{tenantid}' }) }
  ],
  [
    'of a token that names no tenant',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}/${TID}/v2.0` }) }
  ],
  [
    'of a token with a blank tenant',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}//v2.0`, tid: '' }) }
  ],
  [
    'of a token with a path for its tenant',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}/a/../b/v2.0`, tid: 'a/../b' }) }
  ],
  [
    'of a token with a list for its tenant',
    { stated: TEMPLATE, claims: api => ({ iss: `${api}/${TID}/v2.0`, tid: [TID] }) }
  ],
  [
    'of another host',
    { stated: TEMPLATE, claims: () => ({ iss: `https://evil.example/${TID}/v2.0`, tid: TID }) }
  ],
  [
    'of another host, which the metadata name',
    {
      stated: () => 'https://evil.example/{tenantid}/v2.0',
      claims: () => ({ iss: `https://evil.example/${TID}/v2.0`, tid: TID })
    }
  ],
  [
    'of another policy than the metadata name',
    {
      at: '/acme/B2C_1_signin/v2.0',
      stated: api => `${api}/${TID}/v2.0/`,
      claims: api => ({ iss: `${api}/acme/B2C_1_other/v2.0/` })
    }
  ],
  [
    'of tokens v1, where the metadata are of another version',
    { stated: TEMPLATE, claims: () => ({ iss: `${V1}/${TID}/`, tid: TID }) }
  ],
  [
    'of tokens v1 of another tenant',
    {
      at: '/common',
      stated: () => `${V1}/{tenantid}/`,
      claims: () => ({ iss: `${V1}/other/`, tid: TID })
    }
  ],
  [
    'that only looks like that of tokens v1',
    {
      at: '/common',
      stated: () => 'https://sts.windows.net.evil.example/{tenantid}/',
      claims: () => ({ iss: `https://sts.windows.net.evil.example/${TID}/`, tid: TID })
    }
  ]
]
for (const [what, issuers] of forged) {
  test(`I13 A13 an issuer ${what} logs nobody in`, async t => {
    denialOf(await logInAt(t, issuers))
  })
}
