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

/** What one live load may leave behind until a full garbage collection (KB), and loads until there is any. */
const KEPT_KB_MAX = 4
const LOADS_TO_KEEP = 500

const Counted = Type.Object({
  promises: Type.Integer(),
  timers: Type.Integer(),
  ticks: Type.Integer(),
  controllers: Type.Integer()
})

/**
 * Row `load-work`: promises, timers, ticks and AbortControllers that one live load creates, with those of the
 * HTTP server and client, and what it leaves behind. The API answers another list each time, so that each is read.
 * Unlike time, they are the same on every machine.
 */
export function measureLoadWork(): Promise<BenchLine[]> {
  return withProcesses(async start => {
    const api = await start('./tickets-api.ts', 'changing')
    const connector = await start('./connector.ts')
    const body = loadBody({ 'Schema URL': `${api.url}/openapi.json` }, 'Ticket', 20)
    const load = async (amount: number): Promise<void> => {
      for (let loads = 0; loads < amount; loads++) await askConnector(connector.url, '/data', body)
    }
    // The first load compiles the document and opens the connections.
    await load(LOADS)
    await connector.ask('count')
    await load(LOADS)
    const counted = Value.Parse(Counted, await connector.ask('counted'))
    assert.ok(counted.promises > 0)
    const before = Number(await connector.ask('old bytes'))
    await load(LOADS_TO_KEEP)
    const keptBytes = Number(await connector.ask('old bytes')) - before
    const kinds = ['promises', 'timers', 'ticks', 'controllers'] as const
    const lineOf = (kind: string, figure: number, target: number): BenchLine => {
      const line = { row: 'load-work', what: `${kind} of a live load`, unit: 'a load' } as const
      return absoluteLine(line, { name: 'connector', figures: [figure] }, target)
    }
    return [
      ...kinds.map(kind => lineOf(kind, counted[kind] / LOADS, TARGETS[kind])),
      lineOf('KB kept', Math.max(0, keptBytes) / 1000 / LOADS_TO_KEEP, KEPT_KB_MAX)
    ]
  })
}
