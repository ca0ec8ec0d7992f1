import { createHmac, timingSafeEqual } from 'node:crypto'

import type { AuthorizationServer, JWKSCacheInput } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  jwksCache,
  KEY_SELECTION,
  OperationProcessingError,
  validateApplicationLevelSignature
} from 'oauth4webapi'

import { textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { SECRET_ALGORITHMS, tokenHeader } from './id-token-rules.ts'
import type { Discovery } from './oidc-discovery.ts'
import { providerFetch } from './provider.ts'

/** A provider whose signatures are verified. */
export type SigningProvider = {
  /** Where its metadata are. */
  readonly url: URL
  readonly server: AuthorizationServer
  /** The client secret; null for a public client. */
  readonly secret: string | null
}

/** A token whose claims oauth4webapi has validated, and the answer that it came in. */
export type SignedAnswer = { readonly jwt: string; readonly raw: Response }

/** Most keys of a provider that are tried for one token. */
const KEYS_MAX = 50

/**
 * Verifies a token with the client secret, if that is what its algorithm says, else with the provider's keys. They are
 * read once more when none of them fits.
 *
 * @throws ConnectorError `IDENTITY_ANSWER_INVALID`, and the errors of oauth4webapi.
 */
export async function verifySignature(
  { client, discovery }: { readonly client: IdentityClient; readonly discovery: Discovery },
  { url, server, secret }: SigningProvider,
  signed: SignedAnswer,
  signal: AbortSignal
): Promise<void> {
  const { alg, kid } = tokenHeader(signed.jwt)
  const hash = SECRET_ALGORITHMS.get(String(alg))
  if (hash !== undefined) {
    if (isSignedWith(secret, hash, signed.jwt)) return
    const reason = 'its token is invalid: it is not signed with the client secret'
    throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host: url.host, reason })
  }
  const send = providerFetch(client, signal)
  try {
    await verifyByKeys(server, signed, send)
  } catch (error) {
    const isUnknownKey = error instanceof OperationProcessingError && error.code === KEY_SELECTION
    // A key without an id may have been replaced by another one without.
    if (!isUnknownKey && kid !== undefined) throw error
    await verifyByKeys(await discovery.reload(url, signal), signed, send)
  }
}

function isSignedWith(secret: string | null, hash: string, jwt: string): boolean {
  if (secret === null || secret === '') return false
  const end = jwt.lastIndexOf('.')
  const expected = createHmac(hash, secret).update(jwt.slice(0, end)).digest()
  const given = Buffer.from(jwt.slice(end + 1), 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The keys of each provider, which oauth4webapi writes here when it has read them. */
const caches = new WeakMap<AuthorizationServer, JWKSCacheInput>()

/**
 * Verifies a token with the key that its header names. oauth4webapi refuses a header that fits no key or several, as
 * where a key or the header has no id; then each key is tried that the header does not exclude.
 */
async function verifyByKeys(
  server: AuthorizationServer,
  { jwt, raw }: SignedAnswer,
  send: ReturnType<typeof providerFetch>
): Promise<void> {
  const cache = caches.get(server) ?? {}
  caches.set(server, cache)
  const options = { [customFetch]: send, [allowInsecureRequests]: true }
  try {
    await validateApplicationLevelSignature(server, raw, { ...options, [jwksCache]: cache })
  } catch (error) {
    if (!(error instanceof OperationProcessingError) || error.code !== KEY_SELECTION) throw error
    const kid = textMember(tokenHeader(jwt), 'kid')
    const keys = 'jwks' in cache ? cache.jwks.keys : []
    const possible = keys.filter(key => kid === undefined || (key.kid ?? kid) === kid)
    for (const key of possible.slice(0, KEYS_MAX)) {
      const only = { ...key, ...(kid !== undefined && { kid }) }
      const seeded = { jwks: { keys: [only] }, uat: Math.floor(Date.now() / 1000) }
      const alone = { issuer: server.issuer, ...(server.jwks_uri && { jwks_uri: server.jwks_uri }) }
      const isKey = await validateApplicationLevelSignature(alone, raw, {
        ...options,
        [jwksCache]: seeded
      }).then(
        () => true,
        () => false
      )
      if (isKey) return
    }
    throw error
  }
}
