import { parseUrl } from '../base/parse-url.ts'
import type { Client, TokenEndpointResponse } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse
} from 'oauth4webapi'

import { ConnectorError } from '../errors.ts'
import { createMask } from '../exchange/redaction.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { withDeadline } from '../time/deadline.ts'
import type { ClientProof, ProvenEndpoint } from './client-proofs.ts'
import { createClientProofs } from './client-proofs.ts'
import type { IdTokenRules } from './id-token-rules.ts'
import { idTokenRules } from './id-token-rules.ts'
import { providerFetch } from './provider.ts'
import { isAboutGrant, mayBeAboutProof, providerFailure } from './provider-failure.ts'
import { readTokenAnswer } from './token-answer.ts'
import type { GrantType } from './types.ts'

/** A token endpoint, and the client that requests tokens from it. */
export type TokenEndpoint = ProvenEndpoint & {
  /** Whether to validate an ID token; otherwise it is ignored. At a refresh, one that is not valid is ignored too. */
  readonly isOpenId: boolean
  /** Added to every request, as `x-flow-identity.parameters` declares them. */
  readonly parameters: { readonly [name: string]: string }
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

/** What is requested of a token endpoint. */
type TokenRequest = {
  readonly endpoint: TokenEndpoint
  readonly grantType: GrantType
  readonly parameters: { readonly [name: string]: string }
}

/**
 * Requests tokens (RFC 6749 3.2). Unless the provider refuses the grant or the moment, it is asked once more for each
 * other way in which the client may prove itself.
 *
 * @throws ConnectorError `LOGIN_DENIED`, `IDENTITY_*`, `LOGIN_INSECURE`.
 */
export type RequestTokens = (
  client: IdentityClient,
  endpoint: TokenEndpoint,
  grantType: GrantType,
  parameters: { readonly [name: string]: string },
  signal: AbortSignal
) => Promise<TokenSet>

export type TokenPorts = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Time limit of a request in one way, with its repeats (ms): `UPSTREAM_TIMEOUT_MS`. */
  readonly callMs: number
}

/** Upper limit for `expires_in`. */
const LIFETIME_MAX_S = 10 * 365 * 24 * 60 * 60

/** Printable ASCII without spaces, as a token is sent in a header (RFC 6750 2.1). */
const TOKEN = /^[\x21-\x7e]+$/

/** A provider that is not available for the moment has done nothing, so that the request may be repeated. */
const UNAVAILABLE = 503
const REPEATS_MAX = 2
const PAUSE_MS = 200

/** Most requests in one call of `RequestTokens`, each with its repeats: one for each way. */
export const TOKEN_REQUESTS_MAX = 3

/** Parameters whose values are secrets (RFC 6749 4.1.3, 4.3.2 and 6, RFC 7636 4.5). */
const SECRET_PARAMETERS = ['code', 'code_verifier', 'password', 'refresh_token']

/** Requests tokens, and remembers the ways that providers take. */
export function createTokenRequests(ports: TokenPorts): RequestTokens {
  const proofsOf = createClientProofs()
  return async (client, endpoint, grantType, parameters, signal) => {
    const request = { endpoint, grantType, parameters }
    const [first, ...others] = proofsOf(endpoint)
    if (first === undefined) throw new ConnectorError('LOGIN_UNAVAILABLE')
    let refusal: unknown
    for (const proof of [first, ...others]) {
      try {
        const tokens = await requestBy(proof, client, request, ports, signal)
        proof.worked()
        return tokens
      } catch (error) {
        const mayGoOn = mayBeAboutProof(error)
        // What is said to a proof that worked before says more than what is said to another.
        if (refusal === undefined || !mayGoOn || !first.isKnown) refusal = error
        if (isAboutGrant(error)) proof.worked()
        if (!mayGoOn) break
      }
    }
    signal.throwIfAborted()
    throw providerFailure(refusal, hostOf(request), grantType, createMask(secretsOf(request)))
  }
}

/** What a token endpoint is sent that nobody else may see. */
function secretsOf({ endpoint, parameters }: TokenRequest): string[] {
  const named = SECRET_PARAMETERS.map(name => parameters[name])
  return [endpoint.client.secret, ...named].filter(secret => typeof secret === 'string')
}

/** Requests tokens in one way, repeatedly while the provider is not available. */
function requestBy(
  proof: ClientProof,
  client: IdentityClient,
  request: TokenRequest,
  { now, wait, callMs }: TokenPorts,
  signal: AbortSignal
): Promise<TokenSet> {
  const host = hostOf(request)
  const start = now()
  const timeout = (): ConnectorError =>
    new ConnectorError('IDENTITY_TIMEOUT', { host, limit: callMs })
  return withDeadline(callMs, signal, timeout, async deadline => {
    for (let repeat = 0; ; repeat++) {
      try {
        return await requestOnce(proof, client, request, deadline)
      } catch (error) {
        const isUnavailable = error instanceof ConnectorError && error.holes.status === UNAVAILABLE
        if (!isUnavailable || repeat === REPEATS_MAX) throw error
        const asked = error.retryAfterSeconds
        const pauseMs = asked === null ? PAUSE_MS * 2 ** repeat : 1000 * asked
        if (now() - start + pauseMs >= callMs) throw error
        await wait(pauseMs, deadline)
      }
    }
  })
}

async function requestOnce(
  { authenticate }: ClientProof,
  client: IdentityClient,
  request: TokenRequest,
  signal: AbortSignal
): Promise<TokenSet> {
  const { endpoint, grantType, parameters } = request
  const {
    server,
    client: { id, secret },
    isOpenId
  } = endpoint
  const host = hostOf(request)
  const self: Client = { client_id: id }
  const response = await genericTokenEndpointRequest(
    server,
    self,
    authenticate,
    grantType,
    { ...endpoint.parameters, ...parameters },
    {
      [customFetch]: providerFetch(client, signal),
      // The identity client itself decides where plain http is allowed.
      [allowInsecureRequests]: true
    }
  )
  const read = (answer: Response, withIdToken: boolean): Promise<TokenSet> =>
    readTokens({ server, secret }, self, answer, host, withIdToken)
  // New tokens count even if their ID token does not: the old refresh token may be used up.
  return grantType === 'refresh_token' && isOpenId
    ? read(response.clone(), true).catch(() => read(response, false))
    : read(response, isOpenId)
}

async function readTokens(
  provider: IdTokenRules,
  self: Client,
  answer: Response,
  host: string,
  withIdToken: boolean
): Promise<TokenSet> {
  const { raw, idToken } = await readTokenAnswer(answer, host, withIdToken)
  const rules = idToken === null ? provider.server : idTokenRules(provider, idToken)
  const read = await processGenericTokenEndpointResponse(rules, self, raw)
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
}

function hostOf({ endpoint: { server } }: TokenRequest): string {
  return new URL(parseUrl(server.token_endpoint ?? '') ?? server.issuer).host
}

/** Seconds. A value of 0 or less counts as unknown: the token would never have been valid. */
function lifetime(expiresInS: number | undefined): number | null {
  return expiresInS === undefined || expiresInS <= 0 ? null : Math.min(expiresInS, LIFETIME_MAX_S)
}
