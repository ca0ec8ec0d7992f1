import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { parseJson } from '../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../service/base/json.ts'
import {
  commentForm,
  customerForm,
  customerQuery,
  HelpdeskProblem,
  readBody,
  readQuery,
  tagForm,
  ticketChangesForm,
  ticketForm,
  ticketQuery
} from './helpdesk-input.ts'
import { wholeNumber } from './helpdesk-readers.ts'
import type { Columns } from './helpdesk-readers.ts'
import { openHelpdeskStore } from './helpdesk-store.ts'
import type { HelpdeskStore } from './helpdesk-store.ts'

const DOCUMENT = new URL('../openapi-samples/helpdesk.yaml', import.meta.url)

/** A request to the help desk and its answer; the API key is masked. */
export type HelpdeskCall = {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  /** JSON text; null without a body that can be read. */
  readonly body: string | null
  readonly status: number
}

export type HelpdeskOptions = {
  /** Path of an SQLite file that keeps the data; default in memory. */
  readonly file?: string
  /** The key that calls must carry in X-Api-Key. */
  readonly apiKey: string
  /** The server that the document names; default `/`, which is where the document is. */
  readonly publicUrl?: string
  /** Called for every request before its answer is sent. */
  readonly onCall?: (call: HelpdeskCall) => void
}

type CustomerRoute = { Params: { customerId: string } }
type TicketRoute = { Params: { ticketId: string } }

/**
 * The help desk of `openapi-samples/helpdesk.yaml` over SQLite, not yet listening. Its document is
 * at `GET /openapi.yaml`, without a key and with an ETag. Refusals are `{message, errors}`.
 */
export function createHelpdeskApi(options: HelpdeskOptions): FastifyInstance {
  const store = openHelpdeskStore(options.file)
  const app = Fastify({ logger: false })
  app.addHook('onClose', async () => store.close())

  // Fastify's own parser rounds long numbers.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseBody)
  app.setErrorHandler((error, _request, reply) => refuse(reply, error))
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, new HelpdeskProblem(404, `There is no ${request.method} ${pathOf(request)}`))
  )
  // What this hook returns would replace the answer.
  app.addHook('onSend', async (request, reply) => {
    options.onCall?.(callOf(request, reply))
  })

  serveDocument(app, options.publicUrl)
  app.register(async api => {
    api.addHook('onRequest', async request => checkKey(request, options.apiKey))
    serveCustomers(api, store)
    serveTickets(api, store)
    serveTags(api, store)
  })
  return app
}

function serveDocument(app: FastifyInstance, publicUrl = '/'): void {
  const server = `  - url: ${JSON.stringify(publicUrl)}\n`
  const text = readFileSync(DOCUMENT, 'utf8').replace('  - url: /\n', () => server)
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  app.get('/openapi.yaml', async (request, reply) => {
    reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/yaml; charset=utf-8').send(text)
  })
}

function serveCustomers(api: FastifyInstance, store: HelpdeskStore): void {
  const known = ({ customerId }: CustomerRoute['Params']) =>
    knownId('customer', customerId, store.customer)

  api.get('/customers', async request => store.customers(readQuery(customerQuery, request.url)))
  api.post('/customers', async (request, reply) => {
    const row = readBody(customerForm, request.body)
    checkEmail(store, row, undefined)
    const id = store.insert('customers', row)
    return reply.code(201).header('location', `/customers/${id}`).send(store.customer(id))
  })
  api.get<CustomerRoute>('/customers/:customerId', async ({ params }) =>
    store.customer(known(params))
  )
  api.put<CustomerRoute>('/customers/:customerId', async ({ params, body }) => {
    const id = known(params)
    const row = readBody(customerForm, body)
    checkEmail(store, row, id)
    const cleared = { address_street: null, address_city: null, address_country: null }
    store.update('customers', id, { company: null, plan: 'free', ...cleared, ...row })
    return store.customer(id)
  })
  api.delete<CustomerRoute>('/customers/:customerId', async ({ params }, reply) => {
    const id = known(params)
    const tickets = store.ticketsOfCustomer(id)
    if (tickets > 0) {
      const what = tickets === 1 ? '1 ticket' : `${tickets} tickets`
      throw new HelpdeskProblem(409, `Customer ${id} still has ${what}`)
    }
    store.remove('customers', id)
    return reply.code(204).send()
  })
}

