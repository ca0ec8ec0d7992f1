import assert from 'node:assert/strict'

import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { throughputLine } from '../bench-line.ts'
import { askConnector, comparable, loadBody, loadedObjects } from '../flow-request.ts'
import { prismCommand } from '../prism-command.ts'
import { withProcesses } from '../processes.ts'
import { measureAlternating } from '../throughput.ts'
import { ticketObject } from '../ticket-objects.ts'
import { makeTickets } from '../tickets.ts'

const TARGET = 2.3

/**
 * Row `prism-proxy`: requests per second over 50 connections of a live load of 20 objects through the
 * connector, and of the API call that it makes through Stoplight Prism as a validating proxy with the same
 * document. Prism returns the API's JSON, which is compared with the source of our objects.
 */
export async function measurePrismProxy(bounds: BenchBounds): Promise<BenchLine[]> {
  const command = await prismCommand()
  return withProcesses(async start => {
    const api = await start('./tickets-api.ts')
    const document = `${api.url}/openapi.json`
    const prism = await start('./prism.ts', command, 'proxy', document, api.url)
    const connector = await start('./connector.ts')
    const body = loadBody({ 'Schema URL': document }, 'Ticket', 20)
    const prismUrl = `${prism.url}/tickets?limit=21`
    const tickets = makeTickets(20)
    const given = loadedObjects(await askConnector(connector.url, '/data', body))
    assert.deepEqual(given, comparable(tickets.map(ticketObject)))
    assert.deepEqual(await (await fetch(prismUrl)).json(), tickets)
    const measured = await measureAlternating(
      { name: 'connector', request: { method: 'POST', url: `${connector.url}/data`, body } },
      { name: 'Prism proxy', request: { method: 'GET', url: prismUrl } },
      bounds
    )
    const line = { row: 'prism-proxy', what: 'live load of 20 objects, 50 connections' }
    return [throughputLine(line, measured, TARGET)]
  })
}
