import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'

import type { ApiAnswer } from '../support/start-api.ts'
import { startApi } from '../support/start-api.ts'
import { condition, data, flowObject, problem, startConnector } from '../support/start-connector.ts'

const COLUMNS = Array.from({ length: 500 }, (_, index) => `p${index}`)
const LIST =
  '{"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/R"}}}}}}'
const DOCUMENT = `openapi: 3.0.3
info: {title: Rows, version: "1"}
servers: [{url: /}]
paths:
  /list:
    get: {responses: ${LIST}}
    post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/R"}}}}, responses: {"200": {description: ok}}}
components:
  schemas:
    R: {x-flow-type: {name: R}, x-flow-query: {path: /list}, x-flow-save: {path: /list}, type: object, properties: {id: {type: string}, ${COLUMNS.map(name => `${name}: {type: string}`).join(', ')}}}
`
const ROWS: ApiAnswer = {
  json: Array.from({ length: 1_000 }, (_, index) => ({ id: String(index), p0: `n${index}` }))
}

function many<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

const differs = (index: number) => condition('p0', `x${index}`, 'NOT_EQUAL')

const TOO_MANY: { readonly [what: string]: object } = {
  conditions: { where: many(501, differs) },
  'conditions in groups': {
    listFilters: many(51, () => ({ comparisonType: 'OR', where: many(10, differs) }))
  },
  'columns to search': {
    search: 'x',
    searchCriteria: many(501, index => ({ columnName: `p${index % 500}`, query: 'x' }))
  },
  'columns of all kinds together': {
    where: many(300, differs),
    orderBy: many(201, index => ({ columnName: `p${index}`, direction: 'ASC' }))
  },
  'conditions, a million bytes of them': { where: many(10_000, differs) }
}

for (const [what, filter] of Object.entries(TOO_MANY)) {
  test(`H1 a filter of too many ${what} is refused before any call`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const answer = await connector.load('R', filter)
    assert.equal(problem(answer).code, 'FILTER_TOO_MANY_CRITERIA')
    assert.match(problem(answer).remedy, /FILTER_MAX_CRITERIA/)
    assert.deepEqual(api.takeCalls(), [])
  })
}

const TOO_LARGE: { readonly [what: string]: object } = {
  'a long value': { where: [condition('p0', 'x'.repeat(70_000))] },
  'a long column': { where: [condition('p'.repeat(300_000), 'x')] },
  'a long search': { search: 'é'.repeat(40_000) },
  'long values in groups': {
    listFilters: many(10, () => ({ where: [condition('p0', 'x'.repeat(7_000))] }))
  },
  'a long column to sort by': { orderBy: [{ columnName: 'p'.repeat(70_000), direction: 'ASC' }] }
}

for (const [what, filter] of Object.entries(TOO_LARGE)) {
  test(`H1 a filter with ${what} is refused before any call`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const answer = await connector.load('R', filter)
    assert.equal(problem(answer).code, 'FILTER_TOO_LARGE')
    assert.match(problem(answer).remedy, /FILTER_MAX_BYTES/)
    assert.deepEqual(api.takeCalls(), [])
  })
}

test('H1 filters at their bounds are evaluated over wide objects, and hold up nobody', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const filters: readonly [object, number][] = [
    [{ where: many(500, differs) }, 1_000],
    [{ comparisonType: 'OR', where: many(500, index => condition('p0', `n${index}`)) }, 500],
    [{ search: 'zzz' }, 0],
    [{ search: 'N7' }, 111],
    [{ search: 'n1', searchCriteria: COLUMNS.map(columnName => ({ columnName })) }, 111],
    [{ orderBy: COLUMNS.map(columnName => ({ columnName, direction: 'DESC' })) }, 1_000]
  ]
  for (const [filter, count] of filters) {
    api.answer(ROWS)
    const answer = await post(connector.url, api.documentUrl, { listFilter: filter })
    assert.equal(answer.text.match(/"typeElementId":null/g)?.length ?? 0, count)
  }
})

