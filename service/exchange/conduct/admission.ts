import { ConnectorError } from '../../errors.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { Answer } from '../types.ts'
import type { Circuit, Outcome } from './circuit.ts'
import type { Pace, Permit } from './pace.ts'
import { FREE_PACE, FREE_PERMIT } from './pace.ts'

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

/** The slots of all owners and origins, by name. */
export type Slots = {
  /** Takes a free slot; null if there is none. */
  take(name: string): Slot | null
  /**
   * Waits for a slot.
   *
   * @throws ConnectorError `ORIGIN_BUSY` if the queue is full or the wait too long; the signal's reason
   *   when aborted.
   */
  enter(name: string, host: string, signal: AbortSignal): Promise<Slot>
}

type Origin = { running: number; readonly waiting: Set<() => void> }

/** Limits concurrent calls per owner and origin, so that no owner takes the slots of another. */
export function createSlots(limits: SlotLimits): Slots {
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
  const originOf = (name: string): Origin => origins.get(name) ?? { running: 0, waiting: new Set() }
  const take = (name: string): Slot | null => {
    const origin = originOf(name)
    if (origin.running >= limits.running) return null
    origin.running++
    origins.set(name, origin)
    return { waited: false, leave: () => leave(name, origin) }
  }
  return {
    take,
    async enter(name, host, signal) {
      signal.throwIfAborted()
      const slot = take(name)
      if (slot !== null) return slot
      const origin = originOf(name)
      const busy = (): ConnectorError =>
        new ConnectorError('ORIGIN_BUSY', { host }, { retryAfterSeconds: 1 })
      if (origin.waiting.size >= limits.waiting) throw busy()
      await withDeadline(limits.waitMs, signal, busy, deadline => freeSlot(origin, deadline))
      return { waited: true, leave: () => leave(name, origin) }
    }
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

/** A longer wait is divided, because timers count to 2^31. */
const WAIT_MAX_MS = 2 ** 30

/** What may hold a call back. */
export type Gates = {
  /** Name of owner and origin. */
  readonly name: string
  readonly host: string
  readonly operation: string
  readonly circuit: Circuit
  readonly pace: Pace
  readonly slots: Slots
}

/** Reports the end of an admitted call; the answer is null if there was none. */
export type Leave = (outcome: Outcome, answer: Pick<Answer, 'status' | 'headers'> | null) => void

/**
 * Waits until a call may be made: for a permit of the rate limit, then for one of the owner's slots. The caller
 * must make the call at once and report its end. A call that is not admitted holds nothing.
 *
 * @param latest The time until which the call may wait. If that is infinite, it waits for a circuit, too.
 * @throws ConnectorError `CIRCUIT_OPEN`; `RATE_LIMITED` at once if the permit would come too late;
 *   `ORIGIN_BUSY`; the signal's reason when aborted.
 */
export function admit(
  gates: Gates,
  clock: Clock,
  latest: number,
  signal: AbortSignal
): Leave | Promise<Leave> {
  const { name, circuit, pace, slots } = gates
  const isFree = pace === FREE_PACE && circuit.refusedMs() === 0 && !signal.aborted
  // Mostly there is nothing to wait for, and no promise is needed.
  const slot = isFree ? slots.take(name) : null
  if (slot === null) return waitForAdmission(gates, clock, latest, signal)
  return begin(gates, clock, slot, FREE_PERMIT)
}

async function waitForAdmission(
  gates: Gates,
  clock: Clock,
  latest: number,
  signal: AbortSignal
): Promise<Leave> {
  const { name, host, operation, circuit, pace, slots } = gates
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
      if (refusedMs > 0 && latest === Number.POSITIVE_INFINITY) {
        await clock.wait(Math.ceil(refusedMs), signal)
        continue
      }
      if (refusedMs > 0) {
        const what = circuit.isOperationsOwn() ? `${operation} of ${host}` : host
        throw refusal('CIRCUIT_OPEN', what, refusedMs)
      }
      const start = clock.now()
      let permit = await reserve(start, latest)
      if (!permit.isGranted) throw refusal('RATE_LIMITED', host, permit.at - start)
      // Timers may fire early.
      for (let now = start; now < permit.at; now = clock.now()) {
        await clock.wait(Math.min(WAIT_MAX_MS, Math.ceil(permit.at - now)), signal)
      }
      const slot = await slots.enter(name, host, signal)
      // A call that waited for a slot has missed the time of its permit.
      const entered = clock.now()
      if (slot.waited || entered > permit.until) permit = await reserve(entered, entered)
      // Answers to other calls may have closed a gate meanwhile.
      const now = clock.now()
      const isInTime = permit.isGranted && now <= permit.until && !pace.isHeld(now)
      if (isInTime && circuit.refusedMs() === 0 && !signal.aborted) {
        return begin(gates, clock, slot, permit)
      }
      slot.leave()
    }
  } catch (error) {
    if (held !== null) pace.giveBack(held, clock.now())
    signal.throwIfAborted()
    throw error
  }
}

function begin({ circuit, pace }: Gates, clock: Clock, slot: Slot, permit: Permit): Leave {
  const settle = circuit.enter()
  pace.sent()
  return (outcome, answer) => {
    settle(outcome)
    pace.ended({ now: clock.now(), date: clock.date() }, answer, permit)
    slot.leave()
  }
}

/** The problem of a call that is not made, and may be made after some time (ms). */
export function refusal(
  code: 'CIRCUIT_OPEN' | 'RATE_LIMITED',
  host: string,
  ms: number
): ConnectorError {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return new ConnectorError(code, { host, seconds }, { retryAfterSeconds: seconds })
}
