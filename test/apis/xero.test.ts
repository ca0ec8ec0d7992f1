import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { JsonObject } from '../../service/base/json.ts'
import { headerOf } from '../support/login.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'
import { putXero, TENANT_ID, xero } from './fake-xero.ts'
import { logIn } from './log-in.ts'
import { FIRST_TOKEN } from './serve-tokens.ts'
import { startFakeApi } from './start-fake-api.ts'

const HARBOUR = '1c9d6f4e-3f5a-4c8b-9d0e-2b7a6f5e4d31'
const KELP = '2d0e7f5a-4b6c-4d9e-8f1a-3c8b7a6f5e42'
const ROOT = '/api.xro/2.0'

/** Xero with two contacts and as many invoices as asked for, numbered from 1; every fourth is approved. */
async function startXero(t: TestContext, invoices = 0) {
  const api = await startFakeApi(t, xero)
  const put = (list: string, object: JsonObject) => putXero(api.store, list, object)
  put('Contacts', { ContactID: HARBOUR, Name: 'Harbour Books', EmailAddress: 'mira@example.com' })
  put('Contacts', { ContactID: KELP, Name: 'Kelp & Co', Phones: [{ PhoneNumber: '555-0142' }] })
  for (let number = 1; number <= invoices; number++) put('Invoices', invoice(number))
  const configuration = {
    'Schema URL': api.documentUrl,
    'Bearer Token': FIRST_TOKEN,
    Variables: `XERO_TENANT=${TENANT_ID}`
  }
  const connector = await startConnector(t, configuration)
  return { api, connector, configuration, put }
}

function invoice(number: number): JsonObject {
  return {
    InvoiceID: invoiceId(number),
    InvoiceNumber: `INV-${String(number).padStart(4, '0')}`,
    Type: 'ACCREC',
    Contact: { ContactID: number % 2 === 0 ? KELP : HARBOUR, Name: 'as it was' },
    Date: '2024-06-06',
    Status: number % 4 === 0 ? 'AUTHORISED' : 'DRAFT',
    Reference: `delivery ${number}`,
    LineItems: [{ Description: 'Paperbacks', Quantity: 1, UnitAmount: 8.225, AccountCode: '200' }]
  }
}

function invoiceId(number: number): string {
  return `7e1d2c3b-4a59-4687-8c6d-${String(number).padStart(12, '0')}`
}

/** The calls with their paths decoded. */
function calls(api: { takeCalls(): string[] }): string[] {
  return api.takeCalls().map(call => {
    const [method = '', path = '', ...rest] = call.split(' ')
    const plain = decodeURIComponent(path.replaceAll('+', ' ')).replace(ROOT, '')
    return [method, plain, ...rest].join(' ')
  })
}

test('M18 Xero has contacts, invoices and items, with nested types, dates and amounts', async t => {
  const { connector } = await startXero(t)
  const { typeElements } = await connector.install()
  const kinds = (name: string) =>
    Object.fromEntries(
      typeElements
        .find(({ developerName }) => developerName === name)
        ?.properties.map(({ developerName, contentType }) => [developerName, contentType]) ?? []
    )
  assert.deepEqual(
    typeElements
      .filter(({ bindings }) => bindings.length > 0)
      .map(({ developerName }) => developerName)
      .filter(name => !name.endsWith('values')),
    ['Contact', 'Invoice', 'Item']
  )
  const { Contact, Date: date, Total, LineItems, UpdatedDateUTC } = kinds('Invoice')
  assert.deepEqual(
    [Contact, date, Total, LineItems, UpdatedDateUTC],
    ['ContentObject', 'ContentDateTime', 'ContentNumber', 'ContentList', 'ContentDateTime']
  )
  assert.equal(kinds('Invoice:LineItems').UnitAmount, 'ContentNumber')
})

test('E23 windows of 230 invoices are exact over pages of a hundred and more', async t => {
  const { api, connector } = await startXero(t, 230)
  for (const [offset, limit, count, more] of [
    [0, 20, 20, true],
    [90, 120, 120, true],
    [200, 50, 30, false],
    [230, 10, 0, false]
  ] as const) {
    const answer = data(await connector.load('Invoice', { offset, limit }))
    const ids = answer.objectData.map(({ externalId }) => externalId)
    assert.deepEqual(
      ids,
      Array.from({ length: count }, (_, at) => invoiceId(offset + at + 1))
    )
    assert.equal(answer.hasMoreResults, more)
  }
  const made = calls(api)
  assert.ok(made.every(call => /where=Type=="ACCREC"/.test(call) && /-> 200$/.test(call)))
  assert.ok(made.length <= 7, made.join('\n'))
})

