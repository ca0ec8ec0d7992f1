import assert from 'node:assert/strict'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { throughputLine } from '../bench-line.ts'
import { askConnector, loadBody, loadedObjects } from '../flow-request.ts'
import type { Start, Started } from '../processes.ts'
import { withProcesses } from '../processes.ts'
import type { RepeatedRequest } from '../throughput.ts'
import { measureAlternating } from '../throughput.ts'

const TARGET = 0.8

/** One side of a comparison of live loads, and the load to repeat. */
export type LoadedSide = { readonly process: Started; readonly request: RepeatedRequest }

/**
 * What the API answers: the same list each time, as most lists that flows load are, or no list twice in a row, which the
 * connector has to read each time.
 */
export type ApiAnswers = 'same' | 'changing'

/** Measures with both kinds of answers. The second line has a name of its own. */
export async function measureBoth(
  measure: (answers: ApiAnswers, what: string) => Promise<BenchLine>,
  what: string
): Promise<BenchLine[]> {
  return [await measure('same', what), await measure('changing', `${what}, each answer another`)]
}

/**
 * Starts what a live load of 20 objects is measured on: the connector, a hand-written handler, and the API that
 * both call, in separate processes. Both have to return the same objects.
 */
export async function startLiveLoad(
  start: Start,
  answers: ApiAnswers
): Promise<{ readonly connector: LoadedSide; readonly bare: LoadedSide }> {
  const api = await start('./tickets-api.ts', answers)
  const [bare, connector] = await Promise.all([
    start('./bare-handler.ts', api.url),
    start('./connector.ts')
  ])
  const body = loadBody({ 'Schema URL': `${api.url}/openapi.json` }, 'Ticket', 20)
  const given = loadedObjects(await askConnector(connector.url, '/data', body))
  const expected = loadedObjects(await askConnector(bare.url, '/data', body))
  assert.equal(given.length, 20)
  // The first one changes.
  assert.deepEqual(given.slice(1), expected.slice(1))
  if (answers === 'same') assert.deepEqual(given, expected)
  const sideOf = (process: Started): LoadedSide => ({
    process,
    request: { method: 'POST', url: `${process.url}/data`, body }
  })
  return { connector: sideOf(connector), bare: sideOf(bare) }
}

/**
 * Row `live-load`: requests per second over 50 connections of a live load of 20 objects through the connector
 * and through a hand-written handler.
 */
export function measureLiveLoad(bounds: BenchBounds): Promise<BenchLine[]> {
  const measure = (answers: ApiAnswers, what: string): Promise<BenchLine> =>
    withProcesses(async start => {
      const { connector, bare } = await startLiveLoad(start, answers)
      const measured = await measureAlternating(
        { name: 'connector', request: connector.request },
        { name: 'bare handler', request: bare.request },
        bounds
      )
      return throughputLine({ row: 'live-load', what }, measured, TARGET)
    })
  return measureBoth(measure, 'live load of 20 objects, 50 connections')
}
