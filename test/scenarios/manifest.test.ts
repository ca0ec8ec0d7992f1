import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  refusal,
  startConnector
} from '../support/start-connector.ts'

/** A manifest with the one input or output that is given. */
function manifest(section: 'inputs' | 'outputs', name: string, members: string): string {
  const lines = members.replaceAll(/^(?=.)/gm, '      ')
  return `CONFIG:\n  ${section}:\n    ${name}:\n      format: rest_api\n${lines}\n`
}

const SCHEMA = `schema:
  - {name: customer_id, type: string}
  - {name: age, type: integer}
`

async function start(t: test.TestContext, members: string, variables = '', name = 'customers') {
  const api = await startApi(t, '')
  api.publish(manifest('inputs', name, members.replaceAll('$API', api.url)))
  const configuration = { 'Schema URL': api.documentUrl, Variables: variables }
  return { api, connector: await startConnector(t, configuration) }
}

const customers = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    customer_id: `c${from + index}`,
    age: 30 + index
  }))

test('C17 E01 an input without method and pagination is read by one GET', async t => {
  const { api, connector } = await start(t, `url: "$API/v1/customers"\n${SCHEMA}`)
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements.map(({ developerName, properties }) => [
      developerName,
      properties.map(({ developerName, contentType }) => `${developerName} ${contentType}`)
    ]),
    [['customers', ['customer_id ContentString', 'age ContentNumber']]]
  )
  api.answer({ json: customers(1, 2) })
  assert.deepEqual(found(await connector.load('customers')), [
    { externalId: 'c1', customer_id: 'c1', age: '30' },
    { externalId: 'c2', customer_id: 'c2', age: '31' }
  ])
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers'])
})

test('C17 J14 a trial of a list that fails calls the API no more than the list', async t => {
  const { api, connector } = await start(t, `url: "$API/v1/customers"\n`)
  const refused = { status: 403, json: { message: 'no' } }
  api.answer(refused, refused)
  const body = { verb: 'query', objectDataType: { developerName: 'customers' } }
  const { status, text } = await connector.send('POST', '/try', body)
  assert.deepEqual([status, JSON.parse(text).problem.code], [200, 'API_ERROR'])
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers'])
})

test('C18 C19 C20 F12 headers, params and a bearer token are sent, with templates filled', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/v1/customers?fixed=a%20b"
headers: {Accept: application/vnd.x+json, X-Run: "run {{ dt }}"}
params: {since: "{{ dt | default('2025-01-01') }}", status: active, page: 3, tags: [a, b]}
auth: {type: bearer, token: "{{ env.API_TOKEN }}"}
response: {root_key: data.rows}
${SCHEMA}`,
    'API_TOKEN=s3cret\ndt=2026-02-03'
  )
  api.answer({ json: { data: { rows: customers(1, 1) } } })
  assert.equal(found(await connector.load('customers')).length, 1)
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?fixed=a%20b&since=2026-02-03&status=active&page=3&tags=a&tags=b'
  ])
  const [call] = api.calls
  assert.equal(call?.headers.authorization, 'Bearer s3cret')
  assert.equal(call?.headers.accept, 'application/vnd.x+json')
  assert.equal(call?.headers['x-run'], 'run 2026-02-03')
})

test('C20 a variable without a value is a problem of the input that needs it, and no call is made', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/v1/customers"
auth: {type: api_key, header: X-Api-Key, key: "{{ env.KEY }}"}
${SCHEMA}`
  )
  const answer = await connector.load('customers')
  assert.deepEqual(refusal(answer), ['VARIABLE_MISSING', 400])
  assert.match(problem(answer).message, /"KEY"/)
  assert.deepEqual(api.takeCalls(), [])
})

for (const { auth, variables, header, query } of [
  {
    auth: `{type: api_key, header: X-Api-Key, key: "{{ env.K }}"}`,
    variables: 'K=k1',
    header: ['x-api-key', 'k1'],
    query: ''
  },
  {
    auth: `{type: api_key, param: api_key, key: "{{ env.K }}"}`,
    variables: 'K=k&1',
    header: null,
    query: '?api_key=k%261'
  },
  {
    auth: `{type: basic, username: "{{ env.U }}", password: "{{ env.P }}"}`,
    variables: 'U=ann\nP=p:w',
    header: ['authorization', 'Basic YW5uOnA6dw=='],
    query: ''
  }
] as const) {
  test(`F13 F14 auth ${auth} is sent as the API takes it`, async t => {
    const { api, connector } = await start(t, `url: "$API/c"\nauth: ${auth}\n${SCHEMA}`, variables)
    api.answer({ json: [] })
    assert.deepEqual(found(await connector.load('customers')), [])
    assert.deepEqual(api.takeCalls(), [`GET /c${query}`])
    if (header !== null) assert.equal(api.calls[0]?.headers[header[0]], header[1])
  })
}

