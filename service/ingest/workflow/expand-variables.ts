import type { JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray, isJsonObject, ownMember } from '../../base/json.ts'
import type { Environment } from '../secrets/local-secrets.ts'

/** `$NAME` and `${NAME}`. */
const VARIABLE = /\$(?:(\w+)|\{(\w+)\})/g

/**
 * Replaces the variables in all texts of a workflow file, as `metadata ingest` does. What is not set stays as it is, so
 * that expressions may end in `$`.
 */
export function expandVariables(value: JsonValue, environment: Environment): JsonValue {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (whole: string, plain?: string, braced?: string) => {
      return ownMember(environment, plain ?? braced ?? '') ?? whole
    })
  }
  if (isJsonArray(value)) return value.map(item => expandVariables(item, environment))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(
    ([name, held]) => [name, expandVariables(held, environment)] as const
  )
  return dictionary(entries)
}
