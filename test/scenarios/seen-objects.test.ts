import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import test from 'node:test'

import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import type { FlowAnswer, StartedConnector } from '../support/start-connector.ts'
import { data, flowObject, found, refusal, startConnector } from '../support/start-connector.ts'
import { startRedis } from '../support/start-redis.ts'
import { startReplicas, untilRedis } from '../support/start-replicas.ts'

type Options = {
  /** Method of the update. */
  readonly method?: string
  /** Members of `x-flow-update` besides its path and method. */
  readonly update?: string
  /** Members of the update's operation. */
  readonly operation?: string
  /** Whether the type has an `x-flow-load`. */
  readonly load?: string | null
  readonly required?: string
}

const PROPERTIES = `
        id: { type: integer, readOnly: true }
        name: { type: string }
        note: { type: string, nullable: true }
        size: { type: number }
        due: { type: string, format: date, nullable: true }
        active: { type: boolean, nullable: true }
        tags: { type: array, items: { type: string } }
        owner: { type: object, properties: { mail: { type: string, nullable: true }, phone: { type: string, nullable: true } } }
        lines: { type: array, items: { type: object, properties: { id: { type: integer }, count: { type: integer }, hint: { type: string, nullable: true } } } }`

function documentOf({ method = 'put', update = '', operation = '', load = '' }: Options): string {
  const loadKey =
    load === null ? '' : `x-flow-load: { path: '/things/{id}', parameters: { id: id }${load} }`
  return `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
paths:
  /things:
    get:
      responses: { '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
    ${method}:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: Changed, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
      ${operation}
components:
  schemas:
    Thing:
      type: object
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      ${loadKey}
      x-flow-save: { path: /things }
      x-flow-update: { path: '/things/{id}', operation: ${method}, parameters: { id: externalId }${update} }
      properties:${PROPERTIES}
`
}

type Flow = {
  load(id: string): Promise<FlowAnswer>
  list(limit?: number): Promise<FlowAnswer>
  save(...objects: readonly object[]): Promise<FlowAnswer>
}

function flowOf(connector: StartedConnector, stateId: string | null = 's-1'): Flow {
  const call = (method: string, more: object): Promise<FlowAnswer> =>
    connector.send(method, '/data', {
      stateId,
      objectDataType: { developerName: 'Thing' },
      ...more
    })
  return {
    load: id => call('POST', { listFilter: { id } }),
    list: (limit = 50) => call('POST', { listFilter: { limit } }),
    save: (...objectData) => call('PUT', { objectData })
  }
}

async function start(
  t: TestContext,
  options: Options = {}
): Promise<Flow & { readonly api: StartedApi; readonly connector: StartedConnector }> {
  const api = await startApi(t, documentOf(options))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  return { ...flowOf(connector), api, connector }
}

/** An object of an answer with other texts in some properties. */
function edited(
  answer: FlowAnswer,
  values: { readonly [property: string]: string | null | readonly object[] },
  index = 0
): object {
  const object = data(answer).objectData[index]
  assert.ok(object)
  const properties = object.properties.map(property => {
    const value = values[property.developerName]
    if (value === undefined) return property
    return typeof value === 'string' || value === null
      ? { ...property, contentValue: value }
      : { ...property, objectData: value }
  })
  return { ...object, properties }
}

/** Method and JSON body of the last call. */
function lastBody(api: StartedApi): unknown {
  return JSON.parse(api.calls.at(-1)?.body ?? '')
}

/** All that a flow can see. */
const FULL = {
  id: 7,
  name: 'a',
  note: 'n',
  size: 2,
  due: '2024-03-09',
  active: true,
  tags: ['x'],
  owner: { mail: 'm', phone: 'p' },
  lines: [{ id: 1, count: 2, hint: 'h' }]
}

/** What an update sends of `FULL`. */
const { id: _, ...SENT } = FULL

test('S5 a blank that the answer lacked is left out of an update, one that was shown is cleared', async t => {
  const { api, load, save } = await start(t, { method: 'patch' })
  const { note: _note, tags: _tags, due: _due, ...partial } = FULL
  api.answer({ json: partial }, { json: { id: 7 } })
  const loaded = await load('7')
  await save(edited(loaded, { name: 'b', active: '', size: '' }))
  // A number that may not be null cannot be cleared in a patch, as before.
  const { size: _size, ...rest } = SENT
  const { note: _n, tags: _t, due: _d, ...expected } = { ...rest, name: 'b', active: null }
  assert.deepEqual(lastBody(api), expected)
})

