import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { ratioOf } from '../bench-line.ts'
import { loadBody } from '../flow-request.ts'
import type { Started } from '../processes.ts'
import { withProcesses } from '../processes.ts'
import type { RepeatedRequest } from '../throughput.ts'
import { repeat } from '../throughput.ts'

const TARGET = 1.25

/** Per measurement, and as often as a measurement of throughput answers. */
const LOADS_PER_SECOND = 1_500
const WARM_UP_LOADS = 10_000

/**
 * Row `load-cpu`: CPU (µs) of one live load of 20 objects in the service and in the hand-written handler, over 50
 * connections. It depends less on what else the machine does than requests per second.
 */
export function measureLoadCpu({ rounds, seconds }: BenchBounds): Promise<BenchLine[]> {
  return withProcesses(async start => {
    const api = await start('./tickets-api.ts')
    const [bare, connector] = await Promise.all([
      start('./bare-handler.ts', api.url),
      start('./connector.ts')
    ])
    const body = loadBody({ 'Schema URL': `${api.url}/openapi.json` }, 'Ticket', 20)
    const loads = Math.max(100, Math.round(seconds * LOADS_PER_SECOND))
    const cpuOf = async ({ url, ask }: Started, amount: number): Promise<number> => {
      const request: RepeatedRequest = { method: 'POST', url: `${url}/data`, body }
      const before = Number(await ask('cpu'))
      await repeat(request, amount)
      return (Number(await ask('cpu')) - before) / amount
    }
    const warmUp = Math.min(WARM_UP_LOADS, loads)
    for (const side of [bare, connector]) await cpuOf(side, warmUp)
    const figures = { ours: [] as number[], reference: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      figures.ours.push(await cpuOf(connector, loads))
      figures.reference.push(await cpuOf(bare, loads))
    }
    const ours = { name: 'connector', figures: figures.ours }
    const reference = { name: 'bare handler', figures: figures.reference }
    const ratio = ratioOf(ours, reference)
    return [
      {
        row: 'load-cpu',
        what: 'CPU of a live load of 20 objects',
        unit: 'µs',
        ours,
        reference,
        ratio,
        target: `≤ ${TARGET}`,
        isMet: ratio <= TARGET
      }
    ]
  })
}
