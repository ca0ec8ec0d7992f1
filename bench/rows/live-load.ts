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
 * Starts what a live load of 20 objects is measured on: the connector, a hand-written handler, and the API that
 * both call, in separate processes. Both have to return the same objects.
 */
export async function startLiveLoad(
  start: Start
): Promise<{ readonly connector: LoadedSide; readonly bare: LoadedSide }> {
  const api = await start('./tickets-api.ts')
  const [bare, connector] = await Promise.all([
    start('./bare-handler.ts', api.url),
    start('./connector.ts')
  ])
  const body = loadBody({ 'Schema URL': `${api.url}/openapi.json` }, 'Ticket', 20)
  const given = loadedObjects(await askConnector(connector.url, '/data', body))
  const expected = loadedObjects(await askConnector(bare.url, '/data', body))
  assert.equal(given.length, 20)
  assert.deepEqual(given, expected)
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
  return withProcesses(async start => {
    const { connector, bare } = await startLiveLoad(start)
    const measured = await measureAlternating(
      { name: 'connector', request: connector.request },
      { name: 'bare handler', request: bare.request },
      bounds
    )
    const line = { row: 'live-load', what: 'live load of 20 objects, 50 connections' }
    return [throughputLine(line, measured, TARGET)]
  })
}
