import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import type { ConductRecord } from '../../../service/model/endpoint-record.ts'
import { USUAL_CONDUCT } from '../../../service/model/endpoint-record.ts'
import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

type Keys = { readonly root?: string; readonly item?: string; readonly get?: string }
type WriteKeys = { readonly post?: string; readonly delete?: string }

/** A type with a query, a save and a delete on one path, with conduct keys at each place. */
function compiled({ root = '', item = '', get = '', post = '', ...given }: Keys & WriteKeys) {
  return compile(`
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: https://api.example.com }]
${root}
paths:
  /things:
    ${item}
    get: { responses: {}${get} }
    post: { responses: {}${post} }
    delete: { responses: {}${given.delete ?? ''} }
components:
  schemas:
    Thing:
      properties: { name: { type: string } }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things }
      x-flow-save: { path: /things }
      x-flow-delete: { path: /things }
`)
}

function conductOf(model: ConnectorModel, verb: 'query' | 'save' | 'delete'): ConductRecord {
  return operationOf(model, `${verb}:Thing`).conduct
}

test('H02 H03 without a word on it the usual statuses are repeated, twice at the most', () => {
  const model = compiled({})
  assert.deepEqual(conductOf(model, 'query'), USUAL_CONDUCT)
  assert.deepEqual(USUAL_CONDUCT.retry, { on: null, onIsOwn: false, max: 2, ignore: [] })
  assert.deepEqual(diagnosticsOf(model), [])
})

test('H02 H03 H13 x-flow-retry is read from the operation, else its path item, else the root', () => {
  const root = 'x-flow-retry: { max: 9, ignore: [410] }'
  const item = 'x-flow-retry: { on: [502], max: 5 }'
  const get = ', x-flow-retry: { on: [429, 503], ignore: [404] }'
  assert.deepEqual(conductOf(compiled({ root, item, get }), 'query').retry, {
    on: [429, 503],
    onIsOwn: true,
    max: 2,
    ignore: [404]
  })
  assert.deepEqual(conductOf(compiled({ root, item }), 'query').retry, {
    on: [502],
    onIsOwn: false,
    max: 5,
    ignore: []
  })
  assert.deepEqual(conductOf(compiled({ root }), 'query').retry, {
    on: null,
    onIsOwn: false,
    max: 9,
    ignore: [410]
  })
})

test('H08 only `on` of the very operation is the word that repeating it is harmless', () => {
  const own = compiled({ post: ', x-flow-retry: { on: [503] }' })
  assert.equal(conductOf(own, 'save').retry.onIsOwn, true)
  const silent = compiled({ post: ', x-flow-retry: { max: 3 }' })
  assert.equal(conductOf(silent, 'save').retry.onIsOwn, false)
  const around = compiled({ item: 'x-flow-retry: { on: [503] }' })
  assert.deepEqual(conductOf(around, 'save').retry.on, [503])
  assert.equal(conductOf(around, 'save').retry.onIsOwn, false)
})

test('H01 H11 H12 x-flow-rate-limit keeps where it stands, and its headers in lower case', () => {
  const limit =
    'x-flow-rate-limit: { requestsPerSecond: 10, quotas: [{ calls: 1000, seconds: 3600 }], ' +
    'remainingHeader: X-Remaining, resetHeader: X-Reset }'
  const record = {
    pointer: '/x-flow-rate-limit',
    requestsPerSecond: 10,
    quotas: [{ calls: 1000, seconds: 3600 }],
    remainingHeader: 'x-remaining',
    resetHeader: 'x-reset'
  }
  const shared = compiled({ root: limit })
  assert.deepEqual(conductOf(shared, 'query').rateLimit, record)
  assert.deepEqual(conductOf(shared, 'save').rateLimit, record)
  const own = compiled({ root: limit, get: ', x-flow-rate-limit: { requestsPerSecond: 0.5 }' })
  assert.deepEqual(conductOf(own, 'query').rateLimit, {
    pointer: '/paths/~1things/get/x-flow-rate-limit',
    requestsPerSecond: 0.5,
    quotas: [],
    remainingHeader: null,
    resetHeader: null
  })
  assert.deepEqual(conductOf(own, 'save').rateLimit, record)
})

