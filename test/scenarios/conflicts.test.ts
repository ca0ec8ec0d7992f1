import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { FlowAnswer, StartedConnector } from '../support/start-connector.ts'
import {
  data,
  flowObject,
  problem,
  refusal,
  startConnector,
  userHeader
} from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Tasks, version: '1' }
servers: [{ url: /v1 }]
paths:
  /tasks/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } } }
    patch:
      parameters: [{ name: if-match, in: header, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { '200': { description: Changed } }
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
    put:
      parameters: [{ name: If-Match, in: header, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '200': { description: Changed } }
  /plain/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Plain' } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Plain' } } } }
      responses: { '200': { description: Changed } }
components:
  schemas:
    Task:
      type: object
      properties:
        id: { type: string, readOnly: true }
        title: { type: string }
        note: { type: string, nullable: true }
        effort: { type: number }
        due: { type: string, format: date }
        done: { type: boolean }
        place: { type: object, properties: { room: { type: string }, floor: { type: integer } } }
        tags: { type: array, items: { type: string } }
      x-flow-type: { name: Task }
      x-flow-load: { path: '/tasks/{id}', parameters: { id: id } }
      x-flow-update: { path: '/tasks/{id}', operation: patch, parameters: { id: externalId } }
    Note:
      type: object
      properties: { id: { type: string }, text: { type: string }, extra: { type: string } }
      x-flow-type: { name: Note }
      x-flow-load: { path: '/notes/{id}', parameters: { id: id } }
      x-flow-update: { path: '/notes/{id}', operation: put, parameters: { id: externalId } }
    Plain:
      type: object
      properties: { id: { type: string, readOnly: true }, a: { type: string }, b: { type: string } }
      x-flow-type: { name: Plain }
      x-flow-load: { path: '/plain/{id}', parameters: { id: id } }
      x-flow-update: { path: '/plain/{id}', operation: patch, parameters: { id: externalId } }
