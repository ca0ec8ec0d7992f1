import { monitorEventLoopDelay } from 'node:perf_hooks'

import { Counter, Gauge, type Registry } from 'prom-client'

/** Milliseconds between two measurements of the idle event loop. */
const RESOLUTION_MS = 10

/**
 * Adds what the process takes, looked at when it is asked for. (The client's own set watches every garbage
 * collection, and is never let go of.)
 *
 * @returns Ends the looking.
 */
export function addProcessGauges(registers: Registry[]): () => void {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loopDelay.enable()
  const lag: Gauge = new Gauge({
    name: 'openapi_flow_event_loop_lag_seconds',
    help: 'Lateness of the event loop since it was asked for last, of which 1 % is worse.',
    registers,
    collect() {
      const milliseconds =
        loopDelay.count === 0 ? 0 : loopDelay.percentile(99) / 1e6 - RESOLUTION_MS
      loopDelay.reset()
      lag.set(Math.max(0, milliseconds) / 1000)
    }
  })
  const resident: Gauge = new Gauge({
    name: 'openapi_flow_process_resident_memory_bytes',
    help: 'Memory of the process, without that of those that compile documents.',
    registers,
    collect: () => resident.set(process.memoryUsage.rss())
  })
  const heap: Gauge = new Gauge({
    name: 'openapi_flow_process_heap_used_bytes',
    help: 'Part of it that is in use on the heap.',
    registers,
    collect: () => heap.set(process.memoryUsage().heapUsed)
  })
  const cpu: Counter = new Counter({
    name: 'openapi_flow_process_cpu_seconds_total',
    help: 'Time of processors that the process has taken.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      cpu.reset()
      cpu.inc((user + system) / 1e6)
    }
  })
  return () => loopDelay.disable()
}
