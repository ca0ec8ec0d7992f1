import type { JsonValue } from './json.ts'
import { member } from './json.ts'

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
 * Follows a dotted path, first as one literal key (`@odata.nextLink`), then part by part. Undefined when
 * there is no value.
 */
export function followPath(value: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === '') return value
  const literal = member(value, path)
  if (literal !== undefined) return literal
  let found = value
  for (const part of splitPath(path)) found = member(found, part)
  return found
}

/** Wraps a value in objects along a dotted path. */
export function wrapAt(path: string, value: JsonValue): JsonValue {
  return splitPath(path).reduceRight<JsonValue>((inner, part) => ({ [part]: inner }), value)
}
