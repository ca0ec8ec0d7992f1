import assert from 'node:assert/strict'
import test from 'node:test'

import type { StartedConnector } from '../support/start-connector.ts'
import type { StartedApi } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
servers: [{ url: /v1 }]
# root
paths:
  /orders:
    # path item
    get:
      # operation
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/List' } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/One' } } } } } }
    put:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    delete: { responses: { '200': { description: ok } } }
components:
  schemas:
    Order:
      type: object
      properties: { id: { type: string, readOnly: true }, title: { type: string }, code: { type: string } }
      x-flow-type: { name: Order }
      x-flow-query: { path: /orders }
      x-flow-load: { path: '/orders/{id}', parameters: { id: id } }
      x-flow-save: { path: /orders }
      x-flow-update: { path: '/orders/{id}', parameters: { id: externalId } }
      x-flow-delete: { path: '/orders/{id}', parameters: { id: externalId } }
    Row:
      type: object
      properties: { id: { type: string, readOnly: true }, title: { type: string } }
      x-flow-type: { name: Row }
      x-flow-save: { path: /orders, batch: { size: 10 } }
    List: { type: object, properties: { orders: { type: array, items: { $ref: '#/components/schemas/Order' } } } }
    One: { type: object, properties: { order: { $ref: '#/components/schemas/Order' } } }
