import { getValidatedIdTokenClaims } from 'oauth4webapi'

import type { JsonObject } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import type { UserMap } from '../model/login-record.ts'
import type { GroupPorts } from './complete-groups.ts'
import { completeGroups } from './complete-groups.ts'
import { tokenClaims } from './id-token-rules.ts'
import type { Discovery } from './oidc-discovery.ts'
import type { TokenSet } from './token-endpoint.ts'
import type { SigningProvider } from './verify-signature.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * The claims of a validated ID token, with exact numbers and all groups, after its signature is verified; null without
 * an ID token.
 *
 * @throws any error of oauth4webapi, which may hold the token.
 */
export async function verifiedClaims(
  ports: GroupPorts & { readonly discovery: Discovery },
  provider: SigningProvider,
  { accessToken, response: { raw, read } }: TokenSet,
  map: UserMap,
  signal: AbortSignal
): Promise<JsonObject | null> {
  const jwt = read.id_token
  if (jwt === undefined || getValidatedIdTokenClaims(read) === undefined) return null
  await verifySignature(ports, provider, { jwt, raw }, signal)
  const url = parseUrl(provider.server.token_endpoint ?? '') ?? provider.url
  const request = { url, authorization: `Bearer ${accessToken}` }
  return completeGroups(ports, tokenClaims(jwt), { request, map }, signal)
}
