import { createRollingCount } from '../../base/sliding-window.ts'

/** When an origin counts as failed. */
export type CircuitLimits = {
  /** Milliseconds over which calls are counted. */
  readonly windowMs: number
  /** Failures in that time that open the circuit, if they are also at least half of the calls. */
  readonly failures: number
  /** Milliseconds that an open circuit lets nothing through, before each probe. */
  readonly openMs: number
}

/** What a call says about its origin; `unknown` when it was given up before there was an answer. */
export type Outcome = 'success' | 'failure' | 'unknown'

/** The end of a call that was let through. */
export type Settle = (outcome: Outcome) => void

export type Circuit = {
  /** Milliseconds for which calls are refused; 0 when one may be made now. */
  refusedMs(): number
  /** Lets a call through; `refusedMs` must be 0. Its end must be told. */
  enter(): Settle
}

const FAILED_SHARE = 0.5

/**
 * The circuit of one tenant and origin. It opens after repeated failures; then one call at
 * a time is let through as a probe, the first after `openMs`, and the first that succeeds closes it.
 *
 * @param now A clock in milliseconds that never goes back.
 */
export function createCircuit(limits: CircuitLimits, now: () => number): Circuit {
  const calls = createRollingCount(limits.windowMs, now)
  const failures = createRollingCount(limits.windowMs, now)
  let openUntil: number | null = null
  let isProbing = false

  const settle: Settle = outcome => {
    // A call from before the circuit opened says nothing new.
    if (outcome === 'unknown' || openUntil !== null) return
    calls.add()
    if (outcome === 'success') return
    failures.add()
    const failed = failures.total()
    if (failed >= limits.failures && failed >= FAILED_SHARE * calls.total()) {
      openUntil = now() + limits.openMs
    }
  }
  const settleProbe: Settle = outcome => {
    isProbing = false
    if (outcome === 'failure') openUntil = now() + limits.openMs
    if (outcome !== 'success') return
    openUntil = null
    calls.clear()
    failures.clear()
  }
  return {
    refusedMs() {
      if (openUntil === null) return 0
      const left = Math.max(0, openUntil - now())
      return isProbing ? Math.max(1, left) : left
    },
    enter() {
      if (openUntil === null) return settle
      isProbing = true
      return settleProbe
    }
  }
}
