import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError
} from 'oauth4webapi'

import { retryAfterSeconds } from '../base/retry-after.ts'
import { ConnectorError } from '../errors.ts'
import type { RefusalMeaning } from './refusal-meaning.ts'
import { isRefusedGrant, refusalMeaning } from './refusal-meaning.ts'
import type { GrantType } from './types.ts'

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
 * Converts a failed exchange with an identity provider: `LOGIN_DENIED` when it refuses what the user granted,
 * `IDENTITY_FAILED` when it refuses for the moment, `IDENTITY_CLIENT_REFUSED` for any other refusal,
 * `IDENTITY_METADATA_INVALID` for an unusable metadata document, else `IDENTITY_ANSWER_INVALID`.
 *
 * @param error What oauth4webapi threw. It holds tokens and bodies, so only its code is kept.
 * @param masked Masks secrets that the provider repeats. Default: none were sent.
 */
export function providerFailure(
  error: unknown,
  host: string,
  grantType: GrantType,
  masked: (text: string) => string = text => text
): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof ResponseBodyError) return refusal(error, host, grantType, masked)
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

function refusal(
  error: ResponseBodyError,
  host: string,
  grantType: GrantType,
  masked: (text: string) => string
): ConnectorError {
  const { status, response } = error
  const meaning = meaningOf(error)
  if (meaning === 'moment') {
    const seconds = retryAfterSeconds(response.headers.get('retry-after') ?? '', Date.now())
    const details = { retryAfterSeconds: seconds }
    return new ConnectorError('IDENTITY_FAILED', { host, status }, details)
  }
  const word = plainWord(masked(error.error))
  if (!isRefusedGrant(meaning, grantType)) {
    return new ConnectorError('IDENTITY_CLIENT_REFUSED', { host, error: word })
  }
  const reason = `the identity provider ${host} refuses this login (${word})`
  return new ConnectorError('LOGIN_DENIED', { reason })
}

/** Whether the client may be accepted after a refusal if it proves itself in another way. */
export function mayBeAboutProof(error: unknown): boolean {
  if (error instanceof ConnectorError) return error.code === 'IDENTITY_CLIENT_REFUSED'
  if (error instanceof WWWAuthenticateChallengeError) return true
  if (!(error instanceof ResponseBodyError)) return false
  const meaning = meaningOf(error)
  return meaning === 'client' || meaning === 'nothing'
}

/** Whether a refusal is about the grant, so that the client was accepted (RFC 6749 5.2). */
export function isAboutGrant(error: unknown): boolean {
  return error instanceof ResponseBodyError && meaningOf(error) === 'grant'
}

function meaningOf(refused: ResponseBodyError): RefusalMeaning {
  const { error, error_description: description = '', status } = refused
  return refusalMeaning({ error, description, status })
}

/** Makes a provider's error code (RFC 6749 5.2) safe to repeat in a message. */
export function plainWord(text: string): string {
  return text.replace(/[^\w.*-]/g, ' ').slice(0, 60)
}

function codeOf(error: unknown): string {
  const hasCode =
    error instanceof OperationProcessingError || error instanceof UnsupportedOperationError
  if (hasCode && error.code !== undefined) return error.code
  return error instanceof Error ? error.name : typeof error
}
