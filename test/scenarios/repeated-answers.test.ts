import assert from 'node:assert/strict'
import test from 'node:test'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, found, startConnector } from '../support/start-connector.ts'

const LIST = "{ type: array, items: { $ref: '#/components/schemas/Thing' } } } } } }"

const DOCUMENT = `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: / }]
security: [{ key: [] }]
paths:
  /things:
    get:
      x-flow-paging: { type: link }
      responses: { '200': { description: All, content: { application/json: { schema: ${LIST}
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: Changed, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-update: { path: '/things/{id}', operation: put, parameters: { id: externalId } }
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string }
        note: { type: string, nullable: true }
        made: { type: string, format: date-time }
        owner: { type: object, properties: { mail: { type: string } } }
`

const ROWS = [
  { id: 1, name: 'One', note: null, owner: { mail: 'ana@acme.example' } },
  { id: 2, name: 'Two', owner: { mail: 'ana@acme.example' } },
  { id: 3, name: 'Three', note: '', owner: null }
]

function times(count: number, answer: ApiAnswer): ApiAnswer[] {
  return Array.from({ length: count }, () => answer)
}

test('a list that comes again and again is asked for each time, and is the same until the API answers another one', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const changed = [{ ...ROWS[0], name: 'Uno' }, ...ROWS.slice(1)]
  api.answer(...times(5, { json: ROWS }), { json: changed }, { json: ROWS }, { json: [] })
  const texts: string[] = []
  for (let load = 0; load < 8; load++) texts.push((await connector.load('Thing')).text)
  assert.equal(api.takeCalls().length, 8)
  const [first = ''] = texts
  const other = first.replace('"contentValue":"One"', '"contentValue":"Uno"')
  assert.notEqual(other, first)
  assert.deepEqual(texts.slice(0, 7), [first, first, first, first, first, other, first])
  assert.deepEqual(JSON.parse(texts[7] ?? ''), {
    culture: null,
    hasMoreResults: false,
    objectData: []
  })
})

test('windows of a list that comes again are windows of it', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(...times(12, { json: ROWS }))
  for (let round = 0; round < 4; round++) {
    for (const [filter, names, hasMore] of [
      [{ limit: 10 }, ['One', 'Two', 'Three'], false],
      [{ limit: 2 }, ['One', 'Two'], true],
      [{ limit: 2, offset: 2 }, ['Three'], false]
    ] as const) {
      const answer = await connector.load('Thing', filter)
      assert.deepEqual(
        found(answer).map(object => object.name),
        names
      )
      assert.equal(data(answer).hasMoreResults, hasMore)
    }
  }
})

test('E08 whether more follows is read from each answer, also of a list that comes again', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const more: ApiAnswer = { json: ROWS, headers: { link: '</things?page=2>; rel="next"' } }
  api.answer(...times(3, more), ...times(2, { json: ROWS }), more)
  const follows: boolean[] = []
  for (let load = 0; load < 6; load++) {
    follows.push(data(await connector.load('Thing', { limit: 3 })).hasMoreResults)
  }
  assert.deepEqual(follows, [true, true, true, false, false, true])
})

test('values that cannot be read are logged each time', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(...times(5, { json: [{ id: 1, name: 'One', made: 'yesterday' }] }))
  for (let load = 1; load <= 5; load++) {
    await connector.load('Thing')
    const logged = connector.log.filter(line => line.includes('values of an answer'))
    assert.equal(logged.length, load)
  }
})

test('an update after a list that came again sends what the flow has not seen', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(...times(4, { json: ROWS }), { json: { ...ROWS[0], name: 'Uno' } }, { json: ROWS })
  for (let load = 0; load < 4; load++) await connector.load('Thing')
  api.takeCalls()
  const saved = await connector.save('Thing', flowObject('1', { name: 'Uno', note: '' }))
  assert.deepEqual(
    found(saved).map(object => object.name),
    ['Uno']
  )
  assert.deepEqual(api.takeCalls(), ['PUT /things/1 {"name":"Uno","note":null}'])
  // What was saved has not changed the list that is kept.
  assert.deepEqual(
    found(await connector.load('Thing')).map(object => object.name),
    ['One', 'Two', 'Three']
  )
})

test('F02 callers with other credentials get the list that the API gives them', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, 'API Key': 'a' })
  const other = connector.as({ configuration: { 'Schema URL': api.documentUrl, 'API Key': 'b' } })
  const byKey: ApiAnswer = ({ headers }, response) => {
    const rows = headers['x-key'] === 'a' ? ROWS.slice(0, 1) : ROWS.slice(1)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(rows))
  }
  api.answer(...times(8, byKey))
  for (const caller of [connector, connector, connector, other, other, other, connector, other]) {
    const ids = found(await caller.load('Thing')).map(object => object.externalId)
    assert.deepEqual(ids, caller === connector ? ['1'] : ['2', '3'])
  }
})
