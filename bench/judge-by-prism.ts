import { isJsonArray, member, textMember } from '../service/base/json.ts'
import type { JsonValue } from '../service/base/json.ts'
import type { ApiResponse } from '../service/net/api-client.ts'

/** Problems of Prism that are the request's fault. Others say that it could not make an answer. */
const OF_REQUEST =
  /#(NO_PATH_MATCHED|NO_METHOD_MATCHED|NO_SERVER_MATCHED|UNAUTHORIZED|UNPROCESSABLE_ENTITY|INVALID_CONTENT_TYPE)/

/** Why a mock of Stoplight Prism refused a request, a reason each; none if it accepted it. */
export function prismRefusals({ headers, body }: Omit<ApiResponse, 'status'>): string[] {
  const ofRequest = violationsOf(readJson(headers['sl-violations'] ?? '[]')).filter(
    ({ parts }) => parts[0] === 'request'
  )
  if (ofRequest.length > 0) {
    return ofRequest.map(({ parts, words }) => `${parts.slice(1).join('.')}: ${words}`)
  }
  const isProblem = headers['content-type']?.includes('problem+json') === true
  const problem = isProblem ? readJson(new TextDecoder().decode(body)) : null
  const type = textMember(problem, 'type') ?? ''
  if (!OF_REQUEST.test(type)) return []
  const details = violationsOf(member(problem, 'validation'))
  if (details.length === 0) return [textMember(problem, 'detail') ?? type]
  return details.map(({ parts, words }) => `${parts.join('.')}: ${words}`)
}

/** The errors among violations: where each is, and what is wrong there. */
function violationsOf(
  violations: JsonValue | undefined
): { readonly parts: readonly string[]; readonly words: string }[] {
  return (isJsonArray(violations) ? violations : []).flatMap(violation => {
    if (textMember(violation, 'severity') !== 'Error') return []
    const location = member(violation, 'location')
    const parts = isJsonArray(location) ? location.filter(part => typeof part === 'string') : []
    const words = textMember(violation, 'message') ?? textMember(violation, 'code') ?? ''
    return [{ parts, words }]
  })
}

function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
