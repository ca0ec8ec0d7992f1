import assert from 'node:assert/strict'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { throughputLine } from '../bench-line.ts'
import { askConnector, comparable, loadBody, loadedObjects } from '../flow-request.ts'
import { prismCommand } from '../prism-command.ts'
import type { Start } from '../processes.ts'
import { withProcesses } from '../processes.ts'
import type { RepeatedRequest } from '../throughput.ts'
import { measureAlternating } from '../throughput.ts'
import { ticketObject } from '../ticket-objects.ts'
import { makeTickets } from '../tickets.ts'

const TARGET = 1.5

/**
 * Row `example-load`: requests per second over 50 connections of a load of 20 objects from an example of the
 * document through the connector, and of the operation through Stoplight Prism, which mocks the same
 * document from the same example.
 */
export async function measureExampleLoad(bounds: BenchBounds): Promise<BenchLine[]> {
  const command = await prismCommand()
  return withProcesses(async start => {
    const { document, request } = await startExampleLoad(start)
    const prism = await start('./prism.ts', command, 'mock', document)
    const prismUrl = `${prism.url}/tickets?limit=20`
    assert.deepEqual(await (await fetch(prismUrl)).json(), makeTickets(20))
    const measured = await measureAlternating(
      { name: 'connector', request },
      { name: 'Prism mock', request: { method: 'GET', url: prismUrl } },
      bounds
    )
    const line = { row: 'example-load', what: 'load of 20 objects from an example, 50 connections' }
    return [throughputLine(line, measured, TARGET)]
  })
}

/** Our side alone: the document, and the request whose answer was found to be the example. */
export async function startExampleLoad(
  start: Start
): Promise<{ readonly document: string; readonly request: RepeatedRequest }> {
  const api = await start('./tickets-api.ts')
  const document = `${api.url}/example.json`
  const connector = await start('./connector.ts')
  const body = loadBody({ 'Schema URL': document }, 'Ticket', 20)
  const given = loadedObjects(await askConnector(connector.url, '/data', body))
  assert.deepEqual(given, comparable(makeTickets(20).map(ticketObject)))
  return { document, request: { method: 'POST', url: `${connector.url}/data`, body } }
}
