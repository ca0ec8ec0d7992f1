import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { startFolder } from '../support/start-folder.ts'

type Note = { readonly id: number; readonly state: string; readonly secret: string }

const NOTES: readonly Note[] = Array.from({ length: 45 }, (_, index) => ({
  id: index + 1,
  state: index % 3 === 0 ? 'open' : 'closed',
  secret: 's3cret'
}))

/** An annotated document of an API that takes a state and an order. */
const documentOf = (base: string, query = ''): string => `
openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: '${base}' }]
security: [{ key: [] }]
paths:
  /notes:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 20 } }
        - { name: offset, in: query, schema: { type: integer } }
        - { name: state, in: query, schema: { type: string } }
        - { name: sort, in: query, schema: { type: string } }
      responses:
        '200':
          description: some
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Note' } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note }
      x-flow-query:
        path: /notes
        parameters: { limit: limit, offset: offset, where: { state: state }, sort: { from: orderBy } }
        ${query}
      properties:
        id: { type: integer }
        state: { type: string }
        secret: { type: string, format: password }
        place: { type: object, properties: { city: { type: string }, zip: { type: string } } }
`

async function start(t: TestContext, query?: string) {
  const calls: string[] = []
  const keys: (string | string[] | undefined)[] = []
  const base = await startUpstream(t, (request, response) => {
    const { searchParams, pathname, search } = new URL(request.url ?? '', 'http://api')
    calls.push(pathname + search)
    keys.push(request.headers['x-key'])
    const state = searchParams.get('state')
    const kept = NOTES.filter(note => state === null || note.state === state)
    const sorted = searchParams.get('sort') === 'id' ? kept.toReversed() : kept
    const offset = Number(searchParams.get('offset') ?? 0)
    const limit = Number(searchParams.get('limit') ?? 20)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(sorted.slice(offset, offset + limit)))
  })
  const directory = startFolder(t, { 'notes.yaml': documentOf(base, query) })
  const read = (...args: string[]): Promise<CommandRun> =>
    runInTerminal(['read', 'notes.yaml', 'Note', ...args], {
      directory,
      environment: { OPENAPI_FLOW_API_KEY: 't0p-s3cret' }
    })
  return { calls, keys, read }
}

const ids = (ndjson: string): unknown[] =>
  ndjson
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line).id)

test('an annotated document is read to its end, with the credential, and without what is secret', async t => {
  const { calls, keys, read } = await start(t)
  const { code, out, err } = await read()
  assert.equal(code, 0, err)
  assert.deepEqual(
    ids(out),
    NOTES.map(({ id }) => id)
  )
  assert.equal(out.split('\n')[0], '{"id":1,"state":"open"}')
  assert.equal(calls.length, 3)
  assert.deepEqual(new Set(keys), new Set(['t0p-s3cret']))
})

test('a condition and an order that the API takes are pushed down, others are evaluated here', async t => {
  const { calls, read } = await start(t)
  const { out } = await read('--where', 'state=open', '--where', 'id<=10', '--order', 'id')
  assert.deepEqual(ids(out), [10, 7, 4, 1])
  assert.ok(calls.every(call => call.includes('state=open') && call.includes('sort=id')))
  calls.length = 0
  const explained = await read(
    ...['--where', 'state=open', '--where', 'id<=10', '--order', 'id', '--explain']
  )
  assert.equal(explained.code, 0)
  assert.deepEqual(calls, [])
  assert.match(explained.out, /^pushed down +state=open, sort=id$/m)
  assert.match(explained.out, /^evaluated here +id LESS_THAN_OR_EQUAL "10"$/m)
  assert.match(explained.out, /^credential +"API Key", in header X-Key$/m)
  assert.ok(!explained.out.includes('t0p-s3cret'))
})

test('CSV has the columns of the type, dotted for its objects, without secrets', async t => {
  const { read } = await start(t)
  const { out } = await read('--format', 'csv', '--limit', '1')
  assert.equal(out, 'id,state,place.city,place.zip\n1,open,,\n')
  const { code, err } = await read('--columns', 'secret')
  assert.equal(code, 2)
  assert.match(err, /\[COLUMN_UNKNOWN\]/)
})

test('E07 maxPages of a document ends a read with a token, and its usual maximum does not', async t => {
  const { read } = await start(t, 'pagination: { type: offset, maxPages: 2, pageSize: 10 }')
  const first = await read()
  assert.deepEqual([first.code, ids(first.out).length], [3, 20])
  assert.match(
    first.err,
    /^stopped at the maximum of pages that the document declares after 20 records/m
  )
})

test('a list of more than a hundred pages is read whole where nothing declares a maximum', async t => {
  const { calls, read } = await start(
    t,
    'pagination: { type: offset, pageSize: 1, pageSizeParam: limit, offsetParam: offset }'
  )
  const { code } = await read()
  assert.equal(code, 0)
  assert.equal(calls.length, 46)
})

test('--limit asks for no more than it needs', async t => {
  const { calls, read } = await start(t)
  const { out } = await read('--limit', '5')
  assert.equal(ids(out).length, 5)
  assert.deepEqual(calls, ['/notes?limit=6'])
})
