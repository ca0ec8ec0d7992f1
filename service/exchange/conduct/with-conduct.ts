import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Owner } from '../../base/owner.ts'
import { ownerKey } from '../../base/owner.ts'
import { ConnectorError } from '../../errors.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { SharedRateLimit } from '../../store/shared-rate-limit.ts'
import type { Exchange } from '../types.ts'
import type { Clock, Gates, Leave, SlotLimits } from './admission.ts'
import { admit, createSlots } from './admission.ts'
import type { CircuitLimits } from './circuit.ts'
import { createCircuit } from './circuit.ts'
import type { Pace } from './pace.ts'
import { createPace, createSharedPace, FREE_PACE } from './pace.ts'
import { readRetryAfter } from './rate-limit-headers.ts'
import type { PauseLimits, RetryBudgetLimits } from './retry.ts'
import { createRetryBudget, isRepeatable, jitteredPause, outcomeOf } from './retry.ts'

export type ConductPorts = Clock & {
  /** At least 0, below 1. */
  readonly random: () => number
  /** Creates a unique key. */
  readonly newKey: () => string
  /** Rate limits shared by all replicas; null if each keeps its own. */
  readonly rateLimit: SharedRateLimit | null
}

export type ConductLimits = {
  /** `UPSTREAM_TIMEOUT_MS`: the time of one call with its repeats and waits. */
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

/** Approximate memory for the state of origins, and for that of rate limits. */
const CACHE_MAX_BYTES = 16 * 1024 * 1024
const ENTRY_BYTES = 1_000

/**
 * Makes calls as their endpoint's conduct says (docs/x-flow.md#conduct): repeats failed calls within the retry
 * budget, keeps to rate limits, refuses calls while a circuit is open, and bounds the calls that an origin
 * gets at once.
 *
 * @throws ConnectorError as `exchange`; `RATE_LIMITED`, `CIRCUIT_OPEN` and `ORIGIN_BUSY`, with
 *   `Retry-After`, for a call that was not made; `UPSTREAM_TIMEOUT` when `callMs` is over.
 */
export function withConduct(
  exchange: Exchange,
  ports: ConductPorts,
  limits: ConductLimits
): Exchange {
  const slots = createSlots(limits.slots)
  /** Circuit and retry budget of one owner for one origin. */
  const healthOf = createCache(() => ({
    circuit: createCircuit(limits.circuit, ports.now),
    budget: createRetryBudget(limits.budget, ports.now)
  }))
  const paceOf = createCache((key, limit: RateLimitRecord) => newPace(limit, key, ports))
  const pauseAfter = ({ upstream }: ConnectorError, repeat: number): number =>
    readRetryAfter(upstream?.headers['retry-after'], ports.date()) ??
    jitteredPause(limits.pause, repeat, ports.random())

  /** If a repeat is not admitted, the API's own error says more than the refusal. */
  const admitAgain = async (
    gates: Gates,
    latest: number,
    signal: AbortSignal,
    error: unknown
  ): Promise<Leave> => {
    try {
      return await admit(gates, ports, latest, signal)
    } catch {
      throw error
    }
  }

  return async (given, { owner, signal, timeLeftMs }) => {
    const plan = withFreshKey(given, ports.newKey)
    const url = new URL(plan.url)
    const { rateLimit, retry } = plan.conduct
    // An origin has no blanks, so that the parts cannot be confused.
    const name = `${ownerKey(owner)} ${url.origin}`
    const { circuit, budget } = healthOf(name)
    const pace = rateLimit === null ? FREE_PACE : paceOf(paceKey(plan, url, owner), rateLimit)
    const gates: Gates = { name, host: url.host, circuit, pace, slots }
    const start = ports.now()
    const latest = start + Math.min(limits.callMs, timeLeftMs)

    const admitted = admit(gates, ports, latest, signal)
    let leave = admitted instanceof Promise ? await admitted : admitted
    budget.called()
    for (let repeat = 0; ; repeat++) {
      const callMs = Math.max(0, start + limits.callMs - ports.now())
      try {
        const answer = await exchange(plan, { owner, signal, timeLeftMs: callMs })
        leave('success', answer)
        return answer
      } catch (error) {
        const upstream = error instanceof ConnectorError ? error.upstream : null
        leave(signal.aborted ? 'unknown' : outcomeOf(error), upstream)
        signal.throwIfAborted()
        if (repeat >= retry.max || !isRepeatable(plan, error)) throw error
        const pauseMs = pauseAfter(error, repeat)
        if (ports.now() + pauseMs >= latest || !budget.spend()) throw error
        await ports.wait(pauseMs, signal).catch(() => signal.throwIfAborted())
        leave = await admitAgain(gates, latest, signal, error)
      }
    }
  }
}

function newPace(limit: RateLimitRecord, key: string, { rateLimit, now }: ConductPorts): Pace {
  return rateLimit === null ? createPace(limit) : createSharedPace(limit, rateLimit, key, now)
}

/** Adds an idempotency key for all attempts of a call, if one is declared and the plan does not fill it. */
function withFreshKey(plan: RequestPlan, newKey: () => string): RequestPlan {
  const { idempotencyKey: name, headers } = plan
  if (name === null || Object.hasOwn(headers, name)) return plan
  return { ...plan, headers: { ...headers, [name]: newKey() } }
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

/** Creates one value per key and keeps it. Evicts the least recently used. */
function createCache<T extends object, Input extends readonly unknown[]>(
  create: (key: string, ...input: Input) => T
): (key: string, ...input: Input) => T {
  const values = new LRUCache<string, T>({
    maxSize: CACHE_MAX_BYTES,
    sizeCalculation: (_, key) => ENTRY_BYTES + 2 * key.length
  })
  return (key, ...input) => {
    const known = values.get(key)
    if (known !== undefined) return known
    const value = create(key, ...input)
    values.set(key, value)
    return value
  }
}
