import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import {
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

/** The type `Thing`, with further words, whose mappings all use `/things`, and the schema of its answers. */
function documentOf(
  answer: string,
  words = '',
  type = 'id: { type: string }, name: { type: string }'
) {
  const content = `{ description: ok, content: { application/json: { schema: ${answer} } } }`
  return `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: / }]
paths:
  /things:
    get: { responses: { '200': ${content} } }
    post: { responses: { '200': ${content} } }
    put: { responses: { '200': ${content} } }
components:
  schemas:
    Thing:
      type: object
      properties: { ${type} }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things ${words} }
      x-flow-load: { path: /things ${words} }
      x-flow-save: { path: /things }
      x-flow-update: { path: /things }
`
}

const THING = "{ $ref: '#/components/schemas/Thing' }"
const THINGS = `{ type: array, items: ${THING} }`
const ENVELOPE = `{ type: object, properties: { kind: { type: string }, next: { type: string }, things: ${THINGS} } }`
const HAL = `{ type: object, properties: { page: { type: object }, _embedded: { type: object, properties: { things: ${THINGS}, links: {} } } } }`
const UNEXPECTED = ['ANSWER_UNEXPECTED', 502]

/** An API, and the service with any document of it. */
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

test('W4 an answer that leaves out its list is an empty list where the schema allows that', async t => {
  const { api, reading } = await start(t)
  const records = ', records: _embedded.things'
  for (const [answer, words, bodies] of [
    [ENVELOPE, '', [{}, { kind: 'things' }, { next: '', unknown: 1 }, { things: null }]],
    [HAL, records, [{ page: {} }, { _embedded: {}, page: {} }, { _embedded: { links: 1 } }, {}]],
    [HAL, records, [{ _embedded: null, page: {} }, { _embedded: { things: null } }]],
    [`{ allOf: [{ type: object, required: [page] }, ${HAL}] }`, records, [{ page: {} }]],
    // The list is required in an object that is not.
    [
      HAL.replace('type: object, properties: { things', 'required: [things], $&'),
      records,
      [{ page: {} }]
    ]
  ] as const) {
    const connector = reading(documentOf(answer, words))
    for (const json of bodies) {
      api.answer({ json }, { json })
      assert.deepEqual(found(await connector.load('Thing')), [], JSON.stringify(json))
      assert.deepEqual(found(await connector.load('Thing', { id: '7' })), [], JSON.stringify(json))
    }
  }
})

test('W4 any other answer without its list is a problem that says what it has', async t => {
  const { api, reading } = await start(t)
  const records = ', records: _embedded.things'
  const required = 'required: [things], properties: { things'
  for (const [answer, words, bodies] of [
    [ENVELOPE, '', [{ unknown: 1 }, { Things: [] }, { things: 'none' }, { things: [1] }, 'none']],
    [ENVELOPE.replace('properties', 'required: [things], $&'), '', [{}, { kind: 'x' }]],
    [`{ allOf: [${ENVELOPE}, { required: [things] }] }`, '', [{}, { kind: 'x' }]],
    [HAL, records, [{ links: 1 }, { _embedded: { others: [{ id: '1' }] }, page: {} }, []]],
    [
      HAL.replace('properties: { things', required),
      records,
      [{ _embedded: {} }, { _embedded: { links: 1 } }]
    ],
    [HAL.replace('properties: { page', 'required: [_embedded], $&'), records, [{}, { page: {} }]],
    // The schema does not show the list.
    ['{ type: object }', ', records: things', [{}, { kind: 'x' }]],
    [
      '{ type: object, properties: { kind: {}, things: {} } }',
      ', records: things',
      [{}, { kind: 'x' }]
    ]
  ] as const) {
    const connector = reading(documentOf(answer, words))
    for (const json of bodies) {
      api.answer({ json })
      assert.deepEqual(
        refusal(await connector.load('Thing')),
        UNEXPECTED,
        JSON.stringify([answer, json])
      )
    }
  }
  const connector = reading(documentOf(HAL, records))
  api.answer({ json: { kind: 'x', a: 1, b: 2, c: 3, d: 4, e: 5 } })
  assert.equal(
    problem(await connector.load('Thing')).message,
    'the answer of GET /things has no object of type "Thing": it has no "_embedded.things", but "kind", "a", "b", "c", "d" and 1 more [ANSWER_UNEXPECTED]'
  )
})

test('W4 a list is not left out where one object is due', async t => {
  const { api, reading } = await start(t)
  const connector = reading(
    documentOf(`{ type: object, properties: { kind: { type: string }, thing: ${THING} } }`)
  )
  for (const json of [{}, { kind: 'x' }]) {
    api.answer({ json }, { json })
    assert.deepEqual(refusal(await connector.load('Thing')), UNEXPECTED)
    assert.deepEqual(refusal(await connector.load('Thing', { id: '7' })), UNEXPECTED)
  }
})

test('W4 pages end where the list is left out', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf(ENVELOPE))
  const first = { json: { things: [{ id: '1' }], next: '/things?p=2' } }
  api.answer(first, { json: { kind: 'things' } })
  const { objectData, hasMoreResults } = data(await connector.load('Thing'))
  assert.deepEqual([objectData.length, hasMoreResults], [1, false])
  api.answer(first, { json: { message: 'the page is gone' } })
  assert.deepEqual(refusal(await connector.load('Thing')), UNEXPECTED)
})

