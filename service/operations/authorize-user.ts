import { ConnectorError } from '../errors.ts'
import type { UserDetails } from '../identity/types.ts'
import { ruleUserId } from '../identity/user-id.ts'
import { USER_EMAIL } from './look-up-directory.ts'
import { loginMethods, openDocument, openUserLogin } from './open-session.ts'
import type { Ports } from './session.ts'
import type { AccessRule, AuthorizationResult, Caller } from './types.ts'

type KnownUser = UserDetails & { readonly userId: string }

/** The directory of a document without a login. */
const NO_DIRECTORY = { id: 'UNAUTHENTICATED', name: 'UNKNOWN' }

/**
 * Decides whether an access rule admits the caller, and where an anonymous caller logs in
 * (docs/protocol.md#authorization). Only the connector's own token identifies a user.
 *
 * @throws ConnectorError `LOGIN_UNAVAILABLE` where a user is needed and nobody can log in, and those of
 *   the document, of the login's addresses and of discovery.
 */
export async function authorizeUser(
  ports: Ports,
  caller: Caller,
  rule: AccessRule
): Promise<AuthorizationResult> {
  const document = await openDocument(ports, caller)
  const methods = await loginMethods(ports, caller, document)
  const login = await openUserLogin(ports, caller, methods)
  const details = login && (await login.details(caller.deadline.signal))
  const user = login && details && { userId: login.userId, ...details }
  const isAllowed = isAllowedBy(rule, user)
  const method = login && user ? methods.ofScheme(login.scheme) : methods.preferred
  if (method === undefined && !isAllowed) throw new ConnectorError('LOGIN_UNAVAILABLE')
  // Logging in again would not help a user whom the rule excludes.
  const needsLogin = !isAllowed && user === null && method !== undefined
  const { title } = document.model.index
  return {
    isAllowed,
    directory: method === undefined ? NO_DIRECTORY : { id: method.login.scheme, name: title },
    user: user && { ...user, names: caller.user },
    authenticationType: method?.login.kind === 'basic' ? 'USERNAME_PASSWORD' : 'OAUTH2',
    loginUrl: needsLogin ? await ports.identity.loginUrl(method, caller.deadline.signal) : ''
  }
}

function isAllowedBy({ allowed, users, groups }: AccessRule, user: KnownUser | null): boolean {
  if (allowed === 'PUBLIC') return true
  if (user === null) return false
  if (allowed === 'ALL_USERS') return true
  return (
    users.some(({ id, attribute }) => isUser(user, id, attribute)) ||
    groups.some(group => user.groups.includes(group))
  )
}

/** Emails are compared without case. Every other attribute means the user id. */
function isUser(user: KnownUser, id: string, attribute: string): boolean {
  if (attribute !== USER_EMAIL) return user.userId === ruleUserId(id)
  return user.email?.toLowerCase() === id.toLowerCase()
}
