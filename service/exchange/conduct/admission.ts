import { ConnectorError } from '../../errors.ts'
import type { Answer } from '../types.ts'
import type { Circuit, Outcome } from './circuit.ts'
import type { Pace, Turn } from './pace.ts'
import type { Slots } from './slots.ts'
import type { ConductPorts } from './types.ts'

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
 * Waits until a call may be made: until its turn under the rate limit, then for a place among the
 * tenant's calls of the origin. The caller makes the call at once and must end it.
 *
 * @param latest The moment until which it may wait.
 * @throws ConnectorError `CIRCUIT_OPEN`, `RATE_LIMITED` at once when the turn would come too late,
 *   `ORIGIN_BUSY`; the signal's reason when aborted.
 */
export async function admit(
  { tenant, url, circuit, pace, slots }: Gates,
  ports: Pick<ConductPorts, 'now' | 'date' | 'wait'>,
  latest: number,
  signal: AbortSignal
): Promise<Leave> {
  let missed: Turn | null = null
  for (;;) {
    const refusedMs = circuit.refusedMs()
    if (refusedMs > 0) throw refusal('CIRCUIT_OPEN', url, refusedMs)
    const asked = ports.now()
    let turn: Turn = await pace.reserve(asked, latest, missed)
    if (!turn.isTaken) throw refusal('RATE_LIMITED', url, turn.at - asked)
    // Timers may be early.
    for (let now = asked; now < turn.at; now = ports.now()) {
      await ports.wait(Math.ceil(turn.at - now), signal)
    }
    const slot = await slots.enter(tenant, url, signal)
    // A call that had to wait here has missed its turn.
    const entered = ports.now()
    if (slot.waited || entered > turn.until) turn = await pace.reserve(entered, entered, turn)
    // What the answers to others said counts too.
    const now = ports.now()
    const isLate = !turn.isTaken || now > turn.until
    if (isLate || pace.isHeld(now) || circuit.refusedMs() > 0) {
      slot.leave()
      missed = turn.isTaken ? turn : null
      continue
    }
    const settle = circuit.enter()
    pace.sent()
    return (outcome, answer) => {
      settle(outcome)
      pace.ended({ now: ports.now(), date: ports.date() }, answer, turn)
      slot.leave()
    }
  }
}

function refusal(code: 'CIRCUIT_OPEN' | 'RATE_LIMITED', url: URL, ms: number): ConnectorError {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return new ConnectorError(code, { host: url.host, seconds }, { retryAfterSeconds: seconds })
}
