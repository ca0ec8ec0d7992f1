import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'

import type { Pointer } from '../base/json-pointer.ts'
import { pointer, pointerParts } from '../base/json-pointer.ts'
import { jsonStringEnd } from '../base/json-text.ts'

/** Line and column in a text, both from 1. */
export type Position = { readonly line: number; readonly column: number }

type Visit = (at: Pointer, offset: number) => void

/**
 * Finds where values stand in the hosted text, for diagnostics (x-flow 13).
 *
 * A member is found at its key, an item at its start. A pointer that the text does not have (it came
 * by an alias, or a member is missing) takes the position of its nearest ancestor. The text is read
 * once however many pointers are asked for.
 */
export function findPositions(text: string, wanted: readonly Pointer[]): Map<Pointer, Position> {
  const needed = new Set(wanted.flatMap(withAncestors))
  const offsets = new Map<Pointer, number>()
  const visit: Visit = (at, offset) => {
    // What is left empty stands nowhere.
    if (offset >= 0 && needed.has(at) && !offsets.has(at)) offsets.set(at, offset)
  }
  // The root stands at the start, which needs no reading.
  if (needed.size > 1) {
    if (!/^\s*\{/.test(text) || !scanJson(text, visit)) scanYaml(text, visit)
  }
  const positions = positionsOf(text, new Set(offsets.values()))
  return new Map(
    wanted.map(at => {
      const nearest = withAncestors(at).find(ancestor => offsets.has(ancestor)) ?? ''
      return [at, positions.get(offsets.get(nearest) ?? 0) ?? { line: 1, column: 1 }]
    })
  )
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

type Frame = { readonly at: Pointer; index: number; key: string | null; readonly mapping: boolean }

function scanYaml(text: string, visit: Visit): void {
  const frames: Frame[] = []
  /** Where the value that comes next stands; for a mapping's key, undefined. */
  const place = (offset: number): Pointer | undefined => {
    const frame = frames.at(-1)
    if (frame === undefined) return ''
    if (!frame.mapping) {
      const at = pointer(frame.at, frame.index++)
      visit(at, offset)
      return at
    }
    if (frame.key === null) return undefined
    const at = pointer(frame.at, frame.key)
    frame.key = null
    return at
  }
  const open = (mapping: boolean, start: number): void => {
    frames.push({ at: place(start) ?? '', index: 0, key: null, mapping })
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
        visit(pointer(frame.at, frame.key), startOf(event))
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

const JSON_TOKEN = /\s*(?:([[\]{},:])|(")|([^\s[\]{},:"]+))/gy

/** Reads JSON text token by token; false when it is no JSON, so that it can be read as YAML. */
function scanJson(text: string, visit: Visit): boolean {
  const frames: Frame[] = []
  const tokens = new RegExp(JSON_TOKEN)
  const place = (offset: number): Pointer => {
    const frame = frames.at(-1)
    if (frame === undefined) return ''
    if (frame.mapping) {
      const at = pointer(frame.at, frame.key ?? '')
      frame.key = null
      return at
    }
    const at = pointer(frame.at, frame.index++)
    visit(at, offset)
    return at
  }
  let match = tokens.exec(text)
  for (; match !== null; match = tokens.exec(text)) {
    const [whole, mark, quote] = match
    const offset = match.index + whole.length - whole.trimStart().length
    const end = quote === undefined ? tokens.lastIndex : jsonStringEnd(text, offset)
    tokens.lastIndex = end
    if (mark === '{' || mark === '[') {
      frames.push({ at: place(offset), index: 0, key: null, mapping: mark === '{' })
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
        visit(pointer(frame.at, frame.key), offset)
      } else {
        place(offset)
      }
    }
  }
  return false
}
