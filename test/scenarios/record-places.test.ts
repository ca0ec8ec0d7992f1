import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { found, problem, refusal, startConnector } from '../support/start-connector.ts'

/** A document whose query and load answer with a schema, in YAML. */
function documentOf(schema: string, properties = 'id: { type: string }, name: { type: string }') {
  return `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: / }]
paths:
  /things: { get: { responses: { '200': { description: ok, content: { application/json: { schema: ${schema} } } } } } }
  /things/{id}: { get: { responses: { '200': { description: ok, content: { application/json: { schema: ${schema} } } } } } }
components:
  schemas:
    Thing:
      type: object
      properties: { ${properties} }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-load: { path: '/things/{id}', parameters: { id: externalId } }
`
}

const THING = "{ $ref: '#/components/schemas/Thing' }"
const THINGS = `{ type: array, items: ${THING} }`
const UNEXPECTED = ['ANSWER_UNEXPECTED', 502]

async function start(t: Parameters<typeof startApi>[0]) {
  const api = await startApi(t, '')
  const service = await startConnector(t, {})
  let count = 0
  const reading = (document: string): StartedConnector => {
    api.publish(document)
    return service.as({ configuration: { 'Schema URL': `${api.url}/${count++}.yaml` } })
  }
  return { api, reading }
}

const ids = (objects: readonly { readonly externalId?: unknown }[]) =>
  objects.map(({ externalId }) => externalId)

test('W3 records are taken out of the items around them, and out of maps', async t => {
  const { api, reading } = await start(t)
  const edges = `{ type: array, items: { properties: { cursor: { type: string }, node: ${THING} } } }`
  const connection = reading(documentOf(`{ properties: { edges: ${edges} } }`))
  api.answer({
    json: {
      edges: [{ cursor: 'x', node: { id: '1', name: 'a' } }, { node: null }, { node: { id: '2' } }]
    }
  })
  assert.deepEqual(ids(found(await connection.load('Thing'))), ['1', '2'])

  const map = `{ properties: { total: { type: integer }, things: { additionalProperties: ${THING} } } }`
  const byKey = reading(documentOf(map, 'id: { type: string }, key: { type: string }'))
  api.answer(
    { json: { things: { x: { id: '1' }, y: { id: '2', key: 'own' } } } },
    { json: { total: 0, things: {} } },
    { json: { total: 0 } },
    { json: { total: 0, things: null } }
  )
  const objects = found(await byKey.load('Thing'))
  assert.deepEqual(
    objects.map(({ externalId, key }) => [externalId, key]),
    [
      ['1', 'x'],
      ['2', 'own']
    ]
  )
  for (let left = 3; left > 0; left--) assert.deepEqual(found(await byKey.load('Thing')), [])
})

test('W3 a list or an error, and a list that is null, are told apart', async t => {
  const { api, reading } = await start(t)
  const error = '{ properties: { code: { type: integer }, message: { type: string } } }'
  const either = reading(documentOf(`{ oneOf: [${THINGS}, ${error}] }`))
  api.answer({ json: [{ id: '1' }] }, { json: [] }, { json: { code: 7, message: 'no' } })
  assert.deepEqual(ids(found(await either.load('Thing'))), ['1'])
  assert.deepEqual(found(await either.load('Thing')), [])
  assert.deepEqual(refusal(await either.load('Thing')), UNEXPECTED)

  const envelope = `{ properties: { page: { properties: { list: ${THINGS} } } } }`
  const inside = reading(documentOf(`{ anyOf: [${error}, ${envelope}] }`))
  api.answer(
    { json: { page: { list: [{ id: '1' }] } } },
    { json: { page: { list: null } } },
    { json: { page: {} } }
  )
  assert.deepEqual(ids(found(await inside.load('Thing'))), ['1'])
  for (let left = 2; left > 0; left--) assert.deepEqual(found(await inside.load('Thing')), [])
  api.answer({ json: { message: 'no' } })
  assert.deepEqual(refusal(await inside.load('Thing')), UNEXPECTED)
})

test('W3 of two lists in the schema none is taken, and the problem names both', async t => {
  const { api, reading } = await start(t)
  const connector = reading(
    documentOf(`{ properties: { created: ${THINGS}, updated: ${THINGS} } }`)
  )
  for (const json of [{ created: [{ id: '1' }], updated: [] }, { created: [{ id: '1' }] }]) {
    api.answer({ json })
    const { code, message, remedy } = problem(await connector.load('Thing'))
    assert.equal(code, 'ANSWER_UNEXPECTED')
    assert.match(message, /"created", "updated"/)
    assert.match(remedy ?? '', /`records`/)
  }
})

