import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'

/** Objects and arrays inside each other at the most, in YAML and in JSON. */
export const TREE_DEPTH_MAX = 200

/** How often a document may say its parts again through YAML aliases, and how many parts it may at any size. */
const TIMES_MAX = 10
const PARTS_MIN = 10_000

type Container = JsonArray | JsonObject

type Frame = {
  readonly of: Container
  readonly held: readonly JsonValue[]
  next: number
  parts: number
  height: number
}

/**
 * Why a parsed tree cannot be walked; undefined when it can. YAML aliases make trees that hold
 * themselves, and small texts whose trees have more parts than any machine can count.
 */
export function treeFault(root: JsonValue): string | undefined {
  const measured = new Map<Container, Pick<Frame, 'parts' | 'height'>>()
  const around = new Set<Container>()
  const frames: Frame[] = []
  const enter = (of: Container): void => {
    around.add(of)
    frames.push({ of, held: Object.values(of), next: 0, parts: 1, height: 1 })
  }
  if (isContainer(root)) enter(root)
  let parts = 0
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next < frame.held.length) {
      const held = frame.held[frame.next++]
      if (!isContainer(held)) continue
      if (around.has(held)) return 'an alias stands inside of what it names'
      const known = measured.get(held)
      if (known === undefined) enter(held)
      else add(frame, known)
      if (frames.length + (known?.height ?? 0) > TREE_DEPTH_MAX) {
        return `it nests deeper than ${TREE_DEPTH_MAX} levels`
      }
      continue
    }
    measured.set(frame.of, frame)
    around.delete(frame.of)
    frames.pop()
    const outer = frames.at(-1)
    if (outer === undefined) parts = frame.parts
    else add(outer, frame)
  }
  const most = Math.max(PARTS_MIN, measured.size * TIMES_MAX)
  return parts > most ? `its aliases unfold to more than ${most} parts` : undefined
}

function add(frame: Frame, held: Pick<Frame, 'parts' | 'height'>): void {
  frame.parts += held.parts
  frame.height = Math.max(frame.height, held.height + 1)
}

function isContainer(value: JsonValue | undefined): value is Container {
  return isJsonArray(value) || isJsonObject(value)
}
