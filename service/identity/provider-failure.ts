import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'

import { ConnectorError } from '../errors.ts'

/** What a provider is asked for: something for a user, or a token for the connector itself. */
export type AskedFor = 'user' | 'connector'

/** Errors of a token endpoint that are about the connector, whoever the token is for (RFC 6749 5.2). */
const CLIENT_ERRORS = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'incorrect_client_credentials',
  'redirect_uri_mismatch'
])

/** Errors by which a provider says that it does not work just now (RFC 6749 4.1.2.1). */
const OUTAGES = new Set(['server_error', 'temporarily_unavailable'])

/** Codes of the OAuth library for a discovery document that lacks what a login needs. */
const METADATA_CODES = new Set([
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN'
])

/** What is wrong with an answer, by the code of the OAuth library. */
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
 * What a failed exchange with an identity provider means: `LOGIN_DENIED` where it refuses the user,
 * `IDENTITY_CLIENT_REFUSED` where it refuses the connector, `IDENTITY_FAILED` where it does not work,
 * `IDENTITY_METADATA_INVALID` for a discovery document that is of no use, `IDENTITY_ANSWER_INVALID` for an
 * answer that proves nothing.
 *
 * @param error Whatever the OAuth library threw. It holds tokens and bodies, so only its code goes on.
 */
export function providerFailure(error: unknown, host: string, askedFor: AskedFor): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof ResponseBodyError) return refusal(error, host, askedFor)
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

/** Some providers have words of their own; those that no list knows are about what the user brought. */
function refusal(
  { error, status }: ResponseBodyError,
  host: string,
  askedFor: AskedFor
): ConnectorError {
  if (OUTAGES.has(error)) return new ConnectorError('IDENTITY_FAILED', { host, status })
  const word = plainWord(error)
  if (askedFor === 'connector' || CLIENT_ERRORS.has(error)) {
    return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: word })
  }
  const reason = `the identity provider ${host} refuses this login (${word})`
  return new ConnectorError('LOGIN_DENIED', { reason })
}

/** An error's word as a provider may choose it, which a message repeats (RFC 6749 5.2). */
function plainWord(text: string): string {
  return text.replace(/[^\w.-]/g, ' ').slice(0, 60)
}

function codeOf(error: unknown): string {
  const isJudged =
    error instanceof OperationProcessingError || error instanceof UnsupportedOperationError
  if (isJudged && error.code !== undefined) return error.code
  return error instanceof Error ? error.name : typeof error
}
