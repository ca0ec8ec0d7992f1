import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { readReject, rejectLine } from '../../service/bulk/reject-line.ts'
import { CONFIGURATION_OPTIONS } from '../../service/cli/session/configuration-options.ts'
import { writeRowsCommand } from '../../service/cli/write/write-rows-command.ts'
import { compileManifest } from '../../service/compiler/manifest/compile-manifest.ts'
import { FIELD_TYPES } from '../../service/model/field-record.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { codeBlocks } from '../support/code-blocks.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startApi } from '../support/start-api.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'
import { startFolder } from '../support/start-folder.ts'

const page = readFileSync('docs/pipelines.md', 'utf8')
const blocks = codeBlocks(page)

const MANIFEST =
  'CONFIG:\n  inputs:\n    customers:\n      format: rest_api\n      url: https://a.example/c\n'

/** Blocks that are a whole manifest; others are members of an input. */
const WHOLE = ['yaml manifest', 'yaml pipeline', 'yaml recipe']

for (const { info, text } of blocks.filter(block => block.info.startsWith('yaml'))) {
  test(`J15 the block "${info}" ${text.slice(0, 40)}… of docs/pipelines.md compiles`, () => {
    const manifest = WHOLE.includes(info) ? text : MANIFEST + text.replaceAll(/^(?=.)/gm, '      ')
    const { index } = compileManifest(
      parseDocument(manifest, 'application/yaml', 'docs/pipelines.md')
    )
    assert.equal(index.types.length, 1)
    assert.deepEqual(
      index.diagnostics.filter(({ severity }) => severity !== 'info'),
      []
    )
  })
}

test('B21 docs/pipelines.md names every type of a field', () => {
  for (const type of FIELD_TYPES) assert.ok(page.includes(`\`${type}\``), type)
})

/** So many records from a number on. */
const rows = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index, name: `n${from + index}` }))

/** What each recipe is answered with, page by page, and the calls that it makes. */
type Shown = {
  readonly answers: readonly ((url: string) => unknown)[]
  readonly calls: readonly string[]
  readonly variables?: string
  readonly headers?: { readonly [name: string]: string }
  readonly count: number
}

const RECIPES: { readonly [type: string]: Shown } = {
  countries: { answers: [() => rows(3)], calls: ['GET /countries'], count: 3 },
  customers: {
    answers: [() => ({ data: rows(200) }), () => ({ data: rows(7, 200) })],
    calls: ['GET /v1/customers?limit=200&offset=0', 'GET /v1/customers?limit=200&offset=200'],
    count: 207
  },
  products: {
    answers: [() => ({ value: rows(50) }), () => ({ value: [] })],
    calls: ['GET /odata/products?%24top=50&%24skip=0', 'GET /odata/products?%24top=50&%24skip=50'],
    count: 50
  },
  invoices: {
    answers: [
      () => ({ result: { invoices: rows(50) } }),
      () => ({ result: { invoices: rows(1, 50) } })
    ],
    calls: ['GET /v2/invoices?per_page=50&page=1', 'GET /v2/invoices?per_page=50&page=2'],
    count: 51
  },
  events: {
    answers: [
      () => ({ events: rows(2), meta: { next_cursor: 'c/2' } }),
      () => ({ events: rows(2, 2), meta: {} })
    ],
    calls: ['GET /v1/events?limit=500', 'GET /v1/events?limit=500&after=c%2F2'],
    count: 4
  },
  crm_customers: {
    answers: [
      url => ({ results: rows(2), next: `${url}/api/v2/customers?page=2` }),
      () => ({ results: rows(1, 2), next: null })
    ],
    calls: ['GET /api/v2/customers', 'GET /api/v2/customers?page=2'],
    count: 3
  },
  accounts: {
    answers: [() => rows(1)],
    calls: ['GET /accounts'],
    variables: 'API_TOKEN=t0ken',
    headers: { authorization: 'Bearer t0ken' },
    count: 1
  },
  sensors: {
    answers: [() => rows(1)],
    calls: ['GET /sensors'],
    variables: 'API_KEY=k3y',
    headers: { 'x-api-key': 'k3y' },
    count: 1
  },
  stations: {
    answers: [() => rows(1)],
    calls: ['GET /stations?api_key=k3y'],
    variables: 'API_KEY=k3y',
    count: 1
  },
  tickets: {
    answers: [() => rows(1)],
    calls: ['GET /tickets'],
    variables: 'API_USER=ann\nAPI_PASS=p:w',
    headers: { authorization: `Basic ${btoa('ann:p:w')}` },
    count: 1
  },
  incidents: {
    answers: [() => rows(1)],
    calls: ['GET /incidents'],
    variables: 'API_KEY=k3y\nACCOUNT=42',
    headers: { authorization: 'Token token=k3y', 'x-account': '42' },
    count: 1
  },
  orders: {
    answers: [() => rows(1)],
    calls: ['GET /v1/orders?updated_since=2026-01-31T00%3A00%3A00Z&status=open&status=paid'],
    variables: 'dt=2026-01-31',
    count: 1
  },
  changes: {
    answers: [() => ({ data: rows(1), next_cursor: null })],
    calls: ['GET /v1/changes?updated_since=2025-01-01T00%3A00%3A00Z&limit=500'],
    variables: 'API_TOKEN=t0ken',
    headers: { authorization: 'Bearer t0ken' },
    count: 1
  },
  findings: {
    answers: [() => [{ finding_id: 1, score: 0.5, seen_at: '2026-01-31T08:00:00Z' }]],
    calls: ['POST /search?kind=finding'],
    count: 1
  }
}

