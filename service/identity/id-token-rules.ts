import type { AuthorizationServer } from 'oauth4webapi'

import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'

/** Algorithms of signatures with the client secret (OpenID Connect Core 10.1), with their hash functions. */
export const SECRET_ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512']
])

/** The tenant in the issuer of Microsoft's metadata for several tenants. */
const TENANT_HOLE = '{tenantid}'
const TENANT = /^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/

/** What an ID token is validated against. */
export type IdTokenRules = {
  readonly server: AuthorizationServer
  /** Null for a public client. */
  readonly secret: string | null
}

/**
 * The metadata that an ID token, and a description of its user, must fit: the issuer is that of its tenant where the
 * metadata are for several, and it may be signed with the client secret, whatever the metadata name (LINE).
 *
 * @throws ConnectorError `IDENTITY_ANSWER_INVALID` for a token that names no tenant.
 */
export function idTokenRules({ server, secret }: IdTokenRules, jwt: string): AuthorizationServer {
  const bySecret = secret === null ? [] : [...SECRET_ALGORITHMS.keys()]
  const idToken = [...algorithmsIn(server.id_token_signing_alg_values_supported), ...bySecret]
  const userInfo = server.userinfo_signing_alg_values_supported
  return {
    ...server,
    issuer: issuerOf(server.issuer, jwt),
    id_token_signing_alg_values_supported: idToken,
    userinfo_signing_alg_values_supported:
      userInfo === undefined ? idToken : [...idToken, ...algorithmsIn(userInfo)]
  }
}

/** The metadata is not validated: any member may be of any type. Without a list RS256 is what everybody has. */
function algorithmsIn(known: unknown): string[] {
  return Array.isArray(known)
    ? known.filter(alg => typeof alg === 'string' && alg !== 'none')
    : ['RS256']
}

/** Whether the metadata are for all tenants of a provider, so that any of them may vouch for its users. */
export function hasTenants({ issuer }: AuthorizationServer): boolean {
  return issuer.includes(TENANT_HOLE)
}

function issuerOf(issuer: string, idToken: string): string {
  if (!issuer.includes(TENANT_HOLE)) return issuer
  const tenant = textMember(tokenClaims(idToken), 'tid') ?? ''
  if (TENANT.test(tenant)) return issuer.replaceAll(TENANT_HOLE, tenant)
  const { host } = new URL(issuer)
  throw new ConnectorError('IDENTITY_ANSWER_INVALID', {
    host,
    reason: 'its id token names no tenant'
  })
}

/** The claims of a token, with exact numbers; none for a text that is no token. */
export function tokenClaims(jwt: string): JsonObject {
  return partOf(jwt, 1)
}

/** The header of a token; empty for a text that is no token. */
export function tokenHeader(jwt: string): JsonObject {
  return partOf(jwt, 0)
}

function partOf(jwt: string, index: number): JsonObject {
  try {
    const value = parseJson(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString())
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}
