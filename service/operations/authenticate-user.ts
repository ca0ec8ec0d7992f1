import { ConnectorError } from '../errors.ts'
import type { LoginCredentials } from '../identity/log-in.ts'
import { LOGIN_REFUSALS } from '../identity/log-in.ts'
import { loginScope } from './approved-origins.ts'
import { loginMethods, openDocument } from './open-session.ts'
import type { Ports } from './session.ts'
import type { AuthenticationResult, Caller } from './types.ts'

/**
 * Logs a flow user in (docs/protocol.md#authentication). Wrong credentials are a denial, not a problem. A
 * problem means that the connector or the identity provider is broken.
 *
 * @param credentials Null for a kind of login that is not supported.
 * @throws ConnectorError `LOGIN_UNAVAILABLE`, `LOGIN_INSECURE`, `LOGIN_URL_INVALID`,
 *   `LOGIN_USER_UNKNOWN`, `IDENTITY_*`, `ORIGIN_NOT_APPROVED`, and those of the document.
 */
export async function authenticateUser(
  ports: Ports,
  caller: Caller,
  credentials: LoginCredentials | null
): Promise<AuthenticationResult> {
  const document = await openDocument(ports, caller)
  const { preferred: method } = await loginMethods(ports, caller, document)
  if (method === undefined) throw new ConnectorError('LOGIN_UNAVAILABLE')
  const { identity } = ports
  const { owner, deadline } = caller
  const { scheme } = method.login
  deadline.reached = 'the login had not finished'
  try {
    if (credentials === null) {
      throw new ConnectorError('LOGIN_DENIED', { reason: 'this kind of login is not supported' })
    }
    // An authorization code works once: check the addresses before it is used up.
    const identityProvider = await identity.loginHost(method, deadline.signal)
    const scope = loginScope(caller)
    const { profile, token } = await identity.logIn(method, credentials, scope, deadline.signal)
    return {
      status: 'AUTHENTICATED',
      profile,
      directory: { id: scheme, name: document.model.index.title },
      tenant: owner.tenant,
      identityProvider,
      token
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || !LOGIN_REFUSALS.has(error.code)) throw error
    ports.warn('a login was denied', { tenant: owner.tenant, scheme, code: error.code })
    return { status: 'ACCESS_DENIED', reason: error.message }
  }
}
