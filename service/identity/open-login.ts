import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { LoginHandle, LoginHandles } from './login-handles.ts'
import type { LoginSessions, Refresh } from './login-sessions.ts'
import { clientWords, oauth2Endpoint, userTokens } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { restrictHosts } from './provider.ts'
import type { RequestTokens, TokenEndpoint } from './token-endpoint.ts'
import type { LoginMethod, LoginScope } from './types.ts'

/** A logged-in user. */
export type UserLogin = {
  readonly scheme: string
  readonly kind: 'basic' | 'bearer'
  readonly user: LoginHandle['user']
  /** The current value of `Authorization`. */
  authorization(): string
  /**
   * Replaces a value that an API rejected; null when there is no other.
   *
   * @throws ConnectorError `IDENTITY_*` when the provider cannot be reached.
   */
  renew(refused: string, signal: AbortSignal): Promise<string | null>
}

export type OpenLoginPorts = {
  readonly client: IdentityClient
  readonly requestTokens: RequestTokens
  readonly discovery: Discovery
  readonly handles: LoginHandles
  readonly sessions: LoginSessions
  readonly now: () => number
}

/** A login handle as the platform sends it. */
export type PresentedHandle = {
  readonly token: string
  /** Id of the user in the same request, who must be the one who logged in. */
  readonly userId: string
}

/**
 * Opens a login handle and renews its tokens when they are due.
 *
 * @param methodOf The login method of a security scheme; undefined when the document no longer has it.
 * @returns Null for a handle that is invalid, expired, or a different user's.
 */
export async function openLogin(
  ports: OpenLoginPorts,
  presented: PresentedHandle,
  scope: LoginScope,
  methodOf: (scheme: string) => LoginMethod | undefined,
  signal: AbortSignal
): Promise<UserLogin | null> {
  const { handles, sessions, now } = ports
  const handle = await handles.read(presented.token, scope)
  if (handle === undefined || comparable(handle.user.userId) !== comparable(presented.userId)) {
    return null
  }
  const method = methodOf(handle.scheme)
  if (method === undefined) return null
  const { session } = handle
  const renew = async (refused: string, until: AbortSignal): Promise<string | null> => {
    if (session === null) return null
    const tokens = await sessions.renew(session, scope, refused, refreshAt(ports, method), until)
    return tokens?.authorization ?? null
  }
  const stored = session === null ? undefined : await sessions.read(session, scope)
  const tokens = stored ?? handle.tokens
  // The store may have evicted the session; then the handle's own tokens are used until they expire.
  const isEvicted = session !== null && stored === undefined
  if (stored === null || (isEvicted && !(Number(tokens.expiresAt) > now()))) return null
  const isDue = session !== null && tokens.renewAt !== null && tokens.renewAt <= now()
  const first =
    isDue && !isEvicted
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

/** Problems that mean the provider is unreachable or out of order. */
const OUTAGES: ReadonlySet<ProblemCode> = new Set([
  'IDENTITY_UNREACHABLE',
  'IDENTITY_TIMEOUT',
  'IDENTITY_FAILED',
  'DNS_TIMEOUT'
])

/** During an outage of the provider the old token is used; the API may still accept it. */
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

/** The platform truncates a user id at these characters (docs/protocol.md#the-user-header). */
function comparable(userId: string): string {
  return userId.split(/[&=]/, 1)[0]?.trim() ?? ''
}

function refreshAt(ports: OpenLoginPorts, method: LoginMethod): Refresh {
  return async (refreshToken, signal) => {
    const endpoint = await endpointOf(ports, method, signal)
    const parameters = { refresh_token: refreshToken }
    const client = restrictHosts(ports.client, method)
    const set = await ports.requestTokens(client, endpoint, 'refresh_token', parameters, signal)
    return userTokens(set, ports.now())
  }
}

async function endpointOf(
  { discovery }: OpenLoginPorts,
  { login, base, client }: LoginMethod,
  signal: AbortSignal
): Promise<TokenEndpoint> {
  if (client === null || login.kind === 'basic') throw new ConnectorError('LOGIN_UNAVAILABLE')
  if (login.kind === 'oauth2') {
    return oauth2Endpoint({ login, base }, client, login.refreshUrl ?? login.tokenUrl)
  }
  const url = identityUrl(login, login.discoveryUrl, 'provider', base)
  const server = await discovery.read(url, signal)
  return { server, client, ...clientWords(login.client), isOpenId: false }
}
