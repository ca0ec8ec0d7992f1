import { getValidatedIdTokenClaims } from 'oauth4webapi'

import type { JsonObject } from '../base/json.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { tokenClaims } from './id-token-rules.ts'
import type { Discovery } from './oidc-discovery.ts'
import type { TokenSet } from './token-endpoint.ts'
import type { SigningProvider } from './verify-signature.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * The claims of a validated ID token, with exact numbers, after its signature is verified; null without an ID token.
 *
 * @throws any error of oauth4webapi, which may hold the token.
 */
export async function verifiedClaims(
  ports: { readonly client: IdentityClient; readonly discovery: Discovery },
  provider: SigningProvider,
  { response: { raw, read } }: TokenSet,
  signal: AbortSignal
): Promise<JsonObject | null> {
  const jwt = read.id_token
  if (jwt === undefined || getValidatedIdTokenClaims(read) === undefined) return null
  await verifySignature(ports, provider, { jwt, raw }, signal)
  return tokenClaims(jwt)
}
