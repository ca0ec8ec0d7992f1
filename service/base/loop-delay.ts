import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Sampling interval of the event loop delay (ms), which is part of each measured delay. */
export const RESOLUTION_MS = 10

type Delays = ReturnType<typeof monitorEventLoopDelay>

/** Those that have ended. Node frees none, which takes 350 KB each, and a fresh one takes milliseconds. */
const ended: Delays[] = []

export type LoopDelay = {
  /** Delays since the start or the last reset (ns). */
  readonly delays: Pick<Delays, 'count' | 'percentile' | 'reset'>
  stop(): void
}

/** Measures the delay of the event loop until it is stopped. */
export function startLoopDelay(): LoopDelay {
  const delays = ended.pop() ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.reset()
  delays.enable()
  return {
    delays,
    stop() {
      if (delays.disable()) ended.push(delays)
    }
  }
}
