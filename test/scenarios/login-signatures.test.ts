import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { CryptoKey, JWK, JWTPayload } from 'jose'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

import { denialOf, loginOf, TENANT } from '../support/login.ts'
import { startApi } from '../support/start-api.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'

const SECRET = 'cl1ent-s3cret'

const first = await keyOf('RS256')
const second = await keyOf('RS256')
const third = await keyOf('ES256')
const foreign = await keyOf('RS256')

type Key = { readonly alg: string; readonly jwk: JWK; readonly privateKey: CryptoKey }

async function keyOf(alg: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, jwk: { ...(await exportJWK(publicKey)), alg, use: 'sig' }, privateKey }
}

function signedBy({ alg, privateKey }: Key, claims: JWTPayload, kid?: string): Promise<string> {
  const header = { alg, ...(kid !== undefined && { kid }) }
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
}

/** A token with any header and any text as its key, as nothing that is made for signing would make it. */
function signedWith(secret: string, claims: JWTPayload, alg = 'HS256'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg })}.${part(claims)}`
  const hash = `sha${alg.slice(2)}`
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`
}

type Provider = {
  readonly keys?: readonly JWK[]
  readonly metadata?: object
  readonly idToken?: (claims: JWTPayload) => string | Promise<string>
  readonly userInfo?: (claims: JWTPayload) => string | Promise<string>
  readonly userInfoType?: string
  readonly secret?: string
}

async function setUp(t: TestContext, provider: Provider) {
  let { keys = [{ ...first.jwk, kid: 'k1' }] } = provider
  let reads = 0
  const issuer = await startUpstream(t, async (request, response) => {
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: 'flow', sub: 'ana', iat: seconds, exp: seconds + 300 }
    const json = (value: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: provider.userInfo && `${issuer}/userinfo`,
          jwks_uri: `${issuer}/keys`,
          id_token_signing_alg_values_supported: ['RS256', 'ES256'],
          ...provider.metadata
        })
      case '/keys':
        reads++
        return json({ keys })
      case '/token': {
        const id_token = await (provider.idToken ?? (c => signedBy(first, c, 'k1')))(claims)
        return json({ access_token: 'at', token_type: 'Bearer', id_token })
      }
      default: {
        const type = provider.userInfoType ?? 'application/jwt'
        const text = await provider.userInfo?.({ ...claims, email: 'ana@acme.example' })
        return response.writeHead(200, { 'content-type': type }).end(text)
      }
    }
  })
  const url = `${issuer}/.well-known/openid-configuration`
  const api = await startApi(
    t,
    `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {}
components: {securitySchemes: {oidc: {type: openIdConnect, openIdConnectUrl: '${url}', x-flow-identity: {}}}}
`
  )
  const secret = provider.secret ?? SECRET
  const connector = await startConnector(t, {
    'Schema URL': api.documentUrl,
    'OAuth2/OIDC: Client Id': 'flow',
    ...(secret !== '' && { 'OAuth2/OIDC: Client Secret': secret })
  })
  return {
    connector,
    reads: () => reads,
    publish: (...fresh: readonly JWK[]) => {
      keys = fresh
    },
    logIn: () => connector.send('POST', '/authentication', { code: 'c0de', tenantId: TENANT })
  }
}

const plain = (key: Key): JWK => key.jwk
const named = (key: Key, kid: string): JWK => ({ ...key.jwk, kid })

const KEY_SETS: readonly (readonly [
  what: string,
  keys: readonly JWK[],
  kid: string | undefined
])[] = [
  ['no kid, and one key', [plain(first)], undefined],
  ['no kid, and several keys', [plain(second), plain(third), plain(first)], undefined],
  ['no kid, and several keys that have one', [named(second, 'a'), named(first, 'b')], undefined],
  ['a kid, and one key that has none', [plain(first)], 'k1'],
  ['a kid, and keys of which some have none', [named(second, 'x'), plain(first)], 'k1'],
  ['a kid that two keys have', [named(second, 'k1'), named(first, 'k1')], 'k1'],
  ['a kid that keys of two algorithms have', [named(third, 'k1'), named(first, 'k1')], 'k1'],
  ['a broken key beside the right one', [{ ...plain(second), n: 'AQ' }, plain(first)], undefined]
]
for (const [what, keys, kid] of KEY_SETS) {
  test(`I14 an id token with ${what} is verified with the key that fits`, async t => {
    const { logIn } = await setUp(t, { keys, idToken: claims => signedBy(first, claims, kid) })
    assert.equal(loginOf(await logIn()).userId, 'ana')
  })

  test(`I14 A13 an id token with ${what} that somebody else signed logs nobody in`, async t => {
    const { logIn } = await setUp(t, { keys, idToken: claims => signedBy(foreign, claims, kid) })
    denialOf(await logIn())
  })
}

test('I14 A13 a key with another kid is not tried', async t => {
  const keys = [named(first, 'old'), named(second, 'new')]
  const { logIn } = await setUp(t, { keys, idToken: claims => signedBy(first, claims, 'new') })
  denialOf(await logIn())
})

test('I14 after a change of keys without kid they are read again', async t => {
  const { logIn, publish, reads } = await setUp(t, {
    keys: [plain(second)],
    idToken: claims => signedBy(reads() < 1 ? second : first, claims)
  })
  assert.equal(loginOf(await logIn()).userId, 'ana')
  publish(plain(first))
  assert.equal(loginOf(await logIn()).userId, 'ana')
  assert.equal(reads(), 2)
})