test('W3 a declared place may have wrapped objects or a map, with and without a schema', async t => {
  const { api, reading } = await start(t)
  const hits = `{ properties: { hits: { type: array, items: { properties: { _source: ${THING} } } } } }`
  const rows = [
    { id: '1', name: 'a' },
    { id: '2', name: 'b' }
  ]
  for (const schema of ['{}', hits]) {
    const document = documentOf(schema).replace('path: /things }', 'path: /things, records: hits }')
    const connector = reading(document)
    for (const held of [
      rows,
      rows.map(row => ({ _id: row.id, _source: row })),
      { 1: rows[0], 2: rows[1] }
    ]) {
      api.answer({ json: { hits: held } })
      assert.deepEqual(ids(found(await connector.load('Thing'))), ['1', '2'], JSON.stringify(held))
    }
    for (const held of [[{ a: rows[0], b: rows[1] }], { x: rows[0] }, ['1'], 'none']) {
      api.answer({ json: { hits: held } })
      assert.deepEqual(refusal(await connector.load('Thing')), UNEXPECTED, JSON.stringify(held))
    }
  }
})

test('W3 without a schema the only list of the type is found, up to four members deep', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf('{}'))
  const rows = [
    { id: '1', name: 'a' },
    { id: '2', name: 'b' }
  ]
  for (const json of [
    rows,
    { d: { results: rows } },
    { hits: { total: { value: 2 }, hits: rows.map(row => ({ _id: row.id, _source: row })) } },
    { a: { b: { c: { list: rows } } }, links: [{ rel: 'self', href: '/' }] },
    { edges: rows.map(node => ({ node })), pageInfo: {} },
    rows.map(resource => ({ resource })),
    { data: rows, included: [{ id: '9', name: 'other' }] },
    { list: rows, facets: [{ name: 'x', count: 1 }], groups: [{ title: 'y' }] },
    { id: 'request', results: rows },
    { things: { 1: rows[0], 2: rows[1] } },
    { results: rows, next: null, errors: [] }
  ]) {
    api.answer({ json })
    assert.deepEqual(ids(found(await connector.load('Thing'))), ['1', '2'], JSON.stringify(json))
  }
})

test('W3 without a schema two lists of the type are a problem that names both', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf('{}'))
  for (const [json, named] of [
    [{ rows: [{ id: '1' }], values: [{ id: '2' }] }, /"rows", "values"/],
    [{ a: { open: [{ id: '1' }], closed: [{ id: '2' }] } }, /"a\.open", "a\.closed"/],
    [{ first: { id: '1', name: 'a' }, last: { id: '2', name: 'b' } }, /"first", "last"/],
    [{ id: '1', name: 'a', children: [{ id: '2', name: 'b' }] }, /"the body", "children"/],
    [{ id: '1', items: [] }, /"the body", "items"/]
  ] as const) {
    api.answer({ json })
    const { code, message } = problem(await connector.load('Thing'))
    assert.equal(code, 'ANSWER_UNEXPECTED', JSON.stringify(json))
    assert.match(message, named)
  }
})

test('W3 without a schema an object is not taken for a list, nor a list for an object', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf('{}'))
  const one = { id: '7', name: 'box', items: [], tags: [] }
  for (const [filter, json, expected] of [
    [null, one, ['7']],
    [{ id: '7' }, one, ['7']],
    [{ id: '7' }, { id: '7', items: [] }, ['7']],
    [{ id: '7' }, { id: '7', name: 'box', children: [{ id: '8', name: 'lid' }] }, ['7']],
    [{ id: '7' }, { data: { id: '7', name: 'box' } }, ['7']],
    [null, { items: [], total: 0, links: [{ rel: 'self' }] }, []],
    [null, { page: { things: [] } }, []],
    [null, { results: null, total: 0 }, []],
    [null, { only: [] }, []]
  ] as const) {
    api.answer({ json })
    assert.deepEqual(
      ids(found(await connector.load('Thing', filter))),
      expected,
      JSON.stringify(json)
    )
  }
  for (const json of [
    { results: null, message: 'token expired' },
    { warnings: [], total: 0 },
    { some: [], others: [] },
    { errors: [{ id: '1', message: 'no' }] },
    { a: { b: { c: { d: { list: [{ id: '1', name: 'a' }] } } } } },
    { links: [{ id: '1', name: 'a' }] }
  ]) {
    api.answer({ json })
    assert.notEqual((await connector.load('Thing')).status, 200, JSON.stringify(json))
  }
})
