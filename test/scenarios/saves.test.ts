import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
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
  /codes/{id}:
    put:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Code' } } } }
      responses: { '201': { description: Made } }
components:
  schemas:
    Code:
      type: object
      properties: { id: { type: string }, meaning: { type: string } }
      x-flow-type: { name: Code }
      x-flow-save: { path: '/codes/{id}', operation: put, parameters: { id: id } }
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

test('C03 C11 the id of a create is the key property that the flow has filled', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201 })
  const code = flowObject(null, { id: 'N/A', meaning: 'not applicable' })
  const saved = await connector.save('Code', code)
  assert.deepEqual(api.takeCalls(), ['PUT /v1/codes/N%2FA {"id":"N/A","meaning":"not applicable"}'])
  assert.deepEqual(found(saved), [{ externalId: 'N/A', id: 'N/A', meaning: 'not applicable' }])
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

test('C23 a required request body without anything in it fails before the call', async t => {
  const api = await startApi(
    t,
    DOCUMENT.replace('      requestBody: {', '      requestBody: { required: true,')
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const empty = await connector.save('Task', flowObject(null, { title: '', actor: 'ana' }))
  const { code, statusCode, message } = problem(empty)
  assert.deepEqual([code, statusCode], ['BODY_REQUIRED', 400])
  assert.ok(message.includes('POST /tasks'), message)
  assert.deepEqual(api.calls, [])

  api.answer({ status: 201, json: { id: 't1' } })
  found(await connector.save('Task', flowObject(null, { title: 'Water' })))
  assert.deepEqual(api.takeCalls(), ['POST /v1/tasks {"title":"Water"}'])
})
