import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { basicAuthorization } from '../plan/credentials.ts'
import { identityUrl } from '../plan/server-url.ts'
import type { LoggedIn, LoginMethod } from './types.ts'
import { callAsUser, describeUser } from './user-info.ts'
import { nameOnly, readProfile } from './user-profile.ts'

/** Control characters, which neither a user name nor a password holds (RFC 7617 2). */
const CONTROL = /\p{Cc}/u

/**
 * Logs a user in by user name and password (x-flow 10): the API is called with them, and a 2xx means that
 * they are right. Fields that no map fills are the user name.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `LOGIN_USER_UNKNOWN`, `LOGIN_INSECURE`, `IDENTITY_*`, and those
 *   of its address.
 */
export async function logInByPassword(
  client: IdentityClient,
  { login, base }: LoginMethod<'basic'>,
  credentials: { readonly username: string; readonly password: string },
  signal: AbortSignal
): Promise<LoggedIn> {
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
  const tokens = { authorization, expiresAt: null, renewAt: null, refreshToken: null }
  if (login.map === null) {
    await callAsUser(client, url, authorization, false, signal)
    return { profile: nameOnly(username), tokens }
  }
  const description = await describeUser(client, url, authorization, signal)
  const profile = readProfile(description, login.map)
  const isUnread = profile === undefined && login.map.userId !== undefined
  if (isUnread) throw unknownUser(login.scheme, url)
  const known = Object.entries(profile ?? {}).filter(([, value]) => value !== null)
  const merged = { ...nameOnly(username), ...Object.fromEntries(known) }
  // What a user typed is no address that anybody vouches for.
  const isEmailDoubtful = profile === undefined || profile.email === null || profile.isEmailDoubtful
  return { profile: { ...merged, isEmailDoubtful }, tokens }
}

/** The mapped member is not there: the map is wrong, and a made-up user would be another one's. */
export function unknownUser(scheme: string, { host }: URL): ConnectorError {
  return new ConnectorError('LOGIN_USER_UNKNOWN', { scheme, host })
}