test('W2 a load that is answered by an object of something else is a problem that names both', async t => {
  const { api, reading } = await start(t)
  for (const [answer, json, reason] of [
    [THING, {}, 'has none of the members "id", "name" of type "Thing", but nothing'],
    [THINGS, { total: 0 }, 'has none of the members "id", "name" of type "Thing", but "total"'],
    [THING, { message: 'moved', code: 301 }, 'but "message", "code"'],
    [THING, { Id: '1', NAME: 'x' }, 'but "Id", "NAME", in other letter case'],
    ['{}', { data: null, message: 'token expired' }, 'but "data", "message"'],
    ['{}', { items: [{ _id: '1', _source: {} }, { _id: '2' }] }, 'but "_id", "_source"'],
    [THINGS, [{ ID: '1' }, { ID: '2' }], 'but "ID", in other letter case'],
    [THINGS, ['a', 'b'], 'the body is a list without objects'],
    [THING, 17, 'the body is a number']
  ] as const) {
    const connector = reading(documentOf(answer))
    for (const filter of [null, { id: '7' }]) {
      api.answer({ json })
      const { code, statusCode, message } = problem(await connector.load('Thing', filter))
      assert.deepEqual([code, statusCode], UNEXPECTED, JSON.stringify(json))
      assert.ok(message.includes(reason), message)
    }
  }
})

test('W2 an object that shares one member with the type is one, and so is a list with one of them', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf(THINGS))
  for (const [json, names] of [
    [
      [{ other: 1 }, { name: 'b' }],
      [null, 'b']
    ],
    [{ name: 'a', other: 1 }, ['a']],
    [[{ id: null }], [null]],
    [
      [{}, null, {}],
      [null, null]
    ],
    [[null], []],
    [[], []]
  ] as const) {
    api.answer({ json })
    const objects = found(await connector.load('Thing'))
    assert.deepEqual(
      objects.map(({ name }) => name),
      names,
      JSON.stringify(json)
    )
  }
})

test('W2 a list that was found by its name is a property of the object if its objects are no others', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf('{}'))
  api.answer(
    { json: { id: '7', name: 'box', items: [{ sku: 'a' }] } },
    { json: { id: '7', name: 'box', items: [{ id: '1', name: 'a' }] } },
    { json: { name: 'page', items: [{ sku: 'a' }] } }
  )
  assert.equal(found(await connector.load('Thing', { id: '7' }))[0]?.name, 'box')
  assert.equal(found(await connector.load('Thing'))[0]?.name, 'a')
  assert.deepEqual(refusal(await connector.load('Thing')), UNEXPECTED)
})

test('W2 a type without an id and without required members may be empty', async t => {
  const { api, reading } = await start(t)
  const type = 'text: { type: string }, mood: { type: string }'
  const open = reading(documentOf(THING, '', type))
  api.answer({ json: {} }, { json: { total: 0 } })
  for (let count = 0; count < 2; count++) {
    const [object] = found(await open.load('Thing'))
    assert.deepEqual([object?.text, object?.mood], [null, null])
  }
  const odd = open.log.filter(line => line.includes('no member of its type'))
  assert.equal(odd.length, 1)
  assert.ok(odd[0]?.includes('total'), odd[0])

  const properties = 'properties: { text: { type: string }, mood: { type: string } }'
  const parts =
    'allOf: [{ required: [mood], properties: { mood: {} } }, { properties: { text: {} } }]'
  for (const schema of [`required: [text]\n      ${properties}`, parts]) {
    const document = documentOf(THING, '', type).replace(properties, schema)
    const strict = reading(document)
    api.answer({ json: {} })
    assert.deepEqual(refusal(await strict.load('Thing')), UNEXPECTED)
  }
})

