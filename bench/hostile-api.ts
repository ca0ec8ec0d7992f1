import { createServer } from 'node:http'

// An API whose documents and answers cost as much as they may, or more. It sends its URL to the parent process.

const PROPERTIES = 500
const ROWS = 1_000

const ANSWERS: { readonly [path: string]: Buffer } = {
  '/rows': Buffer.from(
    `[${Array.from({ length: ROWS }, (_, id) => `{"id":"${id}","p0":"n${id}"}`).join(',')}]`
  ),
  '/empty': Buffer.from(`[${'{},'.repeat(399_999)}{}]`),
  '/numbers': Buffer.from(`[{"id":"1","tags":[${'1,'.repeat(299_999)}1]}]`),
  '/millions': Buffer.from(`[{"id":"1","tags":[${'1,'.repeat(5_999_999)}1]}]`),
  '/levels': Buffer.from('['.repeat(8_000_000)),
  '/misfits': Buffer.from(`[${'{"id":"1","tags":"x"},'.repeat(99_999)}{"id":"2"}]`),
  '/text': Buffer.from(`[{"id":"1","p0":"${'x'.repeat(14_000_000)}"}]`)
}

/** Names of the types: one for each answer. */
function typeOf(path: string): string {
  return path.slice(1)
}

function documentText(): string {
  const texts = Array.from({ length: PROPERTIES }, (_, at) => [`p${at}`, { type: 'string' }])
  const properties = {
    id: { type: 'string' },
    tags: { type: 'array', items: { type: 'integer' } },
    ...Object.fromEntries(texts)
  }
  const paths = Object.keys(ANSWERS).map(path => {
    const items = { $ref: `#/components/schemas/${typeOf(path)}` }
    const content = { 'application/json': { schema: { type: 'array', items } } }
    return [path, { get: { responses: { 200: { description: 'ok', content } } } }]
  })
  const schemas = Object.keys(ANSWERS).map(path => [
    typeOf(path),
    {
      'x-flow-type': { name: typeOf(path) },
      'x-flow-query': { path },
      type: 'object',
      properties
    }
  ])
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Hostile', version: '1' },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) }
  })
}

const DOCUMENT = documentText()

const server = createServer((request, response) => {
  const body = ANSWERS[request.url ?? ''] ?? DOCUMENT
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit())