`

async function start(
  t: Parameters<typeof startApi>[0],
  document = DOCUMENT
): Promise<{ api: StartedApi; connector: StartedConnector }> {
  const api = await startApi(t, document)
  return { api, connector: await startConnector(t, { 'Schema URL': api.documentUrl }) }
}

const order = (id: string | null) => flowObject(id, { title: 'a' })

/** One call of each mapping, by its verb. */
const CALLS: readonly (readonly [
  verb: string,
  call: (connector: StartedConnector) => ReturnType<StartedConnector['load']>
])[] = [
  ['query', connector => connector.load('Order')],
  ['load', connector => connector.load('Order', { id: '5' })],
  ['save', connector => connector.save('Order', order(null))],
  ['update', connector => connector.save('Order', order('5'))],
  ['delete', connector => connector.remove('Order', order('5'))],
  ['batch', connector => connector.save('Row', order(null))]
]

test('W1 a 2xx that refuses a call is a problem with the words of the API, for every mapping', async t => {
  const { api, connector } = await start(t)
  for (const [body, words] of [
    [{ ok: false, error_code: 401, description: 'Unauthorized' }, 'Unauthorized'],
    [{ Success: false, Message: 'No licence' }, 'No licence'],
    [{ success: false, orders: [{ id: '1', title: 'x' }], reason: 'stale' }, 'stale'],
    [{ ok: false }, 'the API refused the call: its answer has `ok`: false'],
    [{ status: 'fail', data: { title: 'A title is required' } }, 'title: A title is required'],
    [{ status: 'ERROR', code: 500, message: 'boom' }, 'boom'],
    [{ error: 'expired', title: 'Order' }, 'expired'],
    [{ error: { code: 17, message: 'over quota' }, orders: [] }, 'over quota'],
    [{ data: null, errors: [{ message: 'no field', path: ['a'] }] }, 'no field'],
    [{ data: { orders: null }, errors: [{ message: 'not yours' }] }, 'not yours'],
    [{ errors: { title: ['is blank'] }, order: null }, 'title: is blank'],
    [{ hasErrors: true, orders: [], message: 'No licence' }, 'No licence'],
    [{ validation_errors: [{ message: 'too long' }, { message: 'old' }] }, 'too long; old']
  ] as const) {
    for (const [verb, call] of CALLS) {
      api.answer({ json: body, headers: { 'x-trace': '7' } })
      const refused = problem(await call(connector))
      const where = `${verb} ${JSON.stringify(body)}`
      assert.deepEqual([refused.code, refused.statusCode], ['API_ERROR', 502], where)
      assert.deepEqual([refused.kind, refused.message], ['api', `${words} [API_ERROR]`], where)
      assert.equal(refused.responseBody, JSON.stringify(body), where)
      assert.deepEqual(refused.responseHeaders['x-trace'], ['7'], where)
      assert.equal(api.takeCalls().length, 1, where)
    }
  }
})

test('W1 what says that nothing is wrong, or stands beside an object, is no refusal', async t => {
  const { api, connector } = await start(t)
  const rest = [{}, { ok: true }, { success: 'yes', status: 'OK', error: null, errors: [] }]
  for (const beside of [...rest, { error: '', errors: {} }, { error: 0 }, { status: 200 }]) {
    api.answer(
      { json: { orders: [], ...beside } },
      { json: { order: { id: '5', title: 'x' }, ...beside } },
      { json: { id: '6', title: 'x', ...beside } },
      { json: beside }
    )
    assert.deepEqual(found(await connector.load('Order')), [])
    assert.equal(found(await connector.load('Order', { id: '5' }))[0]?.title, 'x')
    assert.equal(found(await connector.save('Order', order(null)))[0]?.externalId, '6')
    assert.deepEqual(found(await connector.remove('Order', order('5'))), [])
  }
  // An order that failed was loaded all the same.
  const odd = {
    status: 'error',
    error: 'the last run failed',
    errors: ['too late'],
    hasErrors: true
  }
  api.answer({ json: { orders: [{ id: '1', title: 'x' }], ...odd } })
  assert.equal(found(await connector.load('Order')).length, 1)
  api.answer({ json: { id: '7', title: 'x', ...odd } })
  assert.equal(found(await connector.save('Order', order(null)))[0]?.externalId, '7')
})

test('W1 a property of the type is no flag', async t => {
  const own = 'ok: { type: boolean }, Status: { type: string }, error: { type: string }'
  const document = DOCUMENT.replace('title: { type: string }, code', `${own}, code`)
  const { api, connector } = await start(t, document)
  const json = { ok: false, Status: 'failed', error: 'late', id: '5' }
  api.answer({ json: { order: json } }, { json: { ok: false, error: 'late', status: 'fail' } })
  const [loaded] = found(await connector.load('Order', { id: '5' }))
  assert.deepEqual(loaded, {
    externalId: '5',
    id: '5',
    ok: 'false',
    Status: 'failed',
    error: 'late',
    code: null
  })
  const [saved] = found(await connector.save('Order', flowObject('5', { ok: 'true' })))
  assert.deepEqual([saved?.externalId, saved?.ok, saved?.error], ['5', 'false', 'late'])
})

test('W1 a refusal in a 2xx is neither retried nor ignored, and opens no circuit', async t => {
  const retry = 'x-flow-retry: { on: [502, 200], max: 3 }'
  const { api, connector } = await start(t, DOCUMENT.replace('# operation', retry))
  for (let count = 0; count < 25; count++) {
    api.answer({ json: { ok: false, error: 'busy' } })
    assert.deepEqual(refusal(await connector.load('Order')), ['API_ERROR', 502])
  }
  assert.equal(api.takeCalls().length, 25)
  // The share of retries was not used up either.
  api.answer({ status: 502 }, { status: 502 }, { json: { orders: [{ id: '1' }] } })
  assert.equal(found(await connector.load('Order')).length, 1)
  assert.equal(api.takeCalls().length, 3)
  const ignoring = await start(
    t,
    DOCUMENT.replace('# operation', 'x-flow-retry: { ignore: [502] }')
  )
  ignoring.api.answer({ json: { ok: false } }, { status: 502 })
  assert.deepEqual(refusal(await ignoring.connector.load('Order')), ['API_ERROR', 502])
  assert.deepEqual(found(await ignoring.connector.load('Order')), [])
})

test('W1 of several objects the refused one ends the save, and the written ones are named', async t => {
  const { api, connector } = await start(t)
  api.answer({ json: { id: '1' } }, { json: { success: false, message: 'full' } })
  const refused = problem(await connector.save('Order', ...[1, 2, 3].map(() => order(null))))
  assert.deepEqual(
    [refused.code, refused.statusCode, refused.kind],
    ['SAVE_INCOMPLETE', 502, 'api']
  )
  assert.ok(
    refused.message.startsWith('full; object 1 of 3 not saved; saved: 0 (1)'),
    refused.message
  )
  api.answer({ json: { ok: true } }, { json: { ok: false, error: 'locked' } })
  const kept = problem(await connector.remove('Order', order('1'), order('2')))
  assert.deepEqual([kept.code, kept.statusCode], ['DELETE_INCOMPLETE', 502])
  assert.ok(kept.message.startsWith('locked; '), kept.message)
})

test('W1 a refused later page fails the load', async t => {
  const document = DOCUMENT.replace(
    '# operation',
    'x-flow-pagination: { type: next_link, linkField: next }'
  )
  const { api, connector } = await start(t, document)
  api.answer(
    { json: { orders: [{ id: '1' }], next: '/v1/orders?p=2' } },
    { json: { error: 'expired' } }
  )
  const refused = problem(await connector.load('Order'))
  assert.deepEqual([refused.code, refused.message], ['API_ERROR', 'expired [API_ERROR]'])
})

test('W1 `x-flow-failure` says which 2xx refuse, the closest one first, and `false` that none does', async t => {
  const root = 'x-flow-failure: { flag: meta.state, failed: [refused, 7], message: meta.why }'
  const item = 'x-flow-failure: { flag: fault }'
  const refused = { meta: { state: 'refused', why: { text: 'no', message: 'not today' } } }
  const accepted = { meta: { state: 'fine' }, error: 'none', orders: [] }

  const atRoot = await start(t, DOCUMENT.replace('# root', root))
  for (const [json, expected] of [
    [refused, 'not today [API_ERROR]'],
    [{ meta: { state: '7', why: '' }, message: 'seven' }, 'seven [API_ERROR]'],
    [
      { meta: { state: 7 } },
      'the API refused the call: its answer has `meta.state`: 7 [API_ERROR]'
    ],
    // Without the flag the usual ones count.
    [{ ok: false, reason: 'gone' }, 'gone [API_ERROR]']
  ] as const) {
    atRoot.api.answer({ json })
    assert.equal(problem(await atRoot.connector.load('Order')).message, expected)
  }
  atRoot.api.answer({ json: accepted })
  assert.deepEqual(found(await atRoot.connector.load('Order')), [])

  const atItem = await start(t, DOCUMENT.replace('# root', root).replace('# path item', item))
  atItem.api.answer({ json: { ...refused, orders: [] } }, { json: { fault: false, msg: 'bad' } })
  assert.deepEqual(found(await atItem.connector.load('Order')), [])
  assert.equal(problem(await atItem.connector.load('Order')).message, 'bad [API_ERROR]')

  const off = DOCUMENT.replace('# path item', item).replace('# operation', 'x-flow-failure: false')
  const never = await start(t, off)
  never.api.answer({ json: { fault: false, ok: false, success: false, orders: [{ id: '1' }] } })
  assert.equal(found(await never.connector.load('Order')).length, 1)
  never.api.answer({ json: { ok: false } }, { json: { fault: false } })
  assert.deepEqual(refusal(await never.connector.load('Order')), ['ANSWER_UNEXPECTED', 502])
  assert.deepEqual(refusal(await never.connector.save('Order', order(null))), ['API_ERROR', 502])
})

test('W1 a declared flag counts although the type has a property of that name', async t => {
  const document = DOCUMENT.replace('# root', 'x-flow-failure: { flag: code, failed: [E1] }')
  const { api, connector } = await start(t, document)
  api.answer(
    { json: { id: '5', code: 'E1', title: 'x' } },
    { json: { id: '5', code: 'A', title: 'x' } }
  )
  assert.deepEqual(refusal(await connector.save('Order', order('5'))), ['API_ERROR', 502])
  assert.equal(found(await connector.save('Order', order('5')))[0]?.code, 'A')
})

test('W1 a malformed `x-flow-failure` is an error, and the next one counts', async t => {
  const document = DOCUMENT.replace('# root', 'x-flow-failure: { flag: fault }').replace(
    '# operation',
    'x-flow-failure: { failed: [no] }'
  )
  const { api, connector } = await start(t, document)
  const { diagnostics } = await connector.preview()
  assert.deepEqual(
    diagnostics.map(({ severity, code, message }) => [severity, code, message]).slice(0, 1),
    [
      [
        'error',
        'EXTENSION_MALFORMED',
        '`x-flow-failure` is invalid: must have required properties flag'
      ]
    ]
  )
  api.answer({ json: { fault: false } })
  assert.deepEqual(refusal(await connector.load('Order')), ['API_ERROR', 502])
})

test('W1 H16 no credential is left in the problem of a refusal, however the API repeats it', async t => {
  const secured = DOCUMENT.replace('# root', 'security: [{ key: [] }]').replace(
    'components:',
    'components:\n  securitySchemes: { key: { type: apiKey, in: query, name: key } }'
  )
  const api = await startApi(t, secured)
  const configuration = { 'Schema URL': api.documentUrl, 'API Key': 's3cret-canary' }
  const connector = await startConnector(t, configuration)
  api.answer(
    { json: { ok: false, error: 'bad key s3cret-canary' }, headers: { 'x-key': 's3cret-canary' } },
    { json: { 's3cret-canary': 1 } },
    { json: { order: { 's3cret-canary': 's3cret-canary' } } }
  )
  assert.equal(problem(await connector.load('Order')).message, 'bad key *** [API_ERROR]')
  for (const filter of [null, { id: '5' }]) {
    assert.deepEqual(refusal(await connector.load('Order', filter)), ['ANSWER_UNEXPECTED', 502])
  }
  const written = [...connector.answers, ...connector.log].join('\n')
  assert.ok(!written.includes('canary'), written)
})

test('W1 the problem of a refusal names the credential that the call lacked', async t => {
  const secured = DOCUMENT.replace('# root', 'security: [{ key: [] }]').replace(
    'components:',
    'components:\n  securitySchemes: { key: { type: apiKey, in: query, name: key } }'
  )
  const { api, connector } = await start(t, secured)
  api.answer({ json: { ok: false, error: 'not_authed' } })
  const { remedy } = problem(await connector.load('Order'))
  assert.ok(remedy.endsWith('Configuration value "API Key" is missing.'), remedy)
})

test('W1 an example that refuses is a refusal', async t => {
  const example = DOCUMENT.replace(
    'x-flow-query: { path: /orders }',
    'x-flow-query: { path: /orders, example: true }'
  ).replace(
    "application/json: { schema: { $ref: '#/components/schemas/List' }",
    "application/json: { example: { success: false, message: closed }, schema: { $ref: '#/components/schemas/List' }"
  )
  const { api, connector } = await start(t, example)
  const refused = problem(await connector.load('Order'))
  assert.deepEqual(
    [refused.code, refused.statusCode, refused.message, refused.kind],
    ['API_ERROR', 502, 'closed [API_ERROR]', 'api']
  )
  assert.deepEqual(api.calls, [])
})
