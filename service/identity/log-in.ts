import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { logInByPassword } from './basic-login.ts'
import type { LoginFailures } from './login-failures.ts'
import type { CodeLogin } from './oauth2-login.ts'
import { logInByOAuth2 } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { logInByOpenId } from './oidc-login.ts'
import { restrictHosts } from './provider.ts'
import type { LoggedIn, LoginMethod, LoginScope } from './types.ts'

/** What a user gives to log in (protocol 9.1). */
export type LoginCredentials =
  | { readonly by: 'code'; readonly given: CodeLogin }
  | { readonly by: 'password'; readonly username: string; readonly password: string }

/** What ends a login without the connector or the provider being broken: nobody has proved anything. */
export const DENIALS: ReadonlySet<ProblemCode> = new Set([
  'LOGIN_DENIED',
  'IDENTITY_ANSWER_INVALID'
])

export type LogInPorts = {
  readonly client: IdentityClient
  readonly discovery: Discovery
  readonly failures: LoginFailures
  readonly now: () => number
}

/**
 * Logs a user in as the security scheme says (x-flow 10).
 *
 * @throws ConnectorError `LOGIN_DENIED`, also for credentials that are not of the scheme's kind;
 *   `IDENTITY_ANSWER_INVALID` for an answer that proves nothing; other `IDENTITY_*` and `LOGIN_*`.
 */
export async function logIn(
  ports: LogInPorts,
  method: LoginMethod,
  credentials: LoginCredentials,
  scope: LoginScope,
  signal: AbortSignal
): Promise<LoggedIn> {
  const { discovery, now } = ports
  const { login, client: self } = method
  const client = restrictHosts(ports.client, method)
  if (login.kind === 'basic') {
    if (credentials.by !== 'password') throw otherWay('a user name and a password')
    return limited(ports.failures, scope, credentials.username, () =>
      logInByPassword(client, { ...method, login }, credentials, signal)
    )
  }
  if (credentials.by !== 'code') throw otherWay('the page of its identity provider')
  if (self === null) throw new ConnectorError('LOGIN_UNAVAILABLE')
  const { given } = credentials
  return login.kind === 'oauth2'
    ? logInByOAuth2(client, { ...method, login }, self, given, now, signal)
    : logInByOpenId(client, discovery, { ...method, login }, self, given, now, signal)
}

function otherWay(way: string): ConnectorError {
  return new ConnectorError('LOGIN_DENIED', { reason: `this login uses ${way}` })
}

async function limited<T>(
  failures: LoginFailures,
  scope: LoginScope,
  username: string,
  attempt: () => Promise<T>
): Promise<T> {
  failures.begin(scope, username)
  try {
    const result = await attempt()
    failures.forget(scope, username)
    return result
  } catch (error) {
    if (!(error instanceof ConnectorError) || !DENIALS.has(error.code)) {
      failures.undo(scope, username)
    }
    throw error
  }
}
