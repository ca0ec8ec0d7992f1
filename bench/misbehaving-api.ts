import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'

import { createRandom, pick } from './seeded-random.ts'

// An API of tickets, with its document, that misbehaves on one call in three. Its argument is the seed of
// the faults.

const random = createRandom(Number(process.argv[2]))
const TICKET_COUNT = 50
const RIGHT_SHARE = 2 / 3
const BIG = Buffer.from(`[${'{"id":1,"subject":"Sideways"},'.repeat(70_000)}{"id":2}]`)
const JSON_TYPE = { 'content-type': 'application/json' }

type Fault = (request: IncomingMessage, response: ServerResponse) => void

const slow: Fault = (request, response) => {
  const timer = setTimeout(() => answer(request, response), 100 + random() * 1_500)
  response.on('close', () => clearTimeout(timer))
}

const drip: Fault = (_, response) => {
  response.writeHead(200, JSON_TYPE)
  const timer = setInterval(() => response.write(' '), 100)
  response.on('close', () => clearInterval(timer))
}

const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_, response) =>
    response.writeHead(code, { ...JSON_TYPE, ...headers }).end('{"message":"not now"}')

const text =
  (type: string, body: string | Buffer): Fault =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(body)

const FAULTS: readonly [Fault, ...Fault[]] = [
  slow,
  slow,
  drip,
  request => request.socket.resetAndDestroy(),
  (request, response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': 1_000 })
    response.write('[{"id": 1,', () => request.socket.destroy())
  },
  status(500),
  status(502),
  status(503),
  status(503, { 'retry-after': '1' }),
  status(429, { 'retry-after': '1' }),
  status(400),
  status(401),
  status(404),
  status(302, { location: '/elsewhere' }),
  text('text/html', '<html><body>Down for maintenance</body></html>'),
  text('application/json', '[{"id": 1, "subject": "Side'),
  text('application/json', BIG)
]

let version = 0

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, path, id] = /^\/([^/?]*)\/?([^?]*)/.exec(request.url ?? '') ?? []
  const send = (value: unknown): void => {
    response.writeHead(200, { ...JSON_TYPE, etag: `"${id}"` }).end(JSON.stringify(value))
  }
  // A document that has changed each time is compiled each time.
  if (path === 'openapi.json')
    send({ ...DOCUMENT, info: { title: 'Tickets', version: `${++version}` } })
  else if (path === 'me') send({})
  else if (request.method === 'DELETE') response.writeHead(204).end()
  else if (request.method === 'GET' && id === '') send(TICKETS)
  else send(ticket(Number(id) || 1))
}

function ticket(id: number): object {
  return { id, subject: `Ticket ${id}`, body: 'It prints sideways.', requester: { name: 'Ana' } }
}

const TICKETS = Array.from({ length: TICKET_COUNT }, (_, index) => ticket(index + 1))
const TEXT = { type: 'string' }
const TICKET = { $ref: '#/components/schemas/Ticket' }
const content = (schema: object): object => ({ content: { 'application/json': { schema } } })
const ok = (schema: object): object => ({ 200: { description: 'ok', ...content(schema) } })
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
const byId = (source: string): object => ({ path: '/tickets/{id}', parameters: { id: source } })

const DOCUMENT = {
  openapi: '3.0.3',
  servers: [{ url: '/' }],
  security: [{ basic: [] }],
  paths: {
    '/tickets': {
      get: { responses: ok({ type: 'array', items: TICKET }) },
      post: { requestBody: content(TICKET), responses: ok(TICKET) }
    },
    '/tickets/{id}': {
      parameters: [ID],
      get: { responses: ok(TICKET) },
      put: {
        parameters: [{ name: 'If-Match', in: 'header', schema: TEXT }],
        requestBody: content(TICKET),
        responses: ok(TICKET)
      },
      delete: { responses: { 204: { description: 'gone' } } }
    }
  },
  components: {
    securitySchemes: {
      basic: { type: 'http', scheme: 'basic', 'x-flow-identity': { me: { defaultUrl: '/me' } } }
    },
    schemas: {
      Ticket: {
        type: 'object',
        'x-flow-type': { name: 'Ticket' },
        'x-flow-query': { path: '/tickets' },
        'x-flow-load': byId('id'),
        'x-flow-save': { path: '/tickets', operation: 'post' },
        'x-flow-update': { ...byId('externalId'), operation: 'put' },
        'x-flow-delete': { ...byId('externalId'), operation: 'delete' },
        properties: {
          id: { type: 'integer', readOnly: true },
          subject: TEXT,
          body: TEXT,
          requester: { type: 'object', properties: { name: TEXT } }
        }
      }
    }
  }
}

const server = createServer((request, response) => {
  request.resume()
  const act = random() < RIGHT_SHARE ? answer : pick(random, FAULTS)
  act(request, response)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit())
