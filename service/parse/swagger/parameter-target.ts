import type { JsonObject, JsonValue } from '../../base/json.ts'
import { member, textMember } from '../../base/json.ts'

/** A parameter of Swagger 2.0, or the one in the root that it refers to. */
export function parameterTarget(root: JsonObject, parameter: JsonValue): JsonValue | undefined {
  const name = /^#\/parameters\/([^/]+)$/.exec(textMember(parameter, '$ref') ?? '')?.[1]
  if (name === undefined) return parameter
  return member(root.parameters, name.replaceAll('~1', '/').replaceAll('~0', '~'))
}