test('S5 a blank that the answer showed as null or blank is cleared as before', async t => {
  const { api, load, save } = await start(t)
  api.answer({ json: { ...FULL, note: null, due: null, tags: [] } }, { json: FULL })
  await save(edited(await load('7'), { name: 'b' }))
  assert.deepEqual(lastBody(api), { ...SENT, name: 'b', note: null, due: null, tags: [] })
})

test('S5 without a memory a blank clears', async t => {
  const { api, save, connector } = await start(t, { method: 'patch' })
  api.answer({ json: FULL }, { json: { id: 7, name: 'a' } }, { json: FULL })
  await save(flowObject('7', { name: 'b', note: '', tags: [] }))
  assert.deepEqual(lastBody(api), { name: 'b', note: null, tags: [] })
  // What another flow has seen does not count.
  const loaded = await flowOf(connector, 's-2').load('7')
  await save(edited(loaded, {}))
  assert.deepEqual(lastBody(api), {
    name: 'a',
    note: null,
    due: null,
    active: null,
    tags: [],
    lines: []
  })
})

test('S5 each object of a list is updated as it was shown, whatever the others lack', async t => {
  const { api, list, save } = await start(t, { method: 'patch' })
  const things = [
    { id: 1, name: 'one', note: 'n', tags: ['x'] },
    { id: 2, name: 'two' },
    { id: 3, name: 'three', note: null, due: 'soon' }
  ]
  api.answer({ json: things }, { json: {} }, { json: {} }, { json: {} })
  const listed = await list()
  await save(...[0, 1, 2].map(index => edited(listed, { name: 'b', note: '', due: null }, index)))
  const bodies = api.calls.slice(1).map(({ body }) => JSON.parse(body))
  assert.deepEqual(bodies, [
    { name: 'b', note: null, tags: ['x'] },
    { name: 'b' },
    { name: 'b', note: null, due: 'soon' }
  ])
})

test('S5 what a flow sees of an object later counts, from a list and by its id', async t => {
  const { api, list, load, save } = await start(t, { method: 'patch' })
  const part = { id: 7, name: 'a' }
  api.answer({ json: [part] }, { json: FULL }, { json: {} })
  await list()
  const whole = await load('7')
  await save(edited(whole, { note: '' }))
  assert.deepEqual(lastBody(api), { ...SENT, note: null })

  api.answer({ json: part }, { json: [FULL] }, { json: {} })
  await load('7')
  const listed = await list()
  await save(edited(listed, { note: '' }))
  assert.deepEqual(lastBody(api), { ...SENT, note: null })
})

test('S5 a member of a nested object that was absent stays, as one of an item of a list', async t => {
  const { api, load, save } = await start(t, { method: 'patch' })
  const lines = [
    { id: 1, count: 2 },
    { id: 2, count: 3, hint: 'h' }
  ]
  api.answer({ json: { ...FULL, owner: { phone: 'p' }, lines } }, { json: {} })
  const loaded = await load('7')
  const [object] = data(loaded).objectData
  const held = object?.properties.find(({ developerName }) => developerName === 'lines')?.objectData
  assert.ok(held)
  const cleared = held.map(line => ({
    ...line,
    properties: line.properties.map(property =>
      property.developerName === 'hint' ? { ...property, contentValue: '' } : property
    )
  }))
  const added = flowObject(null, { count: '9', hint: '' })
  // In another order, and with a new one.
  await save(edited(loaded, { lines: [...cleared.toReversed(), added] }))
  assert.deepEqual(lastBody(api), {
    ...SENT,
    owner: { phone: 'p' },
    lines: [
      { id: 2, count: 3, hint: null },
      { id: 1, count: 2 },
      { count: 9, hint: null }
    ]
  })
})

test('S5 a value that could not be read goes back as it came, unless the flow has changed it', async t => {
  const { api, load, save } = await start(t)
  const odd = {
    ...FULL,
    due: 'next week',
    size: '12 EUR',
    active: 'perhaps',
    tags: { a: 1 },
    owner: 'Ana'
  }
  api.answer({ json: odd }, { json: odd }, {})
  const loaded = await load('7')
  assert.deepEqual(
    found(loaded).map(({ due, size, active, owner }) => [due, size, active, owner]),
    [[null, null, null, []]]
  )
  const saved = await save(edited(loaded, { name: 'b' }))
  const { id: _id, ...same } = { ...odd, name: 'b' }
  assert.deepEqual(lastBody(api), same)
  await save(edited(saved, { name: 'c', due: '2024-12-01T00:00:00Z', size: '13' }))
  assert.deepEqual(lastBody(api), { ...same, name: 'c', due: '2024-12-01', size: 13 })
})

