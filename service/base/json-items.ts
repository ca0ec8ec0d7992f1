import { jsonEqual, member } from './json.ts'
import type { JsonValue } from './json.ts'
import { parseJson } from './exact-number.ts'
import { afterBlanks, stringEnd } from './json-bytes.ts'

/** The objects of a JSON list in its text, as they are written. */
export type JsonItems = {
  /** UTF-8, and a view of the same bytes. */
  readonly bytes: Uint8Array
  readonly view: DataView
  /** Of each object, where it begins, and where the text after it does. */
  readonly ranges: Int32Array
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const OPEN_LIST = 0x5b
const CLOSE_OBJECT = 0x7d
const CLOSE_LIST = 0x5d

/**
 * Finds the objects of a list in a JSON text that was parsed.
 *
 * @param path The member names that lead to the list.
 * @param values The list as it was parsed.
 * @returns Null where the text may not be repeated as it is: for items that are no objects, line breaks in one, and
 *   numbers with an exponent.
 */
export function findItems(
  bytes: Uint8Array,
  path: readonly string[],
  values: readonly JsonValue[]
): JsonItems | null {
  const start = listStart(bytes, path)
  const ranges = start === -1 ? null : itemRanges(bytes, start, values.length)
  if (ranges === null) return null
  // A member that is written twice leads elsewhere than to what was parsed.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const items = { bytes, view, ranges }
  const isFound = [0, values.length - 1].every(
    index => values[index] === undefined || jsonEqual(itemAt(items, index), values[index])
  )
  return isFound ? items : null
}

/** Some of the objects, by their numbers. */
export function pickItems(items: JsonItems, indexes: readonly number[]): JsonItems {
  const { ranges } = items
  const picked = new Int32Array(indexes.length * 2)
  for (const [at, index] of indexes.entries()) {
    picked[at * 2] = ranges[index * 2] ?? 0
    picked[at * 2 + 1] = ranges[index * 2 + 1] ?? 0
  }
  return { ...items, ranges: picked }
}

/** All objects but some. */
export function withoutItems(items: JsonItems, left: readonly number[]): JsonItems {
  if (left.length === 0) return items
  const out = new Set(left)
  const count = items.ranges.length / 2
  return pickItems(
    items,
    Array.from({ length: count }, (_, index) => index).filter(index => !out.has(index))
  )
}

/** The objects from one number to before another. */
export function sliceItems(items: JsonItems, from: number, to: number): JsonItems {
  return { ...items, ranges: items.ranges.subarray(from * 2, to * 2) }
}

/** Joins the texts of objects. */
export type JoinItems = (items: JsonItems) => Uint8Array

/**
 * Creates what joins the texts of objects, with a separator between them and an end. The text is in memory that the next
 * call uses again, because new memory for each page takes longer than the text itself.
 */
export function createItemJoiner(separator: Uint8Array, end: Uint8Array): JoinItems {
  let memory = Buffer.alloc(0)

  return ({ bytes, ranges }) => {
    const count = ranges.length / 2
    if (count === 0) return memory.subarray(0, 0)
    const first = ranges[0] ?? 0
    const last = ranges.at(-1) ?? 0
    const most = last - first + count * separator.length + end.length
    if (memory.length < most) memory = Buffer.allocUnsafe(most * 2)
    let to = 0
    if (separator.length === 1 && areAdjacent(ranges)) {
      memory.set(bytes.subarray(first, last))
      const [unit = 0] = separator
      for (let at = 1; at < ranges.length - 1; at += 2) memory[(ranges[at] ?? 0) - first] = unit
      to = last - first
    } else {
      for (let at = 0; at < ranges.length; at += 2) {
        if (at > 0) memory.set(separator, to)
        if (at > 0) to += separator.length
        const item = bytes.subarray(ranges[at], ranges[at + 1])
        memory.set(item, to)
        to += item.length
      }
    }
    memory.set(end, to)
    return memory.subarray(0, to + end.length)
  }
}

/** Whether there is exactly one byte, a comma, between the objects. */
function areAdjacent(ranges: Int32Array): boolean {
  for (let at = 2; at < ranges.length; at += 2) {
    if (ranges[at] !== (ranges[at - 1] ?? 0) + 1) return false
  }
  return true
}

function itemAt({ bytes, ranges }: JsonItems, index: number): JsonValue {
  const item = bytes.subarray(ranges[index * 2], ranges[index * 2 + 1])
  return parseJson(Buffer.from(item).toString())
}

/** Where a list begins; -1 where the path does not lead to one. */
function listStart(bytes: Uint8Array, path: readonly string[]): number {
  let at = afterBlanks(bytes, 0)
  for (const name of path) {
    at = bytes[at] === OPEN_OBJECT ? memberStart(bytes, at + 1, name) : -1
    if (at === -1) return -1
  }
  return bytes[at] === OPEN_LIST ? at : -1
}

/** Where the value of a member begins; -1 for none. */
function memberStart(bytes: Uint8Array, from: number, name: string): number {
  let at = afterBlanks(bytes, from)
  while (bytes[at] === QUOTE) {
    const end = stringEnd(bytes, at)
    const key = keyText(bytes.subarray(at, end))
    // Behind the colon.
    at = afterBlanks(bytes, afterBlanks(bytes, end) + 1)
    if (key === name) return at
    at = afterBlanks(bytes, valueEnd(bytes, at))
    if (bytes[at] !== COMMA) return -1
    at = afterBlanks(bytes, at + 1)
  }
  return -1
}

function keyText(literal: Uint8Array): string | undefined {
  const found = member(parseJson(`{"key":${Buffer.from(literal).toString()}}`), 'key')
  return typeof found === 'string' ? found : undefined
}

/** The ranges of so many objects of a list. */
function itemRanges(bytes: Uint8Array, start: number, count: number): Int32Array | null {
  const ranges = new Int32Array(count * 2)
  let at = afterBlanks(bytes, start + 1)
  for (let index = 0; index < count; index++) {
    if (bytes[at] !== OPEN_OBJECT) return null
    const end = objectEnd(bytes, at)
    if (end === -1) return null
    ranges[index * 2] = at
    ranges[index * 2 + 1] = end
    at = afterBlanks(bytes, end)
    if (bytes[at] === COMMA) at = afterBlanks(bytes, at + 1)
  }
  return bytes[at] === CLOSE_LIST ? ranges : null
}

/** Where the text after an object begins; -1 where it may not be repeated as it is. */
function objectEnd(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = stringEnd(bytes, at) - 1
        break
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        if (--depth === 0) return at + 1
        break
      case 0x0a:
      case 0x0d:
        return -1
      case 0x45:
      case 0x65:
        // An exponent follows a digit, an `e` of `true` and `false` a letter.
        if (isDigit(bytes[at - 1])) return -1
        break
      default:
    }
  }
  return -1
}

function isDigit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= 0x30 && unit <= 0x39
}

/** Where the text after a value begins. */
function valueEnd(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = stringEnd(bytes, at) - 1
        break
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        // The end of what holds the value.
        if (depth === 0) return at
        depth--
        break
      case COMMA:
        if (depth === 0) return at
        break
      default:
    }
  }
  return bytes.length
}