test('D12 conditions, order and search that Xero takes are sent, and the others evaluated here', async t => {
  const { api, connector, put } = await startXero(t, 8)
  put('Invoices', { ...invoice(9), Type: 'ACCPAY' })
  const load = async (filter: object) => {
    const ids = found(await connector.load('Invoice', filter)).map(({ externalId }) => externalId)
    return [ids, calls(api).map(call => call.replace(/ ->.*/, ''))] as const
  }
  const status = (value: string) => condition('Status', value)
  const [either, eitherCalls] = await load({
    comparisonType: 'OR',
    where: [status('AUTHORISED'), status('PAID')]
  })
  assert.deepEqual(either, [4, 8].map(invoiceId))
  assert.match(eitherCalls.join(), /Statuses=AUTHORISED,PAID/)
  const [ofContact, contactCalls] = await load({
    where: [condition('Contact.ContactID', KELP)],
    orderBy: [{ columnName: 'InvoiceNumber', direction: 'DESC' }]
  })
  assert.deepEqual(ofContact, [8, 6, 4, 2].map(invoiceId))
  assert.match(contactCalls.join(), new RegExp(`order=InvoiceNumber DESC.*ContactIDs=${KELP}`))
  const [searched, searchCalls] = await load({ search: 'Delivery 3' })
  assert.deepEqual(searched, [invoiceId(3)])
  assert.match(searchCalls.join(), /searchTerm=Delivery 3/)
  const [evaluated, evaluatedCalls] = await load({
    where: [condition('Reference', 'ery 5', 'ENDS_WITH')]
  })
  assert.deepEqual(evaluated, [invoiceId(5)])
  assert.doesNotMatch(evaluatedCalls.join(), /ery 5/)
  const changed = (since: string) =>
    load({ where: [condition('UpdatedDateUTC', since, 'GREATER_THAN')] })
  assert.equal((await changed('2024-06-13T00:00:00Z'))[0].length, 8)
  assert.deepEqual((await changed('2024-06-15T02:00:00+02:00'))[0], [])
})

test('S6 an invoice is loaded by id with its dates, lines and all digits of its amounts', async t => {
  const { connector, put } = await startXero(t)
  const line = { Description: 'Land', Quantity: 1, UnitAmount: JSON.rawJSON('90071992547409.93') }
  put('Invoices', { ...invoice(1), LineItems: [line] })
  const [loaded, ...others] = found(await connector.load('Invoice', { id: invoiceId(1) }))
  assert.ok(loaded !== undefined && others.length === 0)
  assert.equal(loaded.Total, '90071992547409.93')
  assert.equal(loaded.Date, '2024-06-06T00:00:00Z')
  assert.equal(loaded.UpdatedDateUTC, '2024-06-14T00:00:00+00:00')
  const [item] = loaded.LineItems as readonly { readonly [name: string]: string }[]
  assert.deepEqual([item?.UnitAmount, item?.Description], ['90071992547409.93', 'Land'])
  assert.deepEqual(found(await connector.load('Invoice', { id: invoiceId(2) })), [])
})

test('C28 a created invoice has its id and amounts, and is loaded by that id', async t => {
  const { api, connector } = await startXero(t)
  const contact = found(await connector.load('Contact', { id: HARBOUR }))[0]
  assert.equal(contact?.externalId, HARBOUR)
  api.takeCalls()
  const answer = await connector.save(
    'Invoice',
    flowObject(null, {
      Contact: [flowObject(HARBOUR, { ContactID: HARBOUR })],
      Date: '2024-07-01T00:00:00Z',
      LineItems: [flowObject(null, { Description: 'Maps', Quantity: '3', UnitAmount: '19.995' })]
    })
  )
  const [saved] = found(answer)
  assert.equal(saved?.Total, '59.99')
  const [call = ''] = calls(api)
  assert.equal(
    call,
    `PUT /Invoices {"Invoices":[{"Contact":{"ContactID":"${HARBOUR}"},"Date":"2024-07-01","LineItems":[{"Description":"Maps","Quantity":3,"UnitAmount":19.995}],"Type":"ACCREC"}]} -> 200`
  )
  const [loaded] = found(await connector.load('Invoice', { id: saved?.externalId }))
  assert.deepEqual(
    [loaded?.Date, loaded?.Status, loaded?.Type],
    ['2024-07-01T00:00:00Z', 'DRAFT', 'ACCREC']
  )
})

