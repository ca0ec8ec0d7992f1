import type { AuthorizationServer, Client, ClientAuth, TokenEndpointResponse } from 'oauth4webapi'
import {
  allowInsecureRequests,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processGenericTokenEndpointResponse
} from 'oauth4webapi'

import { isJsonObject, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { ApiAccess } from '../plan/types.ts'
import { providerFetch } from './provider.ts'
import { providerFailure } from './provider-failure.ts'

/** Where tokens are had, and as whom. */
export type TokenEndpoint = {
  /**
   * The provider's metadata (RFC 8414): its own by discovery, else the token endpoint alone, of which
   * then nothing is known but its address.
   */
  readonly server: AuthorizationServer
  readonly client: NonNullable<ApiAccess['client']>
  /** Whether an id token is expected and judged; else one that comes along is left aside. */
  readonly isOpenId: boolean
}

/** What a token endpoint gave (RFC 6749 5.1). */
export type TokenSet = {
  readonly accessToken: string
  /** Seconds; null where the provider does not say. */
  readonly expiresInS: number | null
  readonly refreshToken: string | null
  /** What holds the id token, for its signature and its claims. */
  readonly response: { readonly raw: Response; readonly read: TokenEndpointResponse }
}

/** A token goes into a header, and into texts that the platform splits (RFC 6750 2.1). */
const TOKEN = /^[\x21-\x7e]+$/

/**
 * Asks a token endpoint for tokens (RFC 6749 3.2). The connector proves itself as the metadata says; where
 * it does not say, in the header first (2.3.1), and once more in the body if it is refused so.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_*`, `LOGIN_INSECURE`.
 */
export async function requestTokens(
  client: IdentityClient,
  endpoint: TokenEndpoint,
  grantType: 'authorization_code' | 'refresh_token' | 'client_credentials',
  parameters: { readonly [name: string]: string },
  signal: AbortSignal
): Promise<TokenSet> {
  const [first, ...others] = waysToProve(endpoint)
  try {
    return await requestBy(first, client, endpoint, grantType, parameters, signal)
  } catch (error) {
    const [other] = others
    const isRefused = error instanceof ConnectorError && error.code === 'IDENTITY_CLIENT_REFUSED'
    if (other === undefined || !isRefused) throw error
    return requestBy(other, client, endpoint, grantType, parameters, signal)
  }
}

function waysToProve({ server, client: { secret } }: TokenEndpoint): [ClientAuth, ...ClientAuth[]] {
  if (secret === null) return [None()]
  const basic = basicProof(secret)
  const post = ClientSecretPost(secret)
  const known = server.token_endpoint_auth_methods_supported
  // A document is whatever its server sends.
  if (!Array.isArray(known)) return [basic, post]
  const isPostOnly = !known.includes('client_secret_basic') && known.includes('client_secret_post')
  return isPostOnly ? [post] : [basic]
}

/**
 * Proof in the header (RFC 6749 2.3.1), written as forms are (URL Standard 5.2): providers that do not decode
 * it, of which there are many, then still know every id and secret of usual characters.
 */
function basicProof(secret: string): ClientAuth {
  return (_, { client_id }, __, headers) => {
    const [id, password] = [client_id, secret].map(text =>
      new URLSearchParams({ text }).toString().slice('text='.length)
    )
    headers.set('authorization', `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`)
  }
}

async function requestBy(
  prove: ClientAuth,
  client: IdentityClient,
  { server, client: { id }, isOpenId }: TokenEndpoint,
  grantType: string,
  parameters: { readonly [name: string]: string },
  signal: AbortSignal
): Promise<TokenSet> {
  const host = URL.parse(server.token_endpoint ?? '')?.host ?? server.issuer
  const self: Client = { client_id: id }
  try {
    const given = await genericTokenEndpointRequest(
      server,
      self,
      prove,
      grantType,
      { ...parameters },
      {
        [customFetch]: providerFetch(client, signal),
        // The identity client has its own rule on plain http.
        [allowInsecureRequests]: true
      }
    )
    const raw = isOpenId ? given : await plainAnswer(given)
    const read = await processGenericTokenEndpointResponse(server, self, raw)
    if (!TOKEN.test(read.access_token)) {
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'its token has blanks' })
    }
    return {
      accessToken: read.access_token,
      expiresInS: read.expires_in ?? null,
      refreshToken: read.refresh_token ?? null,
      response: { raw, read }
    }
  } catch (error) {
    throw providerFailure(error, host)
  }
}

/**
 * The answer of a provider of which nothing is known but its address: without an id token, which nothing
 * here can judge; of the kind bearer if it names none; and a refusal also where its status says success.
 */
async function plainAnswer(response: Response): Promise<Response> {
  if (response.status !== 200) return response
  const text = await response.text()
  const body: unknown = parsed(text)
  if (!isJsonObject(body)) return new Response(text, response)
  const { id_token: _, ...rest } = body
  const status = textMember(body, 'error') === undefined ? 200 : 400
  const answer = JSON.stringify({ token_type: 'bearer', ...rest })
  return new Response(answer, { status, headers: { 'content-type': 'application/json' } })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
