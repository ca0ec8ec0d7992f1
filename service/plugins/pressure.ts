import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** Where the process has more to do than it can. */
export type PressureLimits = {
  /** Milliseconds by which the event loop is late, again and again. */
  readonly loopDelayMs: number
  /** Bytes of the heap in use. */
  readonly heapBytes: number
  /** Bytes of the whole process. */
  readonly processBytes: number
}

/** What there is too much of: work for the event loop, or in memory. */
export type Pressure = 'time' | 'memory'

export type PressureGauge = {
  /** What is over its limit at the moment; null for nothing. */
  read(): Pressure | null
  stop(): void
}

const LOOP_DELAY_MAX_MS = 250

/** Share of a limit on memory that may be in use. */
const MEMORY_SHARE = 0.9

/** Milliseconds between two looks at the process. */
const LOOK_MS = 250

/** Milliseconds between two measurements of the idle event loop. */
const RESOLUTION_MS = 10

/** Measurements that a decision needs. */
const MEASUREMENTS_MIN = 4

/**
 * Watches the lateness of the event loop and the memory of the process. The loop is late when it is
 * late more often than not: one long piece of work is over when it is noticed, and says nothing about
 * what comes next.
 */
export function createPressureGauge(limits: PressureLimits): PressureGauge {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loopDelay.enable()
  let isLate = false
  let isFull = false
  const look = (): void => {
    isFull =
      getHeapStatistics().used_heap_size > limits.heapBytes ||
      process.memoryUsage.rss() > limits.processBytes
    if (loopDelay.count < MEASUREMENTS_MIN) return
    isLate = loopDelay.percentile(50) / 1e6 - RESOLUTION_MS > limits.loopDelayMs
    loopDelay.reset()
  }
  const timer = setInterval(look, LOOK_MS).unref()
  return {
    read: () => (isLate ? 'time' : isFull ? 'memory' : null),
    stop: () => {
      clearInterval(timer)
      loopDelay.disable()
    }
  }
}

/** The limits of this process: its heap's, and its container's where it has one. */
export function processLimits(): PressureLimits {
  // Without a limit Node says 0, or a number that no machine has.
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY
  return {
    loopDelayMs: LOOP_DELAY_MAX_MS,
    heapBytes: getHeapStatistics().heap_size_limit * MEMORY_SHARE,
    processBytes: container * MEMORY_SHARE
  }
}
