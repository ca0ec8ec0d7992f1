import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  data,
  flowObject,
  found,
  refusal,
  startConnector
} from '../support/start-connector.ts'

const ISSUE = "{ $ref: '#/components/schemas/Issue' }"

const DOCUMENT = `
openapi: 3.0.3
info: { title: Issues, version: '1' }
servers: [{ url: /v1 }]
paths:
  /projects/{project}/issues:
    parameters: [{ name: project, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ name: state, in: query, schema: { type: string } }]
      responses: { '200': { description: All, content: { application/json: { schema: { type: array, items: ${ISSUE} } } } } }
    post:
      requestBody: { content: { application/json: { schema: ${ISSUE} } } }
      responses: { '201': { description: Made, content: { application/json: { schema: ${ISSUE} } } } }
  /projects/{project}/issues/{number}:
    parameters:
      - { name: project, in: path, required: true, schema: { type: integer } }
      - { name: number, in: path, required: true, schema: { type: integer } }
    get: { responses: { '200': { description: One, content: { application/json: { schema: ${ISSUE} } } } } }
    put:
      requestBody: { content: { application/json: { schema: ${ISSUE} } } }
      responses: { '204': { description: Changed } }
    delete: { responses: { '204': { description: Gone } } }
components:
  schemas:
    Issue:
      type: object
      properties: { number: { type: integer, readOnly: true }, title: { type: string }, parent: { $ref: '#/components/schemas/Parent' } }
      x-flow-type: { name: Issue, id: [project, number], customProperties: { project: integer, state: string, pin: password } }
      x-flow-query: { path: '/projects/{project}/issues', parameters: { project: project, state: state } }
      x-flow-load: { path: '/projects/{project}/issues/{number}', parameters: { project: id.project, number: id.number } }
      x-flow-save: { path: '/projects/{project}/issues', parameters: { project: project } }
      x-flow-update: { path: '/projects/{project}/issues/{number}', parameters: { project: id.project, number: id.number } }
      x-flow-delete: { path: '/projects/{project}/issues/{number}', parameters: { project: id.project, number: id.number } }
    Parent:
      type: object
      x-flow-type: { name: Parent, customProperties: { project: integer } }
      properties: { title: { type: string } }
`

test('M15 a custom property that fed a path has its value in every object, and is a part of the id', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({
    json: [
      { number: 1, title: 'a', parent: { title: 'p' } },
      { number: 2, title: 'b' }
    ]
  })
  const where = [condition('project', '7'), condition('State', 'open')]
  const answer = await connector.load('Issue', { where, comparisonType: 'AND' })
  assert.deepEqual(api.takeCalls(), ['GET /v1/projects/7/issues?state=open'])
  const [first, second] = found(answer)
  assert.deepEqual([first?.project, first?.state, first?.pin], ['7', 'open', null])
  assert.deepEqual([second?.project, second?.state], ['7', 'open'])
  const [parent] = Array.isArray(first?.parent) ? first.parent : []
  assert.equal(parent?.project, null)

  const id = String(first?.externalId)
  assert.notEqual(id, String(second?.externalId))
  api.answer({ json: { number: 1, title: 'a' } })
  const [loaded] = found(await connector.load('Issue', { id }))
  assert.deepEqual(api.takeCalls(), ['GET /v1/projects/7/issues/1'])
  assert.deepEqual([loaded?.externalId, loaded?.project, loaded?.state], [id, '7', null])

  api.answer({ status: 204 })
  const changed = flowObject(id, { title: 'c', project: '7', number: '1' })
  assert.equal((await connector.save('Issue', changed)).status, 200)
  assert.deepEqual(
    api.takeCalls().filter(call => !call.startsWith('GET')),
    ['PUT /v1/projects/7/issues/1 {"title":"c"}']
  )
  api.answer({ status: 204 })
  assert.equal((await connector.remove('Issue', changed)).status, 200)
  assert.deepEqual(api.takeCalls(), ['DELETE /v1/projects/7/issues/1'])
})

test('M15 a created object has the id that a load of it has', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 201, json: { number: 5, title: 'new' } })
  const saved = await connector.save('Issue', flowObject(null, { title: 'new', project: '3' }))
  const [object] = found(saved)
  assert.deepEqual(api.takeCalls(), ['POST /v1/projects/3/issues {"title":"new"}'])
  assert.equal(object?.project, '3')
  api.answer({ json: { number: 5, title: 'new' } })
  const [loaded] = found(await connector.load('Issue', { id: object?.externalId }))
  assert.deepEqual(api.takeCalls(), ['GET /v1/projects/3/issues/5'])
  assert.deepEqual([loaded?.externalId, loaded?.project], [object?.externalId, '3'])
})

test('M15 W6 M18 what tells only the number of a created object tells its whole id', async t => {
  for (const [schema, answer] of [
    ['{ type: object, properties: { issueNumber: { type: integer } } }', { issueNumber: 7 }],
    [
      '{ type: object, properties: { number: { type: integer }, queue: { type: string } } }',
      { number: 7 }
    ],
    ['{ type: integer }', 7]
  ] as const) {
    const made = `description: Made, content: { application/json: { schema: ${ISSUE} } }`
    const told = `description: Made, content: { application/json: { schema: ${schema} } }`
    const api = await startApi(t, DOCUMENT.replace(made, told))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer({ status: 201, json: answer })
    const draft = flowObject(null, { project: '3', title: 'a' })
    const [issue] = found(await connector.save('Issue', draft))
    api.takeCalls()
    api.answer({ json: { number: 7, title: 'a' } })
    const [loaded] = found(await connector.load('Issue', { id: issue?.externalId }))
    assert.deepEqual([issue?.externalId, issue?.number], [loaded?.externalId, '7'], schema)
    assert.equal(api.calls.at(-1)?.url, '/v1/projects/3/issues/7')
  }
})

test('M15 M18 an update keeps the id and the custom properties that are its parts, whatever the answer is', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { number: 7, title: 'a' } })
  const id = Buffer.from('["3","7"]').toString('base64url')
  const [loaded] = found(await connector.load('Issue', { id }))
  assert.deepEqual([loaded?.externalId, loaded?.project], [id, '3'])
  for (const answer of [{ status: 204 }, { json: { number: 7, title: 'b' } }, { json: {} }]) {
    api.answer(answer)
    const [saved] = found(await connector.save('Issue', flowObject(id, { title: 'b' })))
    assert.deepEqual([saved?.externalId, saved?.project, saved?.title], [id, '3', 'b'])
  }
})

test('M15 a value that not every object has is not kept', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const either = [condition('project', '7'), condition('project', '8')]
  const answer = await connector.load('Issue', { where: either, comparisonType: 'OR' })
  assert.equal(refusal(answer)[1], 400)
  api.answer({ json: [{ number: 1 }] })
  const one = await connector.load('Issue', {
    where: [condition('project', ' 07 ')],
    comparisonType: 'OR'
  })
  assert.equal(found(one)[0]?.project, '7')
  assert.equal(data(one).objectData.length, 1)
})
