import { createServer } from 'node:http'

import { makeTickets, ticketsDocument } from './tickets.ts'

// The API that both sides call: twenty tickets as JSON, its document, and the document with those tickets as
// an example. With the argument `changing` the first ticket is another one in each answer.

/** Answers until the first one comes again. */
const VARIANTS = 64

const tickets = makeTickets(20)
const isChanging = process.argv[2] === 'changing'
const ANSWERS = Array.from({ length: isChanging ? VARIANTS : 1 }, (_, index) => {
  const [first, ...others] = tickets
  return JSON.stringify([
    { ...first, ...(isChanging && { subject: `Change ${index}` }) },
    ...others
  ])
})
let answered = 0
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
  if (url.startsWith('/tickets')) return ANSWERS[answered++ % ANSWERS.length] ?? ''
  return url === '/example.json' ? WITH_EXAMPLE : DOCUMENT
}
