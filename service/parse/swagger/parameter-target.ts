import { follow } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { textMember } from '../../base/json.ts'

/** A parameter of Swagger 2.0, or the one in the root that it refers to. */
export function parameterTarget(root: JsonObject, parameter: JsonValue): JsonValue | undefined {
  const at = /^#(\/parameters\/[^/]+)$/.exec(textMember(parameter, '$ref') ?? '')?.[1]
  return at === undefined ? parameter : follow(root, at)
}
