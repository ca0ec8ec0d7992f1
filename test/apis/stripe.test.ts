import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import test from 'node:test'

import type { StartedConnector } from '../support/start-connector.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  startConnector
} from '../support/start-connector.ts'
import { assertWindows } from './assert-windows.ts'
import { STRIPE_KEY, startStripe } from './fake-stripe.ts'
import type { FakeApi } from './start-fake-api.ts'

/** All customers, the newest first. */
const NEWEST = Array.from({ length: 25 }, (_, index) => `cus_${25 - index}`)

async function start(t: TestContext): Promise<{ api: FakeApi; connector: StartedConnector }> {
  const api = await startStripe(t)
  const values = { 'Schema URL': api.documentUrl, 'Bearer Token': STRIPE_KEY }
  return { api, connector: await startConnector(t, values) }
}

function ids(objects: readonly { readonly externalId?: unknown }[]): unknown[] {
  return objects.map(({ externalId }) => externalId)
}

test('M18 Stripe installs its types, and has nothing to tell but what was inferred', async t => {
  const { connector } = await start(t)
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements.map(({ developerName }) => developerName),
    [
      'Customer',
      'Customer:address',
      'Customer:invoice_settings',
      'Customer:metadata',
      'Customer:preferred_locales',
      'Customer:tax_exempt values',
      'Price',
      'Price:recurring'
    ]
  )
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['RECORDS_INFERRED', 'PAGING_INFERRED', 'RECORDS_INFERRED', 'PAGING_INFERRED']
  )
})

test('M18 E23 windows of Stripe continue behind the last id, past its largest page too', async t => {
  const { api, connector } = await start(t)
  await assertWindows(connector, 'Customer', NEWEST, 10)
  api.takeCalls()
  const first = data(await connector.load('Customer', { limit: 10, offset: 0 }))
  const { offsetToken } = first
  assert.ok(offsetToken !== undefined)
  const next = data(await connector.load('Customer', { limit: 10, offset: 10, offsetToken }))
  assert.deepEqual(ids(next.objectData), NEWEST.slice(10, 20))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?limit=10 -> 200',
    'GET /v1/customers?limit=10&starting_after=cus_16 -> 200'
  ])
  const insert = api.store.prepare('INSERT INTO objects (kind, id, members) VALUES (?, ?, ?)')
  const many = Array.from({ length: 150 }, (_, index) => `cus_more${index}`)
  for (const id of many) insert.run('customer', id, JSON.stringify({ id, object: 'customer' }))
  const everything = [...many.toReversed(), ...NEWEST]
  assert.deepEqual(ids(found(await connector.load('Customer'))), everything)
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?limit=100 -> 200',
    'GET /v1/customers?limit=100&starting_after=cus_more50 -> 200'
  ])
})

test('D01 D10 M18 Stripe takes conditions on the email and the time; names are compared here', async t => {
  const { api, connector } = await start(t)
  const rows: readonly (readonly [where: object[], ids: string[], call: string])[] = [
    [[condition('email', 'c3@example.com')], ['cus_3'], 'limit=5&email=c3%40example.com'],
    [
      [
        condition('created', '1718600120', 'GREATER_THAN'),
        condition('created', '1718600240', 'LESS_THAN_OR_EQUAL')
      ],
      ['cus_4', 'cus_3'],
      'limit=5&created%5Bgt%5D=1718600120&created%5Blte%5D=1718600240'
    ],
    [[condition('name', 'CUSTOMER 7')], ['cus_7'], 'limit=100']
  ]
  for (const [where, expected, query] of rows) {
    assert.deepEqual(ids(found(await connector.load('Customer', { where, limit: 5 }))), expected)
    assert.deepEqual(api.takeCalls(), [`GET /v1/customers?${query} -> 200`])
  }
})

test('D12 D13 D14 M18 what Stripe does not order and search is ordered and searched here', async t => {
  const { api, connector } = await start(t)
  const orderBy = [{ columnName: 'balance', direction: 'DESC' }]
  await assertWindows(connector, 'Customer', NEWEST.toReversed(), 10, { orderBy })
  const searched = await connector.load('Customer', { search: 'harbour row', limit: 3, orderBy })
  assert.deepEqual(ids(found(searched)), [])
  const named = await connector.load('Customer', { search: 'customer 2', limit: 3, orderBy })
  assert.deepEqual(ids(found(named)), ['cus_2', 'cus_20', 'cus_21'])
  assert.ok(api.takeCalls().every(call => call === 'GET /v1/customers?limit=100 -> 200'))
})

