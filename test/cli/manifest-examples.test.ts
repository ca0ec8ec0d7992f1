import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import {
  AUTHS,
  CUSTOMER_SYNC,
  FULL_READ,
  MINIMAL_READ,
  PAGINATIONS,
  readWith,
  ROOT_KEY,
  SCHEMA,
  WRITE
} from '../support/rest-api-examples.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startApi } from '../support/start-api.ts'
import { startFolder } from '../support/start-folder.ts'

const ENVIRONMENT = {
  ...{ API_TOKEN: 't0ken-s3cret', API_KEY: 'k3y-s3cret', CRM_TOKEN: 'crm-s3cret' },
  ...{ API_USER: 'ann', API_PASS: 'pass-s3cret' }
}

/** An API, and the command `read` over an example whose hosts are that API. */
async function start(t: TestContext, manifest: string, type: string) {
  const api = await startApi(t, '')
  const text = manifest.replaceAll(/https:\/\/\w+\.example\.com/g, api.url)
  const directory = startFolder(t, { 'example.yaml': text })
  const run = (command: string, ...args: string[]) =>
    runInTerminal([command, 'example.yaml', ...args], { directory, environment: ENVIRONMENT })
  const read = async (...args: string[]) => {
    const { code, out, err } = await run('read', type, ...args)
    assert.doesNotMatch(out + err, /s3cret/)
    return {
      code,
      err,
      rows: out
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line))
    }
  }
  return { api, run, read }
}

const records = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: from + index, name: `n${from + index}`, score: 0.25 },
    created_at: '2026-01-31T08:00:00Z'
  }))

const customers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ customer_id: `c${from + index}`, created_at: '2026-01-31T08:00:00Z' },
    email: `c${from + index}@example.com`
  }))

test('B17 B20 C17 C18 C19 C20 E02 E06 F12 F14 H02 the full example is read, with the token of the environment', async t => {
  const { api, read } = await start(t, FULL_READ, 'customer_data')
  api.answer(
    { json: { data: customers(100), meta: { total: 107 } } },
    { status: 429, headers: { 'retry-after': '0' } },
    { json: { data: customers(7, 100), meta: { total: 107 } } }
  )
  const { code, rows } = await read('--date', '2026-02-03')
  assert.equal(code, 0)
  assert.deepEqual(rows, customers(107))
  const at = (offset: number): string =>
    `GET /v1/customers?since=2026-02-03&status=active&limit=100&offset=${offset}`
  assert.deepEqual(api.takeCalls(), [at(0), at(100), at(100)])
  for (const { headers } of api.calls) assert.equal(headers.authorization, 'Bearer t0ken-s3cret')
})

test('E01 the minimal example is read with one request, whatever its records have', async t => {
  const { api, read } = await start(t, MINIMAL_READ, 'customers')
  api.answer({ json: records(3) })
  const { code, rows } = await read()
  assert.equal(code, 0)
  assert.deepEqual(rows, records(3))
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers'])
})

for (const [auth, query, header, value] of [
  ['bearer', '', 'authorization', 'Bearer t0ken-s3cret'],
  ['keyInHeader', '', 'x-api-key', 'k3y-s3cret'],
  ['keyInQuery', '?api_key=k3y-s3cret', 'x-api-key', undefined],
  ['basic', '', 'authorization', `Basic ${btoa('ann:pass-s3cret')}`]
] as const) {
  test(`F12 F13 F14 the example of the credential ${auth} is read, and a refusal does not show it`, async t => {
    const { api, read } = await start(t, readWith(AUTHS[auth]), 'customers')
    api.answer({ json: records(1) })
    assert.deepEqual(await read().then(({ code, rows }) => [code, rows]), [0, records(1)])
    assert.deepEqual(api.takeCalls(), [`GET /v1/customers${query}`])
    assert.equal(api.calls[0]?.headers[header], value)
    const message = `unknown: ${api.calls[0]?.url} ${JSON.stringify(api.calls[0]?.headers)}`
    api.answer({ status: 403, json: { message } })
    const refused = await read()
    assert.equal(refused.code, 1)
    assert.match(refused.err, /unknown: .*\*\*\*/)
  })
}

