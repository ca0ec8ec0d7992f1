import assert from 'node:assert/strict'
import test from 'node:test'

import { isSavedId } from '../../service/objects/external-id.ts'
import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { data, flowObject, found, startConnector } from '../support/start-connector.ts'

/** A document with the type Ticket, whose create declares some responses. */
function documentOf(
  responses: string,
  { id = 'integer', type = 'Ticket', batch = '' } = {}
): string {
  return `
openapi: 3.1.0
info: { title: Tickets, version: '1' }
servers: [{ url: / }]
paths:
  /tickets:
    post:
      requestBody: { content: { application/json: { schema: ${batch === '' ? "{ $ref: '#/components/schemas/Ticket' }" : "{ type: array, items: { $ref: '#/components/schemas/Ticket' } }"} } } }
      responses: ${responses}
  /tickets/{ticketNo}:
    parameters: [{ name: ticketNo, in: path, required: true, schema: { type: string } }]
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Ticket' } } } }
      responses: ${responses}
components:
  schemas:
    Ticket:
      type: object
      x-flow-type: { name: ${type} }
      x-flow-save: { path: /tickets${batch} }
      x-flow-update: { path: '/tickets/{ticketNo}', parameters: { ticketNo: externalId } }
      properties:
        id: { type: ${id}, readOnly: true }
        title: { type: string }
        status: { type: string }
        message: { type: string }
    Result:
      type: object
      properties: { id: { type: string }, status: { type: string }, message: { type: string } }
    Details:
      allOf: [{ $ref: '#/components/schemas/Ticket' }, { type: object, properties: { links: { type: array, items: {} } } }]
`
}

function json(schema: string, status = '201'): string {
  return `{ '${status}': { description: Made, content: { application/json: { schema: ${schema} } } } }`
}

/** What a create, and then an update of ticket 17, give for an answer. */
async function saved(
  t: Parameters<typeof startApi>[0],
  document: string,
  answer: ApiAnswer
): Promise<{ created: object; updated: object; calls: string[]; codes: string[] }> {
  const api = await startApi(t, document)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const { diagnostics } = await connector.preview()
  const codes = diagnostics.map(({ severity, code }) => `${severity} ${code}`)
  const values = { title: 'Printer', status: 'open', message: 'It burns' }
  api.answer(answer, answer)
  const [created] = found(await connector.save('Ticket', flowObject(null, values)))
  const [updated] = found(await connector.save('Ticket', flowObject('17', values)))
  assert.ok(created !== undefined && updated !== undefined)
  return { created, updated, calls: api.takeCalls(), codes }
}

const SENT = { title: 'Printer', status: 'open', message: 'It burns' }

function withId(id: string): object {
  return { externalId: id, id, ...SENT }
}

const UPDATED = withId('17')

test('W6 a declared bare value that fits the kind of the id is the id of a new object', async t => {
  for (const [schema, id, answer, expected] of [
    ['{ type: integer }', 'integer', { status: 201, text: '42' }, '42'],
    ['{ type: string }', 'integer', { status: 201, text: '"42"' }, '42'],
    ['{ type: [integer, "null"] }', 'string', { status: 201, text: '42' }, '42'],
    ['{ type: string, format: uuid }', 'string', { status: 200, text: '"b0-11"' }, 'b0-11'],
    ['{ type: integer }', 'integer', { text: '12345678901234567890' }, '12345678901234567890'],
    ['{ type: integer }', 'integer', { status: 201, text: '0' }, '0']
  ] as const) {
    const { created, updated } = await saved(t, documentOf(json(schema), { id }), answer)
    assert.deepEqual([created, updated], [withId(expected), UPDATED], schema)
  }
})

test('W6 a bare value that says how it went, does not fit or is not declared is no id', async t => {
  for (const [schema, id, text] of [
    ['{ type: string }', 'string', '"OK"'],
    ['{ type: string }', 'string', '"created."'],
    ['{ type: string }', 'string', '"Ticket created"'],
    ['{ type: string }', 'string', '" "'],
    ['{ type: string }', 'integer', '"b0-11"'],
    ['{ type: integer }', 'integer', '-1'],
    ['{ type: number }', 'integer', '2.5'],
    ['{ type: boolean }', 'string', 'true'],
    ['{ type: string }', 'string', '["7"]'],
    ['{}', 'integer', '42'],
    ["{ $ref: '#/components/schemas/Ticket' }", 'integer', '42']
  ] as const) {
    const document = documentOf(json(schema), { id })
    const { created, updated } = await saved(t, document, { status: 201, text })
    assert.deepEqual({ ...created, externalId: '' }, { externalId: '', id: null, ...SENT }, text)
    assert.ok('externalId' in created && isSavedId(String(created.externalId)), text)
    assert.deepEqual(updated, UPDATED)
  }
})

