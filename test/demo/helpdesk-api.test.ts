import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { load } from 'js-yaml'

import { createHelpdeskApi } from '../../demo/helpdesk-api.ts'
import type { HelpdeskCall, HelpdeskOptions } from '../../demo/helpdesk-api.ts'
import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../service/base/json.ts'

const KEY = 'demo-key'

type Answer = { status: number; headers: Headers; text: string; body: JsonValue }
type Call = (method: string, path: string, body?: JsonValue | string) => Promise<Answer>

async function startHelpdesk(t: TestContext, options: Partial<HelpdeskOptions> = {}) {
  const app = createHelpdeskApi({ apiKey: KEY, ...options })
  t.after(() => app.close())
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const call: Call = async (method, path, body) => {
    const init = { method, headers: { 'x-api-key': KEY } }
    const response = await fetch(
      `${base}${path}`,
      body === undefined
        ? init
        : {
            ...init,
            headers: { ...init.headers, 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body)
          }
    )
    const text = await response.text()
    const parsed = text === '' ? null : parseJson(text)
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
  return { app, base, call }
}

function objects(value: JsonValue | undefined): JsonObject[] {
  assert.ok(isJsonArray(value))
  return value.filter(isJsonObject)
}

function fieldsAtFault(answer: Answer): (JsonValue | undefined)[] {
  return objects(member(answer.body, 'errors')).map(error => error.field)
}

test('the seed is 5 customers and 42 tickets, the same on every start', async t => {
  const first = await startHelpdesk(t)
  const second = await startHelpdesk(t)
  for (const path of ['/customers', '/tickets?limit=50', '/tickets/40/comments', '/tags']) {
    assert.equal((await first.call('GET', path)).text, (await second.call('GET', path)).text)
  }
  assert.equal(objects((await first.call('GET', '/customers')).body).length, 5)
  assert.equal(member((await first.call('GET', '/tickets')).body, 'total'), 42)
})

test('paging walks through every ticket once', async t => {
  const { call } = await startHelpdesk(t)
  const sizes: number[] = []
  const ids = new Set<string>()
  for (let offset = 0; offset < 60; offset += 20) {
    const page = objects(
      member((await call('GET', `/tickets?limit=20&offset=${offset}`)).body, 'data')
    )
    sizes.push(page.length)
    for (const ticket of page) ids.add(JSON.stringify(ticket.id))
  }
  assert.deepEqual(sizes, [20, 20, 2])
  assert.equal(ids.size, 42)
})

test('tickets are filtered by every parameter, searched and sorted', async t => {
  const { call } = await startHelpdesk(t)
  const list = async (query: string) =>
    objects(member((await call('GET', `/tickets?limit=50&${query}`)).body, 'data'))

  const mixed = await list('status=open&priority=high&customer_id=2')
  assert.ok(mixed.length > 0)
  for (const ticket of mixed) {
    assert.deepEqual([ticket.status, ticket.priority, ticket.customer_id], ['open', 'high', 2])
  }
  const late = await list('created_after=2024-04-01T02:00:00%2B02:00')
  assert.ok(late.length > 0 && late.length < 42)
  assert.ok(late.every(ticket => String(ticket.created_at) > '2024-04-01T00:00:00Z'))
  const searched = await list('q=PASSWORD')
  assert.ok(searched.length > 0 && searched.length < 42)
  assert.ok(searched.every(ticket => /password/i.test(`${ticket.subject} ${ticket.body}`)))
  assert.deepEqual(await list('q=100%25'), [])

  const rising = (await list('sort=created_at')).map(ticket => ticket.created_at)
  const falling = (await list('sort=-created_at')).map(ticket => ticket.created_at)
  assert.deepEqual(rising, rising.toSorted())
  assert.deepEqual(falling, rising.toReversed())
})

const badQueries = [
  { path: '/tickets?limit=51', field: 'limit' },
  { path: '/tickets?limit=0', field: 'limit' },
  { path: '/tickets?offset=-1', field: 'offset' },
  { path: '/tickets?status=closed', field: 'status' },
  { path: '/tickets?customer_id=one', field: 'customer_id' },
  { path: '/tickets?created_after=yesterday', field: 'created_after' },
  { path: '/tickets?sort=body', field: 'sort' },
  { path: '/tickets?constructor=1', field: 'constructor' },
  { path: '/tickets?q=a&q=b', field: 'q' },
  { path: '/customers?plan=gold', field: 'plan' }
]

test('a parameter that does not fit is a 400 that names it', async t => {
  const { call } = await startHelpdesk(t)
  for (const { path, field } of badQueries) {
    const answer = await call('GET', path)
    assert.equal(answer.status, 400, path)
    assert.ok(fieldsAtFault(answer).includes(field), path)
  }
})

const ticket = { subject: 'Printer on fire', body: 'It really is.', customer_id: 2 }

const badTickets: { body: JsonObject; fields: string[] }[] = [
  { body: {}, fields: ['subject', 'body', 'customer_id'] },
  { body: { ...ticket, id: 7, created_at: 'now' }, fields: ['id', 'created_at'] },
  { body: { ...ticket, customer_id: 99 }, fields: ['customer_id'] },
  { body: { ...ticket, customer_id: 1.5 }, fields: ['customer_id'] },
  { body: { ...ticket, status: 'closed', colour: 'red' }, fields: ['status', 'colour'] },
  { body: { ...ticket, due_on: '2023-02-29' }, fields: ['due_on'] },
  { body: { ...ticket, tags: ['ok', 1] }, fields: ['tags'] },
  { body: { ...ticket, requester: { name: 'Bo', phone: '1' } }, fields: ['requester'] },
  {
    body: { ...ticket, estimate_hours: -1, effort_cost: '1' },
    fields: ['estimate_hours', 'effort_cost']
  }
]

test('a body that does not fit is a 422 that names every field, and writes nothing', async t => {
  const { call } = await startHelpdesk(t)
  for (const { body, fields } of badTickets) {
    const answer = await call('POST', '/tickets', body)
    assert.equal(answer.status, 422, JSON.stringify(body))
    assert.deepEqual(fieldsAtFault(answer), fields)
  }
  assert.equal(member((await call('GET', '/tickets')).body, 'total'), 42)
})

test('a body that is not a JSON object is a 400', async t => {
  const { call } = await startHelpdesk(t)
  assert.equal((await call('POST', '/tickets', '{"subject":')).status, 400)
  assert.equal((await call('POST', '/tickets', '[]')).status, 400)
  assert.equal((await call('POST', '/tickets')).status, 400)
})

test('a call without the key or with a wrong one is a 401, the document needs none', async t => {
  const { base } = await startHelpdesk(t)
  const without = await fetch(`${base}/tickets`)
  assert.equal(without.status, 401)
  assert.match(await without.text(), /X-Api-Key/)
  const wrong = await fetch(`${base}/tickets`, { headers: { 'x-api-key': 'guess' } })
  assert.equal(wrong.status, 401)
  assert.doesNotMatch(await wrong.text(), /guess|demo-key/)
  assert.equal((await fetch(`${base}/openapi.yaml`)).status, 200)
})

test('the document comes with an ETag that answers 304, and can name another server', async t => {
  const { base } = await startHelpdesk(t)
  const first = await fetch(`${base}/openapi.yaml`)
  assert.match(await first.text(), /^ {2}- url: "\/"$/m)
  const etag = first.headers.get('etag')
  assert.ok(etag)
  const again = await fetch(`${base}/openapi.yaml`, { headers: { 'if-none-match': etag } })
  assert.equal(again.status, 304)

  const elsewhere = await startHelpdesk(t, { publicUrl: 'https://desk.example.com/api' })
  const text = await (await fetch(`${elsewhere.base}/openapi.yaml`)).text()
  assert.match(text, /^ {2}- url: "https:\/\/desk\.example\.com\/api"$/m)
})

test('ids past 2^53 and long decimals keep all their digits, both ways', async t => {
  const { call } = await startHelpdesk(t)
  const seeded = await call('GET', '/tickets/9007199254740993')
  assert.match(seeded.text, /"id":9007199254740993,/)
  assert.match(seeded.text, /"effort_cost":1234567890\.12345678901234567891\b/)
  assert.equal((await call('GET', '/tickets/9007199254740992')).status, 404)

  const created = await call(
    'POST',
    '/tickets',
    '{"subject":"s","body":"b","customer_id":1,"effort_cost":0.100000000000000000000000000001}'
  )
  assert.equal(created.status, 201)
  assert.match(created.text, /"id":9007199254740994,/)
  assert.match(created.text, /"effort_cost":0\.100000000000000000000000000001\b/)
  assert.equal(created.headers.get('location'), '/tickets/9007199254740994')
})

test('a ticket is created, changed, and deleted with its comments; then it is a 404', async t => {
  const { call } = await startHelpdesk(t)
  const full = {
    ...ticket,
    requester: { name: 'Bo', email: 'bo@northmill.example' },
    tags: ['hardware', 'fire'],
    due_on: '2024-06-01',
    estimate_hours: 0.5
  }
  const created = await call('POST', '/tickets', full)
  assert.equal(created.status, 201)
  const path = created.headers.get('location') ?? ''
  const { id, created_at, ...rest } = isJsonObject(created.body) ? created.body : {}
  assert.ok(id !== undefined && created_at !== undefined)
  assert.deepEqual(rest, { ...full, status: 'new', priority: 'normal' })
  const tags = objects((await call('GET', '/tags')).body).map(tag => tag.name)
  assert.ok(tags.includes('fire'))

  const changed = await call('PATCH', path, { status: 'solved', due_on: null, tags: [] })
  assert.equal(changed.status, 200)
  const { due_on: _, ...kept } = full
  const expected = { ...kept, id, created_at, status: 'solved', priority: 'normal', tags: [] }
  assert.deepEqual({ ...(isJsonObject(changed.body) ? changed.body : {}) }, expected)
  assert.deepEqual(fieldsAtFault(await call('PATCH', path, { customer_id: 1 })), ['customer_id'])

  const comment = await call('POST', `${path}/comments`, { author: 'Bo', body: 'Out now.' })
  assert.equal(comment.status, 201)
  assert.deepEqual((await call('GET', `${path}/comments`)).body, [comment.body])

  assert.equal((await call('DELETE', path)).status, 204)
  for (const [method, gone] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/comments`]
  ] as const) {
    const answer = await call(method, gone)
    assert.equal(answer.status, 404)
    assert.match(String(member(answer.body, 'message')), /^There is no ticket \d+$/)
  }
})

test('a customer is created, replaced as a whole, and kept while there are tickets', async t => {
  const { call } = await startHelpdesk(t)
  const created = await call('POST', '/customers', {
    name: 'Finn Moe',
    email: 'finn@kelp.example',
    company: 'Kelp',
    address: { city: 'Bergen' }
  })
  assert.equal(created.status, 201)
  assert.equal(created.headers.get('location'), '/customers/6')
  assert.equal(member(created.body, 'plan'), 'free')
  assert.equal(member(created.body, 'open_tickets'), 0)

  const replaced = await call('PUT', '/customers/6', {
    name: 'Finn Moe',
    email: 'finn@kelp.example',
    plan: 'business'
  })
  assert.equal(replaced.status, 200)
  assert.equal(member(replaced.body, 'plan'), 'business')
  assert.equal(member(replaced.body, 'company'), undefined)
  assert.equal(member(replaced.body, 'address'), undefined)

  const taken = { name: 'F', email: 'ada@fjordbank.example' }
  assert.equal((await call('POST', '/customers', taken)).status, 409)
  assert.equal((await call('PUT', '/customers/6', taken)).status, 409)
  const counted = { name: 'F', email: 'f@kelp.example', open_tickets: 1 }
  assert.deepEqual(fieldsAtFault(await call('POST', '/customers', counted)), ['open_tickets'])

  assert.equal((await call('DELETE', '/customers/1')).status, 409)
  assert.equal((await call('DELETE', '/customers/6')).status, 204)
  assert.equal((await call('GET', '/customers/6')).status, 404)
})

test('a tag is added once', async t => {
  const { call } = await startHelpdesk(t)
  assert.equal((await call('POST', '/tags', { name: 'urgent' })).status, 201)
  assert.equal((await call('POST', '/tags', { name: 'urgent' })).status, 409)
})

test('what does not exist and what cannot be read are problems with a message', async t => {
  const { base, call } = await startHelpdesk(t)
  for (const path of ['/nothing', '/tickets/abc', '/tickets/99999999999999999999']) {
    const answer = await call('GET', path)
    assert.equal(answer.status, 404)
    assert.deepEqual(Object.keys(isJsonObject(answer.body) ? answer.body : {}), [
      'message',
      'errors'
    ])
  }
  const init = {
    method: 'POST',
    headers: { 'x-api-key': KEY, 'content-type': 'text/csv' },
    body: 'a'
  }
  assert.equal((await fetch(`${base}/tickets`, init)).status, 415)
})

test('the listener hears of every call, with the key masked', async t => {
  const calls: HelpdeskCall[] = []
  const { call } = await startHelpdesk(t, { onCall: heard => calls.push(heard) })
  await call('GET', '/tickets?limit=1')
  await call('POST', '/tickets', '{"subject": "s", "body": "b", "customer_id": 9007199254740993}')
  assert.deepEqual(
    calls.map(({ method, url, body, status }) => ({ method, url, body, status })),
    [
      { method: 'GET', url: '/tickets?limit=1', body: null, status: 200 },
      {
        method: 'POST',
        url: '/tickets',
        body: '{"subject":"s","body":"b","customer_id":9007199254740993}',
        status: 422
      }
    ]
  )
  assert.ok(calls.every(({ headers }) => headers['x-api-key'] === '***'))
  assert.doesNotMatch(JSON.stringify(calls), /demo-key/)
})

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

test('every operation of the document is a route, and no other is there', async t => {
  const { app } = await startHelpdesk(t)
  await app.ready()
  for (const [path, item] of Object.entries(await documentPaths())) {
    for (const method of METHODS) {
      const route = { method, url: path.replace(/\{(\w+)\}/g, ':$1') }
      const declared = member(item, method.toLowerCase()) !== undefined
      assert.equal(app.hasRoute(route), declared, `${method} ${path}`)
    }
  }
})

test("the document's examples are what the seeded API answers", async t => {
  const { call } = await startHelpdesk(t)
  const paths = await documentPaths()
  for (const [template, path] of [
    ['/customers/{customerId}', '/customers/1'],
    ['/tickets/{ticketId}', '/tickets/9007199254740993'],
    ['/tickets/{ticketId}/comments', '/tickets/9007199254740993/comments'],
    ['/tickets', '/tickets?created_after=2024-05-10T00:00:00Z']
  ] as const) {
    const steps = [template, 'get', 'responses', '200', 'content', 'application/json', 'example']
    const example = steps.reduce<JsonValue | undefined>((at, step) => member(at, step), paths)
    // Digits that a double cannot hold are for the test above: the YAML reader rounds.
    assert.deepEqual(JSON.parse((await call('GET', path)).text), example, path)
  }
})

async function documentPaths(): Promise<JsonObject> {
  const file = new URL('../../openapi-samples/helpdesk.yaml', import.meta.url)
  const document: JsonValue = JSON.parse(JSON.stringify(load(await readFile(file, 'utf8'))))
  const paths = member(document, 'paths')
  assert.ok(isJsonObject(paths))
  return paths
}

test('a file keeps the data, which is seeded only once', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'helpdesk-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'helpdesk.sqlite')
  const first = await startHelpdesk(t, { file })
  assert.equal((await first.call('DELETE', '/tickets/1')).status, 204)
  await first.app.close()
  const second = await startHelpdesk(t, { file })
  assert.equal(member((await second.call('GET', '/tickets')).body, 'total'), 41)
})
