import { createHash } from 'node:crypto'

import type { Owner } from '../base/owner.ts'
import { ownerKey } from '../base/owner.ts'
import { createSingleFlight } from '../base/single-flight.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { createFairCache } from '../store/fair-cache.ts'
import { untilAborted } from '../time/deadline.ts'
import type { OAuthClient } from './oauth2-login.ts'
import { userTokens } from './oauth2-login.ts'
import type { RequestTokens, TokenEndpoint } from './token-endpoint.ts'
import type { UserTokens } from './types.ts'

/** A client credentials grant (RFC 6749 4.4). */
export type ClientGrant = {
  readonly owner: Owner
  /** Absolute. */
  readonly tokenUrl: URL
  /** Blank for the provider's default. */
  readonly scope: string
  readonly client: OAuthClient
} & Pick<TokenEndpoint, 'clientAuth' | 'parameters'>

/** Tokens of the connector itself, for calls without a user. */
export type ClientTokens = {
  /**
   * Returns a value for `Authorization`: a cached one until shortly before it expires, else a new one.
   *
   * @param refused A value that an API rejected and that must not be returned again. Null for none.
   * @throws ConnectorError `IDENTITY_*`, `LOGIN_INSECURE`, `LOGIN_DENIED`.
   */
  authorization(grant: ClientGrant, refused: string | null, signal: AbortSignal): Promise<string>
}

/** Memory for tokens. */
const TOKENS_MAX_BYTES = 8 * 1024 * 1024

/** How long a token without `expires_in` is used (ms). */
const DEFAULT_LIFETIME_MS = 5 * 60 * 1000

/** Caches tokens in memory. Concurrent callers share one request for a token. */
export function createClientTokens(
  client: IdentityClient,
  requestTokens: RequestTokens,
  now: () => number
): ClientTokens {
  const cache = createFairCache<UserTokens>({
    maxBytes: TOKENS_MAX_BYTES,
    sizeOf: (tokens, key) => 2 * (key.length + JSON.stringify(tokens).length),
    now
  })
  const once = createSingleFlight<string>()

  const request = async (key: string, grant: ClientGrant): Promise<string> => {
    const { tokenUrl, scope, client: oauthClient, clientAuth } = grant
    // Auth0 and others read what a document has in the query of the token URL from the body only.
    const inUrl = Object.fromEntries(tokenUrl.searchParams)
    const endpoint = {
      server: { issuer: tokenUrl.origin, token_endpoint: tokenUrl.href },
      client: oauthClient,
      clientAuth,
      parameters: { ...inUrl, ...grant.parameters },
      isOpenId: false
    }
    const parameters: Record<string, string> = scope === '' ? {} : { scope }
    // Other callers may wait for the same token, so no caller's signal applies.
    const { signal } = new AbortController()
    const set = await requestTokens(client, endpoint, 'client_credentials', parameters, signal)
    const tokens = userTokens(set, now())
    const renewAt = tokens.renewAt ?? now() + DEFAULT_LIFETIME_MS
    cache.set(key, { ...tokens, renewAt }, (renewAt - now()) / 1000, grant.owner)
    return tokens.authorization
  }
  return {
    authorization(grant, refused, signal) {
      signal.throwIfAborted()
      const key = keyOf(grant)
      const cached = cache.get(key)
      const isFresh = cached !== undefined && (cached.renewAt ?? 0) > now()
      if (isFresh && cached.authorization !== refused) return Promise.resolve(cached.authorization)
      return untilAborted(
        once(key, () => request(key, grant)),
        signal
      )
    }
  }
}

/** Hashed because the key includes the client secret. */
function keyOf({ owner, tokenUrl, scope, client, parameters }: ClientGrant): string {
  const parts = [ownerKey(owner), tokenUrl.href, scope, client.id, client.secret, parameters]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
