import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { data, flowObject, problem, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Tasks, version: '1' }
servers: [{ url: /v1 }]
paths:
  /tasks:
    post:
      requestBody: { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Task' } } } } }
      responses: { '201': { description: Made } }
  /tasks/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { '200': { description: Changed } }
  /lists/{list}/entries:
    post:
      parameters: [{ name: list, in: path, required: true, schema: { type: string } }]
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Entry' } } } }
      responses: { '200': { description: Made } }
  /notes:
    post:
      requestBody:
        content:
          application/json:
            schema: { type: array, items: { type: object, properties: { note: { $ref: '#/components/schemas/Note' } } } }
      responses: { '200': { description: Made } }
components:
  schemas:
    Task:
      type: object
      properties: { id: { type: string, readOnly: true }, title: { type: string } }
      x-flow-type: { name: Task }
      x-flow-save: { path: /tasks, batch: { size: 2 } }
      x-flow-update: { path: '/tasks/{id}', parameters: { id: externalId } }
    Entry:
      type: object
      properties: { id: { type: string }, uri: { type: string } }
      x-flow-type: { name: Entry, customProperties: { list: string } }
      x-flow-save: { path: '/lists/{list}/entries', parameters: { list: list }, body: items, batch: { size: 10 } }
    Note:
      type: object
      properties: { id: { type: string, readOnly: true }, text: { type: string } }
      x-flow-type: { name: Note }
      x-flow-save: { path: /notes, body: note, batch: { size: 3 }, records: results }
`

/** Objects of an answer, each as `internalId externalId`. */
function ids(answer: Parameters<typeof data>[0]): string[] {
  return data(answer).objectData.map(
    ({ internalId, externalId }) => `${internalId ?? ''} ${externalId}`
  )
}

function task(title: string): object {
  return flowObject(null, { title }, { internalId: `i-${title}` })
}

test('C21 new objects go in batches, one after another; an update goes alone; the reply keeps the order', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { status: 201, json: [{ id: '1' }, { id: '2', title: 'b!' }] },
    { status: 201, json: [{ id: '3' }] },
    {},
    { status: 201, json: { id: '4' } }
  )
  const update = flowObject('t9', { title: 'u' }, { internalId: 'i-u' })
  const answer = await connector.save('Task', task('a'), task('b'), task('c'), update, task('d'))
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/tasks [{"title":"a"},{"title":"b"}]',
    'POST /v1/tasks [{"title":"c"}]',
    'PUT /v1/tasks/t9 {"title":"u"}',
    'POST /v1/tasks [{"title":"d"}]'
  ])
  assert.deepEqual(ids(answer), ['i-a 1', 'i-b 2', 'i-c 3', 'i-u t9', 'i-d 4'])
  const titles = data(answer).objectData.map(({ properties }) => properties[1]?.contentValue)
  assert.deepEqual(titles, ['a', 'b!', 'c', 'u', 'd'])
})

test('C21 an array of one is sent for a single object, and its id may come in Location', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201, headers: { location: '/v1/tasks/77' } })
  assert.deepEqual(ids(await connector.save('Task', task('a'))), ['i-a 77'])
  assert.deepEqual(api.takeCalls(), ['POST /v1/tasks [{"title":"a"}]'])
})

test('C21 with `body` the array stands under that key; objects for another address go in another batch', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { snapshot: 'x' } }, {}, {})
  const entries = [
    ['l/1', 'a'],
    ['l/1', 'b'],
    ['l2', 'c'],
    ['l/1', 'd']
  ].map(([list = '', uri = '']) => flowObject(null, { list, uri, id: uri.toUpperCase() }))
  const answer = await connector.save('Entry', ...entries)
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/lists/l%2F1/entries {"items":[{"id":"A","uri":"a"},{"id":"B","uri":"b"}]}',
    'POST /v1/lists/l2/entries {"items":[{"id":"C","uri":"c"}]}',
    'POST /v1/lists/l%2F1/entries {"items":[{"id":"D","uri":"d"}]}'
  ])
  // What was sent comes back where the answer does not show the objects.
  assert.deepEqual(ids(answer), [' A', ' B', ' C', ' D'])
})

test('C21 an answer with other objects than were sent is matched by keys', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: [{ id: 'B', uri: 'b2' }] })
  const entries = ['A', 'B'].map(id => flowObject(null, { list: 'l', uri: 'x', id }))
  const saved = data(await connector.save('Entry', ...entries)).objectData
  assert.deepEqual(
    saved.map(({ externalId, properties }) => [externalId, properties[1]?.contentValue]),
    [
      ['A', 'x'],
      ['B', 'b2']
    ]
  )
})

test('C21 where the body is declared as an array of wrapped objects each is wrapped', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { results: [{ id: '1' }, { id: '2' }] } })
  const notes = ['a', 'b'].map(text => flowObject(null, { text }))
  assert.deepEqual(ids(await connector.save('Note', ...notes)), [' 1', ' 2'])
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/notes [{"note":{"text":"a"}},{"note":{"text":"b"}}]'
  ])
})

test('C21 after a batch that fails nothing is sent, and the problem names what was written', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { status: 201, json: [{ id: '1' }, { id: '2' }] },
    { status: 422, json: { message: 'no' } }
  )
  const tasks = ['a', 'b', 'c', 'd', 'e'].map(task)
  const failed = problem(await connector.save('Task', ...tasks))
  assert.equal(api.takeCalls().length, 2)
  assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['SAVE_INCOMPLETE', 422, 'api'])
  assert.equal(
    failed.message,
    'no; objects 2 to 3 of 5 not saved; saved: 0 (1), 1 (2) [SAVE_INCOMPLETE]'
  )
})

test('C22 an answer that says which rows failed makes a problem that names them', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const rows: [row: object, failed: boolean][] = [
    [{ status: 400 }, true],
    [{ status: '503' }, true],
    [{ error: { message: 'taken' } }, true],
    [{ errors: ['taken'] }, true],
    [{ id: '2', status: 201, error: null, errors: [] }, false],
    [{ id: '2', status: 'open', error: false, errors: {} }, false]
  ]
  for (const [row, isRefused] of rows) {
    api.answer({ status: 207, json: [row, { id: '5' }] })
    if (!isRefused) api.answer({ status: 201, json: [{ id: '6' }] })
    const answer = await connector.save('Task', task('a'), task('b'), task('c'))
    assert.equal(answer.status, isRefused ? 400 : 200, JSON.stringify(row))
    assert.equal(api.takeCalls().length, isRefused ? 1 : 2)
    if (!isRefused) continue
    const { code, message, remedy } = problem(answer)
    assert.equal(code, 'SAVE_INCOMPLETE')
    assert.equal(
      message,
      'the answer of POST /tasks reports 1 of 2 objects as not saved; object 0 of 3 not saved; saved: 1 (5) [SAVE_INCOMPLETE]'
    )
    assert.ok(remedy.includes('1 (5)'), remedy)
  }
})

test('C22 a property of the type by such a name is no failure', async t => {
  const api = await startApi(t, DOCUMENT.replace('title: { type: string }', '$&, status: {}'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201, json: [{ id: '1', status: 500 }] })
  assert.deepEqual(ids(await connector.save('Task', task('a'))), ['i-a 1'])
})

test('C21 `batch` is a warning where it cannot be used', async t => {
  const unusable = DOCUMENT.replace(
    'parameters: { id: externalId } }',
    'parameters: { id: externalId }, batch: { size: 5 } }'
  ).replace('application/json', 'multipart/form-data')
  const api = await startApi(t, unusable)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics
      .filter(({ code }) => code === 'BATCH_UNUSABLE')
      .map(({ severity, pointer, message }) => [severity, pointer.split('/').slice(3), message]),
    [
      [
        'warning',
        ['Task', 'x-flow-save', 'batch'],
        '`batch` of `x-flow-save` for /tasks is ignored: the operation takes no JSON body'
      ],
      [
        'warning',
        ['Task', 'x-flow-update', 'batch'],
        '`batch` of `x-flow-update` for /tasks/{id} is ignored: only new objects are sent together'
      ]
    ]
  )
})

test('C21 a batch that is answered from an example needs no parameter, and calls nobody', async t => {
  const example = DOCUMENT.replace('body: items,', 'body: items, example: true,').replace(
    "responses: { '200': { description: Made } }",
    "responses: { '200': { description: Made, content: { application/json: { example: [{ id: x }, { id: y }] } } } }"
  )
  const api = await startApi(t, example)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const entries = ['a', 'b'].map(uri => flowObject(null, { uri }))
  assert.deepEqual(ids(await connector.save('Entry', ...entries)), [' x', ' y'])
  assert.deepEqual(api.calls, [])
})

test('C21 rows with the keys of the objects are theirs, in whatever order they come', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const entry = (id: string): object =>
    flowObject(null, { id, uri: `u-${id}`, list: 'a' }, { internalId: `i-${id}` })
  api.answer({ json: { items: [{ id: 'k2' }, { id: 'k1' }] } })
  assert.deepEqual(ids(await connector.save('Entry', entry('k1'), entry('k2'))), [
    'i-k1 k1',
    'i-k2 k2'
  ])
})

test('C22 rows that are null, or say so in other words, failed', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const row of [null, { success: false }, { statusCode: 422 }, { status: 'error' }]) {
    api.answer({ status: 207, json: [row, { id: '2' }] })
    const refused = problem(await connector.save('Task', task('a'), task('b')))
    assert.equal(refused.code, 'SAVE_INCOMPLETE', JSON.stringify(row))
    assert.ok(refused.message.includes('1 (2)'), refused.message)
  }
})
