import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { flowObject, found, problem, refusal, startConnector } from '../support/start-connector.ts'

/** The input `things` with fields, unless its members have others, and the API that it reads. */
async function start(t: test.TestContext, members: string, variables = '') {
  const api = await startApi(t, '')
  const lines = (
    members.includes('schema:') ? members : `${members}\nschema: [{name: id, type: long}]`
  )
    .replaceAll('$API', api.url)
    .replaceAll(/^(?=.)/gm, '      ')
  const head = members.includes('batch_size') ? 'outputs' : 'inputs'
  api.publish(`CONFIG:\n  ${head}:\n    things:\n      format: rest_api\n${lines}\n`)
  const configuration = { 'Schema URL': api.documentUrl, Variables: variables }
  return { api, connector: await startConnector(t, configuration) }
}

const things = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: from + index }))

for (const [params, variables, query] of [
  ['{a: null, b: 0, c: false, d: "", e: 1.5}', '', '?b=0&c=false&d=&e=1.5'],
  ['{id: 12345678901234567890, zip: "0042"}', '', '?id=12345678901234567890&zip=0042'],
  ['{v: 1.0, w: 1.10, x: 1e3, y: -0, z: 007}', '', '?v=1.0&w=1.10&x=1e3&y=-0&z=007'],
  [
    '{tags: ["{{ env.A }}", b, "{{ env.C | default(\'c\') }}"]}',
    'A=x y',
    '?tags=x%20y&tags=b&tags=c'
  ],
  ['{range: "{{ env.A }}..{{ dt }}"}', 'A=1\ndt=2026-01-31', '?range=1..2026-01-31'],
  ['{a: "{{ env.A | default(\'\') }}", b: "{{ env.B | default(\'}}\') }}"}', '', '?b=%7D%7D'],
  ['{a: [], b: [1]}', '', '?b=1'],
  ['{since: 2025-01-01, on: yes, "a[b]": c d}', '', '?since=2025-01-01&on=yes&a%5Bb%5D=c%20d'],
  ['~', '', '']
] as const) {
  test(`C19 C20 params ${params} are sent as ${query}`, async t => {
    const { api, connector } = await start(t, `url: $API/things\nparams: ${params}`, variables)
    api.answer({ json: [] })
    assert.deepEqual(found(await connector.load('things')), [])
    assert.deepEqual(api.takeCalls(), [`GET /things${query}`])
  })
}

test('C19 params win over the same name in the query of url, and paging over both', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things?limit=7&kind=a&kind=b&keep=1\nparams: {kind: c, limit: 8}\npagination: {type: offset, page_size: 9}'
  )
  api.answer({ json: [] })
  await connector.load('things')
  assert.deepEqual(api.takeCalls(), ['GET /things?keep=1&kind=c&limit=9&offset=0'])
})

test('C18 headers may be numbers, templates and null', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\nheaders: {X-Version: 2, X-Flag: true, X-None: null, X-Two: "{{ env.A }}/{{ env.B | default(\'b\') }}"}',
    'A=a'
  )
  api.answer({ json: [] })
  await connector.load('things')
  const [call] = api.calls
  assert.deepEqual(
    ['x-version', 'x-flag', 'x-none', 'x-two'].map(name => call?.headers[name]),
    ['2', 'true', undefined, 'a/b']
  )
})

test('C17 an input may be read by POST, with its params in the query and without a body', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/search\nmethod: post\nparams: {q: x}\npagination: {type: offset, page_size: 2}'
  )
  api.answer({ json: things(1, 2) }, { json: things(3, 1) })
  assert.equal(found(await connector.load('things')).length, 3)
  assert.deepEqual(api.takeCalls(), [
    'POST /search?q=x&limit=2&offset=0',
    'POST /search?q=x&limit=2&offset=2'
  ])
})

for (const [rootKey, body] of [
  ['data.items', { data: { items: things(1, 2) } }],
  ['data\\.items', { 'data.items': things(1, 2), data: { items: [] } }],
  ['data.items', { 'data.items': things(1, 2) }],
  ['result.0.rows', { result: [{ rows: things(1, 2) }] }],
  ['a\\.b.c', { 'a.b': { c: things(1, 2) } }],
  ['""', things(1, 2)],
  ['null', things(1, 2)]
] as const) {
  test(`B17 root_key ${rootKey} finds the records in ${JSON.stringify(body)}`, async t => {
    const { api, connector } = await start(t, `url: $API/things\nresponse: {root_key: ${rootKey}}`)
    api.answer({ json: body })
    assert.equal(found(await connector.load('things')).length, 2)
  })
}

