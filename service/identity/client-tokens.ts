import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import { untilAborted } from '../time/deadline.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { Client } from './oauth2-login.ts'
import { userTokens } from './oauth2-login.ts'
import { requestTokens } from './token-endpoint.ts'
import type { UserTokens } from './types.ts'

/** Whose token is asked for, and where (RFC 6749 4.4). */
export type ClientGrant = {
  readonly tenant: string
  /** Absolute. */
  readonly tokenUrl: URL
  /** Blank for the provider's default. */
  readonly scope: string
  readonly client: Client
}

/** Tokens of the connector itself, for calls without a user. */
export type ClientTokens = {
  /**
   * The value of `Authorization`: one that is known until shortly before it expires, else a new one.
   *
   * @param refused One that an API did not take; it is forgotten. Null for none.
   * @throws ConnectorError `IDENTITY_*`, `LOGIN_INSECURE`, `LOGIN_DENIED`.
   */
  authorization(grant: ClientGrant, refused: string | null, signal: AbortSignal): Promise<string>
}

/** Tokens that are remembered at the most. */
const TOKENS_MAX = 5_000

/** Milliseconds for which a token is used whose provider does not say when it expires. */
const USUAL_LIFE_MS = 5 * 60 * 1000

/** Tokens in this process's memory, each asked for once however many calls need it. */
export function createClientTokens(client: IdentityClient, now: () => number): ClientTokens {
  const known = new LRUCache<string, UserTokens>({ max: TOKENS_MAX })
  const once = createSingleFlight<string>()

  const ask = async (key: string, grant: ClientGrant): Promise<string> => {
    const { tokenUrl, scope } = grant
    const endpoint = {
      server: { issuer: tokenUrl.origin, token_endpoint: tokenUrl.href },
      client: grant.client,
      isOpenId: false
    }
    const parameters: Record<string, string> = scope === '' ? {} : { scope }
    // Others may wait for the same token.
    const { signal } = new AbortController()
    const set = await requestTokens(client, endpoint, 'client_credentials', parameters, signal)
    const tokens = userTokens(set, now())
    known.set(key, { ...tokens, renewAt: tokens.renewAt ?? now() + USUAL_LIFE_MS })
    return tokens.authorization
  }
  return {
    authorization(grant, refused, signal) {
      signal.throwIfAborted()
      const key = keyOf(grant)
      const held = known.get(key)
      const isFresh = held !== undefined && (held.renewAt ?? 0) > now()
      if (isFresh && held.authorization !== refused) return Promise.resolve(held.authorization)
      return untilAborted(
        once(key, () => ask(key, grant)),
        signal
      )
    }
  }
}

/** The secret is part of what tells tenants apart, and is not kept for it. */
function keyOf({ tenant, tokenUrl, scope, client }: ClientGrant): string {
  const parts = [tenant, tokenUrl.href, scope, client.id, client.secret]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
