import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'

/** Maximum nesting of objects and arrays, in YAML and in JSON. */
export const TREE_DEPTH_MAX = 200

/** Maximum number of values in a document, three times that of the largest known ones. */
export const VALUES_MAX = 3_000_000

/** Maximum length of the keys on the path to a value, because pointers are kept as text. */
export const POINTER_LENGTH_MAX = 4_000

/** Maximum expansion through YAML aliases, as a multiple of the text's length; short texts get more. */
const EXPANSION_MAX = 10
const EXPANDED_LENGTH_MIN = 100_000

/** Estimated overhead of a value in JSON text, in characters. */
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

/** Marks that precede every value but the first. */
const MARKS = { JSON: [',', '[', '{'], YAML: [',', '[', '{', '\n', '- ', '? '] } as const

/**
 * Why a text is too large to parse; undefined when it is not. Counting marks is a cheap upper bound on
 * the number of values.
 */
export function textFault(text: string, format: 'JSON' | 'YAML'): string | undefined {
  // A value with its mark takes at least two characters, so short texts need no counting.
  if (text.length < 2 * VALUES_MAX || countMarks(text, format) <= VALUES_MAX) return undefined
  return `it has more than ${VALUES_MAX} values`
}

/** Counts the marks in a text, up to one more than `VALUES_MAX`. */
export function countMarks(text: string, format: 'JSON' | 'YAML'): number {
  let count = 0
  for (const mark of MARKS[format]) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      if (++count > VALUES_MAX) return count
    }
  }
  return count
}

/** Why a tree exceeds the limits on depth or pointer length; undefined when it does not. */
export function treeFault(root: JsonValue): string | undefined {
  return nestedFault(root, TREE_DEPTH_MAX, POINTER_LENGTH_MAX)
}

function nestedFault(value: JsonValue, levels: number, length: number): string | undefined {
  if (!isContainer(value)) return undefined
  if (levels === 0) return TOO_DEEP
  if (isJsonArray(value)) {
    for (const held of value) {
      const fault = typeof held === 'object' ? nestedFault(held, levels - 1, length) : undefined
      if (fault !== undefined) return fault
    }
    return undefined
  }
  for (const key of Object.keys(value)) {
    if (key.length > length) return TOO_LONG
    const held = value[key]
    if (typeof held !== 'object') continue
    const fault = nestedFault(held, levels - 1, length - key.length)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * Why a tree with YAML aliases cannot be walked: it contains itself, or expanding its aliases makes it too
 * large.
 *
 * @param length Length of the text.
 */
export function aliasFault(root: JsonValue, length: number): string | undefined {
  const measured = new Map<Container, Pick<Frame, 'length' | 'height'>>()
  const ancestors = new Set<Container>()
  const frames: Frame[] = []
  const enter = (of: Container): void => {
    ancestors.add(of)
    frames.push({ of, held: Object.values(of), next: 0, length: VALUE_LENGTH, height: 1 })
  }
  if (isContainer(root)) enter(root)
  let expandedLength = 0
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const held = frame.held[frame.next++]
    if (held === undefined) {
      measured.set(frame.of, frame)
      ancestors.delete(frame.of)
      frames.pop()
      const outer = frames.at(-1)
      if (outer === undefined) expandedLength = frame.length
      else add(outer, frame)
    } else if (!isContainer(held)) {
      frame.length += VALUE_LENGTH + (typeof held === 'string' ? held.length : 0)
    } else if (ancestors.has(held)) {
      return 'an alias stands inside of what it names'
    } else {
      const known = measured.get(held)
      if (known === undefined) enter(held)
      else add(frame, known)
      if (frames.length + (known?.height ?? 0) > TREE_DEPTH_MAX) return TOO_DEEP
    }
  }
  if (expandedLength <= Math.max(EXPANDED_LENGTH_MIN, length * EXPANSION_MAX)) return undefined
  return `its aliases unfold it to over ${EXPANSION_MAX} times its length`
}

function add(frame: Frame, held: Pick<Frame, 'length' | 'height'>): void {
  frame.length += held.length
  frame.height = Math.max(frame.height, held.height + 1)
}

function isContainer(value: JsonValue | undefined): value is Container {
  return isJsonArray(value) || isJsonObject(value)
}
