import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { Answer } from '../types.ts'
import type { SharedTurn } from '../../store/shared-turns.ts'
import { readAllowance } from './read-allowance.ts'
import { createTurns } from './turns.ts'

/** Both clocks at one moment, in milliseconds: one that never goes back, and the wall's. */
export type Moment = { readonly now: number; readonly date: number }

/** A moment at which a call may be made. */
export type Turn = {
  /** Whether the call has it: one that comes too late is not taken. */
  readonly isTaken: boolean
  readonly at: number
  /** From then on it is missed. */
  readonly until: number
  /** As all replicas know it; null for one of this replica alone. */
  readonly shared: SharedTurn | null
}

/** When the calls that count under one rate limit may be made (x-flow 8). */
export type Pace = {
  /**
   * Takes the next turn, unless it comes after `latest`.
   *
   * @param missed The turn that the same call had before and has missed: it is given back.
   */
  reserve(now: number, latest: number, missed: Turn | null): Turn | Promise<Turn>
  /** Whether the API has asked for a pause that is not over, which a turn may not know of. */
  isHeld(now: number): boolean
  /** A call leaves; its end must be told. */
  sent(): void
  /** A call has ended, with what its answer says; null for no answer. */
  ended(moment: Moment, answer: Pick<Answer, 'status' | 'headers'> | null, turn: Turn): void
}

/** The pace of what this replica alone calls. */
export type OwnPace = Pace & {
  /** The moment of the next turn. */
  next(now: number): number
  reserve(now: number, latest: number, missed: Turn | null): Turn
  /** Counts a turn that was taken elsewhere. @returns Its moment, after those before it. */
  note(at: number): number
  giveBack(turn: Turn): void
}

/** No limit. */
export const FREE_PACE: Pace = {
  reserve: now => ownTurn(now, true),
  isHeld: () => false,
  sent: () => {},
  ended: () => {}
}

/**
 * The pace of a rate limit: never more calls in any second than `requestsPerSecond`, nor in any window
 * of a quota than its calls; and none while the API's own headers say that none is left.
 */
export function createPace(limit: RateLimitRecord): OwnPace {
  const windows = windowsOf(limit).map(({ calls, ms }) => createTurns(calls, ms))
  /** What the API said is left, and until when. */
  let told: { left: number; readonly until: number } | null = null
  let running = 0

  const heldUntil = (): number => (told !== null && told.left <= 0 ? told.until : 0)
  const next = (now: number): number =>
    Math.max(now, heldUntil(), ...windows.map(window => window.next(now)))
  const take = (turn: number): number => {
    for (const window of windows) window.take(turn)
    return turn
  }
  const giveBack = ({ at }: Turn): void => {
    for (const window of windows) window.giveBack(at)
  }
  return {
    next,
    reserve(now, latest, missed) {
      if (missed !== null) giveBack(missed)
      const turn = next(now)
      if (turn <= latest) take(turn)
      return ownTurn(turn, turn <= latest)
    },
    note: at => take(Math.max(at, ...windows.map(window => window.next(at)))),
    giveBack,
    isHeld: now => heldUntil() > now,
    sent() {
      running++
      if (told !== null) told.left--
    },
    ended({ now, date }, answer) {
      running--
      const said = answer === null ? null : readAllowance(limit, answer, date)
      if (said === null) return
      // The calls under way may not be counted yet in what the API says.
      told = { left: said.left - running, until: now + said.forMs }
    }
  }
}

/** Windows of time with the calls that fit into each. */
export function windowsOf({
  requestsPerSecond,
  quotas
}: RateLimitRecord): readonly { readonly calls: number; readonly ms: number }[] {
  const windows = quotas.map(({ calls, seconds }) => ({ calls, ms: seconds * 1000 }))
  if (requestsPerSecond === null) return windows
  // A part of a call cannot be made: then they are spread evenly.
  const whole = Number.isInteger(requestsPerSecond)
  return [
    whole ? { calls: requestsPerSecond, ms: 1000 } : { calls: 1, ms: 1000 / requestsPerSecond },
    ...windows
  ]
}

function ownTurn(at: number, isTaken: boolean): Turn {
  return { isTaken, at, until: Number.POSITIVE_INFINITY, shared: null }
}
