import { fastify } from 'fastify'
import { Agent, request } from 'undici'

import { cpuMicroseconds } from './cpu-time.ts'
import { ticketObject } from './ticket-objects.ts'
import type { Ticket } from './tickets.ts'

// Reference for the connector: a Fastify handler that makes one call and maps the objects by hand. It answers
// each message with its CPU time.

const [upstream] = process.argv.slice(2)
const dispatcher = new Agent()
const app = fastify({ logger: false })

function isTickets(value: unknown): value is Ticket[] {
  return Array.isArray(value)
}

app.post('/data', async () => {
  const { body } = await request(`${upstream}/tickets?limit=21`, { dispatcher })
  const tickets = await body.json()
  const objectData = isTickets(tickets) ? tickets.map(ticketObject) : []
  return { culture: null, objectData, hasMoreResults: false }
})

await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
process.on('message', () => process.send?.(cpuMicroseconds()))
process.on('disconnect', () => process.exit())
