import type { JsonObject } from '../base/json.ts'

/** A rule of JSON Schema for what fits another, and one for what does not. */
export function conditional(
  test: JsonObject,
  rule: JsonObject | false,
  otherwise?: JsonObject
): JsonObject {
  const keywords = { if: test, ...(otherwise !== undefined && { else: otherwise }) }
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits it
  return { ...keywords, then: rule }
}
