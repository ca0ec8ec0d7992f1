import type { BenchBounds, BenchLine } from './bench-line.ts'
import { measureLiveLoad } from './rows/live-load.ts'

type Row = (bounds: BenchBounds) => Promise<BenchLine[]> | BenchLine[]

/** The rows of the table of design 7, by the names by which they are chosen. */
export const BENCH_ROWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['live-load', measureLiveLoad]
])
