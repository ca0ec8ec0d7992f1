import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../../errors.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { SharedRateLimit } from '../../store/shared-rate-limit.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { Answer, Exchange } from '../types.ts'
import type { Clock, Leave, SlotLimits } from './admission.ts'
import { admit, createSlots } from './admission.ts'
import type { Circuit, CircuitLimits } from './circuit.ts'
import { createCircuit } from './circuit.ts'
import type { Pace } from './pace.ts'
import { createPace, createSharedPace, FREE_PACE } from './pace.ts'
import { readRetryAfter } from './rate-limit-headers.ts'
import type { PauseLimits, RetryBudget, RetryBudgetLimits } from './retry.ts'
import { createRetryBudget, isRepeatable, jitteredPause, outcomeOf } from './retry.ts'

/** What conduct takes from outside. */
export type ConductPorts = Clock & {
  /** At least 0, below 1. */
  readonly random: () => number
  /** A key that was never given before. */
  readonly newKey: () => string
  /** Keeps rate limits together with all replicas; null where each is alone. */
  readonly rateLimit: SharedRateLimit | null
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

/** Bound on what is remembered of origins, and of rate limits, in bytes of memory, roughly. */
const MEMORY_MAX_BYTES = 16 * 1024 * 1024
const ENTRY_BYTES = 1_000

/** Circuit and retry budget of one tenant for one origin. */
type Health = { readonly circuit: Circuit; readonly budget: RetryBudget }

/**
 * Makes calls as their operation's conduct says: repeats what may be repeated, with waits
 * that the API or chance decides, within the retry budget; keeps to rate limits; leaves alone an API
 * that failed repeatedly; bounds the calls that an origin gets at once.
 *
 * @throws ConnectorError as `exchange`; `RATE_LIMITED`, `CIRCUIT_OPEN` and `ORIGIN_BUSY`, which say when
 *   to come again, for a call that was not made; `UPSTREAM_TIMEOUT` when the time of the call with its
 *   repeats and waits is over.
 */
export function withConduct(
  exchange: Exchange,
  ports: ConductPorts,
  limits: ConductLimits
): Exchange {
  const slots = createSlots(limits.slots)
  const healthOf = createMemory<Health>()
  const paceOf = createMemory<Pace>()
  const newHealth = (): Health => ({
    circuit: createCircuit(limits.circuit, ports.now),
    budget: createRetryBudget(limits.budget, ports.now)
  })
  const pauseAfter = ({ upstream }: ConnectorError, repeat: number): number =>
    readRetryAfter(upstream?.headers['retry-after'], ports.date()) ??
    jitteredPause(limits.pause, repeat, ports.random())

  const paceUnder = (limit: RateLimitRecord, key: string): Pace =>
    paceOf(key, () => {
      const { rateLimit: shared, now } = ports
      return shared === null ? createPace(limit) : createSharedPace({ limit, shared, key, now })
    })

  return async (given, { tenant, signal, timeLeftMs }) => {
    const plan = withFreshKey(given, ports.newKey)
    const url = new URL(plan.url)
    const { rateLimit, retry } = plan.conduct
    const { circuit, budget } = healthOf(JSON.stringify([tenant, url.origin]), newHealth)
    const pace = rateLimit === null ? FREE_PACE : paceUnder(rateLimit, paceKey(plan, url, tenant))
    const gates = { tenant, url, circuit, pace, slots }
    const latest = ports.now() + Math.min(limits.callMs, timeLeftMs)

    const callOnce = async (leave: Leave, deadline: AbortSignal): Promise<Answer> => {
      try {
        const answer = await exchange(plan, { tenant, signal: deadline, timeLeftMs })
        leave('success', answer)
        return answer
      } catch (error) {
        const upstream = error instanceof ConnectorError ? error.upstream : null
        leave(signal.aborted ? 'unknown' : outcomeOf(error), upstream)
        throw error
      }
    }
    const callRepeatedly = async (deadline: AbortSignal): Promise<Answer> => {
      let leave = await admit(gates, ports, latest, deadline)
      budget.called()
      for (let repeat = 0; ; repeat++) {
        try {
          return await callOnce(leave, deadline)
        } catch (error) {
          if (repeat >= retry.max || !isRepeatable(plan, error)) throw error
          const pauseMs = pauseAfter(error, repeat)
          if (ports.now() + pauseMs >= latest || !budget.spend()) throw error
          await ports.wait(pauseMs, deadline)
          // What the API said matters more than why it is not asked again.
          leave = await admit(gates, ports, latest, deadline).catch(() => {
            throw error
          })
        }
      }
    }
    const late = (): ConnectorError =>
      new ConnectorError('UPSTREAM_TIMEOUT', { host: url.host, limit: limits.callMs })
    return withDeadline(limits.callMs, signal, late, callRepeatedly)
  }
}

/** The same plan with a key that all its tries share, where one is declared and not filled. */
function withFreshKey(plan: RequestPlan, newKey: () => string): RequestPlan {
  const { idempotencyKey: name, headers } = plan
  if (name === null || Object.hasOwn(headers, name)) return plan
  return { ...plan, headers: { ...headers, [name]: newKey() } }
}

/**
 * What calls of one rate limit have in common: where they go and what proves the caller there, of which
 * only the hash is kept; without a credential it is the tenant.
 */
function paceKey({ conduct, credential }: RequestPlan, { origin }: URL, tenant: string): string {
  const { headers, query, cookies } = credential
  const proof = JSON.stringify([headers, query, cookies])
  const isProven = Object.keys(headers).length + query.length + cookies.length > 0
  const caller = isProven ? createHash('sha256').update(proof).digest('base64') : [tenant]
  return JSON.stringify([origin, caller, conduct.rateLimit])
}

/** Keeps one value under each key; the one that was not used for longest makes room. */
function createMemory<T extends object>(): (key: string, make: () => T) => T {
  const values = new LRUCache<string, T>({
    maxSize: MEMORY_MAX_BYTES,
    sizeCalculation: (_, key) => ENTRY_BYTES + 2 * key.length
  })
  return (key, make) => {
    const known = values.get(key)
    if (known !== undefined) return known
    const made = make()
    values.set(key, made)
    return made
  }
}