test('H1 settings allow larger filters, and forbid smaller ones', async t => {
  const api = await startApi(t, DOCUMENT)
  const bounds = { FILTER_MAX_CRITERIA: '2', FILTER_MAX_BYTES: '100' }
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, bounds)
  assert.equal(
    problem(await connector.load('R', { where: many(3, differs) })).code,
    'FILTER_TOO_MANY_CRITERIA'
  )
  assert.equal(
    problem(await connector.load('R', { search: 'x'.repeat(101) })).code,
    'FILTER_TOO_LARGE'
  )
  api.answer(ROWS)
  data(await connector.load('R', { limit: 1, where: many(2, differs) }))
})

const BODIES: { readonly [what: string]: string } = {
  'an unknown member': `"zz":[${'{},'.repeat(10_000_000)}{}]`,
  'an unknown member of the filter': `"listFilter":{"zz":[${'0,'.repeat(3_000_000)}0]}`,
  'the list of objects': `"objectData":[${'null,'.repeat(2_000_000)}null]`,
  'one object': `"objectData":[{"properties":[${'{},'.repeat(2_000_000)}{}]}]`
}

for (const [what, member] of Object.entries(BODIES)) {
  test(`H3 a body with millions of values in ${what} is refused before they are made`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, {})
    const { code } = await post(connector.url, api.documentUrl, `{${member}}`)
    assert.equal(code, 'BODY_TOO_MANY_VALUES')
  })
}

test('H3 a long body within its bounds is read as a short one, and hold up nobody', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {})
  api.answer(ROWS)
  const zz = many(80_000, index => ({ index, inner: [{}] }))
  const load = await post(connector.url, api.documentUrl, { zz, listFilter: { limit: 3, zz } })
  assert.equal(load.text.match(/"typeElementId":null/g)?.length, 3)
  const objects = many(300, index => flowObject(null, { p0: `ä${index}` }, { zz } as object))
  api.answer(...objects.map((_, index) => ({ json: { id: `i${index}` } })))
  const short = objects.map(object => ({ ...object, zz: 'y'.repeat(5_000) }))
  const save = await post(connector.url, api.documentUrl, { objectData: short }, 'PUT')
  assert.equal(save.code, '200')
  assert.deepEqual(
    api.calls.slice(1).map(({ body }) => JSON.parse(body).p0),
    many(300, index => `ä${index}`)
  )
})

const WIDE_SAVES: { readonly [what: string]: readonly object[] } = {
  'an object of 10,000 properties': [
    flowObject(null, Object.fromEntries(many(10_000, index => [`q${index}`, 'x'])))
  ],
  'one property 10,000 times': [
    {
      ...flowObject(null),
      properties: many(10_000, () => ({ developerName: 'P0', contentValue: 'x' }))
    }
  ],
  'a value of 8 MiB': [flowObject(null, { p0: 'x'.repeat(8 * 1024 * 1024) })],
  'many wide objects': many(400, () =>
    flowObject(null, Object.fromEntries(COLUMNS.map(name => [name.toUpperCase(), 'x'])))
  )
}
for (const [what, objectData] of Object.entries(WIDE_SAVES)) {
  test(`H3 a save of ${what} holds up nobody`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, {})
    api.answer(...objectData.map((_, index) => ({ json: { id: `i${index}` } })))
    const save = await post(connector.url, api.documentUrl, { objectData }, 'PUT')
    assert.equal(save.code, '200')
    assert.equal(api.calls.length, objectData.length)
  })
}

const nested = (levels: number, width: number): object =>
  flowObject(null, levels === 0 ? {} : { list: many(width, () => nested(levels - 1, width)) })

