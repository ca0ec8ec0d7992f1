import { createSlidingWindow } from '../../base/sliding-window.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type {
  Allowance,
  PermitRequest,
  RateWindow,
  SharedPermit,
  SharedRateLimit
} from '../../store/shared-rate-limit.ts'
import type { Answer } from '../types.ts'
import { readAllowance } from './rate-limit-headers.ts'

/** Both clocks at one moment, in milliseconds: one that never goes back, and the wall's. */
export type Moment = { readonly now: number; readonly date: number }

/** Allows one call at one moment. */
export type Permit = {
  /** False for a moment that comes too late: then nothing is reserved. */
  readonly isGranted: boolean
  readonly at: number
  /** The call must have left by then. */
  readonly until: number
  /** The same permit among all replicas; null for one of this replica alone. */
  readonly shared: SharedPermit | null
}

/** When the calls that count under one rate limit may be made. */
export type Pace = {
  /**
   * Reserves the next moment, unless it comes after `latest`.
   *
   * @param missed Permit that the same call did not use in time. It is given back.
   */
  reserve(now: number, latest: number, missed: Permit | null): Permit | Promise<Permit>
  /** Makes room for another call in place of one that is not made. */
  giveBack(permit: Permit, now: number): void
  /** Whether the API has asked for a pause that is not over, which a permit may not know of. */
  isHeld(now: number): boolean
  /** A call leaves; its end must be told. */
  sent(): void
  /** A call has ended, with what its answer says; null for no answer. */
  ended(moment: Moment, answer: Pick<Answer, 'status' | 'headers'> | null, permit: Permit): void
}

/** The pace of what this replica alone calls. */
type OwnPace = Pace & {
  /** The next moment. */
  next(now: number): number
  reserve(now: number, latest: number, missed: Permit | null): Permit
  /** Counts a permit that was granted elsewhere. @returns Its moment, after those before it. */
  note(at: number, now: number): number
}

/** No limit. */
export const FREE_PACE: Pace = {
  reserve: now => ownPermit(now, true),
  giveBack: () => {},
  isHeld: () => false,
  sent: () => {},
  ended: () => {}
}

/**
 * The pace of a rate limit: never more calls in any second than `requestsPerSecond`, nor in any window
 * of a quota than its calls; and none while the API's own headers say that none is left.
 */
export function createPace(limit: RateLimitRecord): OwnPace {
  const windows = windowsOf(limit).map(({ calls, ms }) => createSlidingWindow(calls, ms))
  /** What the API says is left, and until when. */
  let allowance: { left: number; readonly until: number } | null = null
  let running = 0

  const heldUntil = (): number => (allowance !== null && allowance.left <= 0 ? allowance.until : 0)
  const next = (now: number): number =>
    Math.max(now, heldUntil(), ...windows.map(window => window.next(now)))
  const take = (at: number, now: number): number => {
    for (const window of windows) window.take(at, now)
    return at
  }
  const giveBack = ({ at }: Permit): void => {
    for (const window of windows) window.giveBack(at)
  }
  return {
    next,
    reserve(now, latest, missed) {
      if (missed !== null) giveBack(missed)
      const at = next(now)
      if (at <= latest) take(at, now)
      return ownPermit(at, at <= latest)
    },
    note: (at, now) => take(Math.max(at, ...windows.map(window => window.next(at))), now),
    giveBack,
    isHeld: now => heldUntil() > now,
    sent() {
      running++
      if (allowance !== null) allowance.left--
    },
    ended({ now, date }, answer) {
      running--
      const said = answer === null ? null : readAllowance(limit, answer, date)
      if (said === null) return
      // The calls under way may not be counted yet in what the API says.
      allowance = { left: said.left - running, until: now + said.forMs }
    }
  }
}

