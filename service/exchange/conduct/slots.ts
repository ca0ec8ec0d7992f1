import { ConnectorError } from '../../errors.ts'
import { withDeadline } from '../../time/deadline.ts'

/** How many calls one tenant makes at one origin at once. */
export type SlotLimits = {
  readonly running: number
  /** Calls that may wait for one to end. */
  readonly waiting: number
  /** Milliseconds that a call waits at the most. */
  readonly waitMs: number
}

/** The place of one call among those that run. */
export type Slot = {
  /** Whether another call had to end first. */
  readonly waited: boolean
  /** Gives the place to the call that has waited longest. */
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
      const turn = withDeadline(limits.waitMs, signal, busy, deadline => turnIn(origin, deadline))
      return turn.then(() => ({ ...slot, waited: true }))
    }
  }
}

/** Waits in an origin's queue for a place that another call leaves. */
function turnIn({ waiting }: Origin, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.add(resolve)
    signal.addEventListener('abort', () => {
      if (waiting.delete(resolve)) reject(signal.reason)
    })
  })
}