test('E02 E06 offset paging sends offset and limit until a page is short', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: offset, page_size: 3}\n${SCHEMA}`
  )
  api.answer({ json: customers(0, 3) }, { json: customers(3, 3) }, { json: customers(6, 1) })
  assert.equal(found(await connector.load('customers')).length, 7)
  assert.deepEqual(api.takeCalls(), [
    'GET /c?limit=3&offset=0',
    'GET /c?limit=3&offset=3',
    'GET /c?limit=3&offset=6'
  ])
})

test('E03 offset paging by page numbers begins at first_page', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: offset, page_size: 2, page_param: p, limit_param: n, first_page: 0}\n${SCHEMA}`
  )
  api.answer({ json: customers(0, 2) }, { json: customers(2, 1) })
  assert.equal(found(await connector.load('customers')).length, 3)
  assert.deepEqual(api.takeCalls(), ['GET /c?n=2&p=0', 'GET /c?n=2&p=1'])
})

test('E04 a cursor of the answer goes into the next query until it is absent', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: cursor, cursor_field: meta.next, page_size: 2}\nresponse: {root_key: rows}\n${SCHEMA}`
  )
  api.answer(
    { json: { rows: customers(0, 2), meta: { next: 'x&y' } } },
    { json: { rows: customers(2, 2), meta: { next: null } } }
  )
  assert.equal(found(await connector.load('customers')).length, 4)
  assert.deepEqual(api.takeCalls(), ['GET /c?limit=2', 'GET /c?limit=2&cursor=x%26y'])
})

test('E05 the link of an answer is followed until it is null', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: next_link, link_field: next}\nresponse: {root_key: results}\n${SCHEMA}`
  )
  api.answer(
    { json: { results: customers(0, 2), next: `${api.url}/c?after=2` } },
    { json: { results: customers(2, 2), next: null } }
  )
  assert.equal(found(await connector.load('customers')).length, 4)
  assert.deepEqual(api.takeCalls(), ['GET /c', 'GET /c?after=2'])
})

test('E12 an empty page ends a list', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: offset, page_size: 2}\n${SCHEMA}`
  )
  api.answer({ json: customers(0, 2) }, { json: [] })
  assert.equal(found(await connector.load('customers')).length, 2)
  assert.equal(api.takeCalls().length, 2)
})

test('B20 B21 a value that does not fit its field is a problem with record and field, and without the value', async t => {
  const { api, connector } = await start(t, `url: "$API/c"\n${SCHEMA}`)
  api.answer({ json: [...customers(1, 1), { customer_id: 'c2', age: 'forty' }] })
  const answer = await connector.load('customers')
  assert.deepEqual(refusal(answer), ['RECORD_MISFIT', 502])
  assert.equal(
    problem(answer).message,
    'record 2 of "customers" does not fit its schema: "age" is text, not a whole number of 32 bits [RECORD_MISFIT]'
  )
})

test('D02 a condition on a field is evaluated here', async t => {
  const { api, connector } = await start(t, `url: "$API/c"\n${SCHEMA}`)
  api.answer({ json: customers(1, 5) })
  const where = [condition('age', '33', 'GREATER_THAN_OR_EQUAL')]
  const answer = await connector.load('customers', {
    comparisonType: 'AND',
    where,
    limit: 0,
    offset: 0
  })
  assert.deepEqual(
    found(answer).map(({ externalId }) => externalId),
    ['c4', 'c5']
  )
})

test('H02 H03 the statuses of retry_on are tried again, max_retries times', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\nrate_limit: {retry_on: [418], max_retries: 1}\n${SCHEMA}`
  )
  api.answer({ status: 418 }, { json: customers(1, 1) })
  assert.equal(found(await connector.load('customers')).length, 1)
  api.answer({ status: 418 }, { status: 418 })
  assert.equal(refusal(await connector.load('customers'))[1], 418)
  assert.equal(api.takeCalls().length, 4)
})

