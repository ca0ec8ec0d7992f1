import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { Compile } from 'typebox/compile'

import { TryAnswer } from '../../service/protocol/try-schemas.ts'
import { startApi } from '../support/start-api.ts'
import type { StartedConnector } from '../support/start-connector.ts'
import { condition, flowObject, refusal, startConnector } from '../support/start-connector.ts'
import { closedPort } from '../support/start-upstream.ts'

/** Compiled, since references are otherwise looked up for each object. */
const ANSWER = Compile(TryAnswer)

const SECRET = 'key-of-the-api-0123456789'

const DOCUMENT = `
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: / }]
security: [{ key: [] }]
paths:
  /orders:
    get:
      parameters:
        - { name: status, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer } }
        - { name: offset, in: query, schema: { type: integer } }
        - { name: q, in: query, schema: { type: string } }
      responses:
        '200':
          description: Some
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Order' } }
              example: [{ id: o1, status: open, note: shown }, { id: o2, status: sent, note: also }]
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '200': { description: One, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Order:
      type: object
      properties:
        id: { type: string }
        status: { type: string }
        note: { type: string }
        pin: { type: string, format: password, writeOnly: true }
      x-flow-type: { name: Order }
      x-flow-query: { path: /orders, parameters: { limit: limit, offset: offset, q: search, where: { status: status } } }
      x-flow-load: { path: '/orders/{id}', parameters: { id: id } }
      x-flow-save: { path: /orders }
      x-flow-update: { path: '/orders/{id}', operation: patch, parameters: { id: id } }
      x-flow-delete: { path: '/orders/{id}', parameters: { id: externalId } }
`

const order = (id: string): object => ({ id, status: 'open', note: `note ${id}` })

/** An API of orders that refuses callers without the key. */
async function start(t: TestContext) {
  const api = await startApi(t, DOCUMENT)
  const configuration = { 'Schema URL': api.documentUrl, 'API Key': SECRET }
  return { api, configuration, connector: await startConnector(t, configuration) }
}

async function tried(
  connector: StartedConnector,
  verb: string,
  body: object = {}
): Promise<TryAnswer> {
  const objectDataType = { developerName: 'Order' }
  const { status, text } = await connector.send('POST', '/try', { verb, objectDataType, ...body })
  assert.equal(status, 200, text)
  assert.ok(!text.includes(SECRET), text)
  const answer: unknown = JSON.parse(text)
  assert.ok(ANSWER.Check(answer), text)
  return answer
}

const lines = ({ calls }: TryAnswer, url: string): string[] =>
  calls.map(({ request, answer }) => {
    const { method, url: called } = request
    return `${method} ${called.replace(url, '')} ${answer?.status}`
  })

test('J14 POST /try shows each call of a query with its answer, and no secret', async t => {
  const { api, connector } = await start(t)
  api.answer({
    json: [order('a'), order('b')],
    headers: { 'set-cookie': 'sid=1', 'x-kind': SECRET }
  })
  const answer = await tried(connector, 'query', { listFilter: { limit: 2, offset: 0 } })
  assert.deepEqual(
    answer.objects.map(({ externalId }) => externalId),
    ['a', 'b']
  )
  assert.deepEqual(lines(answer, api.url), ['GET /orders?limit=3 200'])
  const [call] = answer.calls
  assert.equal(call?.answeredBy, 'api')
  assert.equal(call.request.headers['x-key'], '***')
  assert.equal(call.answer?.body, JSON.stringify([order('a'), order('b')]))
  assert.equal(call.answer.headers['set-cookie'], undefined)
  assert.equal(call.answer.headers['x-kind'], '***')
  assert.equal(answer.problem, null)
  assert.deepEqual(answer.answer, { statusCode: 200, hasMoreResults: false, offsetToken: null })
  const { method, url, body } = answer.request
  assert.deepEqual([method, url], ['POST', '/data'])
  assert.deepEqual(JSON.parse(body ?? ''), {
    configurationValues: [
      { developerName: 'Schema URL', contentValue: api.documentUrl },
      { developerName: 'API Key', contentValue: '***' }
    ],
    objectDataType: { developerName: 'Order' },
    listFilter: { limit: 2, offset: 0 }
  })
})

test('J14 POST /try says what the API was asked for, what was evaluated here, and how the list was paged', async t => {
  const { api, connector } = await start(t)
  api.answer({ json: [order('a'), order('b')] }, { json: [order('c')] }, { json: [] })
  const { conditions, pages, paging, calls, objects } = await tried(connector, 'query', {
    listFilter: {
      where: [condition('status', 'open'), condition('note', 'note', 'STARTS_WITH')],
      search: 'blue',
      orderBy: [{ columnName: 'note', direction: 'DESC' }],
      limit: 10
    }
  })
  const told = conditions.map(({ part, text, sent, isEvaluated }) => [
    part,
    text,
    sent,
    isEvaluated
  ])
  assert.deepEqual(told, [
    ['condition', 'status EQUAL "open"', ['status=open'], false],
    ['condition', 'note STARTS_WITH "note"', [], true],
    ['search', '"blue"', ['q=blue'], false],
    ['order', 'note DESC', [], true]
  ])
  assert.ok(conditions.every(({ reason }) => reason !== ''))
  assert.equal(paging, 'offset in parameter "offset"')
  assert.equal(pages.length, calls.length)
  assert.equal(
    pages.reduce((sum, { records }) => sum + records, 0),
    3
  )
  assert.equal(pages.at(-1)?.isLast, true)
  assert.deepEqual(
    objects.map(({ externalId }) => externalId),
    ['c', 'b', 'a']
  )
})