const OUTPUTS = ['predictions']

const recipes = blocks.filter(({ info }) => info === 'yaml recipe')

function typeOf(manifest: string): string {
  const { index } = compileManifest(parseDocument(manifest, 'application/yaml', 'recipe.yaml'))
  return index.types.join()
}

test('J15 every recipe of docs/pipelines.md is run', () => {
  assert.deepEqual(
    recipes.map(({ text }) => typeOf(text)),
    [...Object.keys(RECIPES), ...OUTPUTS]
  )
})

for (const { text } of recipes) {
  const type = typeOf(text)
  const shown = RECIPES[type]
  if (shown === undefined) continue
  test(`J15 the recipe "${type}" reads its list`, async t => {
    const api = await startApi(t, '')
    api.publish(text.replaceAll(/https:\/\/\w+\.example\.com/g, api.url))
    const configuration = { 'Schema URL': api.documentUrl, Variables: shown.variables ?? '' }
    const connector = await startConnector(t, configuration)
    if (!text.includes('schema:')) {
      api.answer({ json: shown.answers[0]?.(api.url) })
      await connector.install()
      assert.deepEqual(api.takeCalls(), shown.calls.slice(0, 1))
    }
    api.answer(...shown.answers.map(answer => ({ json: answer(api.url) })))
    assert.equal(found(await connector.load(type)).length, shown.count)
    assert.deepEqual(api.takeCalls(), shown.calls)
    for (const { headers } of api.calls) {
      for (const [name, value] of Object.entries(shown.headers ?? {})) {
        assert.equal(headers[name], value)
      }
    }
  })
}

test('J15 the recipe "predictions" writes its records', async t => {
  const api = await startApi(t, '')
  const text = recipes.find(recipe => typeOf(recipe.text) === 'predictions')?.text ?? ''
  api.publish(text.replaceAll(/https:\/\/\w+\.example\.com/g, api.url))
  const configuration = { 'Schema URL': api.documentUrl, Variables: 'API_TOKEN=t0ken' }
  const connector = await startConnector(t, configuration)
  api.answer({ status: 202 })
  const saved = await connector.save(
    'predictions',
    flowObject(null, { customer_id: 'c1', score: '0.93' })
  )
  assert.equal(saved.status, 200, saved.text)
  assert.deepEqual(api.takeCalls(), ['POST /v1/predictions [{"customer_id":"c1","score":0.93}]'])
  assert.equal(api.calls[0]?.headers.authorization, 'Bearer t0ken')
})

test('J15 the recipe "changes" reads what is new, each row once', async t => {
  const api = await startApi(t, '')
  const text = recipes.find(recipe => typeOf(recipe.text) === 'changes')?.text ?? ''
  const manifest = text.replaceAll(/https:\/\/\w+\.example\.com/g, api.url)
  const directory = startFolder(t, { 'crm.yaml': manifest })
  const read = () =>
    runInTerminal(['read', 'crm.yaml', 'changes'], { directory, environment: { API_TOKEN: 't' } })
  const change = (id: number, day: string): object => ({
    id,
    updated_at: `2026-01-${day}T00:00:00Z`
  })
  const page = (...data: object[]) => ({ json: { data, next_cursor: null } })
  api.answer(page(change(1, '02'), change(2, '03')))
  const first = await read()
  assert.deepEqual([first.code, first.out.split('\n').length - 1], [0, 2])
  api.answer(page(change(2, '03'), change(3, '03'), change(1, '04')))
  const second = await read()
  assert.equal(second.code, 0, second.err)
  assert.deepEqual(
    second.out
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line)),
    [change(3, '03'), change(1, '04')]
  )
  assert.deepEqual(api.takeCalls(), [
    'GET /v1/changes?updated_since=2025-01-01T00%3A00%3A00Z&limit=500',
    'GET /v1/changes?updated_since=2026-01-03T00%3A00%3A00Z&limit=500'
  ])
})

test('J15 docs/pipelines.md has every option of write, and shows a reject', () => {
  for (const { name } of writeRowsCommand.options) {
    const isOfAll = CONFIGURATION_OPTIONS.some(option => option.name === name)
    assert.ok(isOfAll || page.includes(`\`${name}`), name)
  }
  const [shown] = codeBlocks(page).filter(({ info }) => info === 'json rejects')
  const reject = readReject(JSON.parse(shown?.text ?? ''))
  assert.ok(reject)
  assert.equal(rejectLine(reject), shown?.text)
})
