import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { ClientTokens } from './client-tokens.ts'
import { createClientTokens } from './client-tokens.ts'
import { detailsOf } from './identify-user.ts'
import type { LoginCredentials } from './log-in.ts'
import { logIn } from './log-in.ts'
import { loginBinding } from './login-binding.ts'
import { createLoginFailures } from './login-failures.ts'
import { createLoginHandles } from './login-handles.ts'
import { DESCRIPTION_MS } from './login-refresh.ts'
import { createLoginSessions, SESSION_LIFETIME_S } from './login-sessions.ts'
import { loginHost, loginUrl } from './login-url.ts'
import { createDiscovery } from './oidc-discovery.ts'
import type { PresentedHandle, UserLogin } from './open-login.ts'
import { openLogin } from './open-login.ts'
import { createRecentDescriptions } from './recent-descriptions.ts'
import { createTokenRequests, TOKEN_REQUESTS_MAX } from './token-endpoint.ts'
import type { LoginMethod, LoginScope, UserProfile, WarnOfLogin } from './types.ts'
import { outgoingUserId } from './user-id.ts'

/** User logins, login handles, and tokens of the connector itself. */
export type Identity = {
  /**
   * Logs a user in.
   *
   * @returns The profile, and the login handle that the platform sends with every later call.
   * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_*`, `LOGIN_*`.
   */
  logIn(
    method: LoginMethod,
    credentials: LoginCredentials,
    scope: LoginScope,
    signal: AbortSignal
  ): Promise<{ readonly profile: UserProfile; readonly token: string }>
  /** Opens a login handle. Null when it does not identify a logged-in user. */
  open(
    handle: PresentedHandle,
    scope: LoginScope,
    methodOf: (scheme: string) => LoginMethod | undefined,
    signal: AbortSignal
  ): Promise<UserLogin | null>
  /** URL at which a browser logs in; blank for a login with user name and password. */
  loginUrl(method: LoginMethod, signal: AbortSignal): Promise<string>
  /** Host at which users log in. */
  loginHost(method: LoginMethod, signal: AbortSignal): Promise<string>
  readonly clientTokens: ClientTokens
}

export type IdentityPorts = {
  readonly client: IdentityClient
  readonly store: Store
  readonly sealer: Sealer
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A monotonic clock in milliseconds, for what holds for a time. */
  readonly clock: () => number
  readonly warn: WarnOfLogin
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Time limit of one call (ms): `UPSTREAM_TIMEOUT_MS`. */
  readonly callMs: number
}

/** How long a login lasts without a refresh token (ms), however long its token does. */
const LIFETIME_MS = 24 * 60 * 60 * 1000

/** User ids that the platform reserves for anonymous users. */
const ANONYMOUS_IDS = new Set(['null', 'public_user'])

/** Maximum calls of one refresh, each within the time limit of a call: discovery, and requests for tokens. */
const REFRESH_CALLS = 1 + TOKEN_REQUESTS_MAX

export function createIdentity(ports: IdentityPorts): Identity {
  const { client, store, sealer, now, clock, wait, warn } = ports
  const discovery = createDiscovery(client, clock)
  const handles = createLoginHandles(sealer, store, now)
  const failures = createLoginFailures(clock, store)
  const recent = createRecentDescriptions(now)
  const refreshMaxS = Math.ceil((REFRESH_CALLS * ports.callMs + DESCRIPTION_MS) / 1000)
  const requestTokens = createTokenRequests(ports)
  const sessions = createLoginSessions({ store, sealer, wait, refreshMaxS })
  return {
    async logIn(method, credentials, scope, signal) {
      const loginPorts = { client, requestTokens, discovery, failures, now, warn }
      const user = await logIn(loginPorts, method, credentials, scope, signal)
      const userId = outgoingUserId(user.profile.userId)
      if (ANONYMOUS_IDS.has(userId.toLowerCase())) {
        const reason = 'the platform reserves this user id for anonymous users'
        throw new ConnectorError('LOGIN_DENIED', { reason })
      }
      const profile = { ...user.profile, userId }
      const { tokens, hasUserInfo, fromIdToken, subject } = user
      const origin = { hasUserInfo, fromIdToken, subject }
      const described = { details: detailsOf(profile), readAt: now(), ...origin }
      const session = await sessions.create({ tokens, described }, scope)
      const { authorization, expiresAt, renewAt } = tokens
      const handle = {
        scheme: method.login.scheme,
        binding: loginBinding(scope, method, userId),
        described,
        tokens: { authorization, expiresAt, renewAt },
        session,
        endsAt: now() + (session === null ? LIFETIME_MS : SESSION_LIFETIME_S * 1000)
      }
      return { profile, token: await handles.write(handle, scope) }
    },
    open: (handle, scope, methodOf, signal) =>
      openLogin(
        { client, requestTokens, discovery, handles, sessions, recent, now, warn },
        handle,
        scope,
        methodOf,
        signal
      ),
    loginUrl: (method, signal) => loginUrl(client, discovery, method, signal),
    loginHost: (method, signal) => loginHost(discovery, method, signal),
    clientTokens: createClientTokens(client, requestTokens, now)
  }
}
