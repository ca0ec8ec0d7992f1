import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { ConnectorError } from '../../errors.ts'
import type { RateLimitRecord } from '../../model/endpoint-record.ts'
import { withDeadline } from '../../time/deadline.ts'
import type { RequestPlan } from '../../plan/types.ts'
import type { Answer, Exchange } from '../types.ts'
import type { Leave } from './admission.ts'
import { admit } from './admission.ts'
import type { Circuit } from './circuit.ts'
import { createCircuit } from './circuit.ts'
import type { Pace } from './pace.ts'
import { createPace, FREE_PACE } from './pace.ts'
import { createSharedPace } from './shared-pace.ts'
import { readRetryAfter } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'
import { createRetryBudget } from './retry-budget.ts'
import { isRepeatable, jitteredPause, outcomeOf } from './retry.ts'
import { createSlots } from './slots.ts'
import type { ConductLimits, ConductPorts } from './types.ts'

/** Bound on what is remembered of origins, and of rate limits, in bytes of memory, roughly. */
const MEMORY_MAX_BYTES = 16 * 1024 * 1024
const ENTRY_BYTES = 1_000

/** What is remembered of an origin that a tenant calls. */
type Health = { readonly circuit: Circuit; readonly budget: RetryBudget }

/**
 * Makes calls as their operation's conduct says (x-flow 8): repeats what may be repeated, with waits
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
      const own = createPace(limit)
      const { turns, now } = ports
      return turns === null ? own : createSharedPace({ limit, own, turns, key, now })
    })

  return async (given, { tenant, signal, timeLeftMs }) => {
    const plan = withFreshKey(given, ports.newKey)
    const url = new URL(plan.url)
    const { rateLimit, retry } = plan.conduct
    const { circuit, budget } = healthOf(JSON.stringify([tenant, url.origin]), newHealth)
    const pace = rateLimit === null ? FREE_PACE : paceUnder(rateLimit, paceKey(plan, url, tenant))
    const gates = { tenant, url, circuit, pace, slots }
    const latest = ports.now() + Math.min(limits.callMs, timeLeftMs)

    const answered = async (leave: Leave, deadline: AbortSignal): Promise<Answer> => {
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
    const repeated = async (deadline: AbortSignal): Promise<Answer> => {
      let leave = await admit(gates, ports, latest, deadline)
      budget.called()
      for (let repeat = 0; ; repeat++) {
        try {
          return await answered(leave, deadline)
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
    return withDeadline(limits.callMs, signal, late, repeated)
  }
}

/** The same plan with a key that all its tries share, where one is declared and not filled (x-flow 8). */
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

/** Remembers one thing under each key; that which was not used for longest makes room. */
function createMemory<T extends object>(): (key: string, make: () => T) => T {
  const things = new LRUCache<string, T>({
    maxSize: MEMORY_MAX_BYTES,
    sizeCalculation: (_, key) => ENTRY_BYTES + 2 * key.length
  })
  return (key, make) => {
    const known = things.get(key)
    if (known !== undefined) return known
    const made = make()
    things.set(key, made)
    return made
  }
}
