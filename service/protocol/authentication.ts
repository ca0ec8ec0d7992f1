import type { LoginCredentials } from '../identity/log-in.ts'
import type { AuthenticationResult } from '../operations/types.ts'
import { headerValue } from './user-header.ts'
import type { AuthenticationRequest, AuthenticationResponse } from './schemas.ts'

/** In place of a name that nobody knows: the platform refuses blanks (protocol 9.1). */
const UNKNOWN = '(unknown)'

/**
 * What a user gave to log in, decided by what is filled (protocol 9.1): a code, else a user name and a
 * password, which may be blank. Null for another kind of login.
 */
export function readCredentials(body: AuthenticationRequest): LoginCredentials | null {
  const code = filledText(body.code)
  if (code !== null) {
    const redirectUri = filledText(body.redirectUri)
    return { by: 'code', grant: { code, redirectUri, verifier: filledText(body.verifier) } }
  }
  if (filledText(body.token) !== null || filledText(body.sessionToken) !== null) return null
  return { by: 'password', username: body.username ?? '', password: body.password ?? '' }
}

function filledText(value: string | null | undefined): string | null {
  return value?.trim() ? value : null
}

function named(text: string | null): string {
  return headerValue(text ?? '') || UNKNOWN
}

/** The answer of `/authentication`: HTTP 200 also for nobody (protocol 0.12). */
export function writeAuthentication(result: AuthenticationResult): AuthenticationResponse {
  if (result.status === 'ACCESS_DENIED') {
    return { status: 'ACCESS_DENIED', statusMessage: result.reason }
  }
  const { profile, directory, tenant, identityProvider, token } = result
  const group = headerValue(profile.groups[0] ?? '')
  return {
    status: 'AUTHENTICATED',
    statusMessage: null,
    userId: profile.userId,
    username: named(profile.username),
    email: named(profile.email),
    firstName: named(profile.firstName),
    lastName: named(profile.lastName),
    directoryId: named(directory.id),
    directoryName: named(directory.name),
    roleId: '',
    roleName: '',
    primaryGroupId: group,
    primaryGroupName: group,
    tenantName: tenant,
    identityProvider,
    token,
    culture: null
  }
}
