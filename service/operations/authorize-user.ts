import { ConnectorError } from '../errors.ts'
import type { UserLogin } from '../identity/open-login.ts'
import { USER_EMAIL } from './directory.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { openUserLogin } from './login-methods.ts'
import { openLoginMethods } from './open-login-methods.ts'
import type { Ports } from './session.ts'
import type { AccessRule, AuthorizationResult } from './types.ts'

/** The directory of a document that has no login. */
const NO_DIRECTORY = { id: 'UNAUTHENTICATED', name: 'UNKNOWN' }

/**
 * Says whether the caller may do what a rule guards, and if they may not and are nobody, where they log
 * in (protocol 9.2). Only who is proved by the connector's own token is somebody.
 *
 * @throws ConnectorError `LOGIN_UNAVAILABLE` where a user is needed and nobody can log in, and those of
 *   the document, of the login's addresses and of discovery.
 */
export async function authorizeUser(
  ports: Ports,
  caller: FlowCaller,
  rule: AccessRule
): Promise<AuthorizationResult> {
  const methods = await openLoginMethods(ports, caller)
  const { identity } = ports
  const { signal } = caller
  const login = await openUserLogin(identity, caller, methods)
  const isAllowed = isAllowedBy(rule, login)
  const method = login === null ? methods.servable : methods.named(login.scheme)
  if (method === undefined && !isAllowed) throw new ConnectorError('LOGIN_UNAVAILABLE')
  const needsLogin = !isAllowed && login === null && method !== undefined
  return {
    isAllowed,
    directory:
      method === undefined
        ? NO_DIRECTORY
        : { id: method.login.scheme, name: methods.model.index.title },
    user: login && { ...login.user, names: caller.user },
    authenticationType: method?.login.kind === 'basic' ? 'USERNAME_PASSWORD' : 'OAUTH2',
    // A user who is logged in and may not would be sent in a circle.
    loginUrl: needsLogin ? await identity.loginUrl(method, signal) : ''
  }
}

function isAllowedBy({ allowed, users, groups }: AccessRule, login: UserLogin | null): boolean {
  if (allowed === 'PUBLIC') return true
  if (login === null) return false
  if (allowed === 'ALL_USERS') return true
  const { user } = login
  return (
    users.some(({ id, attribute }) => isUser(user, id, attribute)) ||
    groups.some(group => user.groups.includes(group))
  )
}

/** An address is the same in any letter case; every other attribute means the user id. */
function isUser(user: UserLogin['user'], id: string, attribute: string): boolean {
  if (attribute !== USER_EMAIL) return user.userId === id
  return user.email?.toLowerCase() === id.toLowerCase()
}
