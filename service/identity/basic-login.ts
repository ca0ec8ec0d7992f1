import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { basicAuthorization } from '../plan/credentials.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { LoginMethod, LoginResult } from './types.ts'
import { checkCredential, fetchUserInfo } from './user-info.ts'
import { profileFromUsername, readProfile, unknownUser } from './user-profile.ts'

/** Control characters, which RFC 7617 2 allows in neither a user name nor a password. */
const CONTROL = /\p{Cc}/u

/**
 * Logs a user in with a user name and a password: calls `checkUrl` with them; a 2xx accepts them. Fields
 * that the answer does not fill default to the user name.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those
 *   of `identityUrl`.
 */
export async function logInByPassword(
  client: IdentityClient,
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
  const request = { url, authorization, keys: userKeys() }
  const tokens = { authorization, expiresAt: null, renewAt: null, refreshToken: null }
  if (login.map === null) {
    await checkCredential(client, request, false, signal)
    return { profile: profileFromUsername(username), tokens }
  }
  const profile = readProfile(await fetchUserInfo(client, request, signal), login.map)
  if (profile === undefined && login.map.userId !== undefined) {
    throw unknownUser(login.scheme, url)
  }
  const known = Object.entries(profile ?? {}).filter(([, value]) => value !== null)
  const merged = { ...profileFromUsername(username), ...Object.fromEntries(known) }
  // The default is what the user typed.
  const isEmailUnverified =
    profile === undefined || profile.email === null || profile.isEmailUnverified
  return { profile: { ...merged, isEmailUnverified }, tokens }
}
