import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'

import type { Pointer } from '../base/json-pointer.ts'
import { pointer, pointerParts } from '../base/json-pointer.ts'
import { jsonStringEnd } from '../base/json-text.ts'

/** Line and column in a text, both from 1. */
export type Position = { readonly line: number; readonly column: number }

/** A value that is looked for, or one that has such values within. */
type Sought = { readonly at: Pointer; readonly members: Map<string, Sought> }

/** Says where a value begins; undefined for one that is not looked for. */
type Visit = (sought: Sought | undefined, offset: number) => void

/**
 * Finds where values stand in the hosted text, for diagnostics (x-flow 13).
 *
 * A member is found at its key, an item at its start. A pointer that the text does not have (it came
 * by an alias, or a member is missing) takes the position of its nearest ancestor. The text is read
 * once however many pointers are asked for.
 */
export function findPositions(text: string, wanted: readonly Pointer[]): Map<Pointer, Position> {
  const root = soughtIn(wanted)
  const offsets = new Map<Pointer, number>()
  const visit: Visit = (sought, offset) => {
    // What is left empty stands nowhere.
    if (offset >= 0 && sought !== undefined && !offsets.has(sought.at)) {
      offsets.set(sought.at, offset)
    }
  }
  // The root stands at the start, which needs no reading.
  if (root.members.size > 0) {
    if (!/^\s*\{/.test(text) || !scanJson(text, root, visit)) scanYaml(text, root, visit)
  }
  const positions = positionsOf(text, new Set(offsets.values()))
  return new Map(
    wanted.map(at => {
      const nearest = withAncestors(at).find(ancestor => offsets.has(ancestor)) ?? ''
      return [at, positions.get(offsets.get(nearest) ?? 0) ?? { line: 1, column: 1 }]
    })
  )
}

/** All pointers as one tree, so that a reader knows where there is nothing to find. */
function soughtIn(wanted: readonly Pointer[]): Sought {
  const root: Sought = { at: '', members: new Map() }
  for (const at of wanted) {
    let sought = root
    for (const part of pointerParts(at) ?? []) {
      const inner = sought.members.get(part) ?? { at: pointer(sought.at, part), members: new Map() }
      sought.members.set(part, inner)
      sought = inner
    }
  }
  return root
}

/** The pointer itself, then its ancestors up to the root. */
function withAncestors(at: Pointer): Pointer[] {
  const parts = pointerParts(at) ?? []
  return parts.map((_, index) => pointer('', ...parts.slice(0, parts.length - index))).concat('')
}

function positionsOf(text: string, offsets: ReadonlySet<number>): Map<number, Position> {
  const result = new Map<number, Position>()
  let line = 1
  let start = 0
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    for (let end = text.indexOf('\n', start); end !== -1 && end < offset; ) {
      line++
      start = end + 1
      end = text.indexOf('\n', start)
    }
    result.set(offset, { line, column: offset - start + 1 })
  }
  return result
}

type Frame = {
  readonly sought: Sought | undefined
  index: number
  key: string | null
  readonly mapping: boolean
}

/** Takes the next value of a container, of which an item is found here and a member was at its key. */
function takeValue(frame: Frame, offset: number, visit: Visit): Sought | undefined {
  if (!frame.mapping) {
    const item = frame.sought?.members.get(String(frame.index++))
    visit(item, offset)
    return item
  }
  const member = frame.key === null ? undefined : frame.sought?.members.get(frame.key)
  frame.key = null
  return member
}

function scanYaml(text: string, root: Sought, visit: Visit): void {
  const frames: Frame[] = []
  const place = (offset: number): Sought | undefined => {
    const frame = frames.at(-1)
    return frame === undefined ? root : takeValue(frame, offset, visit)
  }
  const open = (mapping: boolean, start: number): void => {
    frames.push({ sought: place(start), index: 0, key: null, mapping })
  }
  for (const event of parseEvents(text, { maxDepth: 200 })) {
    if (event.type === EVENT_ID.MAPPING) open(true, event.start)
    else if (event.type === EVENT_ID.SEQUENCE) open(false, event.start)
    else if (event.type === EVENT_ID.POP) frames.pop()
    else if (event.type === EVENT_ID.ALIAS) place(event.anchorStart - 1)
    else if (event.type === EVENT_ID.SCALAR) {
      const frame = frames.at(-1)
      if (frame?.mapping === true && frame.key === null) {
        frame.key = getScalarValue(text, event)
        visit(frame.sought?.members.get(frame.key), startOf(event))
      } else {
        place(startOf(event))
      }
    }
  }
}

/** Where a scalar begins: at its quote if it has one. */
function startOf({ style, valueStart }: ScalarEvent): number {
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  return isQuoted ? valueStart - 1 : valueStart
}

/** The text that a JSON string literal stands for; null for one that only YAML allows. */
function jsonText(literal: string): string | null {
  try {
    return String(JSON.parse(literal))
  } catch {
    return null
  }
}

const [OPEN_OBJECT, OPEN_ARRAY] = [0x7b, 0x5b]
const [CLOSE_OBJECT, CLOSE_ARRAY] = [0x7d, 0x5d]
const [QUOTE, APOSTROPHE, HASH] = [0x22, 0x27, 0x23]

const JSON_TOKEN = /\s*(?:([[\]{},:])|(")|([^\s[\]{},:"]+))/gy

/**
 * Reads JSON text token by token, and passes over what has nothing to find; false when it is no JSON, so
 * that it can be read as YAML.
 */
function scanJson(text: string, root: Sought, visit: Visit): boolean {
  const frames: Frame[] = []
  const tokens = new RegExp(JSON_TOKEN)
  const place = (offset: number): Sought | undefined => {
    const frame = frames.at(-1)
    return frame === undefined ? root : takeValue(frame, offset, visit)
  }
  let match = tokens.exec(text)
  for (; match !== null; match = tokens.exec(text)) {
    const [whole, mark, quote] = match
    const offset = match.index + whole.length - whole.trimStart().length
    const end = quote === undefined ? tokens.lastIndex : jsonStringEnd(text, offset)
    tokens.lastIndex = end
    if (mark === '{' || mark === '[') {
      const sought = place(offset)
      if (sought !== undefined && sought.members.size > 0) {
        frames.push({ sought, index: 0, key: null, mapping: mark === '{' })
        continue
      }
      const after = containerEnd(text, offset)
      if (after === undefined) return false
      tokens.lastIndex = after
    } else if (mark === '}' || mark === ']') {
      frames.pop()
      if (frames.length === 0) return true
    } else if (mark === undefined) {
      const frame = frames.at(-1)
      if (frame === undefined) return false
      if (frame.mapping && frame.key === null) {
        if (quote === undefined) return false
        frame.key = jsonText(text.slice(offset, end))
        if (frame.key === null) return false
        visit(frame.sought?.members.get(frame.key), offset)
      } else {
        place(offset)
      }
    }
  }
  return false
}

/**
 * The offset after the object or array of JSON text that begins at `start`; undefined where it does not
 * end, or has a quote or a comment of YAML, in which a bracket can stand.
 */
function containerEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth--
        if (depth === 0) return at + 1
        break
      case QUOTE:
        at = jsonStringEnd(text, at) - 1
        break
      case APOSTROPHE:
      case HASH:
        return undefined
    }
  }
  return undefined
}
