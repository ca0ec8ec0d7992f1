import type { Settings } from '../settings.ts'
import type { DoorCredentials } from './door.ts'
import { doorShare } from './door.ts'

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
export function createBodyBudget(
  settings: DoorCredentials & Pick<Settings, 'BODIES_MAX_BYTES'>
): BodyBudget {
  const { BODIES_MAX_BYTES } = settings
  const doorMax = BODIES_MAX_BYTES * doorShare(settings)
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
