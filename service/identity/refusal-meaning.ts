import { bareName } from '../base/plain-name.ts'
import type { GrantType } from './types.ts'

/**
 * What a refusal of a token endpoint is about: what the user granted (a code or refresh token that is worth nothing),
 * the client, the moment (the same request may succeed later), or nothing that can be told from it.
 */
export type RefusalMeaning = 'grant' | 'client' | 'moment' | 'nothing'

/**
 * The errors of token endpoints, by their meaning. They are compared without case and punctuation. Only the `grant` ones
 * end a login, so an error belongs there only if its documentation says that the user must log in again.
 */
const ERRORS: { readonly [meaning in Exclude<RefusalMeaning, 'nothing'>]: readonly string[] } = {
  grant: [
    // RFC 6749 5.2.
    'invalid_grant',
    // OpenID Connect Core 3.1.2.6, which Microsoft also returns for refresh tokens.
    ...['interaction_required', 'login_required', 'consent_required'],
    // GitHub: errors of access token requests, and of refreshing user access tokens.
    ...['bad_verification_code', 'bad_refresh_token'],
    // Slack: oauth.v2.access.
    ...['invalid_code', 'code_already_used', 'code_expired', 'invalid_refresh_token'],
    ...['token_revoked', 'token_expired', 'account_inactive'],
    // HubSpot: `status` of its OAuth answers.
    ...['BAD_AUTH_CODE', 'BAD_REFRESH_TOKEN'],
    // Yahoo: errors of get_token.
    'INVALID_AUTHORIZATION_CODE'
  ],
  client: [
    // RFC 6749 5.2.
    ...['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
    // RFC 8707 2.
    'invalid_target',
    // GitHub: errors of access token requests.
    ...['incorrect_client_credentials', 'redirect_uri_mismatch', 'application_suspended'],
    // Slack: oauth.v2.access.
    ...['invalid_client_id', 'bad_client_secret', 'bad_redirect_uri', 'invalid_grant_type'],
    // HubSpot: `status` of its OAuth answers.
    ...['BAD_CLIENT_ID', 'BAD_CLIENT_SECRET', 'BAD_REDIRECT_URI'],
    // Zoho: errors of token requests.
    ...['invalid_client_secret', 'invalid_redirect_uri']
  ],
  moment: [
    // RFC 6749 4.1.2.1.
    ...['server_error', 'temporarily_unavailable'],
    // RFC 8628 3.5.
    ...['slow_down', 'authorization_pending'],
    // Auth0: standard error responses.
    'too_many_requests',
    // Google: errors of the token endpoint.
    ...['internal_failure', 'rate_limit_exceeded', 'backend_error'],
    // Slack: errors of every method.
    ...['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'request_timeout'],
    'service_unavailable',
    // In the words of the statuses 500, 503 and 504 (RFC 9110 15.6).
    ...['internal_server_error', 'gateway_timeout', 'timeout', 'unknown_error']
  ]
}

const MEANINGS = new Map<string, RefusalMeaning>([
  ...ERRORS.grant.map(error => [bareName(error), 'grant'] as const),
  ...ERRORS.client.map(error => [bareName(error), 'client'] as const),
  ...ERRORS.moment.map(error => [bareName(error), 'moment'] as const)
])

/**
 * Descriptions of a code that is worth nothing, where the error does not say so: Shopify and LinkedIn call it
 * `invalid_request`, Facebook `OAuthException`.
 */
const CODE = /\b(?:authorization|authentication|verification|matching|auth|oauth) code\b/i
const WORTHLESS = /\b(?:used|expired|redeemed|invalid|not found)\b/i

/** Statuses below 500 that are about the moment: request timeout, too early, too many requests (RFC 9110, 8470, 6585). */
const MOMENTARY = new Set([408, 425, 429])

/** A refusal of a token endpoint. */
export type Refusal = {
  /** The provider's own word, such as `error` of RFC 6749 5.2; blank for none. */
  readonly error: string
  /** Its words for people, such as `error_description`; blank for none. */
  readonly description: string
  readonly status: number
}

/** The meaning of a refusal. */
export function refusalMeaning({ error, description, status }: Refusal): RefusalMeaning {
  const meaning = MEANINGS.get(bareName(error))
  // ServiceNow says `server_error` for a client that it does not accept.
  if (meaning !== undefined && !(meaning === 'moment' && status === 401)) return meaning
  if (MOMENTARY.has(status) || status >= 500) return 'moment'
  if (CODE.test(description) && WORTHLESS.test(description)) return 'grant'
  // A 401 is about the client's proof (RFC 6749 5.2), in whatever words: Auth0 says `access_denied`.
  return status === 401 ? 'client' : 'nothing'
}

/**
 * Whether a refusal is the user's: of a grant that is worth nothing, or, at a login, of a code for a reason that is
 * none of the client's and none of the moment's.
 */
export function isRefusedGrant(meaning: RefusalMeaning, grantType: GrantType): boolean {
  if (grantType === 'client_credentials') return false
  return meaning === 'grant' || (meaning === 'nothing' && grantType === 'authorization_code')
}
