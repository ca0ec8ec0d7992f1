import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { JWTPayload } from 'jose'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { setWallClock } from '../support/wall-clock.ts'
import { headerOf, loginOf, TENANT, verdictOf } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const HOUR_MS = 60 * 60 * 1000
const key = await generateKeyPair('RS256')
const foreign = await generateKeyPair('RS256')

/** What a provider says; a test changes it between its calls. */
type Words = {
  /** Claims of ID tokens. */
  claims: JWTPayload
  /** Whether a refresh brings an ID token. */
  idToken: 'own' | 'foreign' | 'none'
  /** Null for no userinfo endpoint; a status for one that fails. */
  info: object | number | null
  /** After the issuer, as the metadata have it. */
  issuerPath: string
  refreshToken: string | undefined
}

async function setUp(t: TestContext, given: Partial<Words>) {
  const words: Words = {
    ...{ claims: {}, idToken: 'own', info: null, issuerPath: '', refreshToken: 'r', ...given }
  }
  const url = await startUpstream(t, async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const [status, body] = await answer(request.url ?? '', form.get('grant_type') ?? '')
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const answer = async (path: string, grantType: string): Promise<[number, unknown]> => {
    switch (path) {
      case '/.well-known/openid-configuration':
        return [
          200,
          {
            issuer: url + words.issuerPath,
            authorization_endpoint: `${url}/authorize`,
            token_endpoint: `${url}/token`,
            jwks_uri: `${url}/keys`,
            ...(words.info !== null && { userinfo_endpoint: `${url}/userinfo` })
          }
        ]
      case '/keys':
        return [200, { keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'RS256' }] }]
      case '/token': {
        const iat = Math.floor(Date.now() / 1000)
        const iss = url + words.issuerPath.replace('{tenantid}', String(words.claims.tid))
        const claims = { iss, aud: 'flow', sub: 'ana', iat, exp: iat + 300, ...words.claims }
        const kind = grantType === 'refresh_token' ? words.idToken : 'own'
        const { privateKey } = kind === 'foreign' ? foreign : key
        const signed = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' })
        const id_token = kind === 'none' ? undefined : await signed.sign(privateKey)
        const tokens = { access_token: `at-${iat}`, token_type: 'Bearer', expires_in: 60, id_token }
        return [200, { ...tokens, refresh_token: words.refreshToken }]
      }
      default:
        return typeof words.info === 'number'
          ? [words.info, {}]
          : [200, { sub: 'ana', ...words.info }]
    }
  }
  const api = await startApi(
    t,
    `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {}
components:
  securitySchemes:
    oidc: {type: openIdConnect, openIdConnectUrl: '${url}/.well-known/openid-configuration', x-flow-identity: {}}
`
  )
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': 'flow',
    'OAuth2/OIDC: Client Secret': 's3cret'
  })
  const login = loginOf(
    await connector.send('POST', '/authentication', { code: 'c', tenantId: TENANT })
  )
  return { words, user: connector.as({ headers: headerOf(login) }) }
}

async function isAdmitted(user: StartedConnector, rule: object): Promise<boolean> {
  const authorization = { globalAuthenticationType: 'SPECIFIED', ...rule }
  return verdictOf(await user.send('POST', '/authorization', { authorization })).Status === '200'
}

const ADMINS = { groups: [{ authenticationId: 'admins' }] }
const ANA = { users: [{ authenticationId: 'ana', attribute: 'accountId' }] }
const BOSS = { users: [{ authenticationId: 'boss@acme.example', attribute: 'email' }] }

test('I5 groups that only ID tokens have are those of the newest one', async t => {
  const { words, user } = await setUp(t, { claims: { groups: ['admins'] }, info: {} })
  assert.equal(await isAdmitted(user, ADMINS), true)
  words.claims = { groups: [] }
  setWallClock(61_000)
  assert.equal(await isAdmitted(user, ADMINS), false)
  words.claims = { groups: ['admins'] }
  setWallClock(61_000)
  assert.equal(await isAdmitted(user, ADMINS), true)
  words.idToken = 'none'
  setWallClock(61_000)
  assert.equal(await isAdmitted(user, ADMINS), true)
  words.info = { groups: ['others'] }
  setWallClock(61_000)
  assert.equal(await isAdmitted(user, ADMINS), false)
})

