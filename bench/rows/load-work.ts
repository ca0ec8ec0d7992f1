import assert from 'node:assert/strict'

import Type from 'typebox'
import { Value } from 'typebox/value'

import type { BenchLine } from '../bench-line.ts'
import { absoluteLine } from '../bench-line.ts'
import { askConnector, loadBody } from '../flow-request.ts'
import { withProcesses } from '../processes.ts'

/** The most that one live load may create. */
const TARGETS = { promises: 30, timers: 6, ticks: 10, controllers: 1 }

const LOADS = 50

const Counted = Type.Object({
  promises: Type.Integer(),
  timers: Type.Integer(),
  ticks: Type.Integer(),
  controllers: Type.Integer()
})

/**
 * Row `load-work`: promises, timers, ticks and AbortControllers that one live load creates, with those of the
 * HTTP server and client. Unlike time, they are the same on every machine.
 */
export function measureLoadWork(): Promise<BenchLine[]> {
  return withProcesses(async start => {
    const api = await start('./tickets-api.ts')
    const connector = await start('./connector.ts')
    const body = loadBody({ 'Schema URL': `${api.url}/openapi.json` }, 'Ticket', 20)
    const load = async (): Promise<void> => {
      for (let loads = 0; loads < LOADS; loads++) await askConnector(connector.url, '/data', body)
    }
    // The first load compiles the document and opens the connections.
    await load()
    await connector.ask('count')
    await load()
    const counted = Value.Parse(Counted, await connector.ask('counted'))
    assert.ok(counted.promises > 0)
    const kinds = ['promises', 'timers', 'ticks', 'controllers'] as const
    return kinds.map(kind => {
      const line = { row: 'load-work', what: `${kind} of a live load`, unit: 'a load' } as const
      const ours = { name: 'connector', figures: [counted[kind] / LOADS] }
      return absoluteLine(line, ours, TARGETS[kind])
    })
  })
}
