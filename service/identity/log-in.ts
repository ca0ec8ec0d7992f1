import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'
import { identityUrl } from '../plan/server-url.ts'
import { logInByPassword } from './basic-login.ts'
import type { LoginFailures } from './login-failures.ts'
import type { CodeGrant, CodeLoginPorts } from './oauth2-login.ts'
import { logInByOAuth2 } from './oauth2-login.ts'
import type { Discovery } from './oidc-discovery.ts'
import { logInByOpenId } from './oidc-login.ts'
import { restrictHosts } from './provider.ts'
import type { LoginResult, LoginMethod, LoginScope } from './types.ts'

/** What a user logs in with. */
export type LoginCredentials =
  | { readonly by: 'code'; readonly grant: CodeGrant }
  | { readonly by: 'password'; readonly username: string; readonly password: string }

/** Problems that mean "the user is not authenticated"; any other is a failure of the login itself. */
export const LOGIN_REFUSALS: ReadonlySet<ProblemCode> = new Set([
  'LOGIN_DENIED',
  'IDENTITY_ANSWER_INVALID'
])

export type LogInPorts = CodeLoginPorts & {
  readonly discovery: Discovery
  readonly failures: LoginFailures
}

/**
 * Logs a user in through a security scheme (docs/x-flow.md#logins).
 *
 * @throws ConnectorError `LOGIN_DENIED`, also for credentials of the wrong kind for the scheme;
 *   `IDENTITY_ANSWER_INVALID` for an invalid answer of the provider; other `IDENTITY_*` and `LOGIN_*`.
 */
export async function logIn(
  ports: LogInPorts,
  method: LoginMethod,
  credentials: LoginCredentials,
  scope: LoginScope,
  signal: AbortSignal
): Promise<LoginResult> {
  const { login, client: oauthClient } = method
  const client = restrictHosts(ports.client, method)
  if (login.kind === 'basic') {
    if (credentials.by !== 'password') throw wrongCredentials('a user name and a password')
    return ports.failures.attempt({
      owner: scope.owner,
      checkUrl: identityUrl(login, login.checkUrl, 'api', method.base),
      username: credentials.username,
      check: () => logInByPassword({ ...ports, client }, { ...method, login }, credentials, signal),
      isFailure: isRefusal,
      signal
    })
  }
  if (credentials.by !== 'code') throw wrongCredentials('the page of its identity provider')
  if (oauthClient === null) throw new ConnectorError('LOGIN_UNAVAILABLE')
  const { grant } = credentials
  return login.kind === 'oauth2'
    ? logInByOAuth2({ ...ports, client }, { ...method, login }, oauthClient, grant, signal)
    : logInByOpenId({ ...ports, client }, { ...method, login }, oauthClient, grant, signal)
}

function wrongCredentials(expected: string): ConnectorError {
  return new ConnectorError('LOGIN_DENIED', { reason: `this login uses ${expected}` })
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConnectorError && LOGIN_REFUSALS.has(error.code)
}