`

const TASK = {
  id: 't1',
  title: 'Paint',
  note: 'soon',
  effort: 2.5,
  due: '2024-03-09',
  done: false,
  place: { room: 'attic', floor: 3 },
  tags: ['a', 'b']
}

/** One flow of a platform: its calls carry its `stateId`. */
type Flow = {
  load(type: string, id: string): Promise<FlowAnswer>
  save(type: string, ...objects: readonly object[]): Promise<FlowAnswer>
}

function flow(connector: StartedConnector, stateId: string): Flow {
  const call = (method: string, type: string, more: object): Promise<FlowAnswer> =>
    connector.send(method, '/data', { stateId, objectDataType: { developerName: type }, ...more })
  return {
    load: (type, id) => call('POST', type, { listFilter: { id } }),
    save: (type, ...objectData) => call('PUT', type, { objectData })
  }
}

/** What a flow holds of the only object of an answer, with other values of some properties. */
function changed(answer: FlowAnswer, values: { readonly [property: string]: string }): object {
  const [object] = data(answer).objectData
  assert.ok(object)
  const properties = object.properties.map(property => ({
    ...property,
    contentValue: values[property.developerName] ?? property.contentValue
  }))
  return { ...object, properties }
}

test('C30 an update names the version that its flow has loaded, and a PATCH sends only what differs', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  api.answer({ json: TASK, headers: { etag: '"v1"' } }, { headers: { etag: '"v2"' } }, {})
  const loaded = await load('Task', 't1')
  const edits = { title: 'Mow', note: '', effort: '2.50', due: '03/09/2024 12:00:00 AM +00:00' }
  const saved = await save('Task', changed(loaded, edits))
  // The answer brought the next version, from which the next update starts.
  await save('Task', changed(saved, { done: 'True' }))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/tasks/t1',
    'PATCH /v1/tasks/t1 {"title":"Mow","note":null}',
    'PATCH /v1/tasks/t1 {"done":true}'
  ])
  assert.deepEqual(
    api.calls.map(({ headers }) => headers['if-match']),
    [undefined, '"v1"', '"v2"']
  )
})

test('C30 nested objects and lists are sent as a whole when something in them differs', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  api.answer({ json: TASK, headers: { etag: '"v1"' } }, {})
  await load('Task', 't1')
  const place = [flowObject(null, { room: 'attic', floor: '4' })]
  const tags = ['a', 'b'].map(Value => flowObject(null, { Value }))
  await save('Task', flowObject('t1', { title: 'Paint', place, tags }))
  assert.equal(api.takeCalls().at(-1), 'PATCH /v1/tasks/t1 {"place":{"room":"attic","floor":4}}')
})

test('C30 S4 another flow, user, tenant, server or document knows nothing of it', async t => {
  const api = await startApi(t, DOCUMENT)
  const configuration = { 'Schema URL': api.documentUrl }
  const connector = await startConnector(t, configuration)
  api.answer({ json: TASK, headers: { etag: '"v1"' } })
  await flow(connector, 's-1').load('Task', 't1')
  const others: [StartedConnector, string][] = [
    [connector, 's-2'],
    [connector.as({ headers: userHeader({ UserId: 'u-2' }) }), 's-1'],
    [connector.as({ headers: { manywhotenant: 'other' } }), 's-1'],
    [connector.as({ configuration: { ...configuration, 'Server URL': `${api.url}/v1` } }), 's-1'],
    [connector.as({ configuration: { 'Schema URL': `${api.url}/copy.yaml` } }), 's-1']
  ]
  for (const [other, stateId] of others) {
    api.answer({})
    await flow(other, stateId).save('Task', flowObject('t1', { title: 'Paint' }))
    assert.equal(api.takeCalls().at(-1), 'PATCH /v1/tasks/t1 {"title":"Paint"}')
    assert.equal(api.calls.at(-1)?.headers['if-match'], undefined)
  }
  api.answer({})
  const byHeader = connector.as({ headers: { manywhostate: 'S-1' } })
  await byHeader.save('Task', flowObject('t1', { title: 'Mow' }))
  assert.deepEqual(api.takeCalls(), ['PATCH /v1/tasks/t1 {"title":"Mow"}'])
  assert.equal(api.calls.at(-1)?.headers['if-match'], '"v1"')
})

test('C30 a 412 says that the object has changed since it was loaded', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  const note = flowObject('n1', { id: 'n1', text: 'b' })
  api.answer({ json: { id: 'n1', text: 'a' }, headers: { etag: 'W/"1"' } })
  await load('Note', 'n1')
  api.answer({ status: 412, json: { message: 'stale' } })
  const failed = problem(await save('Note', note))
  assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['OBJECT_CHANGED', 412, 'api'])
  assert.ok(failed.message.includes('"n1"') && failed.message.includes('"Note"'), failed.message)
  assert.equal(failed.responseBody, '{"message":"stale"}')
  assert.equal(api.calls.at(-1)?.headers['if-match'], 'W/"1"')

  // Loaded again, it is the new version that is changed. A PUT stays whole.
  api.answer({ json: { id: 'n1', text: 'c' }, headers: { etag: 'W/"2"' } }, {})
  await load('Note', 'n1')
  api.takeCalls()
  assert.equal((await save('Note', note)).status, 200)
  assert.deepEqual(api.takeCalls(), ['PUT /v1/notes/n1 {"id":"n1","text":"b"}'])
  assert.equal(api.calls.at(-1)?.headers['if-match'], 'W/"2"')
})

test('C30 where the version is required and not known, the problem says to load the object', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  const note = flowObject('n1', { text: 'b' })
  const unknown = await save('Note', note)
  assert.deepEqual(refusal(unknown), ['PARAMETER_REQUIRED', 400])
  assert.ok(problem(unknown).remedy.includes('loading the object by its id'))
  // A version that the last load did not show is forgotten.
  api.answer({ json: { id: 'n1' }, headers: { etag: '"1"' } }, { json: { id: 'n1' } })
  await load('Note', 'n1')
  await load('Note', 'n1')
  assert.deepEqual(refusal(await save('Note', note)), ['PARAMETER_REQUIRED', 400])
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
})

test('C30 an operation that does not declare If-Match gets neither the header nor less than all', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  api.answer({ json: { id: 'p', a: '1', b: '2' }, headers: { etag: '"1"' } })
  const loaded = await load('Plain', 'p')
  api.answer({ status: 412, json: {} })
  assert.deepEqual(refusal(await save('Plain', changed(loaded, { b: '3' }))), ['API_ERROR', 412])
  assert.equal(api.takeCalls().at(-1), 'PATCH /v1/plain/p {"a":"1","b":"3"}')
  assert.equal(api.calls.at(-1)?.headers['if-match'], undefined)
})

test('C30 an object that comes twice in one save does not conflict with itself', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { json: TASK, headers: { etag: '"v1"' } },
    { json: TASK, headers: { etag: '"v2"' } },
    { json: TASK }
  )
  data(await connector.load('Task', { id: 't1' }))
  const twice = ['One', 'Two'].map(title => flowObject('t1', { title }))
  data(await connector.save('Task', ...twice))
  const sent = api.calls.slice(1).map(({ headers }) => headers['if-match'])
  assert.deepEqual(sent, ['"v1"', undefined])
})

test('S4 a PATCH in which nothing differs makes no call and succeeds', async t => {
  const api = await startApi(
    t,
    DOCUMENT.replace(
      "{ path: '/tasks/{id}', operation: patch, parameters: { id: externalId } }",
      "{ path: '/tasks/{id}', operation: patch, parameters: { id: externalId, body.comment: comment } }"
    ).replace('{ name: Task }', '{ name: Task, customProperties: { comment: string } }')
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { load, save } = flow(connector, 's-1')
  api.answer({ json: TASK, headers: { etag: '"v1"' } })
  const loaded = await load('Task', 't1')
  api.takeCalls()
  const [object] = data(loaded).objectData
  assert.ok(object)
  // As it was loaded, with only some properties, and in other words for the same values.
  const same = [
    object,
    flowObject('t1', { title: 'Paint' }),
    flowObject('t1', {}),
    flowObject('t1', { effort: '2.500', done: 'False', due: '03/09/2024 12:00:00 AM +00:00' })
  ]
  for (const unchanged of same) {
    const [saved] = data(await save('Task', unchanged)).objectData
    assert.equal(saved?.externalId, 't1')
  }
  assert.deepEqual(api.takeCalls(), [])

  // Between others it is skipped; the version that was loaded is still the last one.
  api.answer({}, {})
  const both = [flowObject('t1', { title: 'Paint' }), flowObject('t2', { title: 'Mow' })]
  assert.equal(data(await save('Task', ...both)).objectData.length, 2)
  await save('Task', flowObject('t1', { title: 'Paint', comment: 'as agreed' }))
  assert.deepEqual(api.takeCalls(), [
    'PATCH /v1/tasks/t2 {"title":"Mow"}',
    'PATCH /v1/tasks/t1 {"comment":"as agreed"}'
  ])
  assert.equal(api.calls.at(-1)?.headers['if-match'], '"v1"')
})