test('J14 the parts of the time of POST /try follow each other, and each call has its own', async t => {
  const { api, connector } = await start(t)
  api.answer({ json: order('a') })
  const { timings } = await tried(connector, 'load', { listFilter: { id: 'a' } })
  const parts = timings.map(({ part }) => part)
  assert.deepEqual(parts, ['document', 'plan', 'send', 'read', 'decode'])
  assert.deepEqual(
    timings.map(({ call }) => call),
    [null, null, 0, 0, null]
  )
  for (const [index, { start }] of timings.entries()) {
    const { start: before = 0, duration = 0 } = timings[index - 1] ?? {}
    assert.ok(start >= before + duration - 1e-6, JSON.stringify(timings))
  }
})

test('J14 POST /try saves, updates and deletes, and masks what an object keeps secret', async t => {
  const { api, connector } = await start(t)
  api.answer({ status: 201, json: { id: 'new', status: 'open', note: 'mine-is-9876' } })
  const object = flowObject(null, { status: 'open', note: 'n', pin: 'mine-is-9876' })
  const saved = await tried(connector, 'save', { objectData: [object] })
  assert.deepEqual(lines(saved, api.url), ['POST /orders 201'])
  assert.equal(saved.objects[0]?.externalId, 'new')
  const [call] = saved.calls
  assert.deepEqual(JSON.parse(call?.request.body ?? ''), { status: 'open', note: 'n', pin: '***' })
  assert.ok(!JSON.stringify(saved.calls).includes('mine-is-9876'))
  assert.ok(!saved.request.body?.includes('mine-is-9876'))

  api.answer({ json: order('new') }, { status: 204 })
  const update = { objectData: [flowObject('new', { note: 'other' })] }
  assert.deepEqual(lines(await tried(connector, 'update', update), api.url), [
    'PATCH /orders/new 200'
  ])
  const gone = await tried(connector, 'delete', { objectData: [flowObject('new')] })
  assert.deepEqual([lines(gone, api.url), gone.objects], [['DELETE /orders/new 204'], []])
})

test('J14 the problem of POST /try hides what an API repeats of a secret, of an object or a filter', async t => {
  const { api, connector } = await start(t)
  const told = { message: 'no order with pin mine-is-9876', pin: 'mine-is-9876' }
  const object = flowObject('a', { note: 'n', pin: 'mine-is-9876' })
  for (const verb of ['save', 'update']) {
    api.answer({ status: 400, json: told, headers: { 'x-pin': 'mine-is-9876' } })
    const { problem, calls } = await tried(connector, verb, { objectData: [object] })
    assert.match(problem?.message ?? '', /no order with pin \*\*\*.*\[API_ERROR\]$/)
    assert.ok(!JSON.stringify([problem, calls]).includes('mine-is-9876'), verb)
  }
})

test('J14 POST /try shows the repeats of a call, and the calls of one that fails with its problem', async t => {
  const { api, connector } = await start(t)
  api.answer({ status: 503, json: {} }, { json: order('a') })
  const repeated = await tried(connector, 'load', { listFilter: { id: 'a' } })
  assert.deepEqual(lines(repeated, api.url), ['GET /orders/a 503', 'GET /orders/a 200'])
  assert.ok(repeated.timings.some(({ part, duration }) => part === 'wait' && duration > 0))

  api.answer({ status: 403, json: { message: `the key ${SECRET} may not` } })
  const failed = await tried(connector, 'load', { listFilter: { id: 'a' } })
  assert.deepEqual(lines(failed, api.url), ['GET /orders/a 403'])
  assert.equal(failed.problem?.code, 'API_ERROR')
  assert.deepEqual([failed.answer.statusCode, failed.objects], [403, []])

  const unknown = await tried(connector, 'query', {
    listFilter: { where: [condition('stauts', 'open')] }
  })
  assert.equal(unknown.problem?.code, 'COLUMN_UNKNOWN')
  assert.deepEqual([unknown.calls, unknown.conditions], [[], []])

  const refused = connector.as({
    configuration: { 'Schema URL': api.documentUrl, 'Server URL': `http://${await closedPort()}` }
  })
  const { calls } = await tried(refused, 'load', { listFilter: { id: 'a' } })
  assert.ok(calls.length > 0)
  assert.ok(calls.every(({ answer, failure }) => answer === null && failure !== null))
})

