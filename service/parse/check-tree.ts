import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'

/** Objects and arrays inside each other at the most, in YAML and in JSON. */
export const TREE_DEPTH_MAX = 200

/** Values in one document at the most: three times what the largest real ones have. */
export const VALUES_MAX = 3_000_000

/** Characters of the keys on the way to a value at the most: places are kept and compared as text. */
export const POINTER_LENGTH_MAX = 4_000

/** How many times its length a document may unfold to through YAML aliases, and to what at any length. */
const TIMES_MAX = 10
const UNFOLDED_MIN = 100_000

/** Characters that every value adds to JSON text beside its own: quotes, a comma, a key. */
const VALUE_LENGTH = 4

type Container = JsonArray | JsonObject

type Frame = {
  readonly of: Container
  readonly held: readonly JsonValue[]
  next: number
  length: number
  height: number
}

const TOO_DEEP = `it nests deeper than ${TREE_DEPTH_MAX} levels`
const TOO_LONG = `the keys on the way to a value have more than ${POINTER_LENGTH_MAX} characters`

/** What stands in front of every value but the first. */
const MARKS = { JSON: [',', '[', '{'], YAML: [',', '[', '{', '\n', '- ', '? '] } as const

/**
 * Why a text is not even parsed; undefined when it is. Counting the marks that values stand behind
 * bounds what a parser makes of a text, at next to no cost.
 */
export function textFault(text: string, format: 'JSON' | 'YAML'): string | undefined {
  // A value with its mark has two characters at least, so that short texts need no counting.
  if (text.length < 2 * VALUES_MAX || countMarks(text, format) <= VALUES_MAX) return undefined
  return `it has more than ${VALUES_MAX} values`
}

/** How many marks of values a text has; no more are counted than say that it has too many. */
export function countMarks(text: string, format: 'JSON' | 'YAML'): number {
  let count = 0
  for (const mark of MARKS[format]) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      if (++count > VALUES_MAX) return count
    }
  }
  return count
}

/** Why a tree cannot be walked: it is too deep, or its places are too long. Undefined when it can. */
export function treeFault(root: JsonValue): string | undefined {
  return faultWithin(root, TREE_DEPTH_MAX, POINTER_LENGTH_MAX)
}

function faultWithin(value: JsonValue, levels: number, length: number): string | undefined {
  if (!isContainer(value)) return undefined
  if (levels === 0) return TOO_DEEP
  if (isJsonArray(value)) {
    for (const held of value) {
      const fault = typeof held === 'object' ? faultWithin(held, levels - 1, length) : undefined
      if (fault !== undefined) return fault
    }
    return undefined
  }
  for (const key of Object.keys(value)) {
    if (key.length > length) return TOO_LONG
    const held = value[key]
    if (typeof held !== 'object') continue
    const fault = faultWithin(held, levels - 1, length - key.length)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * Why a tree that YAML aliases may have made cannot even be looked through like that: it holds itself, or
 * a small text makes more of it than any machine can hold once it is written out.
 *
 * @param length Of the text.
 */
export function aliasFault(root: JsonValue, length: number): string | undefined {
  const measured = new Map<Container, Pick<Frame, 'length' | 'height'>>()
  const around = new Set<Container>()
  const frames: Frame[] = []
  const enter = (of: Container): void => {
    around.add(of)
    frames.push({ of, held: Object.values(of), next: 0, length: VALUE_LENGTH, height: 1 })
  }
  if (isContainer(root)) enter(root)
  let unfolded = 0
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const held = frame.held[frame.next++]
    if (held === undefined) {
      measured.set(frame.of, frame)
      around.delete(frame.of)
      frames.pop()
      const outer = frames.at(-1)
      if (outer === undefined) unfolded = frame.length
      else add(outer, frame)
    } else if (!isContainer(held)) {
      frame.length += VALUE_LENGTH + (typeof held === 'string' ? held.length : 0)
    } else if (around.has(held)) {
      return 'an alias stands inside of what it names'
    } else {
      const known = measured.get(held)
      if (known === undefined) enter(held)
      else add(frame, known)
      if (frames.length + (known?.height ?? 0) > TREE_DEPTH_MAX) return TOO_DEEP
    }
  }
  const most = Math.max(UNFOLDED_MIN, length * TIMES_MAX)
  return unfolded > most ? `its aliases unfold it to over ${TIMES_MAX} times its length` : undefined
}

function add(frame: Frame, held: Pick<Frame, 'length' | 'height'>): void {
  frame.length += held.length
  frame.height = Math.max(frame.height, held.height + 1)
}

function isContainer(value: JsonValue | undefined): value is Container {
  return isJsonArray(value) || isJsonObject(value)
}