test('B17 null at root_key is no record, an answer without it is a problem', async t => {
  const { api, connector } = await start(t, 'url: $API/things\nresponse: {root_key: data}')
  api.answer({ json: { data: null } }, { json: { items: things(1, 2) } })
  assert.deepEqual(found(await connector.load('things')), [])
  const answer = await connector.load('things')
  assert.deepEqual(refusal(answer), ['ANSWER_UNEXPECTED', 502])
  assert.match(problem(answer).message, /data/)
})

test('F14 a key of the query is sent with every page, and once, though the links repeat it', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\nauth: {type: api_key, param: key, key: "{{ env.K }}"}\npagination: {type: next_link, link_field: links.next}\nresponse: {root_key: rows}',
    'K=k3y'
  )
  api.answer(
    { json: { rows: things(1, 1), links: { next: `${api.url}/things?p=2&key=k3y` } } },
    { json: { rows: things(2, 1), links: { next: { href: '/things?p=3' } } } },
    { json: { rows: things(3, 1), links: {} } }
  )
  assert.equal(found(await connector.load('things')).length, 3)
  assert.deepEqual(api.takeCalls(), [
    'GET /things?key=k3y',
    'GET /things?p=2&key=k3y',
    'GET /things?p=3&key=k3y'
  ])
})

test('E05 a next link of another host is refused, and gets no credential', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\nauth: {type: bearer, token: "{{ env.K }}"}\npagination: {type: next_link, link_field: next}\nresponse: {root_key: rows}',
    'K=k3y'
  )
  api.answer({ json: { rows: things(1, 1), next: 'https://evil.example/things' } })
  assert.deepEqual(refusal(await connector.load('things')), ['PAGING_FOREIGN', 502])
  assert.equal(api.takeCalls().length, 1)
})

for (const end of [null, '', false, 'null', undefined]) {
  test(`E04 a cursor that is ${JSON.stringify(end)} ends its list`, async t => {
    const { api, connector } = await start(
      t,
      'url: $API/things\npagination: {type: cursor, cursor_field: next, cursor_param: after, page_size: 2}\nresponse: {root_key: rows}'
    )
    api.answer(
      { json: { rows: things(1, 2), next: 12 } },
      { json: { rows: things(3, 2), next: end } }
    )
    assert.equal(found(await connector.load('things')).length, 4)
    assert.deepEqual(api.takeCalls(), ['GET /things?limit=2', 'GET /things?limit=2&after=12'])
  })
}

test('E04 a page without records that has a cursor does not end its list', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\npagination: {type: cursor, cursor_field: next}\nresponse: {root_key: rows}'
  )
  api.answer(
    { json: { rows: things(1, 1), next: 'b' } },
    { json: { rows: [], next: 'c' } },
    { json: { rows: things(2, 1) } }
  )
  assert.equal(found(await connector.load('things')).length, 2)
})

for (const [name, pagination, more] of [
  ['cursor', '{type: cursor, cursor_field: next}', { next: 'same' }],
  ['link', '{type: next_link, link_field: next}', { next: '/things?p=2' }],
  ['offset', '{type: offset, page_size: 2}', {}]
] as const) {
  test(`E04 a ${name} that never ends is a problem that names the list`, async t => {
    const { api, connector } = await start(
      t,
      `url: $API/things\npagination: ${pagination}\nresponse: {root_key: rows}`
    )
    api.answer(...Array.from({ length: 9 }, () => ({ json: { rows: things(1, 2), ...more } })))
    const answer = await connector.load('things')
    assert.deepEqual(refusal(answer), ['PAGING_REPEATED', 502])
    assert.match(problem(answer).message, /"things"/)
    assert.ok(api.takeCalls().length <= 3)
  })
}

test('E06 page_size may be text, and is sent with next links only where it is written', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\npagination: {type: next_link, link_field: next, page_size: "25", limit_param: n}\nresponse: {root_key: rows}'
  )
  api.answer({ json: { rows: things(1, 1) } })
  await connector.load('things')
  assert.deepEqual(api.takeCalls(), ['GET /things?n=25'])
})