test('I5 new user info leaves alone what only the ID token said, and replaces what it said itself', async t => {
  const claims = { groups: ['admins'], email: 'boss@acme.example' }
  const info = { email: 'boss@acme.example' }
  const { words, user } = await setUp(t, { claims, info, refreshToken: undefined })
  words.info = {}
  setWallClock(HOUR_MS)
  assert.deepEqual([await isAdmitted(user, ADMINS), await isAdmitted(user, BOSS)], [true, false])
})

test('I5 an ID token of a refresh that is not the provider’s says nothing, and costs no login', async t => {
  const { words, user } = await setUp(t, { claims: { groups: ['admins'] } })
  words.claims = { groups: ['owners', 'admins'], sub: 'eve' }
  words.idToken = 'foreign'
  setWallClock(61_000)
  assert.equal(await isAdmitted(user, ADMINS), true)
  assert.equal(await isAdmitted(user, { groups: [{ authenticationId: 'owners' }] }), false)
  for (const claims of [{ aud: 'other' }, { iss: 'https://evil.example' }, { exp: 1 }]) {
    words.claims = { ...claims, groups: ['owners'] }
    words.idToken = 'own'
    setWallClock(61_000)
    assert.equal(await isAdmitted(user, ANA), true)
    assert.equal(await isAdmitted(user, { groups: [{ authenticationId: 'owners' }] }), false)
  }
})

test('I5 another user in the ID token or the user info of a refresh ends the login', async t => {
  const inToken = await setUp(t, {})
  inToken.words.claims = { sub: 'eve' }
  setWallClock(61_000)
  assert.equal(await isAdmitted(inToken.user, ANA), false)
  inToken.words.claims = {}
  assert.equal(await isAdmitted(inToken.user, ANA), false)
})

test('I5 I12 user info that fails at a refresh is no loss while there is a new ID token', async t => {
  const { words, user } = await setUp(t, { claims: { groups: ['admins'] }, info: {} })
  for (const [groups, info] of [
    [[], 403],
    [['admins'], 401],
    [[], 404],
    [['admins'], {}]
  ] as const) {
    words.claims = { groups }
    words.info = info
    setWallClock(61_000)
    assert.equal(await isAdmitted(user, ADMINS), groups.length > 0)
  }
})

for (const [what, claims, isAdmittedByEmail] of [
  ['without a word', {}, false],
  ['that the tenant does not own', { xms_edov: false }, false],
  ['that the tenant does not own, as a number', { xms_edov: 0 }, false],
  ['that the tenant does not own, as text', { xms_edov: '0' }, false],
  ['that it calls verified, without the tenant', { email_verified: true }, false],
  ['that the tenant owns', { xms_edov: true }, true],
  ['that the tenant owns, as text', { xms_edov: '1' }, true],
  ['that the tenant owns but calls unverified', { xms_edov: 1, email_verified: false }, false]
] as const) {
  test(`I3 I13 in a provider of many tenants an address ${what} is ${isAdmittedByEmail ? '' : 'not '}trusted`, async t => {
    const email = 'boss@acme.example'
    for (const info of [null, { email }]) {
      const { words, user } = await setUp(t, {
        claims: { tid: 'a-tenant', email, ...claims },
        issuerPath: '/{tenantid}/v2.0',
        info
      })
      assert.equal(await isAdmitted(user, ANA), true)
      assert.equal(await isAdmitted(user, BOSS), isAdmittedByEmail)
      words.idToken = 'none'
      setWallClock(HOUR_MS)
      assert.equal(await isAdmitted(user, BOSS), isAdmittedByEmail)
    }
  })
}
