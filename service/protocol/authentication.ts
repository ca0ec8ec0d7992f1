import type { LoginCredentials } from '../identity/log-in.ts'
import type { AuthenticationResult } from '../operations/types.ts'
import { headerValue } from './user-header.ts'
import type { AuthenticationRequest, AuthenticationResponse } from './schemas.ts'

/** Stands for an unknown name, since the platform rejects blank ones. */
const UNKNOWN = '(unknown)'

/**
 * Reads a user's credentials: a code if there is one, else a user name and a password, which may be blank.
 * Null for an unsupported kind of login.
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

function nameOrUnknown(text: string | null): string {
  return headerValue(text ?? '') || UNKNOWN
}

/** The answer of `/authentication` (docs/protocol.md#authentication). A refused login is HTTP 200 too. */
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
    username: nameOrUnknown(profile.username),
    email: nameOrUnknown(profile.email),
    firstName: nameOrUnknown(profile.firstName),
    lastName: nameOrUnknown(profile.lastName),
    directoryId: nameOrUnknown(directory.id),
    directoryName: nameOrUnknown(directory.name),
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
