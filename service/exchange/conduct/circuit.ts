import { createRollingCount } from '../../base/sliding-window.ts'

/** When an operation, or an origin, counts as failed (docs/x-flow.md#circuit-breaker). */
export type CircuitLimits = {
  /** How long calls are counted (ms). */
  readonly windowMs: number
  /** Failures within the window that open the circuit, if they are at least half of the calls. */
  readonly failures: number
  /** How long an open circuit refuses calls before it allows a probe (ms). */
  readonly openMs: number
}

/**
 * The outcome of a call for the health of its operation and origin: `unreached` if there was no connection, and
 * `unknown` if it was aborted before an answer.
 */
export type Outcome = 'success' | 'failure' | 'unreached' | 'unknown'

/** Reports the outcome of a call. */
export type Settle = (outcome: Outcome) => void

/** Decides whether calls of one operation may be made. */
export type Circuit = {
  /** How long calls are refused (ms); 0 if one may be made now. */
  refusedMs(): number
  /** Whether it is the operation alone that is refused, not its origin. */
  isOperationsOwn(): boolean
  /** Begins a call; `refusedMs` must be 0. The caller must settle it. */
  enter(): Settle
}

/** The circuit of one owner and origin, which those of its operations share. */
export type OriginCircuit = {
  /** Creates the circuit of an operation of the origin. */
  operation(): Circuit
}

const FAILED_SHARE = 0.5

/** Share of the failures of an origin that one operation may cause, so that it takes several to open its circuit. */
const OPERATION_SHARE = 0.5

/**
 * Creates the circuits of an origin. That of an operation opens after repeated failures of the operation. That of the
 * origin opens when several operations fail, or connections, and then all are refused.
 *
 * @param now A monotonic clock (ms).
 */
export function createOriginCircuit(limits: CircuitLimits, now: () => number): OriginCircuit {
  const origin = createBreaker(limits, now)
  const sharedFailures = limits.failures * OPERATION_SHARE
  return {
    operation() {
      const own = createBreaker(limits, now)
      const settleBoth = (settleOrigin: Settle, settleOwn: Settle, outcome: Outcome): void => {
        // A connection says nothing of the operation.
        settleOwn(outcome === 'unreached' ? 'unknown' : outcome)
        const isProbe = settleOrigin !== origin.settle
        const isShared = isProbe || outcome !== 'failure' || own.failed() <= sharedFailures
        settleOrigin(isShared ? outcome : 'unknown')
      }
      const settle: Settle = outcome => settleBoth(origin.settle, own.settle, outcome)
      return {
        refusedMs: () => Math.max(origin.refusedMs(), own.refusedMs()),
        isOperationsOwn: () => origin.refusedMs() === 0,
        enter() {
          const [settleOrigin, settleOwn] = [origin.enter(), own.enter()]
          const isUsual = settleOrigin === origin.settle && settleOwn === own.settle
          return isUsual ? settle : outcome => settleBoth(settleOrigin, settleOwn, outcome)
        }
      }
    }
  }
}

type Breaker = {
  refusedMs(): number
  enter(): Settle
  /** Settles a call that is no probe. */
  readonly settle: Settle
  /** Failures within the window. */
  failed(): number
}

/** Once it is open, one call at a time is a probe, the first after `openMs`, and the first success closes it. */
function createBreaker(limits: CircuitLimits, now: () => number): Breaker {
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
    if (outcome === 'failure' || outcome === 'unreached') openUntil = now() + limits.openMs
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
    },
    settle,
    failed: () => failures.total()
  }
}
