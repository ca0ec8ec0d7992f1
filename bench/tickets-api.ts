import { createServer } from 'node:http'

import { makeTickets, ticketsDocument } from './tickets.ts'

// The API that both sides call: twenty tickets as JSON, its document, and the document with those tickets as
// an example.

const tickets = makeTickets(20)
const TICKETS = JSON.stringify(tickets)
const DOCUMENT = JSON.stringify(ticketsDocument(null))
const WITH_EXAMPLE = JSON.stringify(ticketsDocument(tickets))

const server = createServer((request, response) => {
  const body = bodyOf(request.url ?? '')
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

function bodyOf(url: string): string {
  if (url.startsWith('/tickets')) return TICKETS
  return url === '/example.json' ? WITH_EXAMPLE : DOCUMENT
}
