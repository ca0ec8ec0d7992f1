import { createHash } from 'node:crypto'

import type { Owner } from '../../base/owner.ts'
import { ownerKey } from '../../base/owner.ts'
import { ConnectorError } from '../../errors.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { RequestPlan } from '../../plan/types.ts'
import { createFairCache } from '../../store/fair-cache.ts'
import type { SharedRateLimit } from '../../store/shared-rate-limit.ts'
import type { Exchange } from '../types.ts'
import type { OnWait, WaitReason } from '../watch.ts'
import type { Clock, Gates, Leave, SlotLimits } from './admission.ts'
import { admit, createSlots } from './admission.ts'
import type { CircuitLimits } from './circuit.ts'
import { createOriginCircuit } from './circuit.ts'
import type { Pace } from './pace.ts'
import { createPace, createSharedPace, FREE_PACE } from './pace.ts'
import type { PauseLimits, RetryBudgetLimits } from './retry.ts'
import { createRetryBudget, outcomeOf } from './retry.ts'
import type { CallTimes, FailedCall, RepeatPorts } from './wait-for-repeat.ts'
import { latestTurn, waitForRepeat } from './wait-for-repeat.ts'

export type ConductPorts = RepeatPorts & {
  /** Rate limits shared by all replicas; null if each keeps its own. */
  readonly rateLimit: SharedRateLimit | null
}

export type ConductLimits = {
  /** `UPSTREAM_TIMEOUT_MS`: the time of one call with its repeats and waits, appointments excepted. */
  readonly callMs: number
  readonly pause: PauseLimits
  readonly budget: RetryBudgetLimits
  readonly circuit: CircuitLimits
  readonly slots: SlotLimits
}

/** All limits except that of a call, which is a setting. */
export const USUAL_LIMITS: Omit<ConductLimits, 'callMs'> = {
  pause: { firstMs: 200, mostMs: 5_000 },
  budget: { windowMs: 10_000, share: 0.1, floor: 3 },
  circuit: { windowMs: 10_000, failures: 10, openMs: 5_000 },
  slots: { running: 32, waiting: 64, waitMs: 1_000 }
}

/** Memory for the state of origins, of operations and of rate limits each, and what a value about takes. */
const CACHE_MAX_BYTES = 16 * 1024 * 1024
const VALUE_BYTES = 1_000

/**
 * Makes calls as their endpoint's conduct says (docs/x-flow.md#conduct): repeats failed calls within the retry
 * budget, keeps to rate limits, refuses calls while a circuit is open, and bounds the calls that an origin
 * gets at once. A 429 with `Retry-After` is an appointment and no outage: it is kept as long as the flow has
 * time, and takes nothing from the retry budget and the time of the call. A caller that is alone waits for its
 * turn as long as that takes, and takes nothing from the retry budget for repeats that the endpoint declares.
 *
 * @throws ConnectorError as `exchange`; `RATE_LIMITED`, `CIRCUIT_OPEN` and `ORIGIN_BUSY`, with
 *   `Retry-After`, for a call that was not made, or an appointment past the time of the flow;
 *   `UPSTREAM_TIMEOUT` when `callMs` is over.
 */
