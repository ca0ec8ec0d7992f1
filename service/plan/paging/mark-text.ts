import { numberText } from '../../base/exact-number.ts'
import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../../base/json.ts'

/** Texts that APIs send in place of null. */
const ENDS: ReadonlySet<string> = new Set([
  '',
  '0',
  '-1',
  'null',
  'none',
  'nil',
  'undefined',
  'false'
])

/**
 * A cursor or link as text; null for the end: null, blank, false, 0, -1, or a text of one of these. Undefined for
 * what is neither.
 */
export function markText(value: JsonValue): string | null | undefined {
  if (value === null || value === false) return null
  if (isJsonArray(value) || isJsonObject(value)) {
    return Object.keys(value).length === 0 ? null : undefined
  }
  const text = typeof value === 'number' || isExactNumber(value) ? numberText(value) : String(value)
  if (text === undefined || value === true) return undefined
  return ENDS.has(text.trim().toLowerCase()) ? null : text
}
