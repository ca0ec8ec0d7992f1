import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'

import { ConnectorError } from '../errors.ts'

/** For whom a provider is called. */
export type OnBehalfOf = 'user' | 'connector'

/** Errors of a token endpoint that always concern the connector, not the user (RFC 6749 5.2). */
const CLIENT_ERRORS = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'incorrect_client_credentials',
  'redirect_uri_mismatch'
])

/** Errors that mean the provider is temporarily out of order (RFC 6749 4.1.2.1). */
const OUTAGES = new Set(['server_error', 'temporarily_unavailable'])

/** Error codes of oauth4webapi for a metadata document that lacks what a login needs. */
const METADATA_CODES = new Set([
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN'
])

/** Reasons in messages, by the error code of oauth4webapi. */
const REASONS: { readonly [code: string]: string } = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'its id token has expired, or is not valid yet',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'its id token has another issuer or audience',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'its issuer or its user is not the expected one',
  OAUTH_KEY_SELECTION_FAILED: 'its id token is signed with a key that the provider does not have',
  OAUTH_UNSUPPORTED_OPERATION: 'its token type is not supported',
  OAUTH_RESPONSE_IS_NOT_JSON: 'it is not JSON',
  OAUTH_PARSE_ERROR: 'it is not JSON, or its token cannot be parsed',
  OAUTH_JWT_USERINFO_EXPECTED: 'the description of the user is not of the expected kind',
  OAUTH_INVALID_RESPONSE: 'a required member is missing, or its token is invalid'
}

/**
 * Converts a failed exchange with an identity provider: `LOGIN_DENIED` when it refuses the user,
 * `IDENTITY_CLIENT_REFUSED` when it refuses the connector, `IDENTITY_FAILED` during an outage,
 * `IDENTITY_METADATA_INVALID` for an unusable metadata document, else `IDENTITY_ANSWER_INVALID`.
 *
 * @param error What oauth4webapi threw. It holds tokens and bodies, so only its code is kept.
 */
export function providerFailure(
  error: unknown,
  host: string,
  onBehalfOf: OnBehalfOf
): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof ResponseBodyError) return refusal(error, host, onBehalfOf)
  if (error instanceof WWWAuthenticateChallengeError) {
    return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: `status ${error.status}` })
  }
  const code = codeOf(error)
  const details = { cause: { code } }
  if (METADATA_CODES.has(code)) {
    const holes = { host, reason: 'an address is missing or invalid' }
    return new ConnectorError('IDENTITY_METADATA_INVALID', holes, details)
  }
  const reason = REASONS[code] ?? 'it does not follow the protocol'
  return new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason }, details)
}

/** An error code that is in no list concerns what the user presented, such as an expired code. */
function refusal(
  { error, status }: ResponseBodyError,
  host: string,
  onBehalfOf: OnBehalfOf
): ConnectorError {
  if (OUTAGES.has(error)) return new ConnectorError('IDENTITY_FAILED', { host, status })
  const word = plainWord(error)
  if (onBehalfOf === 'connector' || CLIENT_ERRORS.has(error)) {
    return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: word })
  }
  const reason = `the identity provider ${host} refuses this login (${word})`
  return new ConnectorError('LOGIN_DENIED', { reason })
}

/** Makes a provider's error code (RFC 6749 5.2) safe to repeat in a message. */
export function plainWord(text: string): string {
  return text.replace(/[^\w.-]/g, ' ').slice(0, 60)
}

function codeOf(error: unknown): string {
  const hasCode =
    error instanceof OperationProcessingError || error instanceof UnsupportedOperationError
  if (hasCode && error.code !== undefined) return error.code
  return error instanceof Error ? error.name : typeof error
}
