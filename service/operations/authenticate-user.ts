import { ConnectorError } from '../errors.ts'
import type { LoginCredentials } from '../identity/log-in.ts'
import { LOGIN_REFUSALS } from '../identity/log-in.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { loginScope } from './login-methods.ts'
import { openLoginMethods } from './open-login-methods.ts'
import type { Ports } from './session.ts'
import type { AuthenticationResult } from './types.ts'

/**
 * Logs a flow user in (protocol 9.1). A login that proves nobody is denied; a problem means that the
 * connector or the identity provider is broken, and says which.
 *
 * @param credentials What the user gave; null for a kind of login that is not offered.
 * @throws ConnectorError `LOGIN_UNAVAILABLE`, `LOGIN_INSECURE`, `LOGIN_URL_INVALID`,
 *   `LOGIN_USER_UNKNOWN`, `IDENTITY_*`, `ORIGIN_NOT_APPROVED`, and those of the document.
 */
export async function authenticateUser(
  ports: Ports,
  caller: FlowCaller,
  credentials: LoginCredentials | null
): Promise<AuthenticationResult> {
  const { model, servable: method } = await openLoginMethods(ports, caller)
  if (method === undefined) throw new ConnectorError('LOGIN_UNAVAILABLE')
  const { identity } = ports
  const { tenant, signal } = caller
  const { scheme } = method.login
  caller.progress.reached = () => 'the login had not finished'
  try {
    if (credentials === null) {
      throw new ConnectorError('LOGIN_DENIED', { reason: 'this kind of login is not supported' })
    }
    const scope = loginScope(caller)
    // A code is worth one login: what is wrong with the addresses has to show before it is used up.
    const identityProvider = await identity.loginHost(method, signal)
    const { profile, token } = await identity.logIn(method, credentials, scope, signal)
    return {
      status: 'AUTHENTICATED',
      profile,
      directory: { id: scheme, name: model.index.title },
      tenant,
      identityProvider,
      token
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || !LOGIN_REFUSALS.has(error.code)) throw error
    ports.warn('a login was denied', { tenant, scheme, code: error.code })
    return { status: 'ACCESS_DENIED', reason: error.message }
  }
}
