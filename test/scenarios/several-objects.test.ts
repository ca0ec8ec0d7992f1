import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { data, flowObject, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Tasks, version: '1' }
servers: [{ url: /v1 }]
paths:
  /tasks:
    get:
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Task' } } } } }
    post:
      parameters: [{ name: actor, in: query, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { '201': { description: Made } }
  /tasks/{taskId}:
    parameters: [{ name: taskId, in: path, required: true, schema: { type: string } }]
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { '200': { description: Changed } }
    delete: { responses: { '204': { description: Gone } } }
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
        secret: { type: string, format: password }
        href: { type: string }
        done: { type: boolean }
        place: { type: object, properties: { room: { type: string } } }
        tags: { type: array, items: { type: string } }
      x-flow-type: { name: Task, customProperties: { actor: string } }
      x-flow-query: { path: /tasks }
      x-flow-save: { path: /tasks, operation: Post, parameters: { actor: actor }, exclude: { href: true } }
      x-flow-update: { path: '/tasks/{taskId}', operation: Put, parameters: { taskId: externalId }, exclude: { href: true } }
      x-flow-delete: { path: '/tasks/{taskId}', operation: Delete, parameters: { taskId: externalId } }
`

test('vector 8: C08 three objects are created, updated, created in order, internal ids echoed', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { status: 201, json: { id: 'n1' } },
    { json: {} },
    { status: 201, json: { id: 'n2' } },
    { status: 201, json: { id: 'n3' } }
  )
  const own = '5f1d7c55-6666-4f61-a0f3-2c0f5f7a9b11'
  const answer = await connector.save(
    'Task',
    flowObject('', { title: 'A' }, { internalId: 'i-1', order: 4 }),
    flowObject('t2', { title: 'B', note: '' }, { internalId: 'i-2', order: 5 }),
    flowObject('  ', { title: 'C' }, { internalId: 'i-3', order: 6 }),
    flowObject(own.toUpperCase(), { title: 'D' }, { internalId: own, order: 7 })
  )
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/tasks {"title":"A"}',
    'PUT /v1/tasks/t2 {"title":"B","note":null}',
    'POST /v1/tasks {"title":"C"}',
    'POST /v1/tasks {"title":"D"}'
  ])
  assert.deepEqual(
    data(answer).objectData.map(({ internalId, externalId, order, properties }) => [
      internalId,
      externalId,
      order,
      properties.find(({ developerName }) => developerName === 'title')?.contentValue
    ]),
    [
      ['i-1', 'n1', 4, 'A'],
      ['i-2', 't2', 5, 'B'],
      ['i-3', 'n2', 6, 'C'],
      [own, 'n3', 7, 'D']
    ]
  )
})

test('C03 on the first failure the rest is not sent, and the problem names what was written', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const tasks = ['A', 'B', 'C', 'D'].map(title => flowObject(null, { title }))
  api.answer(
    { status: 201, json: { id: 'n1' } },
    { status: 201, json: { id: 'n2' } },
    { status: 422, json: { message: 'C is taken' } }
  )
  const failed = problem(await connector.save('Task', ...tasks))
  assert.equal(api.takeCalls().length, 3)
  assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['SAVE_INCOMPLETE', 422, 'api'])
  assert.equal(
    failed.message,
    'C is taken; object 2 of 4 not saved; saved: 0 (n1), 1 (n2) [SAVE_INCOMPLETE]'
  )
  assert.ok(failed.remedy.includes('0 (n1), 1 (n2)'), failed.remedy)
  assert.equal(failed.responseBody, '{"message":"C is taken"}')

  api.answer(({ headers }, response) => {
    assert.ok(headers.host)
    response.destroy()
  })
  const reset = problem(await connector.save('Task', ...tasks))
  assert.deepEqual([reset.code, reset.statusCode, reset.kind], ['SAVE_INCOMPLETE', 502, 'service'])
  assert.ok(reset.message.includes('object 0 of 4'), reset.message)
  assert.equal(api.takeCalls().length, 1)
})

test('C03 a single object fails with its own problem', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 409, json: { error: { message: 'taken' } } })
  const failed = problem(await connector.save('Task', flowObject(null, { title: 'A' })))
  assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['API_ERROR', 409, 'api'])
  assert.equal(failed.message, 'taken [API_ERROR]')
})

test('C03 every object is judged before the first is sent', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [bad, code] of [
    [flowObject(null, { effort: 'much' }), 'VALUE_INVALID'],
    [flowObject(null, { due: 'soon' }), 'VALUE_INVALID'],
    [flowObject(null, { done: 'maybe' }), 'VALUE_INVALID'],
    [flowObject('..', { title: 'x' }), 'PARAMETER_INVALID']
  ] as const) {
    const answer = await connector.save('Task', flowObject(null, { title: 'good' }), bad)
    assert.deepEqual(refusal(answer), [code, 400])
  }
  const removal = await connector.remove('Task', flowObject('t1'), flowObject(null))
  assert.deepEqual(refusal(removal), ['ID_REQUIRED', 400])
  assert.deepEqual(api.calls, [])
})

test('vector 9: C05 a delete asks once for each object; what is gone counts as deleted', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 204 }, { status: 404, json: { message: 'unknown' } }, { status: 410 })
  const objects = ['t1', 't2', 't3'].map(id => flowObject(id, { title: 'x' }))
  const answer = await connector.remove('Task', ...objects)
  assert.deepEqual(answer.body, { culture: null, hasMoreResults: false, objectData: [] })
  assert.deepEqual(api.takeCalls(), [
    'DELETE /v1/tasks/t1',
    'DELETE /v1/tasks/t2',
    'DELETE /v1/tasks/t3'
  ])
  for (const id of ['', ' ', null]) {
    assert.deepEqual(refusal(await connector.remove('Task', flowObject(id))), ['ID_REQUIRED', 400])
  }
  assert.deepEqual(api.takeCalls(), [])
  api.answer({ status: 403, json: { message: 'not yours' } })
  assert.deepEqual(refusal(await connector.remove('Task', flowObject('t1'))), ['API_ERROR', 403])
})

test('vector 15: C03 unknown members, doubled slashes and slashes at the end do not matter', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { status: 201, json: { id: '1' } }, { status: 204 })
  const extra = {
    command: { commandType: 'x', properties: {} },
    culture: null,
    stateId: 's',
    hm: 1
  }
  const objectDataType = { developerName: 'Task', typeElementId: null, nope: [1] }
  const body = { ...extra, objectDataType, listFilter: { limit: 1, nope: true } }
  const objectData = [{ ...flowObject(null, { title: 'A' }), nope: {} }]
  assert.equal((await connector.send('POST', '//data', body)).status, 200)
  assert.equal((await connector.send('PUT', '/data/', { ...body, objectData })).status, 200)
  const removal = { ...body, objectData: [flowObject('1')] }
  assert.equal((await connector.send('POST', '/data//delete/', removal)).status, 200)
  assert.equal((await connector.send('POST', '//metadata//install/', extra)).status, 200)
  assert.equal((await connector.send('POST', '/metadata/', extra)).status, 200)
  assert.equal(api.calls.length, 3)
})
