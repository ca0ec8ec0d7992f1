import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Catalog, CatalogField } from '../../../service/model/catalog.ts'
import { catalogOf, endpointNamed } from '../../support/catalog-of.ts'

const DONE = { responses: { 200: { description: 'Done' } } }

function documentOf(parts: object): string {
  return JSON.stringify({ openapi: '3.0.3', info: { title: 'T', version: '1' }, ...parts })
}

function deepest(fields: readonly CatalogField[] | undefined): number {
  return Math.max(0, ...(fields ?? []).map(({ children }) => 1 + deepest(children)))
}

function cutOf({ diagnostics }: Catalog): string | undefined {
  return diagnostics.find(({ code }) => code === 'CATALOG_CUT')?.message
}

test('I05 a document of 5,000 endpoints is cataloged whole', () => {
  const paths = Array.from({ length: 2_500 }, (_, index) => [
    `/things${index}`,
    { get: { tags: [`tag${index % 50}`], ...DONE }, post: { tags: [`tag${index % 50}`], ...DONE } }
  ])
  const catalog = catalogOf(documentOf({ paths: Object.fromEntries(paths) }))
  const { collections, endpoints, operations } = catalog.counts
  assert.deepEqual([collections, endpoints, operations], [51, 5_000, 5_000])
  assert.equal(catalog.endpoints.length, 5_000)
  assert.equal(cutOf(catalog), undefined)
})

test('I10 of too many fields the deepest are left out, which is told', () => {
  // Each level has the next one ten times: a million fields.
  const level = (depth: number): object => ({
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `p${index}`,
        depth === 6 ? { type: 'string' } : { $ref: `#/components/schemas/L${depth + 1}` }
      ])
    )
  })
  const schemas = Object.fromEntries([1, 2, 3, 4, 5, 6].map(depth => [`L${depth}`, level(depth)]))
  const schema = { $ref: '#/components/schemas/L1' }
  const body = { content: { 'application/json': { schema } } }
  const catalog = catalogOf(
    documentOf({
      paths: {
        '/a': { post: { requestBody: body, ...DONE } },
        '/b': { post: { requestBody: body, ...DONE } }
      },
      components: { schemas }
    })
  )
  assert.ok(catalog.counts.fields <= 200_000)
  assert.ok(catalog.counts.fieldsLeft > 0)
  assert.match(
    cutOf(catalog) ?? '',
    /0 operations, 0 entries of operations in collections, \d+ fields/
  )
  for (const name of ['/a/post', '/b/post']) {
    const { request } = endpointNamed(catalog, name)
    assert.equal(request?.fields.length, 10)
    assert.ok(deepest(request?.fields) >= 4)
  }
})

test('I10 fields nest 30 levels deep at most, along a chain of references too', () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [
      `S${index}`,
      { type: 'object', properties: { next: { $ref: `#/components/schemas/S${index + 1}` } } }
    ])
  )
  const all = { ...schemas, S100: { type: 'string' } }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } }
  const catalog = catalogOf(
    documentOf({
      paths: { '/a': { post: { requestBody: { content }, ...DONE } } },
      components: { schemas: all }
    })
  )
  assert.equal(deepest(endpointNamed(catalog, '/a/post').request?.fields), 30)
  assert.ok(JSON.stringify(catalog).includes('"cut":"size"'))
  assert.match(cutOf(catalog) ?? '', / 1 fields with/)
})

test('I02 an operation with very many tags, each with a long description, cannot fill the memory', () => {
  const tags = Array.from({ length: 20_000 }, (_, index) => `t${index}`)
  const operation = { tags, description: 'x'.repeat(100_000), ...DONE }
  const catalog = catalogOf(documentOf({ paths: { '/a': { get: operation } } }))
  assert.equal(catalog.collections.length, 5_000)
  assert.ok(JSON.stringify(catalog).length < 100_000_000)
  assert.match(cutOf(catalog) ?? '', /\d+ entries of operations/)
  const { description } = catalog.endpoints[0] ?? {}
  assert.equal(description?.length, 20_000)
  assert.ok(description?.endsWith('x…'))
})

test('I10 long names, descriptions and lists of values are shortened', () => {
  const name = 'n'.repeat(3_000)
  const schema = {
    type: 'object',
    properties: {
      [name]: { type: 'string', description: 'd'.repeat(9_000) },
      e: { type: 'integer', enum: Array.from({ length: 500 }, (_, index) => index) }
    }
  }
  const content = { 'application/json': { schema } }
  const catalog = catalogOf(
    documentOf({ paths: { '/a': { post: { requestBody: { content }, ...DONE } } } })
  )
  const [long, listed] = endpointNamed(catalog, '/a/post').request?.fields ?? []
  assert.deepEqual([long?.name.length, long?.description?.length], [1_000, 2_000])
  assert.equal(listed?.allowed?.length, 100)
})
