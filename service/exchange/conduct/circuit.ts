import { createRollingCount } from '../../base/sliding-window.ts'

/** When an origin counts as failed (docs/x-flow.md#circuit-breaker). */
export type CircuitLimits = {
  /** How long calls are counted (ms). */
  readonly windowMs: number
  /** Failures within the window that open the circuit, if they are at least half of the calls. */
  readonly failures: number
  /** How long an open circuit refuses calls before it allows a probe (ms). */
  readonly openMs: number
}

/** The outcome of a call for the health of its origin; `unknown` if it was aborted before an answer. */
export type Outcome = 'success' | 'failure' | 'unknown'

/** Reports the outcome of a call. */
export type Settle = (outcome: Outcome) => void

export type Circuit = {
  /** How long calls are refused (ms); 0 if one may be made now. */
  refusedMs(): number
  /** Begins a call; `refusedMs` must be 0. The caller must settle it. */
  enter(): Settle
}

const FAILED_SHARE = 0.5

/**
 * Creates the circuit of one owner and origin. It opens after repeated failures. Then one call at a time is a
 * probe, the first after `openMs`, and the first successful probe closes it.
 *
 * @param now A monotonic clock (ms).
 */
export function createCircuit(limits: CircuitLimits, now: () => number): Circuit {
  const calls = createRollingCount(limits.windowMs, now)
  const failures = createRollingCount(limits.windowMs, now)
  let openUntil: number | null = null
  let isProbing = false

  const settle: Settle = outcome => {
    // Ignore calls from before the circuit opened.
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
      const remaining = Math.max(0, openUntil - now())
      return isProbing ? Math.max(1, remaining) : remaining
    },
    enter() {
      if (openUntil === null) return settle
      isProbing = true
      return settleProbe
    }
  }
}
