import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'

import { ConnectorError } from '../errors.ts'

/** Errors of a token endpoint that are about the user's grant, not about the connector (RFC 6749 5.2). */
const GRANT_ERRORS = new Set([
  'invalid_grant',
  'access_denied',
  'consent_required',
  'login_required'
])

/** What is wrong with an answer, by the code of the OAuth library. */
const REASONS: { readonly [code: string]: string } = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'its id token has expired, or is not valid yet',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'its id token is from or for somebody else',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'it speaks for another issuer, or of another user',
  OAUTH_KEY_SELECTION_FAILED: 'its id token is signed with a key that the provider does not have',
  OAUTH_UNSUPPORTED_OPERATION: 'its token is of a kind that is not accepted',
  OAUTH_RESPONSE_IS_NOT_JSON: 'it is not JSON',
  OAUTH_PARSE_ERROR: 'it is not JSON, or its token cannot be read',
  OAUTH_MISSING_SERVER_METADATA: 'its discovery document lacks an address',
  OAUTH_INVALID_SERVER_METADATA: 'its discovery document has an address that is none',
  OAUTH_JWT_USERINFO_EXPECTED: 'the description of the user is not of the expected kind',
  OAUTH_INVALID_RESPONSE: 'it lacks what it must have, or its token is not valid'
}

/**
 * What a failed exchange with an identity provider means: `LOGIN_DENIED` where it refuses the user,
 * `IDENTITY_CLIENT_REFUSED` where it refuses the connector, `IDENTITY_ANSWER_INVALID` for an answer that
 * proves nothing.
 *
 * @param error Whatever the OAuth library threw. It holds tokens and bodies, so only its code goes on.
 */
export function providerFailure(error: unknown, host: string): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof ResponseBodyError) {
    const word = plainWord(error.error)
    if (!GRANT_ERRORS.has(word)) {
      return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: word })
    }
    return new ConnectorError('LOGIN_DENIED', {
      reason: `the identity provider ${host} refuses this login (${word})`
    })
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: `status ${error.status}` })
  }
  const isJudged =
    error instanceof OperationProcessingError || error instanceof UnsupportedOperationError
  if (!isJudged) return new ConnectorError('INTERNAL', {}, { cause: { code: nameOf(error) } })
  const reason = REASONS[error.code ?? ''] ?? 'it is not what the protocol says'
  return new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason })
}

/** An error's word as a provider may choose it, which a message repeats (RFC 6749 5.2). */
function plainWord(text: string): string {
  return text.replace(/[^\w.-]/g, ' ').slice(0, 60)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
