import type { JsonValue } from './json.ts'
import { isJsonArray, member } from './json.ts'

/**
 * Splits a dotted path at its dots. `\.` is a literal dot. Blank is the root and has no parts.
 *
 * @example splitPath('data.items') // ['data', 'items']
 */
export function splitPath(path: string): string[] {
  if (path === '') return []
  return path.split(/(?<!\\)\./).map(part => part.replaceAll('\\.', '.'))
}

/**
 * Follows a dotted path, first as one literal key (`@odata.nextLink`), then part by part. An index takes an item of a
 * list: `data[0].id` or `data.0.id`. Undefined when there is no value.
 */
export function followPath(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === '') return value
  const literal = member(value, path)
  if (literal !== undefined) return literal
  let found = value
  for (const part of splitPath(path)) found = followPart(found, part)
  return found
}

/** A member, also with indexes behind its name, or an item of a list. */
function followPart(value: JsonValue | undefined, part: string): JsonValue | undefined {
  if (isJsonArray(value) && !part.startsWith('[')) return itemAt(value, part)
  const open = part.indexOf('[')
  const literal = member(value, part)
  if (literal !== undefined || open === -1 || !part.endsWith(']')) return literal
  const list = open === 0 ? value : member(value, part.slice(0, open))
  return part
    .slice(open + 1, -1)
    .split('][')
    .reduce<JsonValue | undefined>(itemAt, list)
}

function itemAt(list: JsonValue | undefined, index: string): JsonValue | undefined {
  return isJsonArray(list) && /^\d+$/.test(index) ? list[Number(index)] : undefined
}

/** Wraps a value in objects along a dotted path. */
export function wrapAt(path: string, value: JsonValue): JsonValue {
  return splitPath(path).reduceRight<JsonValue>((inner, part) => ({ [part]: inner }), value)
}