function serveTickets(api: FastifyInstance, store: HelpdeskStore): void {
  const known = ({ ticketId }: TicketRoute['Params']) => knownId('ticket', ticketId, store.ticket)

  api.get('/tickets', async request => store.tickets(readQuery(ticketQuery, request.url)))
  api.post('/tickets', async (request, reply) => {
    const row = readBody(ticketForm, request.body)
    const customer = row.customer_id
    if (typeof customer !== 'bigint' || store.customer(customer) === undefined) {
      const error = { field: 'customer_id', message: 'names no customer' }
      throw new HelpdeskProblem(422, `customer_id ${error.message}`, [error])
    }
    const id = store.insert('tickets', row)
    return reply.code(201).header('location', `/tickets/${id}`).send(store.ticket(id))
  })
  api.get<TicketRoute>('/tickets/:ticketId', async ({ params }) => store.ticket(known(params)))
  api.patch<TicketRoute>('/tickets/:ticketId', async ({ params, body }) => {
    const id = known(params)
    store.update('tickets', id, readBody(ticketChangesForm, body))
    return store.ticket(id)
  })
  api.delete<TicketRoute>('/tickets/:ticketId', async ({ params }, reply) => {
    store.remove('tickets', known(params))
    return reply.code(204).send()
  })

  api.get<TicketRoute>('/tickets/:ticketId/comments', async ({ params }) =>
    store.comments(known(params))
  )
  api.post<TicketRoute>('/tickets/:ticketId/comments', async ({ params, body }, reply) => {
    const ticket_id = known(params)
    const id = store.insert('comments', { ...readBody(commentForm, body), ticket_id })
    return reply.code(201).send(store.comment(id))
  })
}

function serveTags(api: FastifyInstance, store: HelpdeskStore): void {
  api.get('/tags', async () => store.tags())
  api.post('/tags', async (request, reply) => {
    const row = readBody(tagForm, request.body)
    if (store.tag(row.name ?? null) !== undefined) {
      throw new HelpdeskProblem(409, `There is already a tag ${row.name}`)
    }
    store.insert('tags', row)
    return reply.code(201).send(store.tag(row.name ?? null))
  })
}

/** Parses the id in a path; throws a 404 problem when no object has it. */
function knownId(what: string, text: string, find: (id: bigint) => JsonObject | undefined): bigint {
  const id = wholeNumber(text)
  if (id !== undefined && find(id) !== undefined) return id
  throw new HelpdeskProblem(404, `There is no ${what} ${text}`)
}

function checkEmail(store: HelpdeskStore, row: Columns, own: bigint | undefined): void {
  const holder = store.customerByEmail(row.email ?? null)
  if (holder !== undefined && holder !== own) {
    throw new HelpdeskProblem(409, `Customer ${holder} already has the email address ${row.email}`)
  }
}

function checkKey(request: FastifyRequest, apiKey: string): void {
  const given = request.headers['x-api-key']
  if (given === apiKey) return
  throw new HelpdeskProblem(
    401,
    given === undefined ? 'Send your API key in the header X-Api-Key' : 'The API key is wrong'
  )
}

async function parseBody(
  _request: FastifyRequest,
  text: string | Buffer
): Promise<JsonValue | undefined> {
  try {
    return text.length === 0 ? undefined : parseJson(String(text))
  } catch {
    throw new HelpdeskProblem(400, 'The body is not JSON')
  }
}

function refuse(reply: FastifyReply, error: unknown) {
  if (error instanceof HelpdeskProblem) {
    return reply.code(error.status).send({ message: error.message, errors: error.errors })
  }
  // Fastify's own refusals, such as a body that is too large, carry their status.
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const message = error instanceof Error && status < 500 ? error.message : 'The help desk failed'
  return reply.code(status).send({ message, errors: [] })
}

function callOf(request: FastifyRequest, reply: FastifyReply): HelpdeskCall {
  const masked = request.headers['x-api-key'] === undefined ? {} : { 'x-api-key': '***' }
  return {
    method: request.method,
    url: request.url,
    headers: { ...request.headers, ...masked },
    body: request.body === undefined || request.body === null ? null : JSON.stringify(request.body),
    status: reply.statusCode
  }
}

function pathOf(request: FastifyRequest): string {
  return new URL(request.url, 'http://localhost').pathname
}
