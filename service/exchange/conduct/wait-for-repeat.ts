import type { ConnectorError } from '../../errors.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { Clock } from './admission.ts'
import { refusal } from './admission.ts'
import type { PauseLimits, RetryBudget } from './retry.ts'
import { isRateRefusal, readReset } from './rate-limit-headers.ts'
import { isRepeatable, jitteredPause } from './retry.ts'

/** The times of one call on the monotonic clock (ms), and how often it was repeated. */
export type CallTimes = {
  /** When the call has to be over. An appointment puts it off. */
  callEnd: number
  /** When the flow request has to be over. */
  readonly flowEnd: number
  /** It waits for its turn as long as that takes. */
  readonly isPatient: boolean
  repeats: number
  appointments: number
}

/** A call that may be repeated. */
export type FailedCall = {
  readonly plan: RequestPlan
  readonly host: string
  readonly times: CallTimes
  /** Null: it may be repeated as often as its endpoint says. */
  readonly budget: RetryBudget | null
  readonly signal: AbortSignal
}

export type RepeatPorts = Clock & {
  /** At least 0, below 1. */
  readonly random: () => number
}

/** How many appointments of one call are kept. */
const APPOINTMENTS_MAX = 5

/** The time until which a call may wait for its turn. */
export function latestTurn(times: CallTimes): number {
  return times.isPatient ? Number.POSITIVE_INFINITY : latestOf(times)
}

/** The time until which a call with its repeats may last. */
function latestOf({ callEnd, flowEnd }: CallTimes): number {
  return Math.min(callEnd, flowEnd)
}

/**
 * Waits until a failed call may be repeated (docs/x-flow.md#retries). A 429 or 403 with `Retry-After` is an appointment,
 * and no outage: it takes nothing from the retry budget and the time of the call.
 *
 * @throws the error of the call if it is not to be repeated; ConnectorError `RATE_LIMITED` at once for an
 *   appointment past the time of the flow.
 */
export async function waitForRepeat(
  call: FailedCall,
  error: unknown,
  ports: RepeatPorts,
  limits: PauseLimits
): Promise<void> {
  const { max } = call.plan.conduct.retry
  if (max === 0 || !isRepeatable(call.plan, error)) throw error
  const { upstream } = error
  const askedMs = readReset(upstream?.headers['retry-after'], ports.date())
  if (askedMs !== undefined && upstream !== null && isRateRefusal(upstream)) {
    return keepAppointment(call, error, ports, askedMs)
  }
  const { times, budget, signal } = call
  if (times.repeats >= max) throw error
  const pauseMs = askedMs ?? jitteredPause(limits, times.repeats, ports.random())
  const isKept = times.isPatient && askedMs !== undefined
  if (!isKept && ports.now() + pauseMs >= latestOf(times)) throw error
  if (budget !== null && !budget.spend()) throw error
  times.repeats++
  await waited(ports, pauseMs, signal)
  if (isKept) times.callEnd += pauseMs
}

async function keepAppointment(
  { host, times, signal }: FailedCall,
  error: ConnectorError,
  clock: Clock,
  waitMs: number
): Promise<void> {
  if (times.appointments === APPOINTMENTS_MAX) throw error
  times.appointments++
  const start = clock.now()
  if (start + waitMs >= times.flowEnd) throw refusal('RATE_LIMITED', host, waitMs)
  await waited(clock, waitMs, signal)
  times.callEnd += clock.now() - start
}

/** Waits; an abort rejects with the signal's own reason. */
function waited({ wait }: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return wait(milliseconds, signal).catch(() => signal.throwIfAborted())
}
