import assert from 'node:assert/strict'
import test from 'node:test'

import { createSealer, readKeys } from '../../service/store/sealer.ts'
import { startApi } from '../support/start-api.ts'
import {
  condition,
  data,
  flowObject,
  found,
  problem,
  startConnector
} from '../support/start-connector.ts'

const SAMPLE = { 'Schema URL': 'sample:examples' }

const DOCUMENT = `
openapi: 3.0.3
info: { title: Examples, version: '1' }
servers: [{ url: / }]
security: [{ key: [] }]
paths:
  /owners/{owner}/dogs:
    parameters: [{ name: owner, in: path, required: true, schema: { type: string }, example: ana }]
    get:
      parameters:
        - { name: token, in: query, required: true, schema: { type: string } }
        - { name: breed, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, maximum: 1 } }
        - { name: offset, in: query, schema: { type: integer } }
      responses:
        '200':
          description: Dogs
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Dogs' }
              example: { total: 3, dogs: [{ id: d1, breed: Pug }, { id: d2, breed: Husky }, { id: d3 }] }
        '404':
          description: Nobody
          content: { application/json: { example: { message: No such owner } } }
        '503':
          description: Closed
          content: { application/json: { examples: { Night: { value: { message: We sleep } }, Fire: { value: { message: We burn } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Dog' } } } }
      responses:
        '201': { description: Made, content: { application/json: { example: { id: d9, breed: Pug } } } }
        '409': { description: No, content: { application/json: { example: { error: { message: taken } } } } }
  /dogs/{dogId}:
    parameters: [{ name: dogId, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: One, content: { application/json: { example: { id: d1, breed: Pug } } } } } }
    put:
      responses: { '200': { description: Done, content: { application/json: { example: { id: d1, breed: Poodle } } } } }
    delete: { responses: { '204': { description: Gone } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Dogs:
      type: object
      properties: { total: { type: integer }, dogs: { type: array, items: { $ref: '#/components/schemas/Dog' } } }
    Dog:
      type: object
      properties: { id: { type: string, readOnly: true }, breed: { type: string } }
      x-flow-type: { name: Dog }
      x-flow-load: { path: '/dogs/{dogId}', parameters: { dogId: id }, example: true }
      x-flow-query:
        path: /owners/{owner}/dogs
        parameters: { limit: limit, offset: offset, where: { breed: breed } }
        example: { response: 200 }
      x-flow-save: { path: '/owners/{owner}/dogs', operation: post, example: true }
      x-flow-update: { path: '/dogs/{dogId}', operation: put, parameters: { dogId: externalId }, example: true }
      x-flow-delete: { path: '/dogs/{dogId}', operation: delete, parameters: { dogId: externalId }, example: true }
`

const idsOf = (objects: readonly { readonly externalId?: unknown }[]) =>
  objects.map(({ externalId }) => externalId)

test('G01 G03 example: true answers from the document, an array with that many objects', async t => {
  const connector = await startConnector(t, SAMPLE)
  assert.deepEqual(found(await connector.load('Book')), [
    { externalId: '1', id: '1', title: 'The Tide Tables', pages: '211' },
    { externalId: '2', id: '2', title: 'A Short Winter', pages: '96' },
    { externalId: '3', id: '3', title: 'Maps of Nowhere', pages: '340' }
  ])
  const byId = found(await connector.load('Book', { id: '1' }))
  assert.deepEqual(byId, [{ externalId: '1', id: '1', title: 'The Tide Tables', pages: '211' }])
})

test('G02 the answer, then its schema, then the type, and G06 the properties give the example', async t => {
  const connector = await startConnector(t, SAMPLE)
  for (const [type, expected] of [
    ['Shelf', ['A1', 'B7']],
    ['Publisher', ['p1']],
    ['Genre', ['crime']],
    ['Award', ['w1']]
  ] as const) {
    assert.deepEqual(idsOf(found(await connector.load(type))), expected)
  }
  const [genre] = found(await connector.load('Genre'))
  assert.deepEqual(genre, { externalId: 'crime', id: 'crime', name: 'Crime fiction', books: '12' })
})

test('G05 a named example is picked', async t => {
  const connector = await startConnector(t, SAMPLE)
  assert.deepEqual(idsOf(found(await connector.load('Author'))), ['a2', 'a3'])
})

