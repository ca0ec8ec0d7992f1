import { readRetryAfter } from '../../base/retry-after.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { Answer } from '../types.ts'
import type { Clock } from './admission.ts'
import { refusal } from './admission.ts'
import { isRepeatable } from './retry.ts'

/** How many appointments of one call are kept. */
const APPOINTMENTS_MAX = 5

/**
 * How long an API asks a call to wait (ms): a 429 with `Retry-After` is an appointment, and no outage.
 *
 * @param date The wall clock (ms since 1970).
 * @returns Undefined for any other failure, and for a call that is not to be repeated.
 */
export function appointmentIn(plan: RequestPlan, error: unknown, date: number): number | undefined {
  if (plan.conduct.retry.max === 0 || !isRepeatable(plan, error)) return undefined
  const { upstream } = error
  return upstream?.status === 429
    ? readRetryAfter(upstream.headers['retry-after'], date)
    : undefined
}

/** How long a call may take (ms), without the time that it waits for appointments and with it. */
type Limits = { readonly callMs: number; readonly timeLeftMs: number }

/**
 * Makes a call again each time the API appoints one, as long as the flow has time (docs/x-flow.md#retries).
 *
 * @param attempt Makes the call, with its other repeats. Gets the time at which it has to be over.
 * @throws ConnectorError as `attempt`; `RATE_LIMITED` at once for an appointment past the time of the flow.
 */
export async function keepAppointments(
  plan: RequestPlan,
  { callMs, timeLeftMs }: Limits,
  clock: Clock,
  signal: AbortSignal,
  attempt: (callEnd: number) => Promise<Answer>
): Promise<Answer> {
  const flowEnd = clock.now() + timeLeftMs
  let callEnd = clock.now() + callMs
  for (let kept = 0; ; kept++) {
    try {
      return await attempt(callEnd)
    } catch (error) {
      const waitMs = appointmentIn(plan, error, clock.date())
      if (waitMs === undefined || kept === APPOINTMENTS_MAX) throw error
      const start = clock.now()
      if (start + waitMs >= flowEnd) throw refusal('RATE_LIMITED', new URL(plan.url), waitMs)
      await clock.wait(waitMs, signal)
      callEnd += clock.now() - start
    }
  }
}