export function withConduct(
  exchange: Exchange,
  ports: ConductPorts,
  limits: ConductLimits
): Exchange {
  const slots = createSlots(limits.slots)
  /** Circuit and retry budget of one owner for one origin. */
  const originOf = createCache(ports, () => ({
    circuit: createOriginCircuit(limits.circuit, ports.now),
    budget: createRetryBudget(limits.budget, ports.now)
  }))
  /** The same for one operation. */
  const healthOf = createCache(ports, (_, owner, name: string) => {
    const { circuit, budget } = originOf(name, owner)
    return { circuit: circuit.operation(), budget }
  })
  const paceOf = createCache(ports, (key, _, limit: RateLimitRecord) => newPace(limit, key, ports))

  return async (plan, { owner, signal, timeLeftMs, isAlone = false, onWait, watch }) => {
    const url = new URL(plan.url)
    const { rateLimit } = plan.conduct
    // An origin has no blanks, so that the parts cannot be confused.
    const name = `${ownerKey(owner)} ${url.origin}`
    const { host } = url
    const { operation } = plan
    const { circuit, budget } = healthOf(`${name} ${operation}`, owner, name)
    const pace =
      rateLimit === null ? FREE_PACE : paceOf(paceKey(plan, url, owner), owner, rateLimit)
    const gates: Gates = { name, host, operation, circuit, pace, slots }
    const start = ports.now()
    const ends = { callEnd: start + limits.callMs, flowEnd: start + timeLeftMs }
    const times: CallTimes = { ...ends, isPatient: isAlone, repeats: 0, appointments: 0 }
    const isExempt = isAlone && plan.conduct.retry.on !== null
    const call = { plan, host, times, budget: isExempt ? null : budget, signal }
    const turns = withWaits(ports, onWait, 'rate limit')
    const repeats = withWaits(ports, onWait, 'repeat')

    const admitted = admit(gates, turns, latestTurn(times), signal)
    let leave = admitted instanceof Promise ? await admitted : admitted
    if (isAlone) times.callEnd = ports.now() + limits.callMs
    budget.called()
    for (;;) {
      const callMs = Math.max(0, times.callEnd - ports.now())
      try {
        const answer = await exchange(plan, { owner, signal, timeLeftMs: callMs, isAlone, watch })
        leave('success', answer)
        return answer
      } catch (error) {
        const upstream = error instanceof ConnectorError ? error.upstream : null
        leave(signal.aborted ? 'unknown' : outcomeOf(error), upstream)
        signal.throwIfAborted()
        await waitForRepeat(call, error, repeats, limits.pause)
        leave = await admitAgain(gates, turns, call, error)
      }
    }
  }
}

/** Ports that tell of each wait; the same where nobody listens. */
function withWaits<Ports extends Clock>(
  ports: Ports,
  onWait: OnWait | undefined,
  reason: WaitReason
): Ports {
  if (onWait === undefined) return ports
  return {
    ...ports,
    wait(milliseconds, signal) {
      onWait(milliseconds, reason)
      return ports.wait(milliseconds, signal)
    }
  }
}

/** If a repeat is not admitted, the API's own error says more than the refusal. */
async function admitAgain(
  gates: Gates,
  clock: Clock,
  { times, signal }: FailedCall,
  error: unknown
): Promise<Leave> {
  const start = clock.now()
  try {
    const leave = await admit(gates, clock, latestTurn(times), signal)
    if (times.isPatient) times.callEnd += clock.now() - start
    return leave
  } catch {
    throw error
  }
}

function newPace(limit: RateLimitRecord, key: string, { rateLimit, now }: ConductPorts): Pace {
  return rateLimit === null ? createPace(limit) : createSharedPace(limit, rateLimit, key, now)
}

/**
 * Identifies the calls that share a rate limit: those of one origin, limit and credential, of which only the
 * hash is kept, or of one owner if there is no credential.
 */
function paceKey({ conduct, credential }: RequestPlan, { origin }: URL, owner: Owner): string {
  const { headers, query, cookies } = credential
  const secrets = JSON.stringify([headers, query, cookies])
  const hasCredential = Object.keys(headers).length + query.length + cookies.length > 0
  const caller = hasCredential
    ? createHash('sha256').update(secrets).digest('base64')
    : [ownerKey(owner)]
  return JSON.stringify([origin, caller, conduct.rateLimit])
}

/**
 * Creates one value per key and keeps it, in the memory of an owner. When that is full, the owner with the most loses
 * its least recently used value.
 */
function createCache<T extends object, Input extends readonly unknown[]>(
  { now }: Pick<ConductPorts, 'now'>,
  create: (key: string, owner: Owner, ...input: Input) => T
): (key: string, owner: Owner, ...input: Input) => T {
  const values = createFairCache<T>({
    maxBytes: CACHE_MAX_BYTES,
    sizeOf: (_, key) => VALUE_BYTES + 2 * key.length,
    now
  })
  return (key, owner, ...input) => {
    const known = values.get(key)
    if (known !== undefined) return known
    const value = create(key, owner, ...input)
    values.set(key, value, Number.POSITIVE_INFINITY, owner)
    return value
  }
}