test('W2 a save takes nothing over from an object of something else', async t => {
  const { api, reading } = await start(t)
  const connector = reading(documentOf(THING))
  for (const json of [{}, { total: 0 }, { data: { name: 'no' } }, 'done', [1]]) {
    api.answer({ json }, { json })
    const updated = found(await connector.save('Thing', flowObject('7', { name: 'mine' })))
    assert.deepEqual(updated, [{ externalId: '7', id: '7', name: 'mine' }], JSON.stringify(json))
    const [created] = found(await connector.save('Thing', flowObject(null, { name: 'mine' })))
    assert.deepEqual([created?.name, created?.id], ['mine', null], JSON.stringify(json))
  }
  // In other letter case it is still the id, but no object of the type.
  api.answer({ json: { ID: '9', Name: 'no' } })
  const [told] = found(await connector.save('Thing', flowObject(null, { name: 'mine' })))
  assert.deepEqual([told?.externalId, told?.name], ['9', 'mine'])
})

test('W2 a schema that shares nothing with the type is a warning at the mapping', async t => {
  const { reading } = await start(t)
  const other = '{ type: object, properties: { total: { type: integer }, Name: { type: string } } }'
  const connector = reading(documentOf(`{ type: array, items: ${other} }`))
  const told = (await connector.preview()).diagnostics.filter(
    ({ code }) => code === 'ANSWER_FOREIGN'
  )
  assert.deepEqual(
    told.map(({ severity, pointer }) => [severity, pointer.split('/').at(-1)]),
    ['x-flow-query', 'x-flow-load', 'x-flow-save', 'x-flow-update'].map(key => ['warning', key])
  )
  assert.equal(
    told[0]?.message,
    'where `x-flow-query` reads objects of type "Thing", the schema of the answer has "total", "Name" (in other letter case), and none of the members "id", "name"'
  )
  for (const silent of [
    THINGS,
    ENVELOPE,
    '{}',
    '{ type: object }',
    '{ type: object, additionalProperties: { type: string } }',
    '{ type: object, properties: { id: { type: string }, other: {} } }',
    `{ oneOf: [${THING}, ${other}] }`
  ]) {
    const sound = reading(documentOf(silent))
    const { diagnostics } = await sound.preview()
    assert.ok(!diagnostics.some(({ code }) => code === 'ANSWER_FOREIGN'), silent)
  }
})

test('W5 where only errors are declared, their schemas say nothing about other answers', async t => {
  const { api, reading } = await start(t)
  const error = `{ type: object, properties: { message: { type: string }, errors: { type: array, items: { type: object, properties: { id: { type: string } } } } } }`
  for (const statuses of ["'404'", "'4XX'", "'500'"]) {
    const document = documentOf(error).replaceAll("'200'", statuses)
    const connector = reading(document)
    api.answer(
      { json: { id: '7', name: 'x' } },
      { json: [{ id: '8' }] },
      { json: { items: [{ id: '9' }] } }
    )
    assert.equal(found(await connector.load('Thing', { id: '7' }))[0]?.name, 'x')
    assert.deepEqual(
      found(await connector.load('Thing')).map(({ id }) => id),
      ['8']
    )
    assert.deepEqual(
      found(await connector.load('Thing')).map(({ id }) => id),
      ['9']
    )
    api.answer({ text: '' }, { json: { id: '10', name: 'y' } })
    assert.equal(found(await connector.save('Thing', flowObject('7', { name: 'z' })))[0]?.name, 'z')
    assert.equal(found(await connector.save('Thing', flowObject(null, {})))[0]?.externalId, '10')
    const { diagnostics } = await connector.preview()
    assert.ok(!diagnostics.some(({ code }) => /^(ANSWER_FOREIGN|RECORDS_INFERRED)$/.test(code)))
  }
})
