import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import { parseUrl } from '../../base/parse-url.ts'

/** Members that refer to other documents. */
const REFERENCES = new Set(['$ref', 'externalValue'])

/**
 * A value whose relative references to other documents are absolute, by a base URL. Those within the document
 * (`#/…`) stay. A value without any is returned as it is.
 */
export function absoluteReferences(value: JsonValue, base: string): JsonValue {
  if (isJsonArray(value)) {
    const items = value.map(item => absoluteReferences(item, base))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([key, held]): [string, JsonValue] => {
    const isReference = typeof held === 'string' && REFERENCES.has(key)
    return [key, isReference ? absolute(held, base) : absoluteReferences(held, base)]
  })
  return members.every(([key, held]) => held === value[key]) ? value : Object.fromEntries(members)
}

function absolute(reference: string, base: string): string {
  if (reference.startsWith('#') || parseUrl(reference) !== null) return reference
  return parseUrl(reference, base)?.href ?? reference
}
