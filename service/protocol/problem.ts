import { ConnectorError } from '../errors.ts'
import type { Problem } from './schemas.ts'

/** Without this header the platform hides a problem's message. */
export const PROBLEM_KIND_HEADER = 'X-ManyWho-Service-Problem-Kind'

const MESSAGE_MAX_LENGTH = 500

export type FailedRequest = {
  /** Without the query. */
  readonly path: string
  /** Such as `LOAD` or `SAVE`; null for none. */
  readonly action: string | null
  readonly requestId: string
}

/**
 * Writes a problem (docs/protocol.md#problems). Any error but a ConnectorError becomes INTERNAL, since flow
 * users read the message. A status outside 400 to 599, such as 999, becomes 502.
 *
 * @param mask Hides secrets in what an API may have repeated. Default: nothing is hidden.
 */
export function writeProblem(
  error: unknown,
  request: FailedRequest,
  mask: (text: string) => string = text => text
): Problem {
  const known = error instanceof ConnectorError ? error : new ConnectorError('INTERNAL')
  const relayed = known.upstream
  const body = relayed?.body ?? null
  const headers = Object.entries(relayed?.headers ?? {})
  return {
    kind: known.kind,
    uri: mask(relayed?.url ?? request.path),
    statusCode: known.status >= 400 && known.status <= 599 ? known.status : 502,
    message: messageOf(known, mask),
    responseBody: body === null ? null : mask(body),
    responseHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [mask(value)]])),
    invokeType: null,
    action: request.action,
    code: known.code,
    remedy: known.remedy,
    requestId: request.requestId
  }
}

function messageOf(
  { message: told, code }: ConnectorError,
  mask: (text: string) => string
): string {
  const message = mask(told)
  const end = ` [${code}]`
  const maxLength = MESSAGE_MAX_LENGTH - end.length
  const isLong = message.length > maxLength
  // A cut can split a surrogate pair.
  const text = isLong ? `${message.slice(0, maxLength - 1).toWellFormed()}…` : message
  return `${text}${end}`.trim()
}