test('W6 plain text is an id, whatever number it looks like; `check` has nothing against it', async t => {
  const responses =
    "{ '201': { description: Made, content: { text/plain: { schema: { type: string } } } } }"
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  for (const [id, text, expected] of [
    ['string', '1f9a92b4\n', '1f9a92b4'],
    ['string', '5e123456', '5e123456'],
    ['string', '007', '007'],
    ['integer', '42', '42']
  ] as const) {
    const document = documentOf(responses, { id })
    const { created, codes } = await saved(t, document, { status: 201, headers, text })
    assert.deepEqual([created, codes], [withId(expected), []], text)
  }
  for (const text of ['OK', '<html>x</html>', 'Thank you!']) {
    const document = documentOf(responses, { id: 'string' })
    const { created } = await saved(t, document, { status: 201, headers, text })
    assert.ok('externalId' in created && isSavedId(String(created.externalId)), text)
  }
})

test('W6 a member with the name of the id, of its parameter or like them tells the id', async t => {
  const other = json('{ type: object, properties: { ok: { type: string }, at: { type: string } } }')
  for (const answer of [
    { ticketId: 42, note: 'Created' },
    { ticket_id: '42' },
    { TicketID: 42, requestId: 'r-1' },
    { ticketNo: 42, customerId: 5 },
    { id: 42, code: 0 },
    { ID: 42 },
    { newTicketId: 42 },
    { insertId: 42, affectedRows: 1 },
    { data: { id: 42 } },
    { result: { ticket: { id: 42 } }, createdBy: { id: 5 } },
    { ticket: { id: 42, links: {} }, status: 'success' }
  ]) {
    for (const responses of [other, json('{}'), "{ '201': { description: Made } }"]) {
      const text = JSON.stringify(answer)
      const { created } = await saved(t, documentOf(responses), { status: 201, text })
      assert.ok('externalId' in created && created.externalId === '42', `${text} ${responses}`)
    }
  }
  // In an answer that is no ticket, `id` is that of something else.
  const { created } = await saved(t, documentOf(other), { json: { id: 'op-7', ticketId: 42 } })
  assert.deepEqual(created, withId('42'))
})

test('W6 ids of other things, and states under the name of an id, are no ids', async t => {
  const other = json('{ type: object, properties: { ok: { type: string }, at: { type: string } } }')
  for (const answer of [
    { requestId: 42, ok: 'yes' },
    { customerId: 42, jobId: 43, paid: 1 },
    { user: { id: 42 }, createdBy: { id: 43 } },
    { id: 'accepted' },
    { id: null, ticketId: '' },
    { ticketId: { value: 42 } }
  ]) {
    const { created } = await saved(t, documentOf(other), { status: 201, json: answer })
    const id = 'externalId' in created ? String(created.externalId) : ''
    assert.ok(isSavedId(id), `${JSON.stringify(answer)} ${id}`)
  }
})

test('W6 the name of a type may be in the plural, and say what it is for', async t => {
  for (const type of ['Tickets', 'NewTicketRequest', 'support ticket']) {
    const document = documentOf(json("{ $ref: '#/components/schemas/Result' }"), { type })
    const api = await startApi(t, document)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer({ status: 201, json: { ticketId: 42, message: 'Created' } })
    const [made] = data(await connector.save(type, flowObject(null, SENT))).objectData
    assert.equal(made?.externalId, '42', type)
  }
})

test('W7 an answer of another schema changes nothing but tells the id of a new object', async t => {
  const answer = { status: 201, json: { id: 42, status: 'success', message: 'Ticket saved' } }
  for (const schema of [
    "{ $ref: '#/components/schemas/Result' }",
    '{ type: object, properties: { id: {}, status: {}, at: {}, by: {}, took: {} } }',
    "{ oneOf: [{ $ref: '#/components/schemas/Result' }, { type: object, properties: { error: {} } }] }",
    "{ allOf: [{ $ref: '#/components/schemas/Result' }, { type: object, properties: { at: {} } }] }"
  ]) {
    const { created, updated, codes } = await saved(t, documentOf(json(schema)), answer)
    assert.deepEqual([created, updated], [withId('42'), UPDATED], schema)
    assert.deepEqual(codes, [], schema)
  }
})

test('W6 `check` says where the id is read from, if its name is only like that of an id', async t => {
  for (const [members, codes] of [
    ['ticketId: { type: integer }, note: {}', ['info SAVED_ID_INFERRED']],
    [
      'ok: {}, data: { type: object, properties: { id: { type: string } } }',
      ['info SAVED_ID_INFERRED']
    ],
    ['ID: { type: integer }, ok: {}, at: {}', []],
    ['requestId: { type: string }, ticketId: { type: object }', []]
  ] as const) {
    const api = await startApi(t, documentOf(json(`{ type: object, properties: { ${members} } }`)))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const { diagnostics } = await connector.preview()
    const ofSave = diagnostics.filter(({ pointer }) => pointer.endsWith('/x-flow-save'))
    assert.deepEqual(
      ofSave.map(({ severity, code }) => `${severity} ${code}`),
      codes,
      members
    )
  }
})

