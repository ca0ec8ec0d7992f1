import type { SharedTurns } from '../../store/shared-turns.ts'
import type { CircuitLimits } from './circuit.ts'
import type { RetryBudgetLimits } from './retry-budget.ts'
import type { PauseLimits } from './retry.ts'
import type { SlotLimits } from './slots.ts'

/** What conduct takes from outside. */
export type ConductPorts = {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** Milliseconds since 1970, for dates in headers. */
  readonly date: () => number
  /** At least 0, below 1. */
  readonly random: () => number
  /** Waits so many milliseconds; rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** A key that was never given before. */
  readonly newKey: () => string
  /** Turns of rate limits that all replicas take together; null where each is alone. */
  readonly turns: SharedTurns | null
}

export type ConductLimits = {
  /** Milliseconds of one call with its repeats and waits: `UPSTREAM_TIMEOUT_MS`. */
  readonly callMs: number
  readonly pause: PauseLimits
  readonly budget: RetryBudgetLimits
  readonly circuit: CircuitLimits
  readonly slots: SlotLimits
}

/** All limits but that of a call, which is a setting. */
export const USUAL_LIMITS: Omit<ConductLimits, 'callMs'> = {
  pause: { firstMs: 200, mostMs: 5_000 },
  budget: { windowMs: 10_000, share: 0.1, floor: 3 },
  circuit: { windowMs: 10_000, failures: 10, openMs: 5_000 },
  slots: { running: 32, waiting: 64, waitMs: 1_000 }
}
