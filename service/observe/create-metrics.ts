import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { RedisState } from '../store/redis-health.ts'
import { addProcessGauges } from './process-gauges.ts'
import type { Observer, OutcomeWatch } from './observer.ts'

/** Sources that are read at each scrape. */
export type MetricsSources = {
  /** Null when no Redis is configured. */
  readonly redis: RedisSource | null
  /** The compiled documents in memory. */
  readonly models: () => { readonly entries: number; readonly bytes: number }
}

type RedisSource = {
  state(): RedisState
  /** Number of commands that Redis did not answer. */
  fallbacks(): number
}

/** Upper bounds in seconds, up to the time-out of the platform. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 100]

const REDIS_STATES = ['ok', 'away', 'full'] as const satisfies RedisState['state'][]

/** Label for requests without a route, whose paths are made up by callers. */
const NO_ROUTE = 'unknown'

/** Label for requests whose caller hung up before the response. */
const HUNG_UP = 'hung up'

/** Collects metrics for Prometheus in a separate registry, not in the global one. */
export function createMetrics({ redis, models }: MetricsSources): Observer {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'openapi_flow_requests_total',
    help: 'Finished requests, by the pattern of their route.',
    labelNames: ['route', 'method', 'status'],
    registers
  })
  const requestSeconds = new Histogram({
    name: 'openapi_flow_request_duration_seconds',
    help: 'Time from the arrival of a request until its response was sent or its caller hung up.',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers
  })
  const problems = new Counter({
    name: 'openapi_flow_problems_total',
    help: 'Problem responses, by code.',
    labelNames: ['code'],
    registers
  })
  let inFlight = 0
  const inFlightGauge: Gauge = new Gauge({
    name: 'openapi_flow_requests_in_flight',
    help: 'Requests in progress, including this scrape.',
    registers,
    collect: () => inFlightGauge.set(inFlight)
  })
  const upstreamCalled = addOutcomes(registers, {
    total: ['openapi_flow_upstream_calls_total', 'Calls of APIs, including retries, by outcome.'],
    seconds: [
      'openapi_flow_upstream_duration_seconds',
      'Time of a call until its response is read.'
    ]
  })
  const compiled = addOutcomes(registers, {
    total: ['openapi_flow_compilations_total', 'Compilations of documents, by outcome.'],
    seconds: [
      'openapi_flow_compile_duration_seconds',
      'Time of a compilation, including the wait for a process.'
    ]
  })
  addModelGauges(registers, models)
  if (redis !== null) addRedis(registers, redis)
  const stop = addProcessGauges(registers)

  return {
    requestStarted() {
      inFlight++
    },
    requestFinished({ route: pattern, method, status, milliseconds, problem }) {
      inFlight--
      const route = pattern ?? NO_ROUTE
      requests.inc({ route, method, status: status ?? HUNG_UP })
      requestSeconds.observe({ route }, milliseconds / 1000)
      if (problem !== null) problems.inc({ code: problem })
    },
    upstreamCalled,
    compiled,
    write: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: stop
  }
}

type Named = readonly [name: string, help: string]

/** Counts outcomes and measures durations. */
function addOutcomes(
  registers: Registry[],
  { total, seconds }: { readonly total: Named; readonly seconds: Named }
): OutcomeWatch {
  const counter = new Counter({
    name: total[0],
    help: total[1],
    labelNames: ['outcome'],
    registers
  })
  const histogram = new Histogram({
    name: seconds[0],
    help: seconds[1],
    buckets: BUCKETS,
    registers
  })
  return (outcome, milliseconds) => {
    counter.inc({ outcome })
    histogram.observe(milliseconds / 1000)
  }
}

function addModelGauges(registers: Registry[], models: MetricsSources['models']): void {
  const entries: Gauge = new Gauge({
    name: 'openapi_flow_models',
    help: 'Compiled documents in memory.',
    registers,
    collect: () => entries.set(models().entries)
  })
  const bytes: Gauge = new Gauge({
    name: 'openapi_flow_models_bytes',
    help: 'Estimated memory of the compiled documents.',
    registers,
    collect: () => bytes.set(models().bytes)
  })
}

function addRedis(registers: Registry[], redis: RedisSource): void {
  const states = new Gauge({
    name: 'openapi_flow_redis_state',
    help: '1 for the current state of Redis, as in /health/ready, 0 for the others.',
    labelNames: ['state'],
    registers,
    collect() {
      const { state: current } = redis.state()
      for (const state of REDIS_STATES) states.set({ state }, state === current ? 1 : 0)
    }
  })
  const fallbacks: Counter = new Counter({
    name: 'openapi_flow_redis_fallbacks_total',
    help: 'Commands that Redis did not answer, so that local memory was used.',
    registers,
    collect() {
      fallbacks.reset()
      fallbacks.inc(redis.fallbacks())
    }
  })
}
