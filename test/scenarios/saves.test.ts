import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  data,
  flowObject,
  found,
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
  /lists/{list_id}/entries:
    post:
      parameters: [{ name: list_id, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Entry' } } } }
      responses: { '201': { description: Made } }
  /settings/{key}:
    put:
      parameters: [{ name: key, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Setting' } } } }
      responses: { '200': { description: Set } }
  /notes:
    get:
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: Made } }
  /notes/{which}: { delete: { parameters: [{ name: which, in: path, required: true, schema: { type: string } }], responses: { '204': { description: Gone } } } }
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
    Entry:
      type: object
      properties: { id: { type: string, readOnly: true }, uris: { type: array, items: { type: string } } }
      x-flow-type: { name: Entry, customProperties: { list_id: string } }
      x-flow-save: { path: '/lists/{list_id}/entries', operation: post, parameters: { list_id: list_id } }
    Setting:
      type: object
      properties: { key: { type: string }, value: { type: string } }
      x-flow-type: { name: Setting, id: key }
      x-flow-update: { path: '/settings/{key}', operation: put, parameters: { key: externalId } }
    Note:
      type: object
      properties: { text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-query: { path: /notes }
      x-flow-save: { path: /notes, operation: post }
      x-flow-delete: { path: '/notes/{which}', operation: delete, parameters: { which: externalId } }
`

const BLANK = {
  title: null,
  note: null,
  effort: null,
  due: null,
  secret: null,
  href: null,
  done: null,
  place: [],
  tags: [],
  actor: null
}

test('C03 C08 C10 an object without an external id is created, blank properties left out', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201, json: { id: 't1', title: 'Paint', effort: 2.5, href: '/tasks/t1' } })
  const task = flowObject(null, {
    id: '',
    title: 'Paint',
    note: '',
    effort: '2.50',
    due: '03/09/2024 12:00:00 AM +00:00',
    secret: '',
    href: 'https://example.com',
    done: 'True',
    place: [],
    tags: []
  })
  const answer = await connector.save('Task', task)
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/tasks {"title":"Paint","effort":2.5,"due":"2024-03-09","done":true}'
  ])
  assert.equal(api.calls[0]?.headers['content-type'], 'application/json')
  assert.deepEqual(found(answer), [
    {
      ...BLANK,
      externalId: 't1',
      id: 't1',
      title: 'Paint',
      effort: '2.5',
      due: '2024-03-09T00:00:00Z',
      href: '/tasks/t1',
      done: 'true'
    }
  ])
})

test('C04 C08 C10 C11 an object with an external id is updated at that id, blank properties cleared', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { id: 't/1' } })
  const task = flowObject('t/1', {
    id: 'other',
    title: '',
    note: '',
    effort: '',
    due: '0001-01-01T00:00:00.0000000+00:00',
    secret: '__ENCRYPTED__',
    href: 'x',
    tags: []
  })
  await connector.save('Task', task)
  // null where the schema allows it, blank text where a string may be blank, else nothing
  assert.deepEqual(api.takeCalls(), ['PUT /v1/tasks/t%2F1 {"title":"","note":null,"tags":[]}'])
})

test('C14 customProperties feed a parameter and are never sent in a body', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201, json: { id: 'e1' } }, { status: 201, json: { id: 't1' } })
  const tracks = ['uri:1', 'uri:2'].map(Value => flowObject(null, { Value }))
  const saved = await connector.save('Entry', flowObject(null, { list_id: 'l 1', uris: tracks }))
  await connector.save('Task', flowObject(null, { title: 'Mow', actor: 'Ana & Bo' }))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/lists/l%201/entries {"uris":["uri:1","uri:2"]}',
    'POST /v1/tasks?actor=Ana%20%26%20Bo {"title":"Mow"}'
  ])
  assert.deepEqual(found(saved), [
    {
      externalId: 'e1',
      id: 'e1',
      list_id: 'l 1',
      uris: [
        { externalId: 'e1-0', ID: 'e1-0', Value: 'uri:1' },
        { externalId: 'e1-1', ID: 'e1-1', Value: 'uri:2' }
      ]
    }
  ])
})

test('C28 C29 a create answered by nothing gives the sent object, its id out of Location', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { status: 201, headers: { location: '/v1/tasks/new%2F7/?x=1' } },
    { status: 204, headers: { location: 'https://elsewhere.example/tasks/8' } }
  )
  const task = flowObject(null, { title: 'Mow', secret: 'hunter2', due: '2024-03-09' })
  for (const id of ['new/7', '8']) {
    assert.deepEqual(found(await connector.save('Task', task)), [
      { ...BLANK, externalId: id, id, title: 'Mow', due: '2024-03-09T00:00:00Z' }
    ])
  }
})

test('C28 an update answered by 204 gives the sent object with its id', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 204 })
  const answer = await connector.save('Task', flowObject('t1', { title: 'Mow', done: 'FALSE' }))
  assert.deepEqual(found(answer), [
    { ...BLANK, externalId: 't1', id: 't1', title: 'Mow', done: 'false' }
  ])
})

test('C04 an answer with fewer properties is merged over what was sent, nested objects too', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { title: 'Mow!', note: null, place: {} } })
  const place = flowObject(null, { room: 'Garden' })
  const [saved] = found(
    await connector.save('Task', flowObject('t1', { title: 'Mow', note: 'x', place: [place] }))
  )
  assert.equal(saved?.externalId, 't1')
  assert.equal(saved?.title, 'Mow!')
  assert.equal(saved?.note, null)
  const [room] = typeof saved?.place === 'object' ? (saved.place ?? []) : []
  assert.equal(room?.room, 'Garden')
})

test('C08 with only an update mapped an object whose key is filled is created by it', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201 })
  const created = await connector.save('Setting', flowObject(null, { key: 'color', value: 'red' }))
  assert.deepEqual(api.takeCalls(), ['PUT /v1/settings/color {"key":"color","value":"red"}'])
  assert.deepEqual(found(created), [{ externalId: 'color', key: 'color', value: 'red' }])

  const refused = await connector.save('Setting', flowObject(null, { value: 'red' }))
  assert.deepEqual(refusal(refused), ['PARAMETER_REQUIRED', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('C08 with only a save mapped an object with a real id is a 400 and no call', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { code, statusCode, message } = problem(
    await connector.save('Entry', flowObject('e1', { list_id: 'l1' }))
  )
  assert.deepEqual([code, statusCode], ['MAPPING_MISSING', 400])
  assert.ok(message.includes('"Entry"') && message.includes('x-flow-update'), message)
  assert.deepEqual(api.calls, [])
})

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
  assert.deepEqual(
    [failed.code, failed.statusCode, failed.kind],
    ['SAVE_INCOMPLETE', 422, 'api']
  )
  assert.equal(
    failed.message,
    'C is taken; object 2 of 4 was not saved; saved before it: 0 (n1), 1 (n2) [SAVE_INCOMPLETE]'
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

test('B15 an object without an id gets one that stays; saved it is created, deleted it is refused', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const notes = [{ text: 'milk' }, { text: 'bread' }, { text: 'milk' }]
  api.answer({ json: notes }, { json: notes }, { json: notes }, { status: 201 })
  const first = found(await connector.load('Note'))
  assert.deepEqual(found(await connector.load('Note')), first)
  const ids = first.map(({ externalId }) => externalId)
  assert.equal(new Set(ids).size, 3)
  const [milk] = ids
  assert.ok(typeof milk === 'string')
  assert.match(milk, /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  assert.deepEqual(found(await connector.load('Note', { id: milk })), [first[0]])

  api.takeCalls()
  const saved = found(await connector.save('Note', flowObject(milk, { text: 'milk' })))
  assert.deepEqual(api.takeCalls(), ['POST /v1/notes {"text":"milk"}'])
  assert.equal(saved.length, 1)
  assert.deepEqual(refusal(await connector.remove('Note', flowObject(milk, { text: 'milk' }))), [
    'ID_GENERATED',
    400
  ])
  assert.deepEqual(api.takeCalls(), [])
})

test('B16 a composite key goes round: load, update and delete by the parts of the id', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {
    'Schema URL': 'sample:composite-key',
    'Server URL': api.url
  })
  const row = { warehouse: 'OSL', sku: 'B/2', quantity: 3 }
  api.answer({ json: [row] }, { json: row }, { json: { ...row, quantity: 4 } }, { status: 204 })
  const [listed] = found(await connector.load('Stock'))
  const id = listed?.externalId
  assert.ok(typeof id === 'string' && !/[/&=+%]/.test(id))
  assert.deepEqual(found(await connector.load('Stock', { id })), [listed])
  const change = flowObject(id, { warehouse: 'OSL', sku: 'B/2', quantity: '4' })
  assert.deepEqual(found(await connector.save('Stock', change)), [{ ...listed, quantity: '4' }])
  await connector.remove('Stock', flowObject(id))
  assert.deepEqual(api.takeCalls(), [
    'GET /stock',
    'GET /warehouses/OSL/stock/B%2F2',
    'PUT /warehouses/OSL/stock/B%2F2 {"warehouse":"OSL","sku":"B/2","quantity":4}',
    'DELETE /warehouses/OSL/stock/B%2F2'
  ])
  assert.deepEqual(refusal(await connector.load('Stock', { id: 'OSL' })), ['ID_INVALID', 400])
  assert.deepEqual(api.takeCalls(), [])
})

test('vector 10: dates of every form that the platform sends are read, and written with seconds and offset', async t => {
  const api = await startApi(t, DOCUMENT.replace('format: date }', 'format: date-time }'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [sent, body, answered] of [
    ['', '{}', null],
    ['0001-01-01T00:00:00+00:00', '{}', null],
    ['2024-03-09', '{"due":"2024-03-09T00:00:00Z"}', '2024-03-09T00:00:00Z'],
    ['2024-03-09T14:05', '{"due":"2024-03-09T14:05:00Z"}', '2024-03-09T14:05:00Z'],
    [
      '2024-03-09T14:05:06.1234567+02:00',
      '{"due":"2024-03-09T14:05:06.1234567+02:00"}',
      '2024-03-09T14:05:06.1234567+02:00'
    ],
    ['03/09/2024 02:05:00 PM +00:00', '{"due":"2024-03-09T14:05:00+00:00"}', '2024-03-09T14:05:00+00:00']
  ] as const) {
    api.answer({ status: 201, headers: { location: '/tasks/1' } })
    const [saved] = found(await connector.save('Task', flowObject(null, { due: sent })))
    assert.deepEqual(api.takeCalls(), [`POST /v1/tasks ${body}`])
    assert.equal(saved?.due, answered)
  }
  api.answer({ json: [{ id: '1', due: '2024-03-09T14:05Z' }, { id: '2', due: 'tomorrow' }] })
  const loaded = found(await connector.load('Task'))
  assert.deepEqual(
    loaded.map(({ due }) => due),
    ['2024-03-09T14:05:00Z', null]
  )
  const warned = connector.log.filter(line => line.includes('could not be read'))
  assert.equal(warned.length, 1)
  assert.ok(warned[0]?.includes('"/1/due"'), warned[0])
  assert.ok(!warned[0]?.includes('tomorrow'))
})

test('vector 15: C03 unknown members, doubled slashes and slashes at the end do not matter', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [] }, { status: 201, json: { id: '1' } }, { status: 204 })
  const extra = { command: { commandType: 'x', properties: {} }, culture: null, stateId: 's', hm: 1 }
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

test('C14 C13 sources of a write: the user in any letter case, nested properties, constants', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {
    'Schema URL': 'sample:parameter-sources',
    'Server URL': api.url
  })
  const ana = connector.as({ headers: userHeader({ UserId: 'u-1', DirectoryId: 'acme/eu' }) })
  api.answer({ status: 201, json: { id: 't1' } }, { status: 201, json: { id: 't2' } })
  const project = flowObject(null, { code: 'HOME' })
  await ana.save('Task', flowObject(null, { title: 'Mow', project: [project] }))
  await connector.save('Task', flowObject(null, { title: 'Mow' }))
  assert.deepEqual(api.takeCalls(), [
    'POST /directories/acme%2Feu/tasks?project=HOME&channel=flow {"title":"Mow","project":{"code":"HOME"}}',
    'POST /directories/public/tasks?channel=flow {"title":"Mow"}'
  ])
  assert.equal(api.calls[0]?.headers['x-actor'], 'u-1')
  assert.equal(api.calls[1]?.headers['x-actor'], undefined)
})
