import { asBuffer } from './bytes.ts'
import { parseJson } from './exact-number.ts'
import type { JsonValue } from './json.ts'
import { isJsonArray, isJsonObject } from './json.ts'
import { afterBlanks, stringEnd } from './json-bytes.ts'

/** How much a JSON text may hold. */
export type JsonBounds = {
  /** Values: the whole, the items of lists and the members of objects. */
  readonly values: number
  /** Lists and objects inside each other. */
  readonly depth: number
}

/** A bound that a JSON text exceeds. */
export class JsonBoundError extends Error {
  override readonly name = 'JsonBoundError'
  readonly bound: 'values' | 'depth' | 'members'

  constructor(bound: JsonBoundError['bound']) {
    super(`more ${bound} than allowed`)
    this.bound = bound
  }
}

/** Members of one object, at most: listing the names of more takes too long at once. */
export const MEMBERS_MAX = 50_000

/** Bytes that are read in one step. */
const STEP_BYTES = 64 * 1024

/** A JSON text that is being read. */
export type JsonReading = {
  /**
   * Reads some more of the text; true at its end.
   *
   * @throws JsonBoundError, SyntaxError
   */
  step(): boolean
  /** The value, once the text is read. */
  result(): JsonValue
  /** How many values were read so far. */
  count(): number
}

/** A list or an object that has begun and not ended. */
type Frame = {
  readonly isList: boolean
  /** Offset of its bracket. */
  readonly open: number
  commas: number
  /** Where the current item or member begins. */
  start: number
  /** Its value, once a part of it was parsed; null while it is only text. */
  target: JsonValue[] | Record<string, JsonValue> | null
  /** Where the text begins that is not parsed yet. */
  unparsed: number
  /** The last item was parsed apart, so that only a comma or the end may follow. */
  isAfterItem: boolean
}

/** Whether a text surely keeps to the bounds, and is short enough to be parsed at once. */
export function isShortJson(text: string, { values, depth }: JsonBounds): boolean {
  if (text.length > STEP_BYTES || text.length > 2 * values) return false
  let left = depth
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (--left < 0) return false
    }
  }
  return true
}

/**
 * Reads a long JSON text step by step. Values are counted before anything is made of them. Each piece of the text is
 * parsed by `JSON.parse`. A piece is short enough for V8 to make its text where young objects are, which is many times
 * faster than a long text.
 *
 * @param given Valid UTF-8, without a byte order mark.
 * @param parse Parses a piece. Default: `parseJson`, which keeps all digits of numbers.
 */
