import type { Settings } from '../settings.ts'

/** Share of the bytes that one of several door tokens may take, so that the others always have some. */
const DOOR_SHARE = 3 / 4

/** The bytes that the bodies of requests under way may take. */
export type BodyBudget = {
  /**
   * Takes bytes for a request.
   *
   * @param held What the request has taken already.
   * @returns Whether it may have them. A request that is alone may have any.
   */
  take(door: string, bytes: number, held: number): boolean
  giveBack(door: string, bytes: number): void
}

/** Counts in all and for each door token (docs/running.md#tenants-and-fairness). */
export function createBodyBudget({
  BODIES_MAX_BYTES,
  CONNECTOR_TOKENS
}: Pick<Settings, 'BODIES_MAX_BYTES' | 'CONNECTOR_TOKENS'>): BodyBudget {
  const hasSeveral = CONNECTOR_TOKENS.split(',').filter(token => token.trim() !== '').length > 1
  const doorMax = hasSeveral ? BODIES_MAX_BYTES * DOOR_SHARE : BODIES_MAX_BYTES
  const doors = new Map<string, number>()
  let all = 0
  return {
    take(door, bytes, held) {
      const ofDoor = doors.get(door) ?? 0
      const isAlone = all === held
      const isOver = all + bytes > BODIES_MAX_BYTES || ofDoor + bytes > doorMax
      if (isOver && !isAlone) return false
      all += bytes
      doors.set(door, ofDoor + bytes)
      return true
    },
    giveBack(door, bytes) {
      all -= bytes
      const left = (doors.get(door) ?? 0) - bytes
      if (left > 0) doors.set(door, left)
      else doors.delete(door)
    }
  }
}
