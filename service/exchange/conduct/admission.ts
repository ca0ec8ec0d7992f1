import { ConnectorError } from '../../errors.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { Answer } from '../types.ts'
import type { Circuit, Outcome } from './circuit.ts'
import type { Pace, Permit } from './pace.ts'

/** How many calls one tenant makes at one origin at once. */
export type SlotLimits = {
  readonly running: number
  /** Calls that may wait for one to end. */
  readonly waiting: number
  /** Milliseconds that a call waits at the most. */
  readonly waitMs: number
}

/** Lets one call run. */
export type Slot = {
  /** Whether another call had to end first. */
  readonly waited: boolean
  /** Frees the slot for the call that has waited longest. */
  leave(): void
}

export type Slots = {
  /**
   * @throws ConnectorError `ORIGIN_BUSY` when too many wait, or none of them ends in time; the
   *   signal's reason when aborted.
   */
  enter(tenant: string, url: URL, signal: AbortSignal): Slot | Promise<Slot>
}

type Origin = { running: number; readonly waiting: Set<() => void> }

/** Bounds the calls that are made at once, of each tenant and origin apart, so that none takes another's. */
export function createSlots(limits: SlotLimits): Slots {
  // An origin is known only as long as it is called.
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
  return {
    enter(tenant, { origin: address, host }, signal) {
      signal.throwIfAborted()
      const name = JSON.stringify([tenant, address])
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
      const freed = withDeadline(limits.waitMs, signal, busy, deadline =>
        freeSlot(origin, deadline)
      )
      return freed.then(() => ({ ...slot, waited: true }))
    }
  }
}

/** Waits in an origin's queue for a slot that another call leaves. */
function freeSlot({ waiting }: Origin, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.add(resolve)
    signal.addEventListener('abort', () => {
      if (waiting.delete(resolve)) reject(signal.reason)
    })
  })
}

/** Milliseconds on a clock that never goes back, milliseconds since 1970, and a wait that a signal ends. */
export type Clock = {
  readonly now: () => number
  readonly date: () => number
  /** Rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** What stands between a call and its API. */
export type Gates = {
  readonly tenant: string
  readonly url: URL
  readonly circuit: Circuit
  readonly pace: Pace
  readonly slots: Slots
}

/** Ends a call that was admitted, with what its answer says; null for no answer. */
export type Leave = (outcome: Outcome, answer: Pick<Answer, 'status' | 'headers'> | null) => void

/**
 * Waits until a call may be made: first for a permit of the rate limit, then for a slot among the
 * tenant's calls of the origin. The caller makes the call at once and must end it. A call that is not
 * made gives back what it holds.
 *
 * @param latest The moment until which it may wait.
 * @throws ConnectorError `CIRCUIT_OPEN`, `RATE_LIMITED` at once when the permit would come too late,
 *   `ORIGIN_BUSY`; the signal's reason when aborted.
 */
export async function admit(
  { tenant, url, circuit, pace, slots }: Gates,
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
      const asked = clock.now()
      let permit = await reserve(asked, latest)
      if (!permit.isGranted) throw refusal('RATE_LIMITED', url, permit.at - asked)
      // Timers may be early.
      for (let now = asked; now < permit.at; now = clock.now()) {
        await clock.wait(Math.ceil(permit.at - now), signal)
      }
      const slot = await slots.enter(tenant, url, signal)
      // A call that had to wait for its slot has missed the moment of its permit.
      const entered = clock.now()
      if (slot.waited || entered > permit.until) permit = await reserve(entered, entered)
      // What the answers to others said counts too.
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

function refusal(code: 'CIRCUIT_OPEN' | 'RATE_LIMITED', url: URL, ms: number): ConnectorError {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return new ConnectorError(code, { host: url.host, seconds }, { retryAfterSeconds: seconds })
}
