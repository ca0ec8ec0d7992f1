import { ConnectorError } from '../errors.ts'
import type { Problem } from './schemas.ts'

/** The header without which the platform hides a problem's message (protocol 0.14). */
export const PROBLEM_KIND_HEADER = 'X-ManyWho-Service-Problem-Kind'

const MESSAGE_MAX_LENGTH = 500

/** Where a request failed. */
export type FailedRequest = {
  /** Path that was called, without its query. */
  readonly path: string
  /** `LOAD`, `SAVE`, or another word for what was asked; null for none. */
  readonly action: string | null
  readonly requestId: string
}

/**
 * Writes a failure (protocol 12, design 5). Flow users read the message, so that of an error which is
 * not ours stays inside: it is INTERNAL. A status that HTTP does not know, such as 999, is 502.
 */
export function writeProblem(error: unknown, request: FailedRequest): Problem {
  const known = error instanceof ConnectorError ? error : new ConnectorError('INTERNAL')
  const relayed = known.upstream
  return {
    kind: known.kind,
    uri: relayed?.url ?? request.path,
    statusCode: known.status >= 400 && known.status <= 599 ? known.status : 502,
    message: messageOf(known),
    responseBody: relayed?.body ?? null,
    responseHeaders: Object.fromEntries(
      Object.entries(relayed?.headers ?? {}).map(([name, value]) => [name, [value]])
    ),
    invokeType: null,
    action: request.action,
    code: known.code,
    remedy: known.remedy,
    requestId: request.requestId
  }
}

function messageOf({ message, code }: ConnectorError): string {
  const end = ` [${code}]`
  const room = MESSAGE_MAX_LENGTH - end.length
  // cutting can part the two halves of a character
  const text = message.length > room ? `${message.slice(0, room - 1).toWellFormed()}…` : message
  return `${text}${end}`.trim()
}
