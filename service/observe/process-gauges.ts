import { Counter, Gauge, type Registry } from 'prom-client'

import { RESOLUTION_MS, startLoopDelay } from '../base/loop-delay.ts'

/**
 * Adds metrics of the process, read at each scrape. prom-client's default metrics are not used: they
 * observe every garbage collection and cannot be stopped.
 *
 * @returns Stops the measurement.
 */
export function addProcessGauges(registers: Registry[]): () => void {
  const { delays, stop } = startLoopDelay()
  const lag: Gauge = new Gauge({
    name: 'openapi_flow_event_loop_lag_seconds',
    help: '99th percentile of the event loop delay since the last scrape.',
    registers,
    collect() {
      const milliseconds = delays.count === 0 ? 0 : delays.percentile(99) / 1e6 - RESOLUTION_MS
      delays.reset()
      lag.set(Math.max(0, milliseconds) / 1000)
    }
  })
  const resident: Gauge = new Gauge({
    name: 'openapi_flow_process_resident_memory_bytes',
    help: 'Resident memory of the process, without its child processes.',
    registers,
    collect: () => resident.set(process.memoryUsage.rss())
  })
  const heap: Gauge = new Gauge({
    name: 'openapi_flow_process_heap_used_bytes',
    help: 'Used heap of the process.',
    registers,
    collect: () => heap.set(process.memoryUsage().heapUsed)
  })
  const cpu: Counter = new Counter({
    name: 'openapi_flow_process_cpu_seconds_total',
    help: 'CPU time of the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      cpu.reset()
      cpu.inc((user + system) / 1e6)
    }
  })
  return stop
}
