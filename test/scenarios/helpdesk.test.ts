import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import test from 'node:test'

import type { HelpdeskCall } from '../../demo/helpdesk-api.ts'
import { createHelpdeskApi } from '../../demo/helpdesk-api.ts'
import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, member } from '../../service/base/json.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

const KEY = 'demo-key'
const EXACT_ID = '9007199254740993'
const EXACT_COST = '1234567890.12345678901234567891'

/** The help desk, the connector over it, and what the help desk itself lists. */
async function startHelpdesk(t: test.TestContext) {
  const calls: HelpdeskCall[] = []
  const api = createHelpdeskApi({ apiKey: KEY, onCall: call => calls.push(call) })
  t.after(() => api.close())
  await api.listen({ port: 0, host: '127.0.0.1' })
  const address: AddressInfo | string | null = api.server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const url = `http://127.0.0.1:${address.port}`
  const documentUrl = `${url}/openapi.yaml`
  const connector = await startConnector(t, { 'Schema URL': documentUrl, 'API Key': KEY })
  const direct = async (path: string): Promise<JsonValue> => {
    const response = await fetch(url + path, { headers: { 'x-api-key': KEY } })
    return parseJson(await response.text())
  }
  return { connector, documentUrl, direct, takeCalls: () => calls.splice(0).map(callLine) }
}

function callLine({ method, url, body, status }: HelpdeskCall): string {
  return `${method} ${url}${body === null ? '' : ` ${body}`} -> ${status}`
}

/** Ids of what the help desk lists, as text. */
function idsIn(list: JsonValue | undefined): string[] {
  assert.ok(isJsonArray(list))
  return list.map(item => JSON.stringify(member(item, 'id')))
}

test('the help desk is configured, previewed and installed', async t => {
  const { connector } = await startHelpdesk(t)
  const installed = await connector.install()
  assert.deepEqual(
    installed.typeElements
      .filter(({ bindings }) => bindings.length > 0)
      .map(({ developerName }) => developerName)
      .filter(name => !name.endsWith('values')),
    ['Comment', 'Customer', 'Tag', 'Ticket']
  )
  const { types, diagnostics } = await connector.preview()
  assert.deepEqual(types, installed.typeElements)
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
})

test('C02 every window of every size over a filtered, sorted list is that of the API', async t => {
  const { connector, direct } = await startHelpdesk(t)
  const all = idsIn(member(await direct('/tickets?limit=50&status=open&sort=-subject'), 'data'))
  assert.ok(all.length >= 10, String(all.length))
  const filter = {
    where: [condition('status', 'open')],
    orderBy: [{ columnName: 'subject', direction: 'DESC' }]
  }
  for (let limit = 1; limit <= all.length + 1; limit++) {
    for (let offset = 0; offset <= all.length + 1; offset++) {
      const answer = data(await connector.load('Ticket', { ...filter, limit, offset }))
      assert.deepEqual(
        answer.objectData.map(({ externalId }) => externalId),
        all.slice(offset, offset + limit),
        `limit ${limit}, offset ${offset}`
      )
      assert.equal(answer.hasMoreResults, offset + limit < all.length)
    }
  }
})

test('C02 E23 a window larger than a page of the API, and no limit at all, read on to the end', async t => {
  const { connector, direct, takeCalls } = await startHelpdesk(t)
  for (let count = 0; count < 70; count++) {
    const draft = { subject: `More ${count}`, body: 'x', customer_id: '1' }
    await connector.save('Ticket', flowObject(null, draft))
  }
  const all = [
    ...idsIn(member(await direct('/tickets?limit=50&sort=id'), 'data')),
    ...idsIn(member(await direct('/tickets?limit=50&sort=id&offset=50'), 'data')),
    ...idsIn(member(await direct('/tickets?limit=50&sort=id&offset=100'), 'data'))
  ]
  assert.equal(all.length, 112)
  takeCalls()
  const orderBy = [{ columnName: 'id', direction: 'ASC' }]
  for (const [limit, offset] of [
    [0, 0],
    [60, 0],
    [60, 52],
    [60, 53],
    [111, 0],
    [112, 0],
    [113, 0],
    [50, 50]
  ] as const) {
    const answer = data(await connector.load('Ticket', { orderBy, limit, offset }))
    const end = limit === 0 ? undefined : offset + limit
    assert.deepEqual(
      answer.objectData.map(({ externalId }) => externalId),
      all.slice(offset, end)
    )
    assert.equal(answer.hasMoreResults, end !== undefined && end < all.length)
  }
  assert.ok(takeCalls().every(call => call.endsWith('-> 200')))
})