test('S5 a value that the flow has replaced is cleared like any other', async t => {
  const { api, load, save } = await start(t)
  api.answer({ json: { ...FULL, due: 'soon' } }, { status: 204 }, { status: 204 })
  const saved = await save(edited(await load('7'), { due: '2024-12-01' }))
  await save(edited(saved, { due: '' }))
  assert.deepEqual(lastBody(api), { ...SENT, due: null })
})

test('S5 what could not be read of a list stays in its place', async t => {
  const { api, load, save } = await start(t)
  const lines = [{ id: 1, count: 2, hint: 'h' }, 'see below', { id: 2, count: 3, hint: 'i' }]
  api.answer({ json: { ...FULL, lines } }, { json: {} }, { json: { ...FULL, lines } }, { json: {} })
  await save(edited(await load('7'), { name: 'b' }))
  assert.deepEqual(lastBody(api), { ...SENT, name: 'b', lines })

  const loaded = await load('7')
  const line = flowObject('2', { id: '2', count: '4', hint: 'i' })
  await save(edited(loaded, { lines: [flowObject('1', { id: '1', count: '2', hint: 'h' }), line] }))
  assert.deepEqual(lastBody(api), {
    ...SENT,
    lines: [{ id: 1, count: 2, hint: 'h' }, 'see below', { id: 2, count: 4, hint: 'i' }]
  })
})

test('S5 what a create leaves to the API is not cleared by the next update', async t => {
  const { api, save } = await start(t, { method: 'patch' })
  const blank = { note: '', due: '', tags: [], active: null }
  api.answer({ status: 201, json: { id: 7, note: 'given by the API' } }, { json: {} })
  const made = await save(flowObject(null, { name: 'a', size: '1', ...blank }))
  await save(edited(made, { note: '', size: '' }))
  assert.deepEqual(lastBody(api), { name: 'a', note: null })
})

test('S5 an update by PUT reads an object with unseen members, and sends the whole', async t => {
  const { api, list, save } = await start(t)
  const etag = { etag: '"3"' }
  api.answer({ json: [{ id: 7, name: 'a', size: 2, owner: { mail: 'm' } }] })
  const listed = await list()
  const held = {
    ...FULL,
    name: 'changed meanwhile',
    secret: { of: 'the API' },
    owner: { mail: 'm', phone: 'p', rank: 3 }
  }
  api.answer({ json: held, headers: etag }, { json: FULL })
  await save(edited(listed, { name: 'b', size: '3' }))
  assert.deepEqual(
    api.takeCalls().map(call => call.split(' ').slice(0, 2).join(' ')),
    ['GET /v1/things', 'GET /v1/things/7', 'PUT /v1/things/7']
  )
  assert.deepEqual(lastBody(api), {
    ...SENT,
    name: 'b',
    size: 3,
    owner: { mail: 'm', phone: 'p', rank: 3 },
    secret: { of: 'the API' }
  })
  assert.equal(api.calls.at(-1)?.headers['if-match'], undefined)
})

test('S5 nothing is read where nothing is left out, without a load, and where the mapping says so', async t => {
  const part = { id: 7, name: 'a' }
  for (const options of [
    { load: null },
    { update: ', merge: false' },
    { load: ', example: true' }
  ]) {
    const { api, list, save } = await start(t, options)
    api.answer({ json: [part] }, { json: {} })
    await save(edited(await list(), { name: 'b' }))
    assert.deepEqual(api.takeCalls(), ['GET /v1/things', 'PUT /v1/things/7 {"name":"b"}'])
  }
  const { api, load, save } = await start(t)
  api.answer({ json: FULL }, { json: {} })
  await save(edited(await load('7'), { note: '' }))
  assert.equal(api.takeCalls().length, 2)
})

test('S5 a merged update names the version that was read, or the one that the flow has seen', async t => {
  const operation =
    'parameters: [{ name: If-Match, in: header, required: true, schema: { type: string } }]'
  const { api, list, load, save } = await start(t, { operation })
  const part = { id: 7, name: 'a' }
  api.answer({ json: [part] }, { json: FULL, headers: { etag: '"2"' } }, { json: {} })
  await save(edited(await list(), {}))
  assert.deepEqual(
    api.calls.map(({ headers }) => headers['if-match']),
    [undefined, undefined, '"2"']
  )

  api.answer({ json: part, headers: { etag: '"3"' } })
  const loaded = await load('7')
  api.answer({ json: FULL, headers: { etag: '"4"' } }, { status: 412, json: {} })
  assert.deepEqual(refusal(await save(edited(loaded, {}))), ['OBJECT_CHANGED', 412])
  assert.equal(api.calls.at(-1)?.headers['if-match'], '"3"')
})

