import { isJsonArray, member, textMember } from '../service/base/json.ts'
import type { JsonValue } from '../service/base/json.ts'
import type { ApiResponse } from '../service/net/api-client.ts'

/** Problems of Prism that are the request's fault. Others say that it could not make an answer. */
const OF_REQUEST =
  /#(NO_PATH_MATCHED|NO_METHOD_MATCHED|NO_SERVER_MATCHED|UNAUTHORIZED|UNPROCESSABLE_ENTITY|INVALID_CONTENT_TYPE)/

/** Why a mock of Stoplight Prism refused a request, a reason each; none if it accepted it. */
export function prismRefusals({ headers, body }: Omit<ApiResponse, 'status'>): string[] {
  const violations = readJson(headers['sl-violations'] ?? '[]')
  const ofRequest = (isJsonArray(violations) ? violations : []).flatMap(violation => {
    const location = member(violation, 'location')
    const parts = isJsonArray(location) ? location.filter(part => typeof part === 'string') : []
    const isError = textMember(violation, 'severity') === 'Error'
    if (!isError || parts[0] !== 'request') return []
    const words = textMember(violation, 'message') ?? textMember(violation, 'code') ?? ''
    return [`${parts.slice(1).join('.')}: ${words}`]
  })
  if (ofRequest.length > 0) return ofRequest
  const isProblem = headers['content-type']?.includes('problem+json') === true
  const problem = isProblem ? readJson(new TextDecoder().decode(body)) : null
  const type = textMember(problem, 'type') ?? ''
  return OF_REQUEST.test(type) ? [textMember(problem, 'detail') ?? type] : []
}

function readJson(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
