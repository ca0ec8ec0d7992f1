import { createServer } from 'node:http'

// The API that both sides call: twenty tickets as JSON, and the document that describes them.

const TICKETS = Array.from({ length: 20 }, (_, index) => ({
  id: index + 1,
  subject: `Ticket ${index + 1}`,
  body: 'The printer prints sideways since this morning, on every floor.',
  status: index % 2 === 0 ? 'open' : 'solved',
  priority: 'high',
  estimate_hours: 1.25,
  urgent: index % 3 === 0,
  created_at: '2024-03-09T14:05:00Z',
  due_on: '2024-04-01',
  requester: { name: 'Ana Ruiz', email: 'ana@acme.example' }
}))
const BODY = JSON.stringify(TICKETS)

const TEXT = { type: 'string' }
const DOCUMENT = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Tickets', version: '1' },
  servers: [{ url: '/' }],
  paths: {
    '/tickets': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
          { name: 'offset', in: 'query', schema: { type: 'integer' } }
        ],
        responses: {
          200: {
            description: 'Tickets',
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Ticket' } }
              }
            }
          }
        }
      }
    }
  },
  components: {
    schemas: {
      Ticket: {
        type: 'object',
        'x-flow-type': { name: 'Ticket' },
        'x-flow-query': { path: '/tickets', parameters: { limit: 'limit', offset: 'offset' } },
        properties: {
          id: { type: 'integer' },
          subject: TEXT,
          body: TEXT,
          status: TEXT,
          priority: TEXT,
          estimate_hours: { type: 'number' },
          urgent: { type: 'boolean' },
          created_at: { type: 'string', format: 'date-time' },
          due_on: { type: 'string', format: 'date' },
          requester: { type: 'object', properties: { name: TEXT, email: TEXT } }
        }
      }
    }
  }
})

const server = createServer((request, response) => {
  const body = request.url?.startsWith('/tickets') === true ? BODY : DOCUMENT
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body)
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit())
