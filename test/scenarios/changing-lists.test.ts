import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { data, found, startConnector } from '../support/start-connector.ts'
import type { ApiCall } from '../support/start-api.ts'

type Row = { readonly id: number; readonly name: string }

const LIST = `responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {$ref: '#/components/schemas/Row'}}, total: {type: integer}}}}}}}`

function document(parameters: string, pagination: string): string {
  return `openapi: 3.0.3
info: {title: Rows, version: '1'}
servers: [{url: /v1}]
paths:
  /rows: {get: {parameters: [${parameters}], ${LIST}}}
  /rows/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Row'}}}}}}}
components:
  schemas:
    Row: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}, x-flow-type: {name: Row}, x-flow-query: {path: /rows, pagination: ${pagination}}, x-flow-load: {path: '/rows/{id}', parameters: {id: externalId}}}
`
}

const PARAMETERS = ['offset', 'page', 'limit']
  .map(name => `{name: ${name}, in: query, schema: {type: integer}}`)
  .join(', ')

const PAGINGS = {
  offset:
    '{type: offset, positionParam: offset, pageSizeParam: limit, pageSize: 10, totalField: total}',
  page: '{type: page, positionParam: page, pageSizeParam: limit, pageSize: 10, totalField: total}'
}

/** The page of a list that a call asks for. */
function pageOf(rows: readonly Row[], { url }: ApiCall): object {
  const query = new URL(url, 'http://api').searchParams
  const size = Number(query.get('limit') ?? 10)
  const start = query.has('page')
    ? (Number(query.get('page')) - 1) * size
    : Number(query.get('offset') ?? 0)
  return { items: rows.slice(start, start + size), total: rows.length }
}

const rowsFrom = (first: number, count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: first + index, name: `row ${first + index}` }))

/** What happens to a list of 40 rows after a page of it was read. */
const CHANGES: { readonly [name: string]: (rows: readonly Row[]) => readonly Row[] } = {
  'rows are added in front': rows => [...rowsFrom(1_000 + rows.length, 3), ...rows],
  'rows are added at the end': rows => [...rows, ...rowsFrom(2_000 + rows.length, 3)],
  'rows in front are deleted': rows => rows.slice(3),
  'rows at the end are deleted': rows => rows.slice(0, -3),
  'all rows are deleted': () => [],
  'rows are written': rows => rows.map(({ id, name }) => ({ id, name: `${name}!` })),
  'rows change their order': rows => rows.toReversed()
}

for (const [paging, pagination] of Object.entries(PAGINGS)) {
  for (const [name, change] of Object.entries(CHANGES)) {
    test(`P8 a list by ${paging} of which ${name} while it is read ends, with whole objects, none of them invented`, async t => {
      const api = await startApi(t, document(PARAMETERS, pagination))
      const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
      let rows: readonly Row[] = rowsFrom(1, 40)
      const known = new Map<string, Set<string>>()
      const remember = (): void => {
        for (const row of rows) {
          known.set(`${row.id}`, (known.get(`${row.id}`) ?? new Set()).add(row.name))
        }
      }
      const answers = Array.from(
        { length: 60 },
        () => (call: ApiCall, response: import('node:http').ServerResponse) => {
          remember()
          response.setHeader('content-type', 'application/json')
          response.end(JSON.stringify(pageOf(rows, call)))
          rows = change(rows)
        }
      )
      api.answer(...answers)
      const given: string[] = []
      let offset = 0
      for (let windows = 0, hasMore = true, offsetToken: string | null = null; hasMore; windows++) {
        assert.ok(windows < 10, 'the list does not end')
        const answer = await connector.load('Row', { limit: 25, offset, offsetToken })
        const objects = found(answer)
        for (const { id, name: text } of objects) {
          assert.ok(known.get(`${id}`)?.has(`${text}`), `${id} ${text}`)
          given.push(`${id}`)
        }
        const list = data(answer)
        hasMore = list.hasMoreResults
        offsetToken = list.offsetToken ?? null
        offset += objects.length
        assert.ok(objects.length > 0 || !hasMore)
      }
      // What was there all the time and did not move is in the list.
      if (name === 'rows are written') assert.equal(new Set(given).size, 40)
      assert.ok(api.calls.length <= 20, `${api.calls.length} calls`)
    })
  }
}

test('P8 an object of a list that is gone when it is loaded is not found, and the next one is', async t => {
  const api = await startApi(t, document(PARAMETERS, PAGINGS.offset))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { json: { items: rowsFrom(1, 2), total: 2 } },
    { status: 404, json: {} },
    { json: rowsFrom(2, 1)[0] }
  )
  const [gone, kept] = found(await connector.load('Row', { limit: 10 }))
  const missing = await connector.load('Row', { id: `${gone?.externalId}` })
  assert.ok(missing.status === 404 || data(missing).objectData.length === 0)
  assert.equal(found(await connector.load('Row', { id: `${kept?.externalId}` })).length, 1)
})