test('C01 M18 a customer of Stripe is loaded with its nested values; an unknown one is nothing', async t => {
  const { connector } = await start(t)
  const [customer] = found(await connector.load('Customer', { id: 'cus_24' }))
  assert.equal(customer?.balance, '-2400')
  assert.equal(customer?.created, '1718601440')
  assert.equal(customer?.delinquent, 'false')
  const [address] = Object(customer?.address)
  assert.deepEqual([address.line1, address.line2], ['24 Harbour Row', null])
  const texts = (list: unknown) => Object(list).map((entry: object) => Object(entry).Value)
  assert.deepEqual(texts(customer?.metadata), ['24', 'even'])
  assert.deepEqual(texts(customer?.preferred_locales), ['en-GB', 'en'])
  assert.deepEqual(found(await connector.load('Customer', { id: 'cus_none' })), [])
})

test('C03 B32 M18 a new customer is sent to Stripe as a form, and has the id that Stripe gave it', async t => {
  const { api, connector } = await start(t)
  const draft = flowObject(null, {
    name: 'Ada & Co',
    email: 'ada@example.com',
    address: [flowObject(null, { line1: '1 Row', city: 'Leeds' })],
    metadata: [flowObject(null, { Key: 'crm id', Value: '=1' })],
    preferred_locales: [flowObject(null, { Value: 'en' }), flowObject(null, { Value: 'de' })]
  })
  const [made] = found(await connector.save('Customer', draft))
  assert.equal(made?.externalId, 'cus_26')
  const [loaded] = found(await connector.load('Customer', { id: 'cus_26' }))
  assert.deepEqual(loaded, made)
  const [call = ''] = api.takeCalls()
  const [, form = ''] = call.split(' /v1/customers ')
  assert.deepEqual(
    [...new URLSearchParams(form.replace(/ -> 200$/, ''))],
    [
      ['name', 'Ada & Co'],
      ['email', 'ada@example.com'],
      ['address[line1]', '1 Row'],
      ['address[city]', 'Leeds'],
      ['metadata[crm id]', '=1'],
      ['preferred_locales[0]', 'en'],
      ['preferred_locales[1]', 'de']
    ]
  )
})

test('C04 S5 M18 an update of Stripe changes what was sent, clears what was cleared, and keeps the rest', async t => {
  const { api, connector } = await start(t)
  const [before] = found(await connector.load('Customer', { id: 'cus_24' }))
  const [named] = found(await connector.save('Customer', flowObject('cus_24', { name: 'Ada' })))
  assert.deepEqual(named, { ...before, name: 'Ada' })
  api.takeCalls()
  const cleared = flowObject('cus_24', {
    phone: '',
    address: [flowObject(null, { line1: '', city: 'York' })],
    metadata: [flowObject(null, { Key: 'crm_id', Value: '' })],
    preferred_locales: []
  })
  const [after] = found(await connector.save('Customer', cleared))
  const [address] = Object(after?.address)
  assert.deepEqual([address.line1, address.city, address.country], [null, 'York', 'GB'])
  assert.deepEqual(after?.preferred_locales, [])
  const [entry, ...others] = Object(after?.metadata)
  assert.deepEqual([entry.Key, others.length], ['tier', 0])
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/customers/cus_24 phone=&address%5Bline1%5D=&address%5Bcity%5D=York&metadata%5Bcrm_id%5D=&preferred_locales= -> 200'
  ])
  const [empty] = found(
    await connector.save('Customer', flowObject('cus_24', { address: [], metadata: [] }))
  )
  assert.deepEqual([empty?.address, empty?.metadata], [[], []])
  assert.deepEqual(api.takeCalls(), ['POST /v1/customers/cus_24 address=&metadata= -> 200'])
})

