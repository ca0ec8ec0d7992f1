import { ConnectorError } from '../errors.ts'
import { basicAuthorization } from '../plan/credentials.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { GroupPorts } from './complete-groups.ts'
import { describeUser } from './describe-user.ts'
import type { LoginMethod, LoginResult } from './types.ts'
import { checkCredential } from './user-info.ts'
import { profileFromUsername, readProfile, unknownUser } from './user-profile.ts'

/** Control characters, which RFC 7617 2 allows in neither a user name nor a password. */
const CONTROL = /\p{Cc}/u

/**
 * Logs a user in with a user name and a password: calls `checkUrl` with them; a 2xx accepts them, unless it shows
 * that nobody is logged in. Fields that the answer does not fill default to the user name.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those
 *   of `identityUrl`.
 */
export async function logInByPassword(
  ports: GroupPorts,
  { login, base, userKeys }: LoginMethod<'basic'>,
  credentials: { readonly username: string; readonly password: string },
  signal: AbortSignal
): Promise<LoginResult> {
  const { username, password } = credentials
  if (username.trim() === '' || password === '') {
    throw new ConnectorError('LOGIN_DENIED', { reason: 'a user name and a password are required' })
  }
  if (username.includes(':') || CONTROL.test(username + password)) {
    throw new ConnectorError('LOGIN_DENIED', {
      reason: 'the user name or the password has characters that cannot be sent'
    })
  }
  const url = identityUrl(login, login.checkUrl, 'api', base)
  const authorization = basicAuthorization(credentials)
  const request = { url, authorization, keys: userKeys(), failure: login.failure }
  const tokens = { authorization, expiresAt: null, renewAt: null, refreshToken: null }
  if (login.map === null) {
    await checkCredential(ports.client, request, null, signal).catch(denyRefused)
    const profile = profileFromUsername(username)
    return { profile, tokens, hasUserInfo: false, fromIdToken: [], subject: null }
  }
  const info = await describeUser(ports, request, login.map, signal).catch(denyRefused)
  const { userId, ...found } = readProfile([info], login.map)
  if (userId === null && login.map.userId !== undefined) throw unknownUser(login.scheme, url)
  const known = Object.entries({ userId, ...found }).filter(([, value]) => value !== null)
  const merged = { ...profileFromUsername(username), ...Object.fromEntries(known) }
  // The default is what the user typed.
  const isEmailUnverified = found.email === null || found.isEmailUnverified
  const profile = { ...merged, isEmailUnverified }
  return { profile, tokens, hasUserInfo: true, fromIdToken: [], subject: null }
}

/** APIs refuse a password with any status that is about the request; only 429 is about the moment. */
function denyRefused(error: unknown): never {
  const status = error instanceof ConnectorError ? Number(error.holes.status) : Number.NaN
  if (!(status >= 400 && status < 500) || status === 429) throw error
  throw new ConnectorError('LOGIN_DENIED', {
    reason: `the API does not accept this login: it answers ${status}`
  })
}
