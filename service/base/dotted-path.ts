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

/** Joins parts to a dotted path, as `splitPath` splits it. */
export function joinPath(parts: readonly string[]): string {
  return parts.map(part => part.replaceAll('.', '\\.')).join('.')
}

/** The index of an item of a list; -1 is the last. */
const INDEX = /^(\d+|-1)$/

/** Ends the part of a path that leads to the last item of a list. */
const LAST_ITEM = '[-1]'

/** Whether a path leads through the last item of a list. */
export function passesLastItem(path: string): boolean {
  return splitPath(path).some(part => part.endsWith(LAST_ITEM))
}

/**
 * Follows a dotted path, first as one literal key (`@odata.nextLink`), then part by part. An index takes an item of a
 * list: `data[0].id` or `data.0.id`; `[-1]` takes its last item. Undefined when there is no value.
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
  return isJsonArray(list) && INDEX.test(index) ? list.at(Number(index)) : undefined
}

/** Wraps a value in objects along a dotted path. */
export function wrapAt(path: string, value: JsonValue): JsonValue {
  return splitPath(path).reduceRight<JsonValue>((inner, part) => ({ [part]: inner }), value)
}
