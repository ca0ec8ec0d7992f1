import { createHash } from 'node:crypto'

import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import { identityUrl, serverUrl } from '../plan/server-url.ts'
import type { LoginMethod, LoginScope } from './types.ts'

type Addresses = Pick<LoginMethod, 'login' | 'base'>

/**
 * What a login counts for, as one value: the tenant, the document, the security scheme, the origin of the API, the
 * addresses at which the user proved who it is, the Client Id, and the user. A handle opens only where the value is that
 * of its login: the same document may be installed twice, for other servers or other clients.
 *
 * @param userId In the form of `outgoingUserId`.
 */
export function loginBinding(
  { owner, schemaUrl }: LoginScope,
  method: Pick<LoginMethod, 'login' | 'base' | 'client'>,
  userId: string
): string {
  const { login, client } = method
  const parts = [
    ...[ownerKey(owner), schemaUrl, login.kind, login.scheme, userId],
    ...[apiOrigin(method), ...proofUrls(method), login.kind === 'basic' ? null : client?.id]
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** The origins of the API that a user logs in to: of its server, and of the address that says who the user is. */
export function apiOrigins(method: Addresses): string[] {
  const { login } = method
  const identifiedAt = login.kind === 'openIdConnect' ? null : proofUrls(method).at(-1)
  const origin = identifiedAt == null ? null : new URL(identifiedAt).origin
  return [apiOrigin(method), origin].filter(given => given !== null)
}

/** Where a user proves who it is: at the token endpoint and at the address of the user info, at the issuer, or at the check. */
function proofUrls({ login, base }: Addresses): (string | null)[] {
  const at = (given: string, owner: 'api' | 'provider'): string | null =>
    resolved(() => identityUrl(login, given, owner, base).href)
  switch (login.kind) {
    case 'oauth2':
      return [at(login.tokenUrl, 'provider'), at(login.userInfoUrl, 'api')]
    case 'openIdConnect':
      return [at(login.discoveryUrl, 'provider')]
    case 'basic':
      return [at(login.checkUrl, 'api')]
    default:
      return login satisfies never
  }
}

/** Null where the document has no server for the login: then its addresses are absolute. */
function apiOrigin({ login, base: { documentUrl, access } }: Addresses): string | null {
  const call = { server: login.server, method: 'GET', path: '/' }
  return resolved(() => new URL(serverUrl(call, documentUrl, access)).origin)
}

function resolved(read: () => string): string | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConnectorError) return null
    throw error
  }
}