test('C05 M18 a deleted customer of Stripe stays as its id, and is deleted once more without a problem', async t => {
  const { api, connector } = await start(t)
  for (const status of [200, 404]) {
    data(await connector.remove('Customer', flowObject('cus_24')))
    assert.deepEqual(api.takeCalls(), [`DELETE /v1/customers/cus_24 -> ${status}`])
  }
  const [rest] = found(await connector.load('Customer', { id: 'cus_24' }))
  assert.deepEqual([rest?.externalId, rest?.deleted, rest?.name], ['cus_24', 'true', null])
  assert.deepEqual(ids(found(await connector.load('Customer', { limit: 2 }))), ['cus_25', 'cus_23'])
})

test('W11 M18 what Stripe refuses is told in its words, and other keys are refused', async t => {
  const { api, connector } = await start(t)
  const refused = problem(await connector.save('Customer', flowObject(null, { email: 'x' })))
  assert.deepEqual([refused.statusCode, refused.code], [400, 'API_ERROR'])
  assert.match(refused.message, /^Invalid email address: x/)
  const stranger = connector.as({
    configuration: { 'Schema URL': api.documentUrl, 'Bearer Token': 'sk_test_0000wrong0000' }
  })
  const unknown = problem(await stranger.load('Customer', { limit: 1 }))
  assert.equal(unknown.statusCode, 401)
  assert.match(unknown.message, /^Invalid API Key provided/)
})

test('H04 P13 M18 a 429 of Stripe is waited for by reads and writes; a write has one key for all attempts', async t => {
  const { api, connector } = await start(t)
  const body = { error: { type: 'invalid_request_error', message: 'Too many requests.' } }
  api.refuseNext({ status: 429, headers: { 'stripe-rate-limited-reason': 'global-rate' }, body })
  assert.equal(found(await connector.load('Customer', { limit: 1 })).length, 1)
  api.refuseNext({ status: 429, body }, { status: 503, body })
  const [made] = found(await connector.save('Customer', flowObject(null, { name: 'Ada' })))
  assert.equal(made?.externalId, 'cus_26')
  assert.deepEqual(
    api.takeCalls().map(call => call.replace(/ .* -> /, ' -> ')),
    ['GET -> 429', 'GET -> 200', 'POST -> 429', 'POST -> 503', 'POST -> 200']
  )
  assert.equal(api.store.prepare('SELECT count(*) AS n FROM answers').get()?.n, 1)
})

test('M18 prices of Stripe keep all digits of parts of a cent, and change only where Stripe lets them', async t => {
  const { api, connector } = await start(t)
  const recurring = [flowObject(null, { interval: 'month', interval_count: '3' })]
  const draft = { currency: 'eur', product: 'prod_tea', unit_amount_decimal: '0.123456789012' }
  const [made] = found(await connector.save('Price', flowObject(null, { ...draft, recurring })))
  assert.deepEqual([made?.unit_amount, made?.unit_amount_decimal], [null, '0.123456789012'])
  assert.equal(Object(made?.recurring)[0].interval_count, '3')
  api.takeCalls()
  const changed = flowObject('price_3', { nickname: 'Leaf', unit_amount_decimal: '7' })
  const [after] = found(await connector.save('Price', changed))
  assert.deepEqual([after?.nickname, after?.unit_amount_decimal], ['Leaf', '0.123456789012'])
  assert.deepEqual(api.takeCalls(), ['POST /v1/prices/price_3 nickname=Leaf -> 200'])
  const where = [condition('active', 'false'), condition('currency', 'eur')]
  assert.deepEqual(ids(found(await connector.load('Price', { where }))), ['price_parts'])
  assert.deepEqual(api.takeCalls(), ['GET /v1/prices?limit=100&active=false&currency=eur -> 200'])
  const missing = problem(await connector.save('Price', flowObject(null, { nickname: 'x' })))
  assert.match(missing.message, /^Missing required param: currency/)
})

test('M18 a platform of Stripe Connect names its account in a variable', async t => {
  const { api, connector } = await start(t)
  const accounts: unknown[] = []
  const configuration = {
    'Schema URL': api.documentUrl,
    'Bearer Token': STRIPE_KEY,
    Variables: 'STRIPE_ACCOUNT=acct_1Nharbour'
  }
  api.watch(({ headers }) => accounts.push([headers['stripe-account'], headers['stripe-version']]))
  await connector.as({ configuration }).load('Customer', { limit: 1 })
  await connector.load('Customer', { limit: 1 })
  assert.deepEqual(accounts, [
    ['acct_1Nharbour', '2024-06-20'],
    [undefined, '2024-06-20']
  ])
})