test('J14 J13 POST /try shows what an example answers, each time', async t => {
  const { api, configuration, connector } = await start(t)
  const examples = connector.as({ configuration: { ...configuration, Responses: 'example' } })
  for (let time = 0; time < 2; time++) {
    const { calls, objects, conditions, paging } = await tried(examples, 'query', {
      listFilter: { where: [condition('status', 'sent')], limit: 5 }
    })
    assert.deepEqual(
      objects.map(({ externalId }) => externalId),
      ['o2']
    )
    const [call] = calls
    assert.equal(call?.answeredBy, 'example')
    assert.deepEqual([call.request.method, call.request.url], ['GET', '/orders'])
    assert.match(call.answer?.body ?? '', /"o1"/)
    assert.equal(conditions[0]?.isEvaluated, true)
    assert.equal(paging, null)
  }
  assert.deepEqual(await tried(examples, 'query').then(({ calls }) => calls.length), 1)
  assert.deepEqual(api.calls, [])
})

test('J14 POST /try shows a body of any encoding as a whole', async t => {
  const { api, connector } = await start(t)
  const body = JSON.stringify([{ id: 'a', status: 'open', note: 'é' }])
  for (const [bytes, charset] of [
    [Buffer.from(`\ufeff${body}`), 'utf-8'],
    [Buffer.from(body, 'latin1'), 'iso-8859-1']
  ] as const) {
    api.answer((_, response) => {
      response.writeHead(200, { 'content-type': `application/json; charset=${charset}` }).end(bytes)
    })
    const [call] = (await tried(connector, 'query')).calls
    assert.deepEqual([call?.answer?.body, call?.answer?.isCut], [body, false], charset)
  }
})

test('J14 POST /try bounds what it shows', async t => {
  const { api, connector } = await start(t)
  const note = 'long '.repeat(20_000)
  api.answer({ json: { ...order('a'), note } })
  const { calls, objects } = await tried(connector, 'load', { listFilter: { id: 'a' } })
  assert.equal(calls[0]?.answer?.isCut, true)
  assert.ok((calls[0].answer.body ?? '').length <= 65_536)
  const { properties = [] } = objects[0] ?? {}
  assert.equal(properties.find(({ developerName }) => developerName === 'note')?.contentValue, note)

  const many = Array.from({ length: 60 }, (_, at) => flowObject(`x${at}`, { note: 'n' }))
  api.answer(...many.map(() => ({ json: order('x') })))
  const wide = await tried(connector, 'update', { objectData: many })
  assert.deepEqual([wide.calls.length, wide.callsLeftOut, wide.objects.length], [50, 10, 60])
})

test('J14 POST /try refuses what fits no verb, and fails as others do without a document', async t => {
  const { connector } = await start(t)
  const of = { objectDataType: { developerName: 'Order' } }
  const asked: readonly (readonly [body: object, code: string, status: number])[] = [
    [{ ...of }, 'BODY_INVALID', 400],
    [{ ...of, verb: 'read' }, 'BODY_INVALID', 400],
    [{ ...of, verb: 'load' }, 'BODY_INVALID', 400],
    [{ ...of, verb: 'query', listFilter: { id: 'a' } }, 'BODY_INVALID', 400],
    [{ ...of, verb: 'save' }, 'BODY_INVALID', 400],
    [{ verb: 'query' }, 'BODY_INVALID', 400],
    [{ ...of, verb: 'update', objectData: [flowObject(null)] }, 'ID_REQUIRED', 400],
    [{ ...of, verb: 'delete', objectData: Array(101).fill(flowObject('a')) }, 'BODY_INVALID', 400]
  ]
  for (const [body, code, status] of asked) {
    assert.deepEqual(refusal(await connector.send('POST', '/try', body)), [code, status])
  }
  const none = connector.as({ configuration: {} })
  const answer = await none.send('POST', '/try', { ...of, verb: 'query' })
  assert.deepEqual(refusal(answer), ['CONFIG_REQUIRED', 400])
})

test('J14 the platform request of POST /try has no query of a document URL', async t => {
  const { api, connector } = await start(t)
  const secret = `${api.documentUrl}?sig=${SECRET}`
  const signed = connector.as({ configuration: { 'Schema URL': secret, 'API Key': SECRET } })
  api.answer({ json: order('a') })
  const { request } = await tried(signed, 'load', { listFilter: { id: 'a' } })
  assert.match(request.body ?? '', /openapi\.yaml\?\*\*\*"/)

  const shouted = connector.as({
    configuration: { 'Schema URL': secret.replace('http:', 'HTTP:'), 'API Key': SECRET }
  })
  api.answer({ json: order('a') })
  const again = await tried(shouted, 'load', { listFilter: { id: 'a' } })
  assert.match(again.request.body ?? '', /openapi\.yaml\?\*\*\*"/)
})
