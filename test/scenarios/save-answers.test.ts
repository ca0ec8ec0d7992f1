import assert from 'node:assert/strict'
import test from 'node:test'

import { isSavedId } from '../../service/objects/external-id.ts'
import { startApi } from '../support/start-api.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'

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

test('C28 C29 W8 a create answered by nothing gives the sent object, its id out of a Location below the server', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer(
    { status: 201, headers: { location: '/v1/tasks/new%2F7/?x=1' } },
    { status: 204, headers: { location: 'https://elsewhere.example/v1/tasks/8' } },
    { status: 204, headers: { location: 'https://elsewhere.example/tasks/9' } }
  )
  const task = flowObject(null, { title: 'Mow', secret: 'hunter2', due: '2024-03-09' })
  const values = { ...BLANK, title: 'Mow', due: '2024-03-09T00:00:00Z' }
  for (const id of ['new/7', '8']) {
    const saved = found(await connector.save('Task', task))
    assert.deepEqual(saved, [{ ...values, externalId: id, id }])
  }
  const [made] = found(await connector.save('Task', task))
  assert.ok(isSavedId(String(made?.externalId)))
  assert.deepEqual({ ...made, externalId: '' }, { ...values, externalId: '', id: null })
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
    [
      '03/09/2024 02:05:00 PM +00:00',
      '{"due":"2024-03-09T14:05:00+00:00"}',
      '2024-03-09T14:05:00+00:00'
    ]
  ] as const) {
    api.answer({ status: 201, headers: { location: '/tasks/1' } })
    const [saved] = found(await connector.save('Task', flowObject(null, { due: sent })))
    assert.deepEqual(api.takeCalls(), [`POST /v1/tasks ${body}`])
    assert.equal(saved?.due, answered)
  }
  api.answer({
    json: [
      { id: '1', due: '2024-03-09T14:05Z' },
      { id: '2', due: 'tomorrow' }
    ]
  })
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
