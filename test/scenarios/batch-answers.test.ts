import assert from 'node:assert/strict'
import test from 'node:test'

import { isSavedId } from '../../service/objects/external-id.ts'
import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, problem, startConnector } from '../support/start-connector.ts'

/** A document whose type Part is created in batches of three. */
function documentOf(response: string, records = ''): string {
  return `
openapi: 3.0.3
info: { title: Parts, version: '1' }
servers: [{ url: / }]
paths:
  /parts:
    post:
      security: [{ key: [] }]
      requestBody: { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Part' } } } } }
      responses: { '200': { description: Made${response} } }
  /parts/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Part' } } } }
      responses: { '204': { description: Changed } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Part:
      type: object
      x-flow-type: { name: Part }
      x-flow-save: { path: /parts, batch: { size: 3 }${records} }
      x-flow-update: { path: '/parts/{id}', parameters: { id: externalId } }
      properties: { id: { type: integer, readOnly: true }, name: { type: string }, status: { type: string } }
`
}

const LIST =
  ", content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Part' } } } }"

/** The answer to a save of five parts, whose first batch gets an answer, and the calls that were made. */
async function saveFive(t: Parameters<typeof startApi>[0], document: string, answer: ApiAnswer) {
  const api = await startApi(t, document)
  const configuration = { 'Schema URL': api.documentUrl, 'API Key': 's3cret-key' }
  const connector = await startConnector(t, configuration)
  api.answer(answer, { json: [{ id: 4 }, { id: 5 }] })
  const parts = ['a', 'b', 'c', 'd', 'e'].map(name => flowObject(null, { name }))
  const saved = await connector.save('Part', ...parts)
  return { saved, calls: api.takeCalls().length, log: connector.log }
}

test('W9 the problem lists what was written with ids, what failed with reasons, and what is unknown', async t => {
  const answer = {
    status: 207,
    json: {
      results: [
        { index: 2, id: 3 },
        { index: 0, status: 409, error: { message: 'the name is\n taken' } }
      ]
    }
  }
  const { saved, calls } = await saveFive(t, documentOf(''), answer)
  assert.equal(calls, 1)
  const { code, statusCode, message, remedy, responseBody } = problem(saved)
  assert.deepEqual([code, statusCode], ['SAVE_INCOMPLETE', 400])
  assert.equal(
    message,
    'the answer of POST /parts reports 1 of 3 objects as not saved; object 0 of 5 not saved; object 1 of 5 unknown; saved: 2 (3) [SAVE_INCOMPLETE]'
  )
  assert.match(remedy, /except those already saved: 2 \(3\)\./)
  assert.match(remedy, /First check whether the API saved object 1\./)
  assert.match(remedy, /The reasons of the API: object 0: the name is taken\.$/)
  assert.equal(responseBody, JSON.stringify(answer.json))
})

test('W9 a declared list with fewer rows than objects is no success', async t => {
  const answer = {
    json: [
      { id: 1, name: 'a' },
      { id: 3, name: 'c' }
    ]
  }
  const { saved, calls } = await saveFive(t, documentOf(LIST), answer)
  assert.equal(calls, 1)
  assert.equal(
    problem(saved).message,
    'the answer of POST /parts does not say of 1 of 3 objects whether they were saved; object 1 of 5 unknown; saved: 0 (1), 2 (3) [SAVE_INCOMPLETE]'
  )
})

test('W9 after a good batch the next one is sent; an answer that tells nothing is good', async t => {
  for (const [document, answer, ids] of [
    [documentOf(''), { json: { inserted: 3 } }, ['made', 'made', 'made', '4', '5']],
    [documentOf(LIST), { status: 204 }, ['made', 'made', 'made', '4', '5']],
    [documentOf(LIST), { json: [{ id: 1 }, { id: 2 }, { id: 3 }] }, ['1', '2', '3', '4', '5']],
    [
      documentOf(''),
      { json: { responses: [1, 2, 3].map(id => ({ code: 201, body: { id } })) } },
      ['1', '2', '3', '4', '5']
    ]
  ] as const) {
    const { saved, calls } = await saveFive(t, document, answer)
    const given = data(saved).objectData.map(({ externalId }) => externalId)
    assert.deepEqual(
      given.map(id => (isSavedId(id) ? 'made' : id)),
      ids
    )
    assert.equal(calls, 2)
  }
})

test('W9 errors beside the place of the records count, and no reason shows a credential', async t => {
  const document = documentOf('', ', records: data')
  const answer = {
    json: { data: [{ id: 1 }, { id: 3 }], errors: [{ index: 1, message: 'bad s3cret-key' }] }
  }
  const { saved } = await saveFive(t, document, answer)
  const { message, remedy } = problem(saved)
  assert.match(message, /object 1 of 5 not saved; saved: 0 \(1\), 2 \(3\) \[SAVE_INCOMPLETE\]$/)
  assert.match(remedy, /object 1: bad \*\*\*\.$/)
})