test('S5 an object that cannot be read for a merge is a problem, and nothing is written', async t => {
  const { api, list, save } = await start(t)
  const part = { id: 7, name: 'a' }
  for (const [answer, code, status] of [
    [{ status: 404, json: { message: 'no such thing' } }, 'API_ERROR', 404],
    [{ json: [{ id: 8, name: 'other' }] }, 'ANSWER_UNEXPECTED', 502],
    [{ json: 'sorry' }, 'ANSWER_UNEXPECTED', 502]
  ] as const) {
    api.answer({ json: [part] }, answer)
    const listed = await list()
    const failed = await save(flowObject('9', { name: 'first' }), edited(listed, {}))
    assert.deepEqual(refusal(failed), [code, status])
    assert.ok(!api.takeCalls().some(call => call.startsWith('PUT')))
  }
})

test('S5 `blank: keep` leaves every blank out, `blank: clear` clears what was not seen', async t => {
  const keep = await start(t, { method: 'patch', update: ', blank: keep' })
  keep.api.answer({ json: FULL }, { json: {} })
  await keep.save(edited(await keep.load('7'), { note: '', due: '', tags: [], owner: [] }))
  const { note: _note, due: _due, tags: _tags, owner: _owner, ...kept } = SENT
  assert.deepEqual(lastBody(keep.api), kept)

  const clear = await start(t, { update: ', blank: clear' })
  clear.api.answer({ json: { id: 7, name: 'a', due: 'soon', active: 'Y' } }, { json: {} })
  await clear.save(edited(await clear.load('7'), { name: 'b', size: '' }))
  assert.deepEqual(clear.api.takeCalls().length, 2)
  assert.deepEqual(lastBody(clear.api), {
    name: 'b',
    note: null,
    due: null,
    active: 'Y',
    tags: [],
    lines: []
  })
})

test('S5 a merged body has the names of its schema, and no member that a closed schema does not declare', async t => {
  const schema = (members: string): string =>
    `{ type: object, additionalProperties: false, properties: { ${members} } }`
  const operation = `requestBody: { content: { application/json: { schema: ${schema(
    'Name: { type: string }, note: { type: string, nullable: true }, kept: {}, made: { readOnly: true }'
  )} } } }`
  const declared = `      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: Changed`
  const document = documentOf({ update: ', merge: true' }).replace(
    `put:\n${declared}`,
    `put:\n      ${operation}\n      responses: { '200': { description: Changed`
  )
  assert.ok(document.includes('kept'))
  const api = await startApi(t, document)
  const { save } = flowOf(await startConnector(t, { 'Schema URL': api.documentUrl }))
  api.answer({ json: { ...FULL, kept: 1, made: 2, unknown: 3 } }, { json: FULL })
  data(await save(flowObject('7', { name: 'b' })))
  assert.deepEqual(lastBody(api), { Name: 'b', note: 'n', kept: 1 })
})

test('S5 `merge: true` reads the object before each update, also for a patch and inside of a wrapper', async t => {
  const update = ', merge: true, body: data, records: data, exclude: { size: true }'
  const { api, save } = await start(t, { method: 'patch', update, load: ', records: data' })
  const held = { ...FULL, unknown: [1, { deep: 12345678901234567890n.toString() }] }
  api.answer({ json: { data: held } }, { json: { data: FULL } })
  data(await save(flowObject('7', { name: 'b', note: '', active: 'false' })))
  const { size: _size, ...rest } = SENT
  assert.deepEqual(lastBody(api), {
    data: { ...rest, name: 'b', note: null, active: false, unknown: held.unknown }
  })
})

test('S5 replicas share what a flow has seen: one value for a list, and none where nothing is unseen', async t => {
  const server = await startRedis(t)
  const api = await startApi(t, documentOf({ method: 'patch' }))
  const replicas = await startReplicas(t, server.url, { 'Schema URL': api.documentUrl })
  await untilRedis('ok', replicas)
  const [one, two] = replicas.map(replica => flowOf(replica))
  assert.ok(one && two)
  const keys = async (): Promise<number> => (await server.client.keys('*')).length
  api.answer({ json: [FULL] }, { json: FULL })
  await one.list()
  await one.load('7')
  const before = await keys()
  const things = Array.from({ length: 50 }, (_, id) => ({ id, name: 'a', due: `day ${id}` }))
  api.answer({ json: things }, { json: {} })
  const listed = await one.list()
  assert.equal(await keys(), before + 1)
  await two.save(edited(listed, { name: 'b' }, 49))
  assert.deepEqual(lastBody(api), { name: 'b', due: 'day 49' })

  // Loaded again without anything unseen, the object has nothing to remember.
  api.answer({ json: { ...FULL, id: 49 } }, { json: {} })
  const whole = await two.load('49')
  await one.save(edited(whole, { note: '' }))
  assert.deepEqual(lastBody(api), { ...SENT, note: null })
})