test('W7 an answer of the schema of the type, in whatever way it is declared, is merged', async t => {
  const answer = { status: 201, json: { id: 42, status: 'new', message: null, links: [] } }
  const merged = { externalId: '42', id: '42', title: 'Printer', status: 'new', message: null }
  for (const schema of [
    "{ $ref: '#/components/schemas/Ticket' }",
    "{ $ref: '#/components/schemas/Ticket', description: The ticket }",
    "{ $ref: '#/components/schemas/Details' }",
    "{ allOf: [{ $ref: '#/components/schemas/Ticket' }], nullable: true }",
    "{ oneOf: [{ $ref: '#/components/schemas/Ticket' }, { $ref: '#/components/schemas/Result' }] }",
    '{ type: object, properties: { id: {}, status: {}, at: {}, by: {} } }'
  ]) {
    const { created, updated } = await saved(t, documentOf(json(schema)), answer)
    // The id of an update may change by an answer of the type's schema.
    assert.deepEqual([created, updated], [merged, merged], schema)
  }
})

test('W7 what is not declared is merged, but never changes the id of an update', async t => {
  const same = { status: 200, json: { id: 17, status: 'new' } }
  const merged = { ...UPDATED, status: 'new' }
  for (const responses of [
    "{ '200': { description: Saved } }",
    json('{}'),
    json('{ type: object }')
  ]) {
    const { created, updated } = await saved(t, documentOf(responses), same)
    assert.deepEqual([created, updated], [merged, merged], responses)
    const foreign = { status: 200, json: { id: 'chg-9', status: 'success' } }
    const second = await saved(t, documentOf(responses, { id: 'string' }), foreign)
    assert.deepEqual(second.updated, UPDATED, responses)
  }
})

test('W7 the response to the actual status decides; without one, the lowest 2xx', async t => {
  const responses = `
        '200': { description: Exists, content: { application/json: { schema: { $ref: '#/components/schemas/Result' } } } }
        2XX: { description: Saved, content: { application/json: { schema: { $ref: '#/components/schemas/Ticket' } } } }
        default: { description: Refused, content: { application/json: { schema: { $ref: '#/components/schemas/Result' } } } }`
  const answer = { json: { id: 42, status: 'new' } }
  const merged = { ...withId('42'), status: 'new' }
  const first = await saved(t, documentOf(responses), { status: 200, ...answer })
  assert.deepEqual([first.created, first.updated], [withId('42'), UPDATED])
  const second = await saved(t, documentOf(responses), { status: 201, ...answer })
  assert.deepEqual([second.created, second.updated], [merged, merged])
  const only = json("{ $ref: '#/components/schemas/Ticket' }", '200')
  const third = await saved(t, documentOf(only), { status: 201, ...answer })
  assert.deepEqual([third.created, third.updated], [merged, merged])
})

test('W7 W8 a 202 shows the object only where its own response is declared as the type', async t => {
  const answer = { status: 202, json: { id: 42, status: 'queued' } }
  const own = await saved(
    t,
    documentOf(json("{ $ref: '#/components/schemas/Ticket' }", '202')),
    answer
  )
  assert.deepEqual(own.created, { ...withId('42'), status: 'queued' })
  const usual = await saved(t, documentOf(json("{ $ref: '#/components/schemas/Ticket' }")), answer)
  assert.ok('externalId' in usual.created && isSavedId(String(usual.created.externalId)))
  assert.deepEqual(usual.updated, UPDATED)
})

test('W6 a list of ids answers a batch, in the order of its objects', async t => {
  const batch = ', batch: { size: 5 }'
  const ids = async (responses: string, answer: ApiAnswer): Promise<string[]> => {
    const api = await startApi(t, documentOf(responses, { batch }))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    api.answer(answer)
    const objects = ['a', 'b'].map(title => flowObject(null, { title }))
    const { objectData } = data(await connector.save('Ticket', ...objects))
    return objectData.map(({ externalId }) => (isSavedId(externalId) ? 'made' : externalId))
  }
  const declared = json('{ type: array, items: { type: integer } }')
  assert.deepEqual(await ids(declared, { status: 201, json: [21, 22] }), ['21', '22'])
  const wrapped = json(
    '{ type: object, properties: { ids: { type: array, items: { type: integer } } } }'
  )
  assert.deepEqual(await ids(wrapped, { status: 201, json: { ids: [21, 22] } }), ['21', '22'])
  const open = "{ '201': { description: Made } }"
  assert.deepEqual(await ids(open, { json: { insertedIds: { 0: 21, 1: 22 } } }), ['21', '22'])
  assert.deepEqual(await ids(open, { json: [21, 22] }), ['made', 'made'])
  assert.deepEqual(await ids(declared, { status: 201, json: ['OK', 'OK'] }), ['made', 'made'])
})
