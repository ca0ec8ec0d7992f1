import type { AuthorizationServer, Client, ClientAuth, TokenEndpointResponse } from 'oauth4webapi'
import {
  allowInsecureRequests,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processGenericTokenEndpointResponse
} from 'oauth4webapi'

import { isJsonObject, member, textMember } from '../base/json.ts'
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

/** The grants of RFC 6749 that the connector uses. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials'

/** No token is taken to live longer. */
const LIFETIME_MAX_S = 10 * 365 * 24 * 60 * 60

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
  grantType: GrantType,
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
  grantType: GrantType,
  parameters: { readonly [name: string]: string },
  signal: AbortSignal
): Promise<TokenSet> {
  const host = new URL(URL.parse(server.token_endpoint ?? '') ?? server.issuer).host
  const self: Client = { client_id: id }
  const askedFor = grantType === 'client_credentials' ? 'connector' : 'user'
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
    const raw = await normalizeTokenAnswer(given, isOpenId)
    const read = await processGenericTokenEndpointResponse(server, self, raw)
    if (!TOKEN.test(read.access_token)) {
      const reason = 'its token has characters that a header cannot hold'
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
    }
    return {
      accessToken: read.access_token,
      expiresInS: lifetime(read.expires_in),
      refreshToken: read.refresh_token ?? null,
      response: { raw, read }
    }
  } catch (error) {
    throw providerFailure(error, host, askedFor)
  }
}

/** Seconds; none for what says that a token never was valid, and ten years for all that is longer. */
function lifetime(expiresInS: number | undefined): number | null {
  return expiresInS === undefined || expiresInS <= 0 ? null : Math.min(expiresInS, LIFETIME_MAX_S)
}

/**
 * The members of an answer that are read, without those that hold nothing, as providers write them: any kind
 * of bearer token, a refusal also where the status says success. An id token only where it is judged.
 */
async function normalizeTokenAnswer(response: Response, isOpenId: boolean): Promise<Response> {
  const text = await response.text()
  const body = parsed(text)
  const headers = { 'content-type': 'application/json' }
  if (!isJsonObject(body) || response.status >= 300) return new Response(text, response)
  const error = textMember(body, 'error') ?? ''
  if (error !== '') return new Response(JSON.stringify({ error }), { status: 400, headers })
  const kind = textMember(body, 'token_type') ?? ''
  const seconds = Number(member(body, 'expires_in') || Number.NaN)
  const named = (name: string): object => {
    const value = textMember(body, name) ?? ''
    return value === '' ? {} : { [name]: value }
  }
  const answer = {
    ...named('access_token'),
    token_type: kind === '' || /^bearer/i.test(kind) ? 'bearer' : kind,
    ...(Number.isFinite(seconds) && seconds >= 0 && { expires_in: seconds }),
    ...named('refresh_token'),
    ...(isOpenId && named('id_token'))
  }
  return new Response(JSON.stringify(answer), { status: 200, headers })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
