import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { Allowance, SharedTurn, SharedTurns, TurnRequest } from '../../store/shared-turns.ts'
import type { OwnPace, Pace } from './pace.ts'
import { windowsOf } from './pace.ts'
import { readAllowance } from './read-allowance.ts'

export type SharedPaceOptions = {
  readonly limit: RateLimitRecord
  /** The pace of this replica, which goes on alone when there are no shared turns to be had. */
  readonly own: OwnPace
  readonly turns: SharedTurns
  /** What the calls of the rate limit have in common, for all replicas. */
  readonly key: string
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
}

/**
 * How much longer windows are made: by a part of them, in milliseconds by so many at the most. Calls that
 * leave so much later than their turns, and others in time, then do not meet in one.
 */
const LONGER_SHARE = 1 / 20
const LONGER_MAX_MS = 1_000

/** A call that has waited for the answer itself may leave at least so many milliseconds after it. */
const LEAVE_MS = 5

/**
 * The pace of a rate limit that all replicas keep together (x-flow 8): each turn is taken from the same
 * windows, and what an API says of the calls that are left is told to the others with the next turn;
 * that none is left, at once.
 */
export function createSharedPace({ limit, own, turns, key, now }: SharedPaceOptions): Pace {
  const declared = windowsOf(limit)
  const windows = declared.map(({ calls, ms }) => ({ turns: calls, ms: ms + longerBy(ms) }))
  const lateMaxMs = longerBy(Math.min(...declared.map(({ ms }) => ms)))
  /** What the others do not know yet, and until when it holds. */
  let news: (Omit<Allowance, 'forMs'> & { readonly until: number }) | null = null

  const take = async (
    asked: number,
    request: Pick<TurnRequest, 'afterMs' | 'withinMs' | 'instead'>
  ): Promise<SharedTurn | null> => {
    const told = news
    const isOver = told === null || told.until <= asked
    const allowance = isOver ? null : { ...told, forMs: told.until - asked }
    const turn = await turns.take(key, { windows, allowance, ...request })
    if (turn !== null && news === told) news = null
    return turn
  }
  return {
    async reserve(asked, latest, missed) {
      if (missed !== null) own.giveBack(missed)
      const shared = await take(asked, {
        afterMs: own.next(asked) - asked,
        withinMs: latest - asked,
        instead: missed?.shared ?? null
      })
      if (shared === null) return own.reserve(now(), latest, null)
      const { isTaken, waitMs } = shared
      // The moment was counted from some time between question and answer.
      const answered = now() + waitMs
      const at = isTaken ? own.note(answered) : answered
      return { isTaken, at, until: Math.max(asked + waitMs + lateMaxMs, at + LEAVE_MS), shared }
    },
    isHeld: own.isHeld,
    sent: own.sent,
    ended(moment, answer, turn) {
      own.ended(moment, answer, turn)
      const said = answer === null ? null : readAllowance(limit, answer, moment.date)
      if (said === null || turn.shared === null) return
      const after = turn.shared.number
      if (news !== null && after < news.after && said.left > 0) return
      news = { left: said.left, until: moment.now + said.forMs, after }
      // Nothing is taken within less than no time.
      if (said.left <= 0) void take(moment.now, { afterMs: 0, withinMs: -1, instead: null })
    }
  }
}

function longerBy(ms: number): number {
  return Math.min(LONGER_MAX_MS, ms * LONGER_SHARE)
}
