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

/** The same instant on a monotonic clock (ms) and on the wall clock (ms since 1970). */
export type Moment = { readonly now: number; readonly date: number }

/** Allows one call at one time. */
export type Permit = {
  /** False if the time is too late; then nothing is reserved. */
  readonly isGranted: boolean
  readonly at: number
  /** The call must be sent by then. */
  readonly until: number
  /** The permit of the shared rate limit; null for one of this replica alone. */
  readonly shared: SharedPermit | null
}

/** Decides when the calls of one rate limit may be made. */
export type Pace = {
  /**
   * Reserves the next possible time, unless it is after `latest`.
   *
   * @param missed Permit that the same call did not use in time, to be returned.
   */
  reserve(now: number, latest: number, missed: Permit | null): Permit | Promise<Permit>
  /** Returns the permit of a call that is not made. */
  giveBack(permit: Permit, now: number): void
  /** Whether the API has asked for a pause that is not over. A permit granted before may ignore it. */
  isHeld(now: number): boolean
  /** A call is sent. The caller must report its end to `ended`. */
  sent(): void
  /** @param answer Null if there was none. */
  ended(moment: Moment, answer: Pick<Answer, 'status' | 'headers'> | null, permit: Permit): void
}

/** The pace of one replica. */
type OwnPace = Pace & {
  /** The next possible time. */
  next(now: number): number
  reserve(now: number, latest: number, missed: Permit | null): Permit
  /** Counts a permit that was granted elsewhere. @returns Its time, not before those counted earlier. */
  count(at: number, now: number): number
}

/** The permit of a call that no rate limit holds back. */
export const FREE_PERMIT: Permit = ownPermit(0, true)

/** No limit. */
export const FREE_PACE: Pace = {
  reserve: () => FREE_PERMIT,
  giveBack: () => {},
  isHeld: () => false,
  sent: () => {},
  ended: () => {}
}

/**
 * Creates the pace of a rate limit (docs/x-flow.md#rate-limits). No second has more calls than
 * `requestsPerSecond`, no window of a quota more than its calls, and no call is made while the API's headers
 * say that none is allowed.
 */
export function createPace(limit: RateLimitRecord): OwnPace {
  const windows = windowsOf(limit).map(({ calls, ms }) => createSlidingWindow(calls, ms))
  /** The calls that the API allows until a time. */
  let allowance: { calls: number; readonly until: number } | null = null
  let running = 0

  const heldUntil = (): number => (allowance !== null && allowance.calls <= 0 ? allowance.until : 0)
  const freeIn = (from: number): number =>
    windows.reduce((latest, window) => Math.max(latest, window.next(from)), from)
  const next = (now: number): number => Math.max(heldUntil(), freeIn(now))
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
    count: (at, now) => take(freeIn(at), now),
    giveBack,
    isHeld: now => heldUntil() > now,
    sent() {
      running++
      if (allowance !== null) allowance.calls--
    },
    ended({ now, date }, answer) {
      running--
      const reported = answer === null ? null : readAllowance(limit, answer, date)
      if (reported === null) return
      // The API may not have counted the running calls yet.
      allowance = { calls: reported.calls - running, until: now + reported.forMs }
    }
  }
}

/** The longest window. Redis can count no much longer one. */
const YEAR_MS = 366 * 24 * 60 * 60 * 1000

function windowsOf({ requestsPerSecond, quotas }: RateLimitRecord): readonly RateWindow[] {
  const windows = quotas.map(({ calls, seconds }) => ({ calls, ms: seconds * 1000 }))
  if (requestsPerSecond === null) return windows
  // A fractional rate is spread evenly.
  const isWhole = Number.isInteger(requestsPerSecond)
  return [
    isWhole
      ? { calls: requestsPerSecond, ms: 1000 }
      : { calls: 1, ms: Math.min(YEAR_MS, 1000 / requestsPerSecond) },
    ...windows
  ]
}

function ownPermit(at: number, isGranted: boolean): Permit {
  return { isGranted, at, until: Number.POSITIVE_INFINITY, shared: null }
}

/**
 * Margin of shared windows: a share of their length, at most this long (ms). Calls that leave later than planned
 * then do not meet on-time calls in one window.
 */
const MARGIN_SHARE = 1 / 20
const MARGIN_MAX_MS = 1_000

/** How long a call may at least take to leave after the answer of Redis (ms). */
const LEAVE_MS = 5

/**
 * Creates the pace of a rate limit that all replicas share. Each permit is taken from the same windows. An
 * allowance that the API reports travels to the other replicas with the next permit, or at once if no call is
 * allowed. Without Redis the replica continues alone.
 *
 * @param key Key of the rate limit, the same on all replicas.
 * @param now A monotonic clock (ms).
 */
export function createSharedPace(
  limit: RateLimitRecord,
  shared: SharedRateLimit,
  key: string,
  now: () => number
): Pace {
  const own = createPace(limit)
  const declared = windowsOf(limit)
  const windows = declared.map(({ calls, ms }) => ({ calls, ms: ms + marginOf(ms) }))
  const lateMaxMs = marginOf(declared.reduce((least, { ms }) => Math.min(least, ms), Infinity))
  /** The allowance that other replicas do not know yet. */
  let unsent: (Omit<Allowance, 'forMs'> & { readonly until: number }) | null = null
  const take = async (
    from: number,
    request: Pick<PermitRequest, 'afterMs' | 'withinMs' | 'instead'>
  ): Promise<SharedPermit | null> => {
    const sent = unsent
    const isOver = sent === null || sent.until <= from
    const allowance = isOver ? null : { ...sent, forMs: sent.until - from }
    const permit = await shared.take(key, { windows, allowance, ...request })
    if (permit !== null && unsent === sent) unsent = null
    return permit
  }
  /**
   * Informs the other replicas without taking a permit: none is granted within a negative time. Where that fails, the
   * next permit carries what they do not know yet.
   */
  const inform = (from: number, instead: SharedPermit | null): void =>
    void take(from, { afterMs: 0, withinMs: -1, instead }).catch(() => {})

  return {
    ...own,
    async reserve(from, latest, missed) {
      if (missed !== null) own.giveBack(missed, from)
      const afterMs = own.next(from) - from
      const instead = missed?.shared ?? null
      const permit = await take(from, { afterMs, withinMs: latest - from, instead })
      if (permit === null) return own.reserve(now(), latest, null)
      const { isGranted, heldMs, waitMs } = permit
      // Redis counted `waitMs` from some time between request and reply.
      const received = now()
      const due = received + waitMs
      const at = isGranted ? own.count(due, received) : due
      const until = Math.max(from + heldMs + waitMs + lateMaxMs, at + LEAVE_MS)
      return { isGranted, at, until, shared: permit }
    },
    giveBack(permit, from) {
      own.giveBack(permit, from)
      if (permit.shared !== null) inform(from, permit.shared)
    },
    ended(moment, answer, permit) {
      own.ended(moment, answer, permit)
      const reported = answer === null ? null : readAllowance(limit, answer, moment.date)
      if (reported === null || permit.shared === null) return
      const { calls: left, forMs } = reported
      const after = permit.shared.number
      if (unsent !== null && after < unsent.after && left > 0) return
      unsent = { left, until: moment.now + forMs, after }
      if (left <= 0) inform(moment.now, null)
    }
  }
}

function marginOf(ms: number): number {
  return Math.min(MARGIN_MAX_MS, ms * MARGIN_SHARE)
}