test('E02 E06 the example of offset paging is read', async t => {
  const { api, read } = await start(t, readWith(PAGINATIONS.offset, SCHEMA), 'customers')
  api.answer({ json: records(200) }, { json: records(1, 200) })
  assert.deepEqual((await read()).rows, records(201))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?limit=200&offset=0',
    'GET /v1/customers?limit=200&offset=200'
  ])
})

test('E04 E06 the example of cursor paging is read', async t => {
  const { api, read } = await start(t, readWith(PAGINATIONS.cursor, ROOT_KEY), 'customers')
  api.answer(
    { json: { data: records(500), next_cursor: 'abc' } },
    { json: { data: records(2, 500), next_cursor: null } }
  )
  assert.deepEqual((await read()).rows, records(502))
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/customers?limit=500',
    'GET /v1/customers?limit=500&cursor=abc'
  ])
})

test('E05 the example of next links is read', async t => {
  const { api, read } = await start(t, readWith(PAGINATIONS.nextLink, ROOT_KEY), 'customers')
  api.answer(
    { json: { data: records(2), next: `${api.url}/v1/customers?after=2` } },
    { json: { data: records(1, 2) } }
  )
  assert.deepEqual((await read()).rows, records(3))
  assert.deepEqual(api.takeCalls(), ['GET /v1/customers', 'GET /v1/customers?after=2'])
})

test('C31 E05 the customer sync is read, and a check notes its parts that are no endpoints', async t => {
  const { api, run, read } = await start(t, CUSTOMER_SYNC, 'crm_customers')
  const checked = await run('check')
  assert.equal(checked.code, 0)
  assert.match(checked.out, /^example\.yaml:18:3 info MANIFEST_PART_SKIPPED `transform`/m)
  assert.match(
    checked.out,
    /^example\.yaml:\d+:\d+ info MANIFEST_PART_SKIPPED `outputs\.customers_delta`/m
  )
  api.answer(
    { json: { results: customers(2), next: `${api.url}/api/v2/customers?page=2` } },
    { json: { results: customers(1, 2), next: null } }
  )
  assert.deepEqual((await read()).rows, customers(3))
  assert.deepEqual(api.takeCalls(), ['GET /api/v2/customers', 'GET /api/v2/customers?page=2'])
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer crm-s3cret')
})

test('H04 the example of writing is checked, and says why it has no flow type', async t => {
  const { run } = await start(t, WRITE, '')
  const { code, out } = await run('check')
  assert.equal(code, 0)
  assert.match(out, /info MANIFEST_OUTPUT_UNTYPED `outputs\.predictions_api`/)
})

test('E04 a cursor that never ends ends the read with the name of the list', async t => {
  const { api, read } = await start(t, readWith(PAGINATIONS.cursor, ROOT_KEY), 'customers')
  api.answer(...Array.from({ length: 5 }, () => ({ json: { data: records(2), next_cursor: 'x' } })))
  const { code, err } = await read()
  assert.equal(code, 1)
  assert.match(err, /"customers".*\[PAGING_REPEATED\]/)
})

test('C20 a variable without a value ends the read of its input only', async t => {
  const two = `${readWith(AUTHS.bearer.replace('API_TOKEN', 'ABSENT'))}    free:\n      url: https://api.example.com/free\n`
  const { api, run, read } = await start(t, two, 'customers')
  const { code, err } = await read()
  assert.notEqual(code, 0)
  assert.match(err, /"ABSENT".*\[VARIABLE_MISSING\]/)
  assert.deepEqual(api.takeCalls(), [])
  api.answer({ json: records(1) })
  assert.equal((await run('read', 'free')).code, 0)
})
