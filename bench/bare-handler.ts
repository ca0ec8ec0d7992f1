import { fastify } from 'fastify'
import { Agent, request } from 'undici'

// What design 7 measures the connector beside: a Fastify handler that makes one call and writes the same
// objects by hand.

type Ticket = {
  readonly id: number
  readonly subject: string
  readonly body: string
  readonly status: string
  readonly priority: string
  readonly estimate_hours: number
  readonly urgent: boolean
  readonly created_at: string
  readonly due_on: string
  readonly requester: { readonly name: string; readonly email: string }
}

const [upstream] = process.argv.slice(2)
const dispatcher = new Agent()
const app = fastify({ logger: false })

function scalar(developerName: string, contentType: string, contentValue: string): object {
  return {
    typeElementPropertyId: null,
    developerName,
    contentType,
    contentFormat: null,
    contentValue,
    objectData: null
  }
}

function object(
  externalId: string,
  developerName: string,
  order: number,
  properties: object[]
): object {
  return {
    internalId: null,
    externalId,
    developerName,
    typeElementId: null,
    order,
    isSelected: false,
    properties
  }
}

function ticketObject(ticket: Ticket, order: number): object {
  const { name, email } = ticket.requester
  const requester = object(`${ticket.id}-requester`, 'Ticket:requester', 0, [
    scalar('name', 'ContentString', name),
    scalar('email', 'ContentString', email)
  ])
  return object(String(ticket.id), 'Ticket', order, [
    scalar('id', 'ContentNumber', String(ticket.id)),
    scalar('subject', 'ContentString', ticket.subject),
    scalar('body', 'ContentString', ticket.body),
    scalar('status', 'ContentString', ticket.status),
    scalar('priority', 'ContentString', ticket.priority),
    scalar('estimate_hours', 'ContentNumber', String(ticket.estimate_hours)),
    scalar('urgent', 'ContentBoolean', String(ticket.urgent)),
    scalar('created_at', 'ContentDateTime', ticket.created_at),
    scalar('due_on', 'ContentDateTime', `${ticket.due_on}T00:00:00Z`),
    {
      typeElementPropertyId: null,
      developerName: 'requester',
      contentType: 'ContentObject',
      contentFormat: null,
      contentValue: null,
      objectData: [requester]
    }
  ])
}

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
process.on('disconnect', () => process.exit())
