import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { costLine } from '../bench-line.ts'
import { withProcesses } from '../processes.ts'
import { repeat } from '../throughput.ts'
import type { ApiAnswers, LoadedSide } from './live-load.ts'
import { measureBoth, startLiveLoad } from './live-load.ts'

const TARGET = 1.25

/** Per measurement, and as often as a measurement of throughput answers. */
const LOADS_PER_SECOND = 1_500
const WARM_UP_LOADS = 10_000

/**
 * Row `load-cpu`: CPU (µs) of one live load of 20 objects in the service and in the hand-written handler, over 50
 * connections. It depends less on what else the machine does than requests per second.
 */
export function measureLoadCpu({ rounds, seconds }: BenchBounds): Promise<BenchLine[]> {
  const measure = (answers: ApiAnswers, what: string): Promise<BenchLine> =>
    withProcesses(async start => {
      const { connector, bare } = await startLiveLoad(start, answers)
      const loads = Math.max(100, Math.round(seconds * LOADS_PER_SECOND))
      const cpuOf = async ({ process, request }: LoadedSide, amount: number): Promise<number> => {
        const before = Number(await process.ask('cpu'))
        await repeat(request, amount)
        return (Number(await process.ask('cpu')) - before) / amount
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
      return costLine({ row: 'load-cpu', what, unit: 'µs' }, { ours, reference }, TARGET)
    })
  return measureBoth(measure, 'CPU of a live load of 20 objects')
}