for (const [count, pointer] of [
  [11, 'root'],
  [500, 'get']
] as const) {
  test(`H12 of ${count} quotas of a rate limit the first ten count, and the others are a finding`, () => {
    const quotas = Array.from(
      { length: count },
      (_, index) => `{ calls: 5, seconds: ${index + 1} }`
    )
    const key = `x-flow-rate-limit: { quotas: [${quotas.join()}] }`
    const model = compiled(pointer === 'root' ? { root: key } : { get: `, ${key}` })
    const limit = conductOf(model, 'query').rateLimit
    assert.deepEqual(
      limit?.quotas.map(({ seconds }) => seconds),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    )
    const found = diagnosticsOf(model).filter(text => text.includes('QUOTAS_TOO_MANY'))
    assert.equal(found.length, 1)
    assert.ok(found[0]?.endsWith('/x-flow-rate-limit/quotas'), found[0])
  })
}

for (const seconds of ['1e300', '400000000']) {
  test(`H12 a quota of ${seconds} seconds is no quota`, () => {
    const key = `x-flow-rate-limit: { quotas: [{ calls: 1, seconds: ${seconds} }] }`
    const model = compiled({ root: key })
    assert.equal(conductOf(model, 'query').rateLimit, null)
    assert.ok(diagnosticsOf(model).some(text => text.includes('/x-flow-rate-limit')))
  })
}

test('H12 a rate limit of ten quotas has no finding', () => {
  const quotas = Array.from({ length: 10 }, () => '{ calls: 5, seconds: 7 }').join()
  const model = compiled({ root: `x-flow-rate-limit: { quotas: [${quotas}] }` })
  assert.equal(conductOf(model, 'query').rateLimit?.quotas.length, 10)
  assert.deepEqual(diagnosticsOf(model), [])
})

test('H04 writers have the same settings as readers', () => {
  const model = compiled({
    post: ', x-flow-retry: { on: [429], max: 7 }, x-flow-rate-limit: { requestsPerSecond: 3 }'
  })
  const { retry, rateLimit } = conductOf(model, 'save')
  assert.deepEqual([retry.on, retry.max, rateLimit?.requestsPerSecond], [[429], 7, 3])
  assert.deepEqual(conductOf(model, 'query'), USUAL_CONDUCT)
})

test('H13 `ignore` for a save is an error; a read and a delete may have it', () => {
  const model = compiled({ item: 'x-flow-retry: { ignore: [404] }' })
  assert.deepEqual(conductOf(model, 'query').retry.ignore, [404])
  assert.deepEqual(conductOf(model, 'delete').retry.ignore, [404])
  assert.deepEqual(diagnosticsOf(model), [
    '8:21 error RETRY_IGNORE_UNUSABLE /paths/~1things/x-flow-retry/ignore'
  ])
})

test('a conduct key that cannot be read is an error, and the next one around it counts', () => {
  const model = compiled({
    root: 'x-flow-retry: { max: 1 }',
    get: ', x-flow-retry: { max: many }, x-flow-rate-limit: { requestsPerSecond: 0 }'
  })
  assert.equal(conductOf(model, 'query').retry.max, 1)
  assert.equal(conductOf(model, 'query').rateLimit, null)
  assert.deepEqual(diagnosticsOf(model), [
    '9:27 error EXTENSION_MALFORMED /paths/~1things/get/x-flow-retry',
    '9:56 error EXTENSION_MALFORMED /paths/~1things/get/x-flow-rate-limit'
  ])
})

test('H08 a required Idempotency-Key needs no source', () => {
  const parameter = '{ name: idempotency-key, in: header, required: true, schema: {} }'
  const model = compiled({ post: `, parameters: [${parameter}]` })
  assert.deepEqual(diagnosticsOf(model), [])
})
