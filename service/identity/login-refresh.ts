import type { JsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import { withDeadline } from '../time/deadline.ts'
import type { Refresh } from './login-sessions.ts'
import { clientWords, oauth2Endpoint, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { restrictHosts } from './provider.ts'
import { readUserAgain } from './read-user-again.ts'
import type { RequestTokens, TokenEndpoint, TokenSet } from './token-endpoint.ts'
import type { LoginMethod, WarnOfLogin } from './types.ts'
import { verifiedClaims } from './verified-claims.ts'

export type RefreshPorts = {
  readonly client: IdentityClient
  readonly requestTokens: RequestTokens
  readonly discovery: Discovery
  readonly warn: WarnOfLogin
  readonly now: () => number
}

/** How long calls wait at a refresh for what the provider says of the user (ms). */
export const DESCRIPTION_MS = 5_000

/**
 * How the tokens of a login are renewed, and its user described anew.
 *
 * @param userId In the form of `outgoingUserId`.
 */
export function refreshAt(ports: RefreshPorts, method: LoginMethod, userId: string): Refresh {
  const client = restrictHosts(ports.client, method)
  return {
    async request(refreshToken, signal) {
      const endpoint = await endpointOf(ports, method, signal)
      const parameters = { refresh_token: refreshToken }
      const set = await ports.requestTokens(client, endpoint, 'refresh_token', parameters, signal)
      const tokens = userTokens(set, ports.now())
      const { authorization } = tokens
      return {
        tokens,
        async describe(known) {
          const host = new URL(endpoint.server.issuer).host
          const late = (): ConnectorError =>
            new ConnectorError('IDENTITY_TIMEOUT', { host, limit: DESCRIPTION_MS })
          try {
            return await withDeadline(DESCRIPTION_MS, signal, late, async deadline => {
              const claims = await claimsOf({ ...ports, client }, method, endpoint, set, deadline)
              const user = { userId, known, authorization, claims }
              return readUserAgain({ ...ports, client }, method, user, deadline)
            })
          } catch (error) {
            if (!(error instanceof ConnectorError)) throw error
            // The tokens are good; the description is read again when it is an hour old.
            return known
          }
        }
      }
    }
  }
}

/** The claims of the ID token that came with new tokens (OpenID Connect Core 12.2); null for none that is valid. */
async function claimsOf(
  ports: RefreshPorts,
  { login, base }: LoginMethod,
  { server, client: { secret } }: TokenEndpoint,
  set: TokenSet,
  signal: AbortSignal
): Promise<JsonObject | null> {
  if (login.kind !== 'openIdConnect') return null
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  return verifiedClaims(ports, { url, server, secret }, set, signal).catch(() => null)
}

async function endpointOf(
  { discovery }: RefreshPorts,
  { login, base, client }: LoginMethod,
  signal: AbortSignal
): Promise<TokenEndpoint> {
  if (client === null || login.kind === 'basic') throw new ConnectorError('LOGIN_UNAVAILABLE')
  if (login.kind === 'oauth2') {
    return oauth2Endpoint({ login, base }, client, login.refreshUrl ?? login.tokenUrl)
  }
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  return { server, client, ...clientWords(login.client), isOpenId: true }
}
