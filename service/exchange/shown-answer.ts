import { jsonStart } from '../base/json-start.ts'
import type { ApiResponse } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import { bodyStart, START_MAX_BYTES } from './answer-text.ts'
import { createRedaction, TEXT_MAX_LENGTH } from './redaction.ts'
import type { Answer } from './types.ts'
import type { ShownAnswer } from './watch.ts'

/**
 * Headers about the connection, a login or a proxy, which are not shown. Nor are those that `Connection` names
 * (RFC 9110 7.6.1).
 */
const HIDDEN_HEADERS =
  /^(authorization|authentication-info|connection|content-encoding|content-length|cookie2?|forwarded|keep-alive|proxy-.*|set-cookie2?|te|trailer|transfer-encoding|upgrade|via|x-forwarded-.*|x-real-ip)$/

/** The headers of a response that may be shown. */
export function shownHeaders(
  { headers }: Pick<ApiResponse, 'headers'>,
  redact: (text: string) => string
): { readonly [name: string]: string } {
  const ofConnection = (headers.connection ?? '').toLowerCase().split(/[\s,]+/)
  const shown = Object.entries(headers)
    .filter(([name]) => !HIDDEN_HEADERS.test(name) && !ofConnection.includes(name))
    .map(([name, value]) => [name, redact(value)])
  return Object.fromEntries(shown)
}

/** Shows the response to a call without the secrets of the call. A body that is no text is its number of bytes. */
export function shownAnswer(plan: RequestPlan, response: ApiResponse): ShownAnswer {
  const redact = createRedaction(plan)
  const { status, body } = response
  const start = bodyStart(response)
  const isText = !start.includes('\0')
  const text = isText ? redact(start) : `(${body.length} bytes)`
  return {
    status,
    headers: shownHeaders(response, redact),
    body: body.length === 0 ? null : text,
    isCut: isText && body.length > START_MAX_BYTES
  }
}

/** Shows what an example answers: its objects, or its body where it has none. */
export function shownExample({ status, headers, body, shown }: Answer): ShownAnswer {
  const value = shown === undefined ? body : (body ?? shown.objects)
  const text = value === undefined ? null : jsonStart(value, TEXT_MAX_LENGTH + 1)
  return {
    status,
    headers,
    body: text === null ? null : text.slice(0, TEXT_MAX_LENGTH),
    isCut: text !== null && text.length > TEXT_MAX_LENGTH
  }
}