const TOO_MUCH: { readonly [what: string]: readonly [code: string, objects: readonly object[]] } = {
  'an object of 10,001 properties': [
    'OBJECT_TOO_LARGE',
    [flowObject(null, Object.fromEntries(many(10_001, index => [`q${index}`, 'x'])))]
  ],
  'a list of 10,000 objects in an object': [
    'OBJECT_TOO_LARGE',
    [flowObject(null, { list: many(10_000, () => flowObject(null)) })]
  ],
  'a tree of 11,000 objects': ['OBJECT_TOO_LARGE', [{}, nested(3, 22)]],
  '300,000 properties, an invalid one at the end': [
    'OBJECT_TOO_LARGE',
    [{ properties: [...many(300_000, () => ({ developerName: 'p0' })), 7] }]
  ],
  '10,001 objects': ['OBJECTS_TOO_MANY', many(10_001, () => ({}))],
  '300,000 objects, an invalid one at the end': [
    'OBJECTS_TOO_MANY',
    [...many(300_000, () => ({})), { properties: 7 }]
  ],
  'a value of 8 MiB and a byte': [
    'PROPERTY_TOO_LARGE',
    [flowObject(null, { p0: 'x'.repeat(8 * 1024 * 1024 + 1) })]
  ],
  'a nested value of 9 MiB in fewer characters': [
    'PROPERTY_TOO_LARGE',
    [flowObject(null, { list: [flowObject(null, { p0: '漢'.repeat(3 * 1024 * 1024) })] })]
  ]
}
const SETTINGS: { readonly [code: string]: RegExp } = {
  OBJECT_TOO_LARGE: /OBJECT_MAX_PROPERTIES/,
  OBJECTS_TOO_MANY: /REQUEST_MAX_OBJECTS/,
  PROPERTY_TOO_LARGE: /PROPERTY_MAX_BYTES/
}
for (const [what, [code, objects]] of Object.entries(TOO_MUCH)) {
  test(`H3 ${what} is refused before anything is made of it, and the setting is named`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const request = { objectDataType: { developerName: 'R' }, objectData: objects }
    const listFilter = { filterByProvidedObjects: true }
    const answers = [
      await connector.send('PUT', '/data', request),
      await connector.send('POST', '/data', { ...request, listFilter })
    ]
    for (const answer of answers) {
      assert.deepEqual([problem(answer).code, answer.status], [code, 413])
      assert.match(problem(answer).remedy, SETTINGS[code] ?? /^$/)
    }
    assert.deepEqual([api.calls, api.fetches], [[], []])
  })
}

test('H3 bodies under way take so many bytes in all, and give them back', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {}, { BODIES_MAX_BYTES: '100000' })
  const held: ServerResponse[] = []
  const arrived: (() => void)[] = []
  const hold: ApiAnswer = (_, response) => {
    held.push(response)
    arrived.shift()?.()
  }
  const isHeld = new Promise<void>(resolve => arrived.push(resolve))
  api.answer(hold)
  const first = post(connector.url, api.documentUrl, { zz: 'x'.repeat(60_000) })
  await isHeld
  const second = await post(connector.url, api.documentUrl, { zz: 'x'.repeat(60_000) })
  assert.deepEqual([second.code, second.retryAfter], ['BODIES_FULL', '2'])
  const stranger = await post(connector.url, api.documentUrl, { objectDataType: null })
  assert.equal(stranger.code, 'BODY_INVALID', 'a small body still fits')
  const [response] = held
  response?.writeHead(200, { 'content-type': 'application/json' }).end('[]')
  assert.equal((await first).code, '200')
  api.answer({ json: [] })
  const third = await post(connector.url, api.documentUrl, { zz: 'x'.repeat(60_000) })
  assert.equal(third.code, '200')
})

test('H3 one of several door tokens leaves a quarter of the bytes to the others', async t => {
  const api = await startApi(t, DOCUMENT)
  const tokens = ['a'.repeat(16), 'b'.repeat(16)]
  const bounds = { BODIES_MAX_BYTES: '100000', CONNECTOR_TOKENS: tokens.join() }
  const connector = await startConnector(t, {}, bounds)
  const [one, other] = tokens.map(token => `${connector.url}/k/${token}`)
  assert.ok(one !== undefined && other !== undefined)
  const isHeld = new Promise<ServerResponse>(resolve => {
    api.answer((_, response) => resolve(response))
  })
  const first = post(one, api.documentUrl, { zz: 'x'.repeat(60_000) })
  const response = await isHeld
  const body = { zz: 'x'.repeat(20_000) }
  assert.equal((await post(one, api.documentUrl, body)).code, 'BODIES_FULL')
  api.answer({ json: [] })
  assert.equal((await post(other, api.documentUrl, body)).code, '200')
  response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
  assert.equal((await first).code, '200')
})