test('H01 requests_per_second is never exceeded', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\npagination: {type: offset, page_size: 1}\nrate_limit: {requests_per_second: 5}'
  )
  const times: number[] = []
  const pages = [...things(1, 11).map(thing => [thing]), []]
  api.answer(
    ...pages.map(page => (_: unknown, response: ServerResponse) => {
      times.push(performance.now())
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
    })
  )
  const before = performance.now()
  assert.equal(found(await connector.load('things')).length, 11)
  // On a busy machine a call may arrive late, but none arrives before it may be sent.
  for (const [index, time] of times.entries()) {
    const least = 900 * Math.floor(index / 5)
    assert.ok(time - before >= least, `call ${index + 1} after ${time - before} ms`)
  }
})

for (const [rateLimit, statuses, calls] of [
  ['{}', [503, 429, 503], 4],
  ['{}', [500], 1],
  ['{retry_on: [500]}', [500], 2],
  ['{retry_on: [500]}', [503], 1],
  ['{retry_on: 500, max_retries: "2"}', [500, 500], 3],
  ['{retry_on: []}', [503], 1],
  ['{max_retries: 0}', [503], 1],
  ['null', [503], 2]
] as const) {
  test(`H02 H03 with rate_limit ${rateLimit} the statuses ${statuses.join()} make ${calls} calls`, async t => {
    const { api, connector } = await start(t, `url: $API/things\nrate_limit: ${rateLimit}`)
    api.answer(...statuses.map(status => ({ status, headers: { 'retry-after': '0' } })), {
      json: things(1, 1)
    })
    const answer = await connector.load('things')
    assert.equal(answer.status, calls > statuses.length ? 200 : statuses[0])
    assert.equal(api.takeCalls().length, calls)
  })
}

test('H04 the rate limit of an output holds for its writes', async t => {
  const { api, connector } = await start(
    t,
    'url: $API/things\nmethod: Put\nbatch_size: "1"\nrate_limit: {requests_per_second: 2, retry_on: 503, max_retries: 1}'
  )
  const times: number[] = []
  const answer = (status: number) => (_: unknown, response: ServerResponse) => {
    times.push(performance.now())
    response.writeHead(status).end()
  }
  api.answer(answer(200), answer(503), answer(200))
  const before = performance.now()
  const saved = await connector.save('things', ...['1', '2'].map(id => flowObject(null, { id })))
  assert.equal(saved.status, 200, saved.text)
  assert.deepEqual(api.takeCalls(), [
    'PUT /things [{"id":1}]',
    'PUT /things [{"id":2}]',
    'PUT /things [{"id":2}]'
  ])
  assert.ok((times[2] ?? 0) - before >= 900)
})

test('C20 a variable that is the whole URL is called as it is, with its slash and query', async t => {
  const { api, connector } = await start(
    t,
    'url: "{{ env.URL }}"\npagination: {type: offset, page_size: 5}'
  )
  const as = (value: string) =>
    connector.as({ configuration: { 'Schema URL': api.documentUrl, Variables: `URL=${value}` } })
  for (const [value, call] of [
    [`${api.url}/v1/things`, 'GET /v1/things?limit=5&offset=0'],
    [`${api.url}/v1/things/`, 'GET /v1/things/?limit=5&offset=0'],
    [`${api.url}/v1/things?kind=a%20b`, 'GET /v1/things?kind=a%20b&limit=5&offset=0'],
    [api.url, 'GET /?limit=5&offset=0']
  ] as const) {
    api.answer({ json: [] })
    assert.deepEqual(found(await as(value).load('things')), [])
    assert.deepEqual(api.takeCalls(), [call])
  }
  for (const value of [
    'not a url',
    'api.example.com/v1',
    '/v1',
    'ftp://a.example',
    'http://u:p@a.example'
  ]) {
    const answer = await as(value).load('things')
    assert.deepEqual(refusal(answer), ['URL_INVALID', 400])
    assert.match(problem(answer).message, /^"URL" is not an http or https URL/)
  }
  assert.deepEqual(api.takeCalls(), [])
})

test('C20 variables of a path are encoded as one segment, and cannot leave it', async t => {
  const { api, connector } = await start(
    t,
    'url: "$API/{{ env.page }}/x-{{ env.limit }}"\npagination: {type: offset, page_param: page}',
    'page=a/b?c\nlimit=%'
  )
  api.answer({ json: [] })
  await connector.load('things')
  assert.deepEqual(api.takeCalls(), ['GET /a%2Fb%3Fc/x-%25?limit=100&page=1'])
})