test('D01 D12 D13 filters, a search and an order find what the API finds', async t => {
  const { connector, direct } = await startHelpdesk(t)
  for (const [listFilter, query] of [
    [{ where: [condition('priority', 'urgent')] }, 'priority=urgent'],
    [
      { where: [condition('customer_id', '2'), condition('status', 'solved')] },
      'customer_id=2&status=solved'
    ],
    [
      { where: [condition('created_at', '2024-03-01T00:00:00Z', 'GREATER_THAN')] },
      'created_after=2024-03-01T00:00:00Z'
    ],
    [{ search: 'LOG IN' }, 'q=LOG%20IN'],
    [{ orderBy: [{ columnName: 'due_on', direction: 'DESC' }] }, 'sort=-due_on']
  ] as const) {
    const expected = idsIn(member(await direct(`/tickets?limit=50&${query}`), 'data'))
    assert.ok(expected.length > 0, query)
    const objects = found(await connector.load('Ticket', { ...listFilter, limit: 50 }))
    assert.deepEqual(
      objects.map(({ externalId }) => externalId),
      expected
    )
  }
})

test('C01 B16 a ticket is loaded by an id that no double holds, with every digit of its cost', async t => {
  const { connector, takeCalls } = await startHelpdesk(t)
  await connector.install()
  takeCalls()
  const [ticket, ...none] = found(await connector.load('Ticket', { id: EXACT_ID }))
  assert.deepEqual(none, [])
  assert.equal(ticket?.externalId, EXACT_ID)
  assert.equal(ticket?.id, EXACT_ID)
  assert.equal(ticket?.effort_cost, EXACT_COST)
  assert.equal(ticket?.due_on, '2024-05-26T00:00:00Z')
  assert.deepEqual(takeCalls(), [`GET /tickets/${EXACT_ID} -> 200`])
  assert.deepEqual(found(await connector.load('Ticket', { id: '4711' })), [])
})

test('C04 a ticket that a flow saves as it was loaded is unchanged in the API', async t => {
  const { connector, direct, takeCalls } = await startHelpdesk(t)
  const before = await direct(`/tickets/${EXACT_ID}`)
  const loaded = data(await connector.load('Ticket', { id: EXACT_ID })).objectData
  takeCalls()
  const saved = data(await connector.save('Ticket', ...loaded)).objectData
  assert.deepEqual(saved, loaded)
  const [call = ''] = takeCalls()
  assert.ok(call.startsWith(`PATCH /tickets/${EXACT_ID} `) && call.endsWith(' -> 200'), call)
  assert.ok(call.includes(`"effort_cost":${EXACT_COST}`), call)
  assert.deepEqual(await direct(`/tickets/${EXACT_ID}`), before)
})

test('C03 C04 C05 a ticket is created, changed, cleared and deleted', async t => {
  const { connector, direct, takeCalls } = await startHelpdesk(t)
  const requester = flowObject(null, { name: 'Ana', email: 'ana@acme.example' })
  const tags = ['billing', 'brand new'].map(Value => flowObject(null, { Value }))
  const draft = flowObject(null, {
    id: '',
    subject: 'Printer on fire',
    body: 'It really is.',
    customer_id: '2',
    requester: [requester],
    tags,
    due_on: '2026-12-01T00:00:00.0000000+00:00',
    estimate_hours: '1.250',
    effort_cost: '0.1234567890123456789012345678901234567890'
  })
  await connector.install()
  takeCalls()
  const [created] = found(await connector.save('Ticket', draft))
  const id = created?.externalId
  assert.ok(typeof id === 'string')
  assert.deepEqual(takeCalls(), [
    'POST /tickets {"subject":"Printer on fire","body":"It really is.","customer_id":2,' +
      '"requester":{"name":"Ana","email":"ana@acme.example"},"tags":["billing","brand new"],' +
      '"due_on":"2026-12-01","estimate_hours":1.25,' +
      '"effort_cost":0.123456789012345678901234567890123456789} -> 201'
  ])
  assert.deepEqual(
    [created?.status, created?.priority, created?.due_on, created?.effort_cost],
    ['new', 'normal', '2026-12-01T00:00:00Z', '0.123456789012345678901234567890123456789']
  )

  const change = flowObject(id, { status: 'solved', customer_id: '5', due_on: '', tags: [] })
  const [changed] = found(await connector.save('Ticket', change))
  assert.deepEqual(takeCalls(), [
    `PATCH /tickets/${id} {"status":"solved","tags":[],"due_on":null} -> 200`
  ])
  assert.deepEqual(
    [changed?.status, changed?.customer_id, changed?.due_on, changed?.tags],
    ['solved', '2', null, []]
  )
  assert.equal(member(await direct(`/tickets/${id}`), 'due_on'), undefined)

  assert.deepEqual(found(await connector.remove('Ticket', flowObject(id))), [])
  assert.deepEqual(found(await connector.remove('Ticket', flowObject(id))), [])
  assert.deepEqual(found(await connector.load('Ticket', { id })), [])
})

