import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

/** A document without keys. */
const DOCUMENT = `
openapi: 3.0.3
info: { title: Boats, version: '1' }
servers: [{ url: /v1 }]
paths:
  /boats:
    get:
      tags: [boats]
      parameters:
        - { name: harbor, in: query, schema: { type: string } }
        - { name: q, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, maximum: 2 } }
        - { name: offset, in: query, schema: { type: integer } }
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Boat' } }, total: { type: integer } } } } } }
    post:
      tags: [boats]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
      responses:
        '201': { description: New, content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
  /boats/{boatId}:
    parameters: [{ name: boatId, in: path, required: true, schema: { type: string } }]
    get:
      tags: [boats]
      responses:
        '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
    put:
      tags: [boats]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
      responses:
        '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
    delete: { tags: [boats], responses: { '204': { description: Gone } } }
  /boats/search:
    post:
      tags: [boats]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } } }
      responses: { '200': { description: Some } }
  /crews:
    get:
      tags: [crews]
      responses:
        '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Crew' } } } } }
components:
  schemas:
    Boat:
      type: object
      properties:
        id: { type: string, readOnly: true }
        name: { type: string }
        harbor: { type: string }
        engine: { $ref: '#/components/schemas/Engine' }
    Engine: { type: object, properties: { power: { type: integer }, maker: { type: object, properties: { name: { type: string } } } } }
    Crew: { type: object, properties: { id: { type: string }, captain: { type: string } } }
`

const KETTLE = { id: 'b1', name: 'Kettle', harbor: 'Oslo', engine: { power: 40 } }

test('C26 a document without keys is loaded, saved and deleted like an annotated one', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: KETTLE })
  const loaded = await connector.load('Boat', { id: 'b1' })
  assert.deepEqual(
    found(loaded).map(({ name }) => name),
    ['Kettle']
  )
  api.answer({ status: 201, json: { ...KETTLE, id: 'b2' } })
  await connector.save('Boat', flowObject(null, { name: 'Kettle', harbor: 'Oslo' }))
  api.answer({ status: 204 })
  await connector.remove('Boat', flowObject('b1'))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/boats/b1',
    'POST /v1/boats {"name":"Kettle","harbor":"Oslo"}',
    'DELETE /v1/boats/b1'
  ])
})

test('an update that is inferred reads the object, and sends the whole', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ json: { ...KETTLE, flag: 'NO' } }, { json: KETTLE })
  await connector.save('Boat', flowObject('b1', { name: 'Pot' }))
  const [read, write = ''] = api.takeCalls()
  assert.equal(read, 'GET /v1/boats/b1')
  const sent = JSON.parse(write.replace('PUT /v1/boats/b1 ', ''))
  assert.deepEqual([sent.name, sent.harbor, sent.flag], ['Pot', 'Oslo', 'NO'])
})

test('an equality that is guessed goes to the API, and is evaluated here again', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const other = { ...KETTLE, id: 'b2', harbor: 'Oslo Fjord' }
  api.answer({ json: { items: [KETTLE, other], total: 2 } }, { json: { items: [], total: 2 } })
  const answer = await connector.load('Boat', { where: [condition('harbor', 'Oslo')] })
  assert.deepEqual(
    found(answer).map(({ id }) => id),
    ['b1']
  )
  assert.match(api.takeCalls()[0] ?? '', /^GET \/v1\/boats\?.*harbor=Oslo/)
})

test('paging that is guessed is refused when a page repeats', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const page = { json: { items: [KETTLE, { ...KETTLE, id: 'b2' }], total: 9 } }
  api.answer(page, page, page)
  const answer = await connector.load('Boat', { limit: 5, offset: 0 })
  assert.deepEqual(refusal(answer), ['PAGING_REPEATED', 502])
})

test('every component schema that an inferred type refers to is a type of its own', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { types } = await connector.preview()
  assert.deepEqual(types.map(({ developerName }) => developerName).toSorted(), [
    'Boat',
    'Crew',
    'Engine',
    'Engine:maker'
  ])
})

test('Inference on adds to what is annotated, off leaves it, and the document may say which', async t => {
  const keys = 'x-flow-type: { name: Ship }\n      x-flow-query: { path: /boats, records: items }'
  const annotated = DOCUMENT.replace('    Boat:\n', `    Boat:\n      ${keys}\n`)
  const api = await startApi(t, annotated)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const names = async (inference?: string): Promise<string[]> => {
    const more: Record<string, string> = inference === undefined ? {} : { Inference: inference }
    const configuration = { 'Schema URL': api.documentUrl, ...more }
    const { types } = await connector.as({ configuration }).preview()
    return types.map(({ developerName }) => developerName).filter(name => !name.includes(':'))
  }
  assert.deepEqual(await names(), ['Ship'])
  assert.deepEqual(await names('On'), ['Crew', 'Ship'])
  assert.deepEqual(await names('off'), ['Ship'])
  api.publish(`x-flow: { inference: on }${annotated}`)
  assert.deepEqual(await names(), ['Crew', 'Ship'])
  assert.deepEqual(await names('auto'), ['Ship'])
  api.publish(`x-flow: { inference: off }${DOCUMENT}`)
  assert.deepEqual(await names(), [])
  assert.deepEqual(await names('auto'), ['Boat', 'Crew', 'Engine'])
})

test('J11 Include and Exclude choose what is installed, of annotated documents too', async t => {
  const keys = 'x-flow-type: { name: Ship }\n      x-flow-query: { path: /boats, records: items }'
  const annotated = DOCUMENT.replace('    Boat:\n', `    Boat:\n      ${keys}\n`)
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const names = async (more: Record<string, string>): Promise<string[]> => {
    const configuration = { 'Schema URL': api.documentUrl, ...more }
    const { types } = await connector.as({ configuration }).preview()
    return types.map(({ developerName }) => developerName).filter(name => !name.includes(':'))
  }
  assert.deepEqual(await names({ Include: 'tag:CREW' }), ['Crew'])
  assert.deepEqual(await names({ Exclude: 'path:/crews\ntag:nothing' }), ['Boat', 'Engine'])
  assert.deepEqual(await names({ Include: '/', Exclude: 'boats' }), ['Crew'])
  api.publish(annotated)
  assert.deepEqual(await names({ Exclude: 'tag:crews' }), ['Ship'])
  assert.deepEqual(await names({ Include: 'tag:crews' }), [])
})

test('an Inference that is no word, and a pattern that cannot be read, are refused by name', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [name, value, words] of [
    ['Inference', 'maybe', /Inference.*auto.*on.*off/],
    ['Include', '/pets\ntag:(a', /Include.*pattern 2/],
    ['Exclude', '*', /Exclude.*pattern 1/]
  ] as const) {
    const configuration = { 'Schema URL': api.documentUrl, [name]: value }
    const answer = await connector.as({ configuration }).send('POST', '/preview')
    assert.deepEqual(refusal(answer), ['CONFIG_INVALID', 400])
    assert.match(problem(answer).message, words)
  }
})