test('H3 the bytes of a body that never ends are given back when its caller hangs up', async t => {
  const api = await startApi(t, DOCUMENT)
  const connector = await startConnector(t, {}, { BODIES_MAX_BYTES: '100000' })
  const caller = new AbortController()
  const endless = new ReadableStream({
    start: controller => controller.enqueue(new Uint8Array(90_000).fill(0x20))
  })
  const request = new Request(`${connector.url}/data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: endless,
    signal: caller.signal,
    duplex: 'half'
  } as RequestInit)
  const sent = fetch(request).catch(() => 'hung up')
  const body = { zz: 'x'.repeat(60_000) }
  api.answer(...many(50, () => ({ json: [] })))
  const code = async (): Promise<string> => (await post(connector.url, api.documentUrl, body)).code
  while ((await code()) !== 'BODIES_FULL');
  caller.abort()
  assert.equal(await sent, 'hung up')
  while ((await code()) === 'BODIES_FULL');
})

const LONG_VALUES = {
  'Allowed Hosts': '127.0.0.1\n'.padEnd(3_000_000, 'abcdef.example\n'),
  Variables: 'abcdef=1\n'.repeat(110_000),
  'API Key': 'a\n'.repeat(150_000),
  'Schema URL': `https://api.example.com/${'a'.repeat(70_000)}`,
  'Basic: Password': 'é'.repeat(40_000)
}
for (const [name, contentValue] of Object.entries(LONG_VALUES)) {
  test(`H17 a configuration value "${name}" of ${contentValue.length} characters is refused`, async t => {
    const connector = await startConnector(t, { [name]: contentValue })
    for (const answer of [await connector.load('R'), await connector.send('POST', '/metadata')]) {
      assert.equal(problem(answer).code, 'CONFIG_TOO_LARGE')
      assert.ok(problem(answer).message.includes(`"${name}"`))
      assert.match(problem(answer).remedy, /CONFIG_VALUE_MAX_BYTES/)
    }
  })
}

const MANY_ENTRIES = {
  'Allowed Hosts': 'a.example\n'.repeat(1_001),
  Variables: 'a=1\n'.repeat(1_001),
  'Server Variables': 'a=1\n'.repeat(1_001)
}
for (const [name, contentValue] of Object.entries(MANY_ENTRIES)) {
  test(`H17 a configuration value "${name}" of more than 1,000 entries is refused`, async t => {
    const api = await startApi(t, DOCUMENT)
    const connector = await startConnector(t, {
      'Schema URL': api.documentUrl,
      [name]: contentValue
    })
    const answer = problem(await connector.load('R'))
    assert.equal(answer.code, 'CONFIG_INVALID')
    assert.ok(
      answer.message.includes(`"${name}"`) && answer.message.includes('1000'),
      answer.message
    )
  })
}

test('H17 more than 100 configuration values are refused', async t => {
  const connector = await startConnector(
    t,
    Object.fromEntries(many(101, index => [`name ${index}`, 'x']))
  )
  assert.equal(problem(await connector.load('R')).code, 'BODY_INVALID')
})

/** Calls `/data` without looking at all of a large answer. */
async function post(url: string, documentUrl: string, body: object | string, method = 'POST') {
  const configurationValues = [{ developerName: 'Schema URL', contentValue: documentUrl }]
  const given = { configurationValues, objectDataType: { developerName: 'R' } }
  const response = await fetch(`${url}/data`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify({ ...given, ...body })
  })
  const text = await response.text()
  const [, code = '200'] = /"code":"(\w+)"/.exec(text.slice(0, 5_000)) ?? []
  return { code, text, retryAfter: response.headers.get('retry-after') }
}
