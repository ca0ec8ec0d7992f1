import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'

import type { Pointer } from '../base/json-pointer.ts'
import { pointer, pointerParts, pointerTo } from '../base/json-pointer.ts'
import { jsonStringEnd } from '../base/json-text.ts'

/** Line and column in a text, both from 1. */
export type Position = { readonly line: number; readonly column: number }

/** A wanted pointer, or a prefix of one. */
type PointerNode = { readonly at: Pointer; readonly members: Map<string, PointerNode> }

/** Called with the offset of each value; `node` is undefined for one that is not wanted. */
type Visit = (node: PointerNode | undefined, offset: number) => void

/**
 * Finds the positions of values in the hosted text, in one pass.
 *
 * The position of a member is that of its key. A pointer that the text does not have, because of an alias
 * or a missing member, gets the position of its nearest ancestor.
 */
export function findPositions(text: string, wanted: readonly Pointer[]): Map<Pointer, Position> {
  const root = pointerTree(wanted)
  const offsets = new Map<Pointer, number>()
  const visit: Visit = (node, offset) => {
    // An empty YAML value has no offset.
    if (offset >= 0 && node !== undefined && !offsets.has(node.at)) {
      offsets.set(node.at, offset)
    }
  }
  // The position of the root is known.
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

/** Builds a tree of the pointers, which lets a scanner skip what is not wanted. */
function pointerTree(wanted: readonly Pointer[]): PointerNode {
  const root: PointerNode = { at: '', members: new Map() }
  for (const at of wanted) {
    let node = root
    for (const part of pointerParts(at) ?? []) {
      const inner = node.members.get(part) ?? { at: pointer(node.at, part), members: new Map() }
      node.members.set(part, inner)
      node = inner
    }
  }
  return root
}

/** The pointer itself, then its ancestors up to the root. */
function withAncestors(at: Pointer): Pointer[] {
  const parts = pointerParts(at) ?? []
  return parts.map((_, index) => pointerTo('', parts.slice(0, parts.length - index))).concat('')
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
  readonly node: PointerNode | undefined
  index: number
  key: string | null
  readonly mapping: boolean
}

/** Moves to the next value of a container. Visits an item; a member was visited at its key. */
function nextValue(frame: Frame, offset: number, visit: Visit): PointerNode | undefined {
  if (!frame.mapping) {
    const item = frame.node?.members.get(String(frame.index++))
    visit(item, offset)
    return item
  }
  const member = frame.key === null ? undefined : frame.node?.members.get(frame.key)
  frame.key = null
  return member
}

function scanYaml(text: string, root: PointerNode, visit: Visit): void {
  const frames: Frame[] = []
  const enter = (offset: number): PointerNode | undefined => {
    const frame = frames.at(-1)
    return frame === undefined ? root : nextValue(frame, offset, visit)
  }
  const open = (mapping: boolean, start: number): void => {
    frames.push({ node: enter(start), index: 0, key: null, mapping })
  }
  for (const event of parseEvents(text, { maxDepth: 200 })) {
    if (event.type === EVENT_ID.MAPPING) open(true, event.start)
    else if (event.type === EVENT_ID.SEQUENCE) open(false, event.start)
    else if (event.type === EVENT_ID.POP) frames.pop()
    else if (event.type === EVENT_ID.ALIAS) enter(event.anchorStart - 1)
    else if (event.type === EVENT_ID.SCALAR) {
      const frame = frames.at(-1)
      if (frame?.mapping === true && frame.key === null) {
        frame.key = getScalarValue(text, event)
        visit(frame.node?.members.get(frame.key), startOf(event))
      } else {
        enter(startOf(event))
      }
    }
  }
}

/** The offset of a scalar, with its opening quote. */
function startOf({ style, valueStart }: ScalarEvent): number {
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  return isQuoted ? valueStart - 1 : valueStart
}

/** Parses a JSON string literal; null for one that only YAML allows. */
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

/** Scans JSON text by token and skips containers without wanted values. @returns False when it is not JSON. */
function scanJson(text: string, root: PointerNode, visit: Visit): boolean {
  const frames: Frame[] = []
  const tokens = new RegExp(JSON_TOKEN)
  const enter = (offset: number): PointerNode | undefined => {
    const frame = frames.at(-1)
    return frame === undefined ? root : nextValue(frame, offset, visit)
  }
  let match = tokens.exec(text)
  for (; match !== null; match = tokens.exec(text)) {
    const [whole, mark, quote] = match
    const offset = match.index + whole.length - whole.trimStart().length
    const end = quote === undefined ? tokens.lastIndex : jsonStringEnd(text, offset)
    tokens.lastIndex = end
    if (mark === '{' || mark === '[') {
      const node = enter(offset)
      if (node !== undefined && node.members.size > 0) {
        frames.push({ node, index: 0, key: null, mapping: mark === '{' })
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
        visit(frame.node?.members.get(frame.key), offset)
      } else {
        enter(offset)
      }
    }
  }
  return false
}

/**
 * The offset after the JSON object or array that begins at `start`; undefined when it does not end, or has
 * a YAML quote or comment, which may contain brackets.
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
