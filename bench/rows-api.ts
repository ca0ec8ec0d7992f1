import { createServer } from 'node:http'

// A list of so many records as JSON, a thousand a page by `offset` and `limit`, with its total. Pages are made before
// they are asked for, so that both sides wait for nothing but the network. It sends its URL to the parent process.

const count = Number(process.argv[2])
const PAGE = 1_000

const pages = Array.from({ length: Math.ceil(count / PAGE) + 1 }, (_, page) => {
  const first = page * PAGE
  const records = Array.from({ length: Math.min(PAGE, Math.max(0, count - first)) }, (_, index) =>
    recordOf(first + index)
  )
  return Buffer.from(`{"total":${count},"data":[${records.join()}]}`)
})

function recordOf(id: number): string {
  return `{"id":${id},"name":"Customer number ${id}","email":"c${id}@example.com","created_at":"2026-01-${10 + (id % 20)}T08:00:00Z","score":${(id % 1000) / 8},"active":${id % 3 === 0},"country":"NL"}`
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://api')
  const page = pages[Number(url.searchParams.get('offset') ?? 0) / PAGE]
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': page?.length ?? 0
  })
  response.end(page)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit())
