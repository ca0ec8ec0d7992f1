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

/** A token endpoint, and the client that requests tokens from it. */
export type TokenEndpoint = {
  /** The provider's metadata (RFC 8414): discovered, or only its origin and the token endpoint's URL. */
  readonly server: AuthorizationServer
  readonly client: NonNullable<ApiAccess['client']>
  /** Whether to require and validate an ID token; otherwise it is ignored. */
  readonly isOpenId: boolean
}

/** A successful answer of a token endpoint (RFC 6749 5.1). */
export type TokenSet = {
  readonly accessToken: string
  /** Seconds; null when the answer has none. */
  readonly expiresInS: number | null
  readonly refreshToken: string | null
  /** The answer with the ID token, to verify its signature and read its claims. */
  readonly response: { readonly raw: Response; readonly read: TokenEndpointResponse }
}

/** The grants of RFC 6749 that the connector uses. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials'

/** Upper limit for `expires_in`. */
const LIFETIME_MAX_S = 10 * 365 * 24 * 60 * 60

/** Printable ASCII without spaces, as a token is sent in a header (RFC 6750 2.1). */
const TOKEN = /^[\x21-\x7e]+$/

/**
 * Requests tokens (RFC 6749 3.2). The client authentication method is the metadata's; where that names
 * none, `client_secret_basic`, and once more `client_secret_post` if the provider refuses the first (2.3.1).
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
  const [first, ...others] = clientAuthentications(endpoint)
  try {
    return await requestBy(first, client, endpoint, grantType, parameters, signal)
  } catch (error) {
    const [other] = others
    const isRefused = error instanceof ConnectorError && error.code === 'IDENTITY_CLIENT_REFUSED'
    if (other === undefined || !isRefused) throw error
    return requestBy(other, client, endpoint, grantType, parameters, signal)
  }
}

function clientAuthentications({
  server,
  client: { secret }
}: TokenEndpoint): [ClientAuth, ...ClientAuth[]] {
  if (secret === null) return [None()]
  const basic = clientSecretBasic(secret)
  const post = ClientSecretPost(secret)
  const known = server.token_endpoint_auth_methods_supported
  // The metadata is not validated: any member may be of any type.
  if (!Array.isArray(known)) return [basic, post]
  const isPostOnly = !known.includes('client_secret_basic') && known.includes('client_secret_post')
  return isPostOnly ? [post] : [basic]
}

/**
 * `client_secret_basic` (RFC 6749 2.3.1) in form encoding (URL Standard 5.2). oauth4webapi also encodes
 * `- . _ *`, which the many providers that do not decode the header would then not recognize.
 */
function clientSecretBasic(secret: string): ClientAuth {
  return (_, { client_id }, __, headers) => {
    const [id, password] = [client_id, secret].map(text =>
      new URLSearchParams({ text }).toString().slice('text='.length)
    )
    headers.set('authorization', `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`)
  }
}

async function requestBy(
  authenticate: ClientAuth,
  client: IdentityClient,
  { server, client: { id }, isOpenId }: TokenEndpoint,
  grantType: GrantType,
  parameters: { readonly [name: string]: string },
  signal: AbortSignal
): Promise<TokenSet> {
  const host = new URL(URL.parse(server.token_endpoint ?? '') ?? server.issuer).host
  const self: Client = { client_id: id }
  const onBehalfOf = grantType === 'client_credentials' ? 'connector' : 'user'
  try {
    const response = await genericTokenEndpointRequest(
      server,
      self,
      authenticate,
      grantType,
      { ...parameters },
      {
        [customFetch]: providerFetch(client, signal),
        // The identity client itself decides where plain http is allowed.
        [allowInsecureRequests]: true
      }
    )
    const raw = await normalizeTokenAnswer(response, isOpenId)
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
    throw providerFailure(error, host, onBehalfOf)
  }
}

/** Seconds. A value of 0 or less counts as unknown: the token would never have been valid. */
function lifetime(expiresInS: number | undefined): number | null {
  return expiresInS === undefined || expiresInS <= 0 ? null : Math.min(expiresInS, LIFETIME_MAX_S)
}

/**
 * Tolerates what providers get wrong: blank members, other spellings of `bearer`, `expires_in` as text, and
 * an `error` with a success status. Drops the ID token unless `isOpenId`.
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
  const filledMember = (name: string): object => {
    const value = textMember(body, name) ?? ''
    return value === '' ? {} : { [name]: value }
  }
  const answer = {
    ...filledMember('access_token'),
    token_type: kind === '' || /^bearer/i.test(kind) ? 'bearer' : kind,
    ...(Number.isFinite(seconds) && seconds >= 0 && { expires_in: seconds }),
    ...filledMember('refresh_token'),
    ...(isOpenId && filledMember('id_token'))
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