test('S5 what is remembered has bounds: a value that is too long is left out, an object too many forgotten', async t => {
  const { api, list, save } = await start(t, { method: 'patch' })
  const due = 'soon '.repeat(350)
  const long = { id: 0, name: 'a', due: 'x'.repeat(100_000), note: null }
  const things = [
    long,
    ...Array.from({ length: 199 }, (_, at) => ({ ...long, id: at + 1, due: `${due}${at}` }))
  ]
  api.answer({ json: things }, { json: {} }, { json: {} }, { json: {} })
  const listed = await list(200)
  await save(...[0, 1, 199].map(index => edited(listed, {}, index)))
  const bodies = api.calls.slice(-3).map(({ body }) => JSON.parse(body))
  assert.deepEqual(bodies, [
    { name: 'a', note: null },
    { name: 'a', note: null, due: `${due}0` },
    { name: 'a', note: null, due: null, active: null, tags: [], lines: [] }
  ])
})

test('S5 calls without a stateId are one flow of their user', async t => {
  const { api, connector } = await start(t, { method: 'patch' })
  const { load, save } = flowOf(connector, null)
  api.answer({ json: { id: 7, name: 'a' } }, { json: {} })
  await save(edited(await load('7'), { name: 'b' }))
  assert.deepEqual(lastBody(api), { name: 'b' })
})

test('S6 a value is written back in the form in which it came, changed or not', async t => {
  const { api, list, save } = await start(t)
  const things = [
    { ...FULL, id: 1, active: 0, due: '20240309', size: '1,234.50' },
    { ...FULL, id: 2, active: 'Y', due: 'Sat, 09 Mar 2024 14:05:00 GMT', size: '7.00' },
    { ...FULL, id: 3, active: 'no', due: 1709993100, lines: [{ id: 1, count: 2.5, hint: 'h' }] }
  ]
  api.answer({ json: things }, ...Array(6).fill({ status: 204 }))
  const listed = await list()
  assert.deepEqual(
    found(listed).map(({ active, due, size }) => [active, due, size]),
    [
      ['false', '2024-03-09T00:00:00Z', '1234.5'],
      ['true', '2024-03-09T00:00:00Z', '7'],
      ['false', '2024-03-09T00:00:00Z', '2']
    ]
  )
  const saved = await save(...[0, 1, 2].map(index => edited(listed, { name: 'b' }, index)))
  const bodies = (): unknown[] => api.calls.slice(-3).map(({ body }) => JSON.parse(body))
  assert.deepEqual(
    bodies(),
    things.map(({ id: _id, ...thing }) => ({ ...thing, name: 'b' }))
  )
  const changes = { active: 'true', due: '2024-12-01T00:00:00Z', size: '1000' }
  await save(...[0, 1, 2].map(index => edited(saved, changes, index)))
  assert.deepEqual(bodies(), [
    { ...SENT, name: 'b', active: 1, due: '20241201', size: '1,000.00' },
    { ...SENT, name: 'b', active: 'Y', due: 'Sun, 01 Dec 2024 00:00:00 GMT', size: '1000' },
    {
      ...SENT,
      name: 'b',
      active: 'yes',
      due: 1733011200,
      size: 1000,
      lines: [{ id: 1, count: 2.5, hint: 'h' }]
    }
  ])
})

test('S6 a patch of differences does not send what came in another form', async t => {
  const operation = 'parameters: [{ name: If-Match, in: header, schema: { type: string } }]'
  const { api, load, save } = await start(t, { method: 'patch', operation })
  const odd = { ...FULL, active: 'N', due: 'soon', size: '1,234,567', note: undefined }
  api.answer({ json: odd, headers: { etag: '"1"' } }, { headers: { etag: '"2"' } }, {})
  const saved = await save(edited(await load('7'), { name: 'b' }))
  assert.deepEqual(lastBody(api), { name: 'b' })
  await save(edited(saved, { active: 'true', size: '2000' }))
  assert.deepEqual(lastBody(api), { active: 'Y', size: '2,000' })
})