test('W9 W1 a refusal of the whole batch is that of the API; one object alone fails by its row', async t => {
  const { saved } = await saveFive(t, documentOf(''), {
    json: { success: false, message: 'closed' }
  })
  assert.equal(problem(saved).code, 'SAVE_INCOMPLETE')
  assert.match(problem(saved).message, /^closed; objects 0 to 2 of 5 not saved; saved: none/)
  const api = await startApi(t, documentOf(LIST))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const part = flowObject(null, { name: 'a' })
  api.answer(
    { json: { success: false, message: 'closed' } },
    { json: [{ error: 'taken' }] },
    { json: [] }
  )
  assert.equal(problem(await connector.save('Part', part)).code, 'API_ERROR')
  const refused = problem(await connector.save('Part', part))
  assert.equal(refused.code, 'SAVE_INCOMPLETE')
  assert.match(refused.remedy, /object 0: taken/)
  assert.match(
    problem(await connector.save('Part', part)).message,
    /object 0 of 1 unknown; saved: none/
  )
})

test('W8 W9 a batch that is only accepted comes back without ids, but for what failed', async t => {
  const { saved, log } = await saveFive(t, documentOf(LIST), { status: 202, json: { jobId: 7 } })
  const ids = data(saved).objectData.map(({ externalId }) => isSavedId(externalId))
  assert.deepEqual(ids, [true, true, true, false, false])
  assert.equal(log.filter(line => line.includes('has not created them yet')).length, 1)
  const rows = [{ id: 1 }, { id: 2, error: 'taken' }, { id: 3 }]
  const second = await saveFive(t, documentOf(LIST), { status: 202, json: rows })
  assert.match(problem(second.saved).message, /object 1 of 5 not saved/)
})

test('W9 W7 rows that report are not merged where the document says that they are no objects', async t => {
  const report =
    ', content: { application/json: { schema: { type: array, items: { type: object, properties: { partId: {}, status: {}, at: {} } } } } }'
  const rows = ['a', 'b', 'c'].map((_, at) => ({ partId: at + 1, status: 'created', at: 'now' }))
  const { saved } = await saveFive(t, documentOf(report), { json: rows })
  const [first] = data(saved).objectData
  assert.deepEqual(
    first?.properties.map(({ contentValue }) => contentValue),
    ['1', 'a', null]
  )
})

test('W1 W9 an answer with rows counts for a save without batches, too', async t => {
  const document = documentOf('').replace(', batch: { size: 3 }', '')
  const api = await startApi(t, document)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const save = (id: string | null = null) => connector.save('Part', flowObject(id, { name: 'a' }))
  for (const json of [
    { results: [{ code: 422, message: 'taken' }] },
    { errors: true, items: [{ index: { status: 400, error: { reason: 'taken' } } }] },
    { failed: [{ message: 'taken' }], created: [] },
    [{ success: false, message: 'taken' }]
  ]) {
    for (const id of [null, '7']) {
      api.answer({ json })
      const { code, message } = problem(await save(id))
      assert.deepEqual([code, message], ['API_ERROR', 'taken [API_ERROR]'], JSON.stringify(json))
    }
  }
  for (const json of [
    { results: [{ id: 42, name: 'A' }] },
    { responses: [{ code: 201, body: { id: 42, name: 'A' } }] },
    [
      { id: 41, name: 'z' },
      { id: 42, name: 'a' }
    ],
    { items: [{ create: { _id: '42', status: 201 } }], errors: false }
  ]) {
    api.answer({ json })
    assert.equal(data(await save()).objectData[0]?.externalId, '42', JSON.stringify(json))
  }
  for (const json of [{ count: 0 }, { results: [] }, { modified: 0 }]) {
    api.answer({ json })
    assert.equal(data(await save('7')).objectData[0]?.externalId, '7', JSON.stringify(json))
  }
})

test('W2 an answer that should show the object and does not changes nothing, and is logged', async t => {
  const declared =
    ", content: { application/json: { schema: { $ref: '#/components/schemas/Part' } } }"
  const api = await startApi(t, documentOf(declared).replace(', batch: { size: 3 }', ''))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const json of [{ total: 0 }, { NAME: 'x' }, { meta: { at: 1 } }]) {
    api.answer({ json })
    const [part] = data(await connector.save('Part', flowObject(null, { name: 'a' }))).objectData
    assert.deepEqual(
      part?.properties.map(({ contentValue }) => contentValue),
      [null, 'a', null]
    )
  }
  const lines = connector.log.filter(line => line.includes('does not show the object'))
  assert.equal(lines.length, 3)
  api.answer({ json: { ID: 42 } })
  const [part] = data(await connector.save('Part', flowObject(null, { name: 'a' }))).objectData
  assert.equal(part?.externalId, '42')
})
