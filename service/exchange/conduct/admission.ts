import type { Owner } from '../../base/owner.ts'
import { ownerKey } from '../../base/owner.ts'
import { ConnectorError } from '../../errors.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { Answer } from '../types.ts'
import type { Circuit, Outcome } from './circuit.ts'
import type { Pace, Permit } from './pace.ts'

/** Limits of the concurrent calls of one owner to one origin. */
export type SlotLimits = {
  readonly running: number
  /** Length of the queue. */
  readonly waiting: number
  /** How long a call may wait in the queue (ms). */
  readonly waitMs: number
}

/** Lets one call run. */
type Slot = {
  /** Whether the call was queued. */
  readonly waited: boolean
  /** Hands the slot to the call that has waited longest. */
  leave(): void
}

/**
 * Takes a slot.
 *
 * @throws ConnectorError `ORIGIN_BUSY` if the queue is full or the wait too long; the signal's reason
 *   when aborted.
 */
export type EnterSlot = (owner: Owner, url: URL, signal: AbortSignal) => Slot | Promise<Slot>

type Origin = { running: number; readonly waiting: Set<() => void> }

/** Limits concurrent calls per owner and origin, so that no owner takes the slots of another. */
export function createSlots(limits: SlotLimits): EnterSlot {
  // Holds an origin only while calls to it run.
  const origins = new Map<string, Origin>()

  const leave = (name: string, origin: Origin): void => {
    const [next] = origin.waiting
    if (next !== undefined) {
      origin.waiting.delete(next)
      next()
    } else if (--origin.running === 0) {
      origins.delete(name)
    }
  }
  return (owner, { origin: address, host }, signal) => {
    signal.throwIfAborted()
    const name = JSON.stringify([ownerKey(owner), address])
    const origin = origins.get(name) ?? { running: 0, waiting: new Set() }
    const slot = { leave: () => leave(name, origin) }
    if (origin.running < limits.running) {
      origin.running++
      origins.set(name, origin)
      return { ...slot, waited: false }
    }
    const busy = (): ConnectorError =>
      new ConnectorError('ORIGIN_BUSY', { host }, { retryAfterSeconds: 1 })
    if (origin.waiting.size >= limits.waiting) throw busy()
    const freed = withDeadline(limits.waitMs, signal, busy, deadline => freeSlot(origin, deadline))
    return freed.then(() => ({ ...slot, waited: true }))
  }
}

/** Waits in the queue of an origin for a slot. */
function freeSlot({ waiting }: Origin, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.add(resolve)
    signal.addEventListener('abort', () => {
      if (waiting.delete(resolve)) reject(signal.reason)
    })
  })
}

export type Clock = {
  /** Monotonic (ms). */
  readonly now: () => number
  /** Wall clock (ms since 1970). */
  readonly date: () => number
  /** Rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** What may hold a call back. */
export type Gates = {
  readonly owner: Owner
  readonly url: URL
  readonly circuit: Circuit
  readonly pace: Pace
  readonly enterSlot: EnterSlot
}

/** Reports the end of an admitted call; the answer is null if there was none. */
export type Leave = (outcome: Outcome, answer: Pick<Answer, 'status' | 'headers'> | null) => void

/**
 * Waits until a call may be made: for a permit of the rate limit, then for one of the owner's slots. The caller
 * must make the call at once and report its end. A call that is not admitted holds nothing.
 *
 * @param latest The time until which the call may wait.
 * @throws ConnectorError `CIRCUIT_OPEN`; `RATE_LIMITED` at once if the permit would come too late;
 *   `ORIGIN_BUSY`; the signal's reason when aborted.
 */
export async function admit(
  { owner, url, circuit, pace, enterSlot }: Gates,
  clock: Clock,
  latest: number,
  signal: AbortSignal
): Promise<Leave> {
  let held: Permit | null = null
  const reserve = async (now: number, until: number): Promise<Permit> => {
    const missed = held
    held = null
    const permit = await pace.reserve(now, until, missed)
    if (permit.isGranted) held = permit
    return permit
  }
  try {
    for (;;) {
      const refusedMs = circuit.refusedMs()
      if (refusedMs > 0) throw refusal('CIRCUIT_OPEN', url, refusedMs)
      const start = clock.now()
      let permit = await reserve(start, latest)
      if (!permit.isGranted) throw refusal('RATE_LIMITED', url, permit.at - start)
      // Timers may fire early.
      for (let now = start; now < permit.at; now = clock.now()) {
        await clock.wait(Math.ceil(permit.at - now), signal)
      }
      const slot = await enterSlot(owner, url, signal)
      // A call that waited for a slot has missed the time of its permit.
      const entered = clock.now()
      if (slot.waited || entered > permit.until) permit = await reserve(entered, entered)
      // Answers to other calls may have closed a gate meanwhile.
      const now = clock.now()
      const isInTime = permit.isGranted && now <= permit.until && !pace.isHeld(now)
      if (isInTime && circuit.refusedMs() === 0 && !signal.aborted) {
        const settle = circuit.enter()
        pace.sent()
        return (outcome, answer) => {
          settle(outcome)
          pace.ended({ now: clock.now(), date: clock.date() }, answer, permit)
          slot.leave()
        }
      }
      slot.leave()
    }
  } catch (error) {
    if (held !== null) pace.giveBack(held, clock.now())
    throw error
  }
}

/** The problem of a call that is not made, and may be made after some time (ms). */
export function refusal(
  code: 'CIRCUIT_OPEN' | 'RATE_LIMITED',
  url: URL,
  ms: number
): ConnectorError {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return new ConnectorError(code, { host: url.host, seconds }, { retryAfterSeconds: seconds })
}