test('G04 another response is answered as if the API had: 404 by id is nothing, 423 a problem', async t => {
  const connector = await startConnector(t, SAMPLE)
  assert.deepEqual(found(await connector.load('Loan', { id: 'l1' })), [])
  const locked = problem(await connector.load('Locked Loan', { id: 'l1' }))
  assert.deepEqual([locked.code, locked.statusCode, locked.kind], ['API_ERROR', 423, 'api'])
  assert.equal(locked.message, 'Somebody waits for the book [API_ERROR]')
  assert.equal(locked.responseBody, '{"message":"Somebody waits for the book"}')
})

test('G01 G07 E3 no mapping with an example calls the API or needs a parameter, none a credential', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl, 'API Key': 'k' })
  assert.deepEqual(idsOf(found(await connector.load('Dog'))), ['d1', 'd2', 'd3'])
  assert.deepEqual(idsOf(found(await connector.load('Dog', { id: 'x' }))), ['d1'])
  assert.deepEqual(found(await connector.save('Dog', flowObject(null, { breed: 'Beagle' }))), [
    { externalId: 'd9', id: 'd9', breed: 'Beagle' }
  ])
  assert.deepEqual(found(await connector.save('Dog', flowObject('d1', { breed: 'Beagle' }))), [
    { externalId: 'd1', id: 'd1', breed: 'Beagle' }
  ])
  assert.deepEqual(found(await connector.remove('Dog', flowObject('d1'))), [])
  assert.deepEqual(api.calls, [])
})

test('G03 E17 the window is cut out of the example, a mapped condition chooses, the rest filters', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  for (const [limit, offset, expected, more] of [
    [1, 0, ['d1'], true],
    [2, 0, ['d1', 'd2'], true],
    [2, 1, ['d2', 'd3'], false],
    [3, 0, ['d1', 'd2', 'd3'], false],
    [5, 3, [], false]
  ] as const) {
    const answer = await connector.load('Dog', { limit, offset })
    assert.deepEqual(idsOf(found(answer)), expected)
    assert.equal(data(answer).hasMoreResults, more)
  }
  const filtered = await connector.load('Dog', { where: [condition('breed', 'Pug')] })
  assert.deepEqual(idsOf(found(filtered)), ['d1'])
  const unfit = await connector.load('Dog', { where: [condition('breed', 'Collie')] })
  assert.deepEqual(idsOf(found(unfit)), ['d1', 'd2', 'd3'])
  const unmapped = { where: [condition('id', 'd1', 'NOT_EQUAL')], limit: 1, offset: 1 }
  assert.deepEqual(idsOf(found(await connector.load('Dog', unmapped))), ['d3'])
  const orderBy = [{ columnName: 'id', direction: 'DESC' }]
  assert.deepEqual(idsOf(found(await connector.load('Dog', { orderBy }))), ['d3', 'd2', 'd1'])
  assert.deepEqual(api.calls, [])
})

test('G04 G05 response and name are taken together or either alone, as number or text', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {})
  for (const [example, status, message] of [
    ['{ response: 503, examples: Fire }', 503, 'We burn'],
    [`{ response: '503' }`, 503, 'We sleep'],
    [`{ response: '404' }`, 404, 'No such owner']
  ] as const) {
    api.publish(DOCUMENT.replace('example: { response: 200 }', `example: ${example}`))
    const configuration = { 'Schema URL': `${api.documentUrl}?${encodeURIComponent(example)}` }
    const failed = problem(await connector.as({ configuration }).load('Dog'))
    assert.deepEqual([failed.code, failed.statusCode, failed.kind], ['API_ERROR', status, 'api'])
    assert.equal(failed.message, `${message} [API_ERROR]`)
    assert.ok(failed.responseBody?.includes(message))
  }
  api.publish(
    DOCUMENT.replace(
      'operation: post, example: true',
      'operation: post, example: { response: 409 }'
    )
  )
  const configuration = { 'Schema URL': `${api.documentUrl}?409` }
  const refused = problem(
    await connector.as({ configuration }).save('Dog', flowObject(null, { breed: 'Pug' }))
  )
  assert.deepEqual([refused.statusCode, refused.message], [409, 'taken [API_ERROR]'])
  assert.deepEqual(api.calls, [])
})

