import assert from 'node:assert/strict'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { throughputLine } from '../bench-line.ts'
import { askConnector, loadBody, loadedObjects } from '../flow-request.ts'
import { withProcesses } from '../processes.ts'
import { measureAlternating } from '../throughput.ts'

const TARGET = 0.8

/**
 * Row `live-load`: requests per second over 50 connections of a live load of 20 objects through the connector
 * and through a hand-written handler. Both and the API run in separate processes, and both have to return
 * the same objects.
 */
export function measureLiveLoad(bounds: BenchBounds): Promise<BenchLine[]> {
  return withProcesses(async start => {
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
    const measured = await measureAlternating(
      {
        name: 'connector',
        request: { method: 'POST', url: `${connector.url}/data`, body }
      },
      {
        name: 'bare handler',
        request: { method: 'POST', url: `${bare.url}/data`, body }
      },
      bounds
    )
    const line = { row: 'live-load', what: 'live load of 20 objects, 50 connections' }
    return [throughputLine(line, measured, TARGET)]
  })
}
