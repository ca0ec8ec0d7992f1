import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

import { annotateDocument } from './annotate-document.ts'
import { documentText, makeDocument } from './made-document.ts'

// Serves documents and the API that they describe. Its arguments are files of documents.
//
// `/files/<index>.json` serves a file; `/made/<bytes>/<seed>.json` generates an annotated document of at
// least so many bytes; both with an ETag for revalidation. Any other path returns a list of one object.

const files = process.argv.slice(2).map(file => readFileSync(file))
const etags = new WeakMap<Buffer, string>()
const ONE_OBJECT = Buffer.from('[{"id":1}]')

function bodyOf(url: string): Buffer {
  const [, kind, first = '', second = ''] =
    /^\/(files|made)\/(\d+)(?:\/(\d+))?\.json$/.exec(url) ?? []
  if (kind === 'files') return files[Number(first)] ?? ONE_OBJECT
  if (kind === undefined) return ONE_OBJECT
  const document = annotateDocument(makeDocument(Number(second), Number(first)))
  return Buffer.from(documentText(document))
}

function etagOf(body: Buffer): string {
  const etag = etags.get(body) ?? `"${createHash('sha256').update(body).digest('hex')}"`
  etags.set(body, etag)
  return etag
}

const server = createServer((request, response) => {
  const body = bodyOf(request.url ?? '')
  const etag = etagOf(body)
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end()
    return
  }
  const headers = { 'content-type': 'application/json', 'content-length': body.length, etag }
  response.writeHead(200, headers).end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on('disconnect', () => process.exit())