test('C10 a customer is replaced without what the API counts itself', async t => {
  const { connector, takeCalls } = await startHelpdesk(t)
  const loaded = data(await connector.load('Customer', { id: '1' })).objectData
  takeCalls()
  assert.deepEqual(data(await connector.save('Customer', ...loaded)).objectData, loaded)
  const [call = ''] = takeCalls()
  assert.ok(call.startsWith('PUT /customers/1 {"name":'), call)
  assert.ok(!call.includes('open_tickets') && !call.includes('created_at'), call)
})

test('D19 comments are loaded and saved by the ticket that they belong to', async t => {
  const { connector, takeCalls } = await startHelpdesk(t)
  await connector.install()
  takeCalls()
  const where = [condition('ticket_id', '4')]
  const before = found(await connector.load('Comment', { where }))
  assert.equal(before.length, 3)
  const comment = { author: 'Ana', body: 'Any news?', ticket_id: '4' }
  const [saved] = found(await connector.save('Comment', flowObject(null, comment)))
  assert.equal(saved?.ticket_id, '4')
  assert.deepEqual(takeCalls(), [
    'GET /tickets/4/comments -> 200',
    'POST /tickets/4/comments {"author":"Ana","body":"Any news?"} -> 201'
  ])
  const after = found(await connector.load('Comment', { where }))
  assert.deepEqual(
    after.map(({ externalId }) => externalId),
    [...before.map(({ externalId }) => externalId), saved?.externalId]
  )
  const parentless = problem(await connector.load('Comment'))
  assert.deepEqual([parentless.code, parentless.statusCode], ['PARAMETER_REQUIRED', 400])
  assert.ok(parentless.remedy.includes('"ticket_id"'), parentless.remedy)
})

test('H16 what the help desk refuses is told in its own words, and a wrong key with the value to fill', async t => {
  const { connector, documentUrl } = await startHelpdesk(t)
  const subjectless = flowObject(null, { body: 'No subject.', customer_id: '1' })
  const invalid = problem(await connector.save('Ticket', subjectless))
  assert.deepEqual([invalid.kind, invalid.statusCode], ['api', 422])
  assert.equal(invalid.message, 'subject is required [API_ERROR]')

  const busy = problem(await connector.remove('Customer', flowObject('1')))
  assert.deepEqual([busy.kind, busy.statusCode], ['api', 409])
  const unknown = flowObject('4711', { subject: 'x' })
  assert.deepEqual(refusal(await connector.save('Ticket', unknown)), ['API_ERROR', 404])
  const twice = problem(await connector.save('Tag', flowObject(null, { name: 'billing' })))
  assert.deepEqual(
    [twice.statusCode, twice.message],
    [409, 'There is already a tag billing [API_ERROR]']
  )
  const renamed = flowObject('billing', { name: 'money' })
  assert.deepEqual(refusal(await connector.save('Tag', renamed)), ['MAPPING_MISSING', 400])

  const url = { 'Schema URL': documentUrl }
  const keyless = problem(await connector.as({ configuration: url }).load('Tag'))
  assert.deepEqual([keyless.kind, keyless.statusCode], ['api', 401])
  assert.ok(keyless.remedy.includes('"API Key" is missing'), keyless.remedy)
  const wrong = { ...url, 'API Key': 'not-it' }
  const refused = problem(await connector.as({ configuration: wrong }).load('Tag'))
  assert.deepEqual([refused.statusCode, refused.message], [401, 'The API key is wrong [API_ERROR]'])
})
