import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { ClientTokens } from './client-tokens.ts'
import { createClientTokens } from './client-tokens.ts'
import type { LoginCredentials } from './log-in.ts'
import { logIn } from './log-in.ts'
import { createLoginFailures } from './login-failures.ts'
import { createLoginHandles } from './login-handles.ts'
import { createLoginSessions, SESSION_LIFE_S } from './login-sessions.ts'
import { loginHost, loginUrl } from './login-url.ts'
import { createDiscovery } from './oidc-discovery.ts'
import type { GivenHandle, UserLogin } from './open-login.ts'
import { openLogin } from './open-login.ts'
import type { LoginMethod, LoginScope, UserProfile } from './types.ts'

/** Logins, what they are remembered by, and tokens of the connector itself. */
export type Identity = {
  /**
   * Logs a user in.
   *
   * @returns Who it is, and the handle that the platform sends along from then on.
   * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_*`, `LOGIN_*`.
   */
  logIn(
    method: LoginMethod,
    credentials: LoginCredentials,
    scope: LoginScope,
    signal: AbortSignal
  ): Promise<{ readonly profile: UserProfile; readonly token: string }>
  /** Opens a handle: who is logged in with it; null for nobody. */
  open(
    given: GivenHandle,
    scope: LoginScope,
    methodOf: (scheme: string) => LoginMethod | undefined,
    signal: AbortSignal
  ): Promise<UserLogin | null>
  /** Where a browser logs in (protocol 9.2); blank for a login by user name and password. */
  loginUrl(method: LoginMethod, signal: AbortSignal): Promise<string>
  /** The host at which users log in. */
  loginHost(method: LoginMethod, signal: AbortSignal): Promise<string>
  readonly clientTokens: ClientTokens
}

export type IdentityPorts = {
  readonly client: IdentityClient
  readonly store: Store
  readonly sealer: Sealer
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Milliseconds of one call: `UPSTREAM_TIMEOUT_MS`. */
  readonly callMs: number
}

/** Milliseconds for which a login stands whose provider sets it no end. */
const USUAL_LIFE_MS = 24 * 60 * 60 * 1000

/** User ids that the platform means nobody by (protocol 2). */
const NOBODY = new Set(['null', 'public_user'])

/** Calls that a refresh may take: discovery, and two ways to prove the connector. */
const REFRESH_CALLS = 3

/** Puts logins together over their ports. */
export function createIdentity(ports: IdentityPorts): Identity {
  const { client, store, sealer, now, wait } = ports
  const discovery = createDiscovery(client, now)
  const handles = createLoginHandles(sealer, store, now)
  const failures = createLoginFailures(now)
  const refreshMaxS = Math.ceil((REFRESH_CALLS * ports.callMs) / 1000)
  const sessions = createLoginSessions({ store, sealer, wait, refreshMaxS })
  return {
    async logIn(method, credentials, scope, signal) {
      const doors = { client, discovery, failures, now }
      const { profile, tokens } = await logIn(doors, method, credentials, scope, signal)
      if (NOBODY.has(profile.userId.trim().toLowerCase())) {
        const reason = 'the platform reserves this user id for anonymous users'
        throw new ConnectorError('LOGIN_DENIED', { reason })
      }
      const session = await sessions.begin(tokens, scope)
      const endsAt =
        session === null
          ? (tokens.expiresAt ?? now() + USUAL_LIFE_MS)
          : now() + SESSION_LIFE_S * 1000
      const { userId, username, groups, isEmailDoubtful } = profile
      const email = isEmailDoubtful ? null : profile.email
      const { authorization, expiresAt, renewAt } = tokens
      const handle = {
        scheme: method.login.scheme,
        user: { userId, username, email, groups },
        tokens: { authorization, expiresAt, renewAt },
        session,
        endsAt
      }
      return { profile, token: await handles.write(handle, scope) }
    },
    open: (given, scope, methodOf, signal) =>
      openLogin({ client, discovery, handles, sessions, now }, given, scope, methodOf, signal),
    loginUrl: (method, signal) => loginUrl(client, discovery, method, signal),
    loginHost: (method, signal) => loginHost(discovery, method, signal),
    clientTokens: createClientTokens(client, now)
  }
}
