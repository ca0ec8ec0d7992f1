import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, data, flowObject, found, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Accounts, version: '1' }
servers: [{ url: / }]
paths:
  /accounts:
    get:
      parameters: [{ name: balance, in: query, schema: { type: number } }]
      responses: { '200': { description: Some, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Account' } } } } } }
  /accounts/{accountId}:
    parameters: [{ name: accountId, in: path, required: true, schema: { type: integer } }]
    get: { responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Account' } } } } } }
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Account' } } } }
      responses: { '200': { description: Done } }
components:
  schemas:
    Account:
      type: object
      properties:
        id: { type: integer }
        balance: { type: number }
        rates: { type: array, items: { type: number } }
        open: { type: object, properties: { since: { type: integer }, raw: {} } }
      x-flow-type: { name: Account }
      x-flow-load: { path: '/accounts/{accountId}', parameters: { accountId: id } }
      x-flow-query: { path: /accounts, parameters: { where: { balance: balance } } }
      x-flow-update: { path: '/accounts/{accountId}', operation: put, parameters: { accountId: externalId } }
`

test('B04 every digit of a number survives the way out, and back in an update', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const account =
    '{"id":9007199254740993,"balance":1234567890.12345678901234567891,' +
    '"rates":[0.1,123456789012345678901234567890,1e-7],' +
    '"open":{"since":-9223372036854775808,"raw":[18446744073709551615,1.10]}}'
  api.answer({ text: `[${account}]` }, { text: account }, { status: 204 })
  const listed = await connector.load('Account')
  const [object] = found(listed)
  assert.equal(object?.externalId, '9007199254740993')
  assert.equal(object?.balance, '1234567890.12345678901234567891')
  assert.deepEqual(
    typeof object?.rates === 'object' ? object.rates?.map(({ Value }) => Value) : null,
    ['0.1', '123456789012345678901234567890', '0.0000001']
  )
  const byId = await connector.load('Account', { id: '9007199254740993' })
  assert.deepEqual(found(byId)[0]?.externalId, '9007199254740993')

  // The flow sends back what it got, untouched.
  const saved = await connector.save('Account', ...data(listed).objectData)
  assert.deepEqual(api.takeCalls(), [
    'GET /accounts',
    'GET /accounts/9007199254740993',
    'PUT /accounts/9007199254740993 {"id":9007199254740993,"balance":1234567890.12345678901234567891,' +
      '"rates":[0.1,123456789012345678901234567890,0.0000001],' +
      '"open":{"since":-9223372036854775808,"raw":[18446744073709551615,1.1]}}'
  ])
  assert.deepEqual(data(saved).objectData[0]?.properties[1]?.contentValue, object?.balance)
})

test('B04 a number of a filter and of a flow keeps its digits, in any form that it may have', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [given, written] of [
    ['12.0', '12'],
    ['1E3', '1000'],
    ['-0.50', '-0.5'],
    ['98765432109876543210.000000000000000001', '98765432109876543210.000000000000000001']
  ] as const) {
    api.answer({ json: [] }, { status: 204 })
    await connector.load('Account', { where: [condition('balance', given)] })
    await connector.save('Account', flowObject('7', { balance: given }))
    assert.deepEqual(api.takeCalls(), [
      `GET /accounts?balance=${written}`,
      `PUT /accounts/7 {"balance":${written}}`
    ])
  }
})