export function startJson(
  given: Uint8Array,
  bounds: JsonBounds,
  parse: (text: string) => JsonValue = parseJson
): JsonReading {
  const bytes = asBuffer(given)
  const frames: Frame[] = []
  /** The last of them. */
  let top: Frame | undefined
  /** Where the next step begins, and whether the current list or object has an item by then. */
  let next = { at: 0, isFilled: false }
  let values = 1
  /** The root, once it has ended. */
  let root: Frame | null = null
  let rootEnd = 0
  let whole: JsonValue | undefined

  function count(): void {
    if (++values > bounds.values) throw new JsonBoundError('values')
  }

  function open(isList: boolean, at: number): void {
    if (root !== null) throw malformed()
    const start = at + 1
    top = {
      isList,
      open: at,
      commas: 0,
      start,
      target: null,
      unparsed: start,
      isAfterItem: false
    }
    frames.push(top)
    if (frames.length > bounds.depth) throw new JsonBoundError('depth')
  }

  function comma(at: number): void {
    if (top === undefined) throw malformed()
    count()
    top.commas++
    if (!top.isList && top.commas >= MEMBERS_MAX) throw new JsonBoundError('members')
    if (top.isAfterItem) passItem(top, at)
    else if (at - top.unparsed >= STEP_BYTES) {
      materialize()
      take(top, at)
      top.unparsed = at + 1
    }
    top.start = at + 1
  }

  function close(isList: boolean, at: number, isFilled: boolean): void {
    const frame = frames.pop()
    if (frame?.isList !== isList) throw malformed()
    if (isFilled || frame.commas > 0) count()
    top = frames.at(-1)
    if (frame.target !== null) {
      if (frame.isAfterItem) passItem(frame, at)
      else if (frame.commas > 0 || !isBlank(frame.unparsed, at)) take(frame, at)
      if (top !== undefined) {
        top.unparsed = at + 1
        top.isAfterItem = true
      }
    }
    if (top === undefined) {
      root = frame
      rootEnd = at + 1
    }
  }

  /** Between an item that was parsed apart and what follows there is nothing. */
  function passItem(frame: Frame, at: number): void {
    if (!isBlank(frame.unparsed, at)) throw malformed()
    frame.isAfterItem = false
    frame.unparsed = at + 1
  }

  /** Parses the items of a frame up to an offset. */
  function take({ isList, unparsed, target }: Frame, end: number): void {
    if (isBlank(unparsed, end)) throw malformed()
    const items = bytes.toString('utf8', unparsed, end)
    const part = parse(isList ? `[${items}]` : `{${items}}`)
    if (isJsonArray(part) && Array.isArray(target)) {
      for (const item of part) target.push(item)
    } else if (isJsonObject(part) && target !== null && !Array.isArray(target)) {
      for (const [key, value] of Object.entries(part)) setMember(target, key, value)
    }
  }

  /** Makes the values of all open frames, so that their items can be added. */
  function materialize(): void {
    let above: Frame | undefined
    for (const frame of frames) {
      if (frame.target === null) {
        frame.target = frame.isList ? [] : {}
        if (above !== undefined) attach(above, frame, frame.target)
      }
      above = frame
    }
  }

  function attach(above: Frame, { open }: Frame, value: JsonValue): void {
    const { start, unparsed, target } = above
    if (start > unparsed) take(above, start - 1)
    if (Array.isArray(target)) {
      if (!isBlank(start, open)) throw malformed()
      target.push(value)
    } else if (target !== null) {
      const head = bytes.toString('utf8', start, open)
      const [key, another] = Object.keys(Object(JSON.parse(`{${head}0}`)))
      if (key === undefined || another !== undefined) throw malformed()
      setMember(target, key, value)
    }
    above.unparsed = open
  }

  function isBlank(from: number, to: number): boolean {
    return afterBlanks(bytes, from) >= to
  }

  function finish(): void {
    if (frames.length > 0) throw malformed()
    if (root === null || root.target === null) {
      whole = parse(bytes.toString('utf8', 0, bytes.length))
      return
    }
    if (!isBlank(0, root.open) || !isBlank(rootEnd, bytes.length)) throw malformed()
    whole = root.target
  }

  return {
    step() {
      // Each byte is looked at: variables that other functions share would take as long again.
      let { at, isFilled } = next
      const until = Math.min(bytes.length, at + STEP_BYTES)
      for (; at < until; at++) {
        switch (bytes[at]) {
          case 0x22: // "
            at = stringEnd(bytes, at) - 1
            isFilled = true
            break
          case 0x2c: // ,
            comma(at)
            break
          case 0x5b: // [
            open(true, at)
            isFilled = false
            break
          case 0x7b: // {
            open(false, at)
            isFilled = false
            break
          case 0x5d: // ]
            close(true, at, isFilled)
            isFilled = true
            break
          case 0x7d: // }
            close(false, at, isFilled)
            isFilled = true
            break
          case 0x20:
          case 0x09:
          case 0x0a:
          case 0x0d:
            break
          default:
            isFilled = true
        }
      }
      next = { at, isFilled }
      if (at < bytes.length) return false
      finish()
      return true
    },
    result() {
      if (whole === undefined) throw new TypeError('the text is not read yet')
      return whole
    },
    count: () => values
  }
}

function setMember(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== '__proto__') target[key] = value
  else {
    const own = { value, enumerable: true, configurable: true, writable: true }
    Object.defineProperty(target, key, own)
  }
}

function malformed(): SyntaxError {
  return new SyntaxError('malformed JSON')
}
