import type { RateLimitRecord } from '../../model/types.ts'
import { readReset, readRetryAfter } from './retry-after.ts'
import { createTurns } from './turns.ts'

/** An API that asks for a longer pause is asked after this all the same, in milliseconds. */
const HOLD_MAX_MS = 3_600_000

type Headers = { readonly [lowerCaseName: string]: string }

/** Both clocks at one moment, in milliseconds: one that never goes back, and the wall's. */
export type Moment = { readonly now: number; readonly date: number }

/** When the calls that count under one rate limit may be made (x-flow 8). */
export type Pace = {
  /** The moment of the next turn. */
  next(now: number): number
  /** Takes the next turn, unless it comes after `latest`; null then. */
  reserve(now: number, latest: number): number | null
  /** Whether the API has asked for a pause that is not over, which a turn may not know of. */
  isHeld(now: number): boolean
  /** A call leaves; its end must be told. */
  sent(): void
  /** A call has ended, with what its answer's headers say; null for no answer. */
  ended(moment: Moment, answer: { readonly status: number; readonly headers: Headers } | null): void
}

/** No limit. */
export const FREE_PACE: Pace = {
  next: now => now,
  reserve: now => now,
  isHeld: () => false,
  sent: () => {},
  ended: () => {}
}

/**
 * The pace of a rate limit: never more calls in any second than `requestsPerSecond`, nor in any window
 * of a quota than its calls; and none while the API's own headers say that none is left.
 */
export function createPace(limit: RateLimitRecord): Pace {
  const windows = windowsOf(limit).map(({ calls, ms }) => createTurns(calls, ms))
  /** What the API said is left, and until when. */
  let told: { left: number; readonly until: number } | null = null
  let running = 0

  const heldUntil = (): number => (told !== null && told.left <= 0 ? told.until : 0)
  const next = (now: number): number =>
    Math.max(now, heldUntil(), ...windows.map(window => window.next(now)))
  return {
    next,
    reserve(now, latest) {
      const turn = next(now)
      if (turn > latest) return null
      for (const window of windows) window.take(turn)
      return turn
    },
    isHeld: now => heldUntil() > now,
    sent() {
      running++
      if (told !== null) told.left--
    },
    ended({ now, date }, answer) {
      running--
      if (answer === null) return
      const { headers } = answer
      const left = leftAfter(limit, answer)
      const reset =
        readReset(headers[limit.resetHeader ?? ''], date) ??
        readRetryAfter(headers['retry-after'], date)
      if (left === undefined || reset === undefined) return
      // The calls under way may not be counted yet in what the API says.
      told = { left: left - running, until: now + Math.min(reset, HOLD_MAX_MS) }
    }
  }
}

/** Windows of time with the calls that fit into each. */
function windowsOf({
  requestsPerSecond,
  quotas
}: RateLimitRecord): { calls: number; ms: number }[] {
  const windows = quotas.map(({ calls, seconds }) => ({ calls, ms: seconds * 1000 }))
  if (requestsPerSecond === null) return windows
  // A part of a call cannot be made: then they are spread evenly.
  const whole = Number.isInteger(requestsPerSecond)
  return [
    whole ? { calls: requestsPerSecond, ms: 1000 } : { calls: 1, ms: 1000 / requestsPerSecond },
    ...windows
  ]
}

/** The calls that are left after an answer; none after a 429; undefined when it does not say. */
function leftAfter(
  { remainingHeader }: RateLimitRecord,
  { status, headers }: { readonly status: number; readonly headers: Headers }
): number | undefined {
  if (status === 429) return 0
  const text = headers[remainingHeader ?? '']?.trim() ?? ''
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}
