import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { RedisState } from '../store/redis-health.ts'
import { addProcessGauges } from './process-gauges.ts'
import type { Observer, OutcomeWatch } from './observer.ts'

/** What is looked at whenever the metrics are asked for. */
export type MetricsSources = {
  /** Null where no Redis is configured. */
  readonly redis: RedisSource | null
  /** The compiled documents in memory. */
  readonly models: () => { readonly entries: number; readonly bytes: number }
}

type RedisSource = {
  state(): RedisState
  /** How many commands were done without. */
  fallbacks(): number
}

/** Upper bounds in seconds, up to the patience of the platform. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 100]

const REDIS_STATES = ['ok', 'away', 'full'] as const satisfies RedisState['state'][]

/** Stands for the route of requests that have none, as callers make up paths. */
const NO_ROUTE = 'unknown'

/** Stands for the status of an answer that its caller did not wait for. */
const HUNG_UP = 'hung up'

/** Counts for Prometheus, which share nothing with those of another service in this process. */
export function createMetrics({ redis, models }: MetricsSources): Observer {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'openapi_flow_requests_total',
    help: 'Requests that are over, by the pattern of their route.',
    labelNames: ['route', 'method', 'status'],
    registers
  })
  const requestSeconds = new Histogram({
    name: 'openapi_flow_request_duration_seconds',
    help: 'Time from the arrival of a request until its answer was sent, or its caller hung up.',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers
  })
  const problems = new Counter({
    name: 'openapi_flow_problems_total',
    help: 'Requests that were answered with a problem, by its code.',
    labelNames: ['code'],
    registers
  })
  let inFlight = 0
  const inFlightGauge: Gauge = new Gauge({
    name: 'openapi_flow_requests_in_flight',
    help: 'Requests whose callers wait for an answer, the one for this text among them.',
    registers,
    collect: () => inFlightGauge.set(inFlight)
  })
  const upstreamCalled = addOutcomes(registers, {
    total: [
      'openapi_flow_upstream_calls_total',
      'Calls of APIs, each repeat one, by their outcome.'
    ],
    seconds: ['openapi_flow_upstream_duration_seconds', 'Time of a call until its answer is read.']
  })
  const compiled = addOutcomes(registers, {
    total: ['openapi_flow_compilations_total', 'Documents given to be compiled, by their outcome.'],
    seconds: [
      'openapi_flow_compile_duration_seconds',
      'Time of compiling one, with its wait for a process.'
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

/** Counts how something ends, and how long it takes. */
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
    help: 'Bytes that they take.',
    registers,
    collect: () => bytes.set(models().bytes)
  })
}

function addRedis(registers: Registry[], redis: RedisSource): void {
  const states = new Gauge({
    name: 'openapi_flow_redis_state',
    help: '1 for what Redis is, as /health/ready says it, and 0 for what it is not.',
    labelNames: ['state'],
    registers,
    collect() {
      const { state: current } = redis.state()
      for (const state of REDIS_STATES) states.set({ state }, state === current ? 1 : 0)
    }
  })
  const fallbacks: Counter = new Counter({
    name: 'openapi_flow_redis_fallbacks_total',
    help: 'Commands to Redis without an answer, for which the memory of this instance served.',
    registers,
    collect() {
      fallbacks.reset()
      fallbacks.inc(redis.fallbacks())
    }
  })
}