for (const alg of ['HS256', 'HS384', 'HS512']) {
  test(`I14 an id token is signed with the client secret (${alg}), whatever the metadata name`, async t => {
    for (const metadata of [
      {},
      { id_token_signing_alg_values_supported: ['ES256', alg] },
      { id_token_signing_alg_values_supported: undefined },
      { id_token_signing_alg_values_supported: 'RS256' }
    ]) {
      const idToken = (claims: JWTPayload): string => signedWith(SECRET, claims, alg)
      const { logIn } = await setUp(t, { metadata, idToken })
      assert.equal(loginOf(await logIn()).userId, 'ana')
    }
  })
}

const FORGED: readonly (readonly [what: string, provider: Provider])[] = [
  ['with another secret', { idToken: c => signedWith('guess', c) }],
  ['with no secret', { idToken: c => signedWith('', c) }],
  ['with the client id', { idToken: c => signedWith('flow', c) }],
  ['with no secret, for a client that has none', { secret: '', idToken: c => signedWith('', c) }],
  [
    'with the public key as a secret',
    { idToken: async c => signedWith(await publicText(first), c) }
  ],
  ['with the key set as a secret', { idToken: c => signedWith(JSON.stringify(first.jwk), c) }],
  ['with the secret, and another algorithm', { idToken: c => signedWith(SECRET, c, 'HS1') }],
  ['with the secret, cut short', { idToken: c => signedWith(SECRET, c).slice(0, -4) }],
  ['with the secret, for another client', { idToken: c => signedWith(SECRET, { ...c, aud: 'o' }) }],
  [
    'with the secret, by another issuer',
    { idToken: c => signedWith(SECRET, { ...c, iss: 'https://evil.example' }) }
  ],
  ['by nobody', { idToken: c => `${signedWith('', c).replace(/^[^.]+/, NONE)}` }],
  ['by nobody, without a signature', { idToken: c => withoutSignature(c) }]
]
const NONE = Buffer.from('{"alg":"none"}').toString('base64url')

function withoutSignature(claims: JWTPayload): string {
  return `${NONE}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`
}

async function publicText({ jwk, alg }: Key): Promise<string> {
  const { importJWK } = await import('jose')
  const key = await importJWK(jwk, alg)
  assert.ok(!(key instanceof Uint8Array))
  return exportSPKI(key)
}

for (const [what, provider] of FORGED) {
  test(`I14 A13 an id token that is signed ${what} logs nobody in`, async t => {
    const { connector, logIn } = await setUp(t, provider)
    const answer = await logIn()
    denialOf(answer)
    assert.ok(!JSON.stringify([connector.log, answer.text]).includes(SECRET))
  })
}

for (const [what, provider] of [
  ['a key of the provider', { userInfo: c => signedBy(first, c, 'k1') }],
  ['the client secret', { userInfo: c => signedWith(SECRET, c) }],
  [
    'a key that has no kid',
    { keys: [plain(second), plain(first)], userInfo: c => signedBy(first, c) }
  ],
  [
    'another algorithm than the id token',
    {
      keys: [named(first, 'k1'), named(third, 'k3')],
      metadata: { userinfo_signing_alg_values_supported: ['ES256'] },
      userInfo: c => signedBy(third, c, 'k3')
    }
  ],
  [
    'a key, and neither issuer nor audience',
    { userInfo: ({ iss: _, aud: __, ...c }) => signedBy(first, c, 'k1') }
  ],
  [
    'a key, under another media type',
    { userInfo: c => signedBy(first, c, 'k1'), userInfoType: 'text/plain' }
  ]
] as const satisfies readonly (readonly [string, Provider])[]) {
  test(`I14 user info that is signed with ${what} describes the user`, async t => {
    const { logIn } = await setUp(t, provider)
    const { userId, email } = loginOf(await logIn())
    assert.deepEqual([userId, email], ['ana', 'ana@acme.example'])
  })
}

for (const [what, userInfo] of [
  ['by somebody else', c => signedBy(foreign, c, 'k1')],
  ['for another user', c => signedBy(first, { ...c, sub: 'bob' }, 'k1')],
  ['by another issuer', c => signedBy(first, { ...c, iss: 'https://evil.example' }, 'k1')],
  ['for another client', c => signedBy(first, { ...c, aud: 'another' }, 'k1')],
  ['long ago', c => signedBy(first, { ...c, exp: 1_700_000_000 }, 'k1')],
  ['by nobody', withoutSignature],
  ['with another secret', c => signedWith('guess', c)]
] as const satisfies readonly (readonly [string, Provider['userInfo']])[]) {
  test(`I14 A13 user info that is signed ${what} logs nobody in`, async t => {
    for (const userInfoType of ['application/jwt', 'text/plain']) {
      const { logIn } = await setUp(t, { userInfo, userInfoType })
      denialOf(await logIn())
    }
  })
}

test('I12 I14 user info that is encrypted, or no token, leaves the claims of the id token', async t => {
  for (const text of ['a.b.c.d.e', 'no token', '']) {
    const { connector, logIn } = await setUp(t, { userInfo: () => text })
    const { userId, email } = loginOf(await logIn())
    assert.deepEqual([userId, email], ['ana', '(unknown)'], text)
    assert.ok(connector.log.some(line => line.includes('userinfo endpoint')))
  }
})