test('an output saves its objects in arrays of batch_size, also a single one', async t => {
  const api = await startApi(t, '')
  api.publish(
    manifest(
      'outputs',
      'scores',
      `url: "${api.url}/v1/predictions"\nbatch_size: 2\nschema: [{name: id, type: long}, {name: score, type: double}]`
    )
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  api.answer({ status: 202 }, { status: 202 })
  const rows = ['1', '2', '3'].map(id => flowObject(null, { id, score: '0.25' }))
  const saved = await connector.save('scores', ...rows)
  assert.equal(saved.status, 200, saved.text)
  assert.deepEqual(api.takeCalls(), [
    'POST /v1/predictions [{"id":1,"score":0.25},{"id":2,"score":0.25}]',
    'POST /v1/predictions [{"id":3,"score":0.25}]'
  ])
})

test('B22 without schema the fields are those of the first page, which is read once', async t => {
  const { api, connector } = await start(t, `url: "$API/c"\nresponse: {root_key: data}`)
  const first = { id: 7, score: 0.5, open: true, tags: ['a'], note: null, city: 'Bern' }
  api.answer({ json: { data: [first, { id: 8, added: 'x' }] } })
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements[0]?.properties.map(({ developerName, contentType }) => [
      developerName,
      contentType
    ]),
    [
      ['id', 'ContentNumber'],
      ['score', 'ContentNumber'],
      ['open', 'ContentBoolean'],
      ['tags', 'ContentString'],
      ['note', 'ContentString'],
      ['city', 'ContentString'],
      ['added', 'ContentString']
    ]
  )
  assert.deepEqual(api.takeCalls(), ['GET /c'])
  api.answer({ json: { data: [first] } })
  assert.deepEqual(found(await connector.load('customers')), [
    {
      ...{ externalId: '7', id: '7', score: '0.5', open: 'true', tags: '["a"]' },
      ...{ note: null, city: 'Bern', added: null }
    }
  ])
  await connector.install()
  assert.deepEqual(api.takeCalls(), ['GET /c'])
})

test('B22 a load before any install reads the first page itself', async t => {
  const { api, connector } = await start(t, `url: "$API/c"`)
  api.answer({ json: customers(1, 1) }, { json: customers(1, 1) })
  assert.deepEqual(found(await connector.load('customers')), [
    { externalId: 'c1', customer_id: 'c1', age: '30' }
  ])
  assert.deepEqual(api.takeCalls(), ['GET /c', 'GET /c'])
})

test('B22 a type whose first page fails or is empty is left out of an install, with a warning', async t => {
  const { api, connector } = await start(t, `url: "$API/c"`)
  api.answer({ status: 404, json: { message: 'gone' } }, { json: [] })
  for (const reason of [/: gone$/, /no records/]) {
    const { types, diagnostics } = await connector.preview()
    assert.deepEqual(types, [])
    const warning = diagnostics.find(({ code }) => code === 'MANIFEST_FIELDS_UNKNOWN')
    assert.match(warning?.message ?? '', reason)
  }
})

test('B22 a manifest that says something else of a type has its first page read again', async t => {
  const { api, connector } = await start(t, `url: "$API/c"`)
  api.answer({ json: [{ id: 1 }] })
  await connector.install()
  api.publish(manifest('inputs', 'customers', `url: "${api.url}/d"`))
  api.answer({ json: [{ id: 1, more: 'x' }] })
  const { typeElements } = await connector.install()
  assert.deepEqual(
    typeElements[0]?.properties.map(({ developerName }) => developerName),
    ['id', 'more']
  )
  assert.deepEqual(api.takeCalls(), ['GET /c', 'GET /d'])
})

test('E07 max_pages caps the requests of a load, which says that there is more', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: offset, page_size: 2, max_pages: 2}\n${SCHEMA}`
  )
  api.answer({ json: customers(0, 2) }, { json: customers(2, 2) })
  const capped = await connector.load('customers')
  assert.equal(found(capped).length, 4)
  assert.equal(data(capped).hasMoreResults, true)
  assert.equal(api.takeCalls().length, 2)
  api.answer({ json: customers(0, 2) }, { json: customers(2, 1) })
  assert.equal(found(await connector.load('customers')).length, 3)
})

test('E22 an error of a later page fails the load, after its repeats', async t => {
  const { api, connector } = await start(
    t,
    `url: "$API/c"\npagination: {type: offset, page_size: 2}\nrate_limit: {max_retries: 1}\n${SCHEMA}`
  )
  api.answer({ json: customers(0, 2) }, { status: 503 }, { status: 503 })
  assert.equal(refusal(await connector.load('customers'))[1], 503)
  assert.equal(api.takeCalls().length, 3)
})