test('G08 E13 an unknown name or code is a diagnostic of the document, and a 400 that names those there are', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {})
  for (const [example, expected, suggestion, known] of [
    ['{ response: 530 }', 'EXAMPLE_RESPONSE_UNKNOWN', '503', '200, 404, 503'],
    ['{ response: 503, examples: Fyre }', 'EXAMPLE_NAME_UNKNOWN', 'Fire', 'Night, Fire'],
    ['{ examples: Night }', 'EXAMPLE_NAME_UNKNOWN', 'declared for 503', '`response: 503`']
  ] as const) {
    api.publish(DOCUMENT.replace('example: { response: 200 }', `example: ${example}`))
    const configuration = { 'Schema URL': `${api.documentUrl}?${encodeURIComponent(example)}` }
    const broken = connector.as({ configuration })
    const refused = problem(await broken.load('Dog'))
    assert.deepEqual([refused.code, refused.statusCode], ['EXAMPLE_UNKNOWN', 400])
    assert.ok(refused.message.includes('GET /owners/{owner}/dogs'), refused.message)
    assert.ok(refused.message.includes(suggestion), refused.message)
    assert.ok(refused.remedy.includes(known), refused.remedy)

    const { diagnostics } = await broken.preview()
    const diagnostic = diagnostics.find(({ code }) => code === expected)
    assert.equal(diagnostic?.severity, 'error')
    assert.equal(diagnostic?.pointer, '/components/schemas/Dog/x-flow-query/example')
    assert.ok((diagnostic?.line ?? 0) > 0 && (diagnostic?.column ?? 0) > 0)
  }
  assert.deepEqual(api.calls, [])
})

test('G08 a mapping with an example where the document has no answer at all says so', async t => {
  const text = DOCUMENT.replace(/get: \{ responses: .*$/m, 'get: {}')
  const api = await startApi(t, text.replace('openapi: 3.0.3', 'openapi: 3.1.0'))
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const refused = problem(await connector.load('Dog', { id: 'd1' }))
  assert.deepEqual([refused.code, refused.statusCode], ['EXAMPLE_MISSING', 400])
  assert.ok(refused.message.includes('GET /dogs/{dogId}'), refused.message)
})

for (const { limit, pages } of [
  // A flow without a limit asks from the start again, and goes on by its token alone.
  { limit: 0, pages: [['d1', 'd2'], ['d3']] },
  { limit: 1, pages: [['d1'], ['d2'], ['d3']] }
]) {
  test(`V7 G03 the windows of an example go on for each tenant by its own token, at limit ${limit}`, async t => {
    const api = await startApi(t, DOCUMENT)
    const settings = { SCAN_MAX_RECORDS: '2', STORE_KEY: Buffer.alloc(32, 7).toString('base64') }
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, settings)
    const firsts: string[] = []
    for (const tenant of ['north', 'south', 'north']) {
      const caller = connector.as({ headers: { ManyWhoTenant: tenant } })
      const seen: unknown[] = []
      let token: string | undefined
      for (let offset = 0; seen.length < pages.length; offset += limit) {
        const window = { limit, offset, ...(token !== undefined && { offsetToken: token }) }
        const answer = await caller.load('Dog', window)
        seen.push(idsOf(found(answer)))
        token = data(answer).offsetToken
        if (seen.length === 1) firsts.push(token ?? '')
      }
      assert.deepEqual(seen, pages, tenant)
      assert.equal(token, undefined)
    }
    assert.equal(new Set(firsts).size, 3)
    const [north = '', south = ''] = firsts
    const key = createSealer(readKeys(settings.STORE_KEY) ?? [])
    for (const tenant of ['north', 'south']) {
      const context = [
        'page',
        tenant,
        api.documentUrl,
        null,
        {},
        'query:Dog',
        { join: 'AND', conditions: [], groups: [] },
        [],
        null,
        [],
        null
      ]
      const opened = [north, south].map(
        token => key.open(token, JSON.stringify(context)) !== undefined
      )
      assert.deepEqual(opened, [tenant === 'north', tenant === 'south'])
    }
  })
}
