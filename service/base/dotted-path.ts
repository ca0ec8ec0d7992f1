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

/** Ends the part of a path that leads to the last item of a list. */
const LAST_ITEM = '[-1]'

/** Whether a path leads through the last item of a list. */
export function passesLastItem(path: string): boolean {
  return splitPath(path).some(part => part.endsWith(LAST_ITEM))
}

/**
 * Follows a dotted path, first as one literal key (`@odata.nextLink`), then part by part. `[-1]` after a part, or
 * alone, is the last item of a list. Undefined when there is no value.
 *
 * @example followPath({ data: [{ id: 1 }, { id: 2 }] }, 'data[-1].id') // 2
 */
export function followPath(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === '') return value
  const literal = member(value, path)
  if (literal !== undefined) return literal
  let found = value
  for (const part of splitPath(path)) found = followPart(found, part)
  return found
}

function followPart(value: JsonValue | undefined, part: string): JsonValue | undefined {
  if (!part.endsWith(LAST_ITEM) || member(value, part) !== undefined) return member(value, part)
  const name = part.slice(0, -LAST_ITEM.length)
  const list = name === '' ? value : followPart(value, name)
  return isJsonArray(list) ? list.at(-1) : undefined
}

/** Wraps a value in objects along a dotted path. */
export function wrapAt(path: string, value: JsonValue): JsonValue {
  return splitPath(path).reduceRight<JsonValue>((inner, part) => ({ [part]: inner }), value)
}