test('S5 an update sends what a list has shown, and clears nothing else', async t => {
  const { api, connector, put } = await startXero(t)
  put('Invoices', { ...invoice(1), CurrencyCode: 'NZD' })
  const [first] = data(await connector.load('Invoice', { limit: 1 })).objectData
  assert.ok(first !== undefined)
  const properties = first.properties.map(property =>
    property.developerName === 'Reference' ? { ...property, contentValue: 'changed' } : property
  )
  const [before] = found(await connector.load('Invoice', { id: invoiceId(1) }))
  api.takeCalls()
  data(await connector.save('Invoice', { ...first, properties }))
  const [call = ''] = calls(api)
  assert.match(call, /^POST \/Invoices\/7e1d2c3b\S+ \{"Invoices":\[\{/)
  assert.match(call, /"Date":"\/Date\(1717632000000\+0000\)\/".*"Reference":"changed"/)
  assert.doesNotMatch(call, /DueDate|LineAmountTypes|Total|null/)
  const [after] = found(await connector.load('Invoice', { id: invoiceId(1) }))
  const { UpdatedDateUTC: changed } = after ?? {}
  assert.deepEqual(after, { ...before, Reference: 'changed', UpdatedDateUTC: changed })
})

test('S11 a draft is deleted and a contact archived by the member of a body', async t => {
  const { api, connector } = await startXero(t, 4)
  const remove = async (type: string, id: string) => {
    const answer = await connector.remove(type, flowObject(id))
    return [answer, calls(api)] as const
  }
  const [draft, draftCalls] = await remove('Invoice', invoiceId(1))
  assert.equal(draft.status, 200)
  assert.deepEqual(draftCalls, [
    `POST /Invoices/${invoiceId(1)} {"Invoices":[{"Status":"DELETED"}]} -> 200`
  ])
  const [approved] = await remove('Invoice', invoiceId(4))
  assert.deepEqual(refusal(approved), ['API_ERROR', 400])
  assert.match(problem(approved).message, /Invoice not of valid status for modification/)
  const [contact, contactCalls] = await remove('Contact', KELP)
  assert.equal(contact.status, 200)
  assert.deepEqual(contactCalls, [
    `POST /Contacts/${KELP} {"Contacts":[{"ContactStatus":"ARCHIVED"}]} -> 200`
  ])
  const names = found(await connector.load('Contact')).map(({ Name }) => Name)
  assert.deepEqual(names, ['Harbour Books'])
})

test('C05 an item is created, changed, listed by name and deleted', async t => {
  const { api, connector } = await startXero(t)
  const details = [flowObject(null, { UnitPrice: '8.2250', AccountCode: '200' })]
  const items = [
    flowObject(null, { Code: 'PB-MIX', Name: 'Paperbacks', SalesDetails: details }),
    flowObject(null, { Code: 'MAP', Name: 'Maps' })
  ]
  const [paperbacks, maps] = found(await connector.save('Item', ...items))
  assert.ok(paperbacks !== undefined && maps !== undefined)
  const byName = { orderBy: [{ columnName: 'Name', direction: 'ASC' }] }
  const names = async () => found(await connector.load('Item', byName)).map(({ Name }) => Name)
  assert.deepEqual(await names(), ['Maps', 'Paperbacks'])
  data(await connector.save('Item', flowObject(String(maps.externalId), { Name: 'Sea maps' })))
  api.takeCalls()
  data(await connector.remove('Item', flowObject(String(paperbacks.externalId))))
  assert.deepEqual(calls(api), [`DELETE /Items/${paperbacks.externalId} -> 204`])
  assert.deepEqual(await names(), ['Sea maps'])
  const again = await connector.save('Item', flowObject(null, { Code: 'MAP' }))
  assert.match(problem(again).message, /Price List Item with Code 'MAP' already exists/)
})

test('W9 of several contacts the good ones are saved, and each other one has its reason', async t => {
  const { api, connector } = await startXero(t)
  const answer = await connector.save(
    'Contact',
    flowObject(null, { Name: 'Tide Tables', EmailAddress: 'tess@example.com' }),
    flowObject(null, { Name: 'Kelp & Co' }),
    flowObject(null, { Name: 'Lamp Room', EmailAddress: 'nowhere' })
  )
  assert.deepEqual(refusal(answer), ['SAVE_INCOMPLETE', 400])
  const { message, remedy } = problem(answer)
  assert.match(remedy ?? '', /already assigned to another contact/)
  assert.match(remedy ?? '', /Email address must be valid/)
  assert.doesNotMatch(message, /0{8}-0{4}/)
  const [call, ...others] = calls(api)
  assert.match(call ?? '', /^PUT \/Contacts\?summarizeErrors=false .* -> 200$/)
  assert.deepEqual(others, [])
  const names = found(await connector.load('Contact')).map(({ Name }) => Name)
  assert.deepEqual(names, ['Harbour Books', 'Kelp & Co', 'Tide Tables'])
  const alone = await connector.save('Contact', flowObject(null, { FirstName: 'Mira' }))
  assert.match(problem(alone).remedy ?? '', /The Contact Name must be specified/)
})

test('W11 the reasons of a validation error are told, not only that there was one', async t => {
  const { connector } = await startXero(t)
  const answer = await connector.save('Invoice', flowObject(null, { Reference: 'nothing in it' }))
  assert.deepEqual(refusal(answer), ['API_ERROR', 400])
  assert.match(
    problem(answer).message,
    /A validation exception occurred \(A Contact must be specified.*; One or more line items must be specified\)/
  )
})

test('P13 a limit of the minute is waited for, by reads and by writes that have a key', async t => {
  const { api, connector } = await startXero(t, 1)
  const limit = {
    status: 429,
    headers: { 'retry-after': '1', 'x-rate-limit-problem': 'minute', 'x-minlimit-remaining': '0' }
  }
  api.refuseNext(limit)
  assert.equal(found(await connector.load('Invoice', { limit: 1 })).length, 1)
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['429', '200']
  )
  api.refuseNext({ status: 503, headers: { 'retry-after': '0' } })
  data(await connector.save('Item', flowObject(null, { Code: 'MAP' })))
  assert.deepEqual(
    api.takeCalls().map(call => call.slice(-3)),
    ['503', '200']
  )
})

test('M18 a token or an organisation that Xero does not know is refused in its words', async t => {
  const { connector, configuration } = await startXero(t)
  const as = (changed: object) => connector.as({ configuration: { ...configuration, ...changed } })
  const unknown = await as({ 'Bearer Token': 'expired' }).load('Contact')
  assert.deepEqual(refusal(unknown), ['API_ERROR', 401])
  assert.match(problem(unknown).message, /AuthenticationUnsuccessful/)
  const foreign = await as({ Variables: 'XERO_TENANT=0a1b2c3d' }).load('Contact')
  assert.deepEqual(refusal(foreign), ['API_ERROR', 403])
  const untold = await as({ Variables: '' }).load('Contact')
  assert.equal(problem(untold).code, 'PARAMETER_REQUIRED')
  assert.match(problem(untold).remedy ?? '', /XERO_TENANT/)
})

test('F18 a user logs in with Xero, and goes on after the token of half an hour', async t => {
  const { api, connector, configuration } = await startXero(t)
  const { client, url, login } = await logIn(connector, configuration)
  assert.match(url.searchParams.get('scope') ?? '', /offline_access accounting\.contacts/)
  assert.deepEqual([login.status, login.userId], ['AUTHENTICATED', '1945393b-6eb7'])
  const user = client.as({ headers: headerOf(login) })
  assert.equal(found(await user.load('Contact')).length, 2)
  api.store.exec("update tokens set token = 'expired' where token = 'token-1'")
  api.takeCalls()
  assert.equal(found(await user.load('Contact')).length, 2)
  const used = api.takeCalls().filter(call => !call.includes('userinfo'))
  assert.deepEqual(
    used.map(call => `${call.split(/[ ?]/)[1]} ${call.slice(-3)}`),
    [`${ROOT}/Contacts 401`, '/connect/token 200', `${ROOT}/Contacts 200`]
  )
})