function windowsOf({ requestsPerSecond, quotas }: RateLimitRecord): readonly RateWindow[] {
  const windows = quotas.map(({ calls, seconds }) => ({ calls, ms: seconds * 1000 }))
  if (requestsPerSecond === null) return windows
  // A part of a call cannot be made: then they are spread evenly.
  const whole = Number.isInteger(requestsPerSecond)
  return [
    whole ? { calls: requestsPerSecond, ms: 1000 } : { calls: 1, ms: 1000 / requestsPerSecond },
    ...windows
  ]
}

function ownPermit(at: number, isGranted: boolean): Permit {
  return { isGranted, at, until: Number.POSITIVE_INFINITY, shared: null }
}

export type SharedPaceOptions = {
  readonly limit: RateLimitRecord
  readonly shared: SharedRateLimit
  /** What the calls of the rate limit have in common, for all replicas. */
  readonly key: string
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
}

/**
 * How much longer shared windows are made: by a part of them, in milliseconds by so many at the most.
 * Calls that leave so much later than they may, and others in time, then do not meet in one.
 */
const LONGER_SHARE = 1 / 20
const LONGER_MAX_MS = 1_000

/** A call that has waited for Redis may leave at least so many milliseconds after its answer. */
const LEAVE_MS = 5

/**
 * The pace of a rate limit that all replicas keep together: each permit is taken from the same windows,
 * and what an API says of the calls that are left is told to the others with the next one; that none is
 * left, at once. Without Redis the replica goes on alone.
 */
export function createSharedPace({ limit, shared, key, now }: SharedPaceOptions): Pace {
  const own = createPace(limit)
  const declared = windowsOf(limit)
  const windows = declared.map(({ calls, ms }) => ({ calls, ms: ms + longerBy(ms) }))
  const lateMaxMs = longerBy(Math.min(...declared.map(({ ms }) => ms)))
  /** What the others do not know yet, and until when it holds. */
  let news: (Omit<Allowance, 'forMs'> & { readonly until: number }) | null = null

  const take = async (
    asked: number,
    request: Pick<PermitRequest, 'afterMs' | 'withinMs' | 'instead'>
  ): Promise<SharedPermit | null> => {
    const sent = news
    const isOver = sent === null || sent.until <= asked
    const allowance = isOver ? null : { ...sent, forMs: sent.until - asked }
    const permit = await shared.take(key, { windows, allowance, ...request })
    if (permit !== null && news === sent) news = null
    return permit
  }
  /** Tells the others something without taking a permit: none is granted within less than no time. */
  const tell = (asked: number, instead: SharedPermit | null): void =>
    void take(asked, { afterMs: 0, withinMs: -1, instead })

  return {
    async reserve(asked, latest, missed) {
      if (missed !== null) own.giveBack(missed, asked)
      const permit = await take(asked, {
        afterMs: own.next(asked) - asked,
        withinMs: latest - asked,
        instead: missed?.shared ?? null
      })
      if (permit === null) return own.reserve(now(), latest, null)
      const { isGranted, waitMs } = permit
      // The moment was counted from some time between question and answer.
      const received = now()
      const due = received + waitMs
      const at = isGranted ? own.note(due, received) : due
      const until = Math.max(asked + waitMs + lateMaxMs, at + LEAVE_MS)
      return { isGranted, at, until, shared: permit }
    },
    giveBack(permit, asked) {
      own.giveBack(permit, asked)
      if (permit.shared !== null) tell(asked, permit.shared)
    },
    isHeld: own.isHeld,
    sent: own.sent,
    ended(moment, answer, permit) {
      own.ended(moment, answer, permit)
      const said = answer === null ? null : readAllowance(limit, answer, moment.date)
      if (said === null || permit.shared === null) return
      const after = permit.shared.number
      if (news !== null && after < news.after && said.left > 0) return
      news = { left: said.left, until: moment.now + said.forMs, after }
      if (said.left <= 0) tell(moment.now, null)
    }
  }
}

function longerBy(ms: number): number {
  return Math.min(LONGER_MAX_MS, ms * LONGER_SHARE)
}
