import type { JsonValue } from './json.ts'
import { isExactNumber, isJsonArray } from './json.ts'

/** Factors of MurmurHash3 and of what is made of it. */
const A = 2654435761
const B = 1597334677
const C = 2246822507
const D = 3266489909

/**
 * Hashes a text to 64 bits. It finds equal texts among millions, and is no protection against somebody who knows the
 * seed.
 *
 * @param into Gets both halves of the hash, so that no object is made of them.
 */
export function hashText(text: string, seed: number, into: Int32Array, at: number): void {
  let high = 0xdeadbeef ^ seed
  let low = 0x41c6ce57 ^ seed
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, A)
    low = Math.imul(low ^ unit, B)
  }
  into[at] = Math.imul(high ^ (high >>> 16), C) ^ Math.imul(low ^ (low >>> 13), D)
  into[at + 1] = Math.imul(low ^ (low >>> 16), C) ^ Math.imul(high ^ (high >>> 13), D)
}

/** Hashes a JSON value to 32 bits, without making its text. Members count in their order. */
export function hashJson(value: JsonValue, seed: number): number {
  const hash = mixValue(seed, value)
  return Math.imul(hash ^ (hash >>> 16), C) ^ (hash >>> 13)
}

/** Hashes the bytes of a text to 32 bits. */
export function hashBytes(bytes: DataView, start: number, end: number, seed: number): number {
  // The two halves do not wait for each other.
  let even = seed ^ (end - start)
  let odd = ~seed
  let at = start
  for (; at + 8 <= end; at += 8) {
    even = mix(even, bytes.getInt32(at, true))
    odd = mix(odd, bytes.getInt32(at + 4, true))
  }
  for (; at < end; at++) even = mix(even, bytes.getUint8(at))
  const hash = mix(even, odd)
  return Math.imul(hash ^ (hash >>> 16), C) ^ (hash >>> 13)
}

/** What stands for values that are no text and no number. */
const TRUE = 1
const FALSE = 2
const NULL = 3
const LIST = 4
const OBJECT = 5
const END = 6

const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, A) ^ (hash >>> 15)
}

function mixText(hash: number, text: string): number {
  let mixed = mix(hash, text.length)
  for (let at = 0; at < text.length; at++) mixed = mix(mixed, text.charCodeAt(at))
  return mixed
}

function mixValue(hash: number, value: JsonValue): number {
  switch (typeof value) {
    case 'string':
      return mixText(hash, value)
    case 'number':
      double[0] = value
      return mix(mix(hash, halves[0] ?? 0), halves[1] ?? 0)
    case 'boolean':
      return mix(hash, value ? TRUE : FALSE)
    default:
      return mixStructure(hash, value)
  }
}

function mixStructure(hash: number, value: Exclude<JsonValue, string | number | boolean>): number {
  if (value === null) return mix(hash, NULL)
  if (isExactNumber(value)) return mixText(hash, value.rawJSON)
  let mixed = hash
  if (isJsonArray(value)) {
    mixed = mix(mixed, LIST)
    for (const item of value) mixed = mixValue(mixed, item)
  } else {
    mixed = mix(mixed, OBJECT)
    // `Object.keys` makes a list of each object.
    for (const key in value) mixed = mixValue(mixText(mixed, key), value[key] ?? null)
  }
  return mix(mixed, END)
}
