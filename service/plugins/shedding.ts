import { getHeapStatistics } from 'node:v8'

import type { FastifyContextConfig, FastifyInstance } from 'fastify'

import { RESOLUTION_MS, startLoopDelay } from '../base/loop-delay.ts'
import { ConnectorError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whether requests to this route are queued, and refused under overload. Default true. False for health,
     * and for samples, which a running flow request may be waiting for.
     */
    isFlow?: boolean
  }
}

const REASONS = { time: 'its event loop is late', memory: 'its memory is nearly full' }

const RETRY_AFTER_S = 2

/** Tells the problem of the service's load; null for none. */
export type Pressure = () => ConnectorError | null

/**
 * Refuses flow requests with OVERLOADED while the event loop is late or memory is nearly full; a busy CPU
 * alone is no overload. Other routes, such as health, are always served.
 *
 * @returns What tells the load again, later in a request.
 */
export function addShedding(app: FastifyInstance, limits: PressureLimits): Pressure {
  const gauge = createPressureGauge(limits)
  const pressure: Pressure = () => {
    const kind = gauge.read()
    if (kind === null) return null
    const retry = { retryAfterSeconds: RETRY_AFTER_S }
    return new ConnectorError('OVERLOADED', { reason: REASONS[kind] }, retry)
  }
  app.addHook('onClose', async () => gauge.stop())
  app.addHook('onRequest', (request, _, done) => {
    const isServed = request.is404 || !isFlowRoute(request.routeOptions.config)
    const overload = isServed ? null : pressure()
    if (overload === null) done()
    else done(overload)
  })
  return pressure
}

/** Whether a route is queued and shed, by its `config`. */
export function isFlowRoute(config: FastifyContextConfig | undefined): boolean {
  return config?.isFlow !== false
}

export type PressureLimits = {
  /** Median event loop delay (ms). It is not measured for an infinite one. */
  readonly loopDelayMs: number
  /** Bytes of the heap in use. */
  readonly heapBytes: number
  /** Bytes of the whole process. */
  readonly processBytes: number
}

type PressureGauge = {
  /** What currently exceeds its limit; null for nothing. */
  read(): 'time' | 'memory' | null
  stop(): void
}

const LOOP_DELAY_MAX_MS = 250

/** Share of the heap's and the container's limit that may be in use. */
const MEMORY_SHARE = 0.9

/** How often the gauge is updated (ms). */
const UPDATE_INTERVAL_MS = 250

/** Minimum samples for a decision. */
const SAMPLES_MIN = 4

/**
 * Monitors event loop delay and memory. It compares the median delay, since a single long task is over by
 * the time it is measured and predicts nothing.
 */
function createPressureGauge(limits: PressureLimits): PressureGauge {
  const loopDelay = Number.isFinite(limits.loopDelayMs) ? startLoopDelay() : null
  let isLate = false
  let isFull = false
  const update = (): void => {
    isFull =
      getHeapStatistics().used_heap_size > limits.heapBytes ||
      process.memoryUsage.rss() > limits.processBytes
    if (loopDelay === null || loopDelay.delays.count < SAMPLES_MIN) return
    isLate = loopDelay.delays.percentile(50) / 1e6 - RESOLUTION_MS > limits.loopDelayMs
    loopDelay.delays.reset()
  }
  const timer = setInterval(update, UPDATE_INTERVAL_MS).unref()
  return {
    read: () => (isLate ? 'time' : isFull ? 'memory' : null),
    stop: () => {
      clearInterval(timer)
      loopDelay?.stop()
    }
  }
}

/** Limits of this process, from its heap and its container. */
export function processLimits(): PressureLimits {
  // Without a limit Node returns 0 or a huge number.
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return {
    loopDelayMs: LOOP_DELAY_MAX_MS,
    heapBytes: getHeapStatistics().heap_size_limit * MEMORY_SHARE,
    processBytes: container * MEMORY_SHARE
  }
}
