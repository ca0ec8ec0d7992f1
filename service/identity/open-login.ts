import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { LoginHandle, LoginHandles } from './login-handles.ts'
import type { LoginSessions, Refresh } from './login-sessions.ts'
import { oauth2Endpoint, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { restrictHosts } from './provider.ts'
import type { TokenEndpoint } from './token-endpoint.ts'
import { requestTokens } from './token-endpoint.ts'
import type { LoginMethod, LoginScope } from './types.ts'

/** A user who is logged in, as a handle says it. */
export type UserLogin = {
  readonly scheme: string
  readonly kind: 'basic' | 'bearer'
  readonly user: LoginHandle['user']
  /** The value of `Authorization` that proves the user now. */
  authorization(): string
  /**
   * Gets the value in place of one that an API refused; null where there is no other.
   *
   * @throws ConnectorError `IDENTITY_*` when the provider cannot be asked.
   */
  renew(refused: string, signal: AbortSignal): Promise<string | null>
}

export type OpenLoginPorts = {
  readonly client: IdentityClient
  readonly discovery: Discovery
  readonly handles: LoginHandles
  readonly sessions: LoginSessions
  readonly now: () => number
}

/** A handle as the platform sends it, and whose it is to be. */
export type GivenHandle = {
  readonly token: string
  /** Who the platform says the user is. */
  readonly userId: string
}

/**
 * Opens a handle, and gets new tokens where those in it are over (x-flow 10).
 *
 * @param methodOf The way to log in through a scheme; undefined where the document has none.
 * @returns Null for a handle that is not ours, not that user's, or over.
 */
export async function openLogin(
  ports: OpenLoginPorts,
  given: GivenHandle,
  scope: LoginScope,
  methodOf: (scheme: string) => LoginMethod | undefined,
  signal: AbortSignal
): Promise<UserLogin | null> {
  const { handles, sessions, now } = ports
  const handle = await handles.read(given.token, scope)
  if (handle === undefined || comparable(handle.user.userId) !== comparable(given.userId))
    return null
  const method = methodOf(handle.scheme)
  if (method === undefined) return null
  const { session } = handle
  const renew = async (refused: string, until: AbortSignal): Promise<string | null> => {
    if (session === null) return null
    const tokens = await sessions.renew(session, scope, refused, refreshAt(ports, method), until)
    return tokens?.authorization ?? null
  }
  const held = session === null ? undefined : await sessions.read(session, scope)
  const tokens = held ?? handle.tokens
  // A store may forget a session; what is in the handle then serves as long as it says itself.
  const isForgotten = session !== null && held === undefined
  if (held === null || (isForgotten && !(Number(tokens.expiresAt) > now()))) return null
  const isDue = session !== null && tokens.renewAt !== null && tokens.renewAt <= now()
  const first =
    isDue && !isForgotten
      ? await renewedOrStale(renew, tokens.authorization, signal)
      : tokens.authorization
  if (first === null) return null
  let current = first
  return {
    scheme: handle.scheme,
    kind: method.login.kind === 'basic' ? 'basic' : 'bearer',
    user: handle.user,
    authorization: () => current,
    async renew(refused, until) {
      const next = await renew(refused, until)
      if (next !== null) current = next
      return next
    }
  }
}

/** Problems of a provider that could not be asked, or does not work just now. */
const OUTAGES: ReadonlySet<ProblemCode> = new Set([
  'IDENTITY_UNREACHABLE',
  'IDENTITY_TIMEOUT',
  'IDENTITY_FAILED',
  'DNS_TIMEOUT'
])

/** While the provider cannot be asked the old token serves: the API says whether it takes it. */
async function renewedOrStale(
  renew: UserLogin['renew'],
  stale: string,
  signal: AbortSignal
): Promise<string | null> {
  try {
    return await renew(stale, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    return OUTAGES.has(error.code) ? stale : null
  }
}

/** The platform splits what it is given at these two (protocol 2.4). */
function comparable(userId: string): string {
  return userId.split(/[&=]/, 1)[0]?.trim() ?? ''
}

function refreshAt(ports: OpenLoginPorts, method: LoginMethod): Refresh {
  return async (refreshToken, signal) => {
    const endpoint = await endpointOf(ports, method, signal)
    const parameters = { refresh_token: refreshToken }
    const client = restrictHosts(ports.client, method)
    const set = await requestTokens(client, endpoint, 'refresh_token', parameters, signal)
    return userTokens(set, ports.now())
  }
}

async function endpointOf(
  { discovery }: OpenLoginPorts,
  { login, base, client: self }: LoginMethod,
  signal: AbortSignal
): Promise<TokenEndpoint> {
  // Without what the connector proves itself with, and by a password, nothing is refreshed.
  if (self === null || login.kind === 'basic') throw new ConnectorError('LOGIN_UNAVAILABLE')
  if (login.kind === 'oauth2') {
    return oauth2Endpoint({ login, base }, self, login.refreshUrl ?? login.tokenUrl)
  }
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  return { server: await discovery.read(url, signal), client: self, isOpenId: false }
}
