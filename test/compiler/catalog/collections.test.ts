import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Catalog } from '../../../service/model/catalog.ts'
import { catalogOf, catalogPaths, DOCUMENT_URL } from '../../support/catalog-of.ts'

const ok = "responses: {'200': {description: Done}}"

function namesOf({ collections }: Catalog): string[] {
  return collections.map(({ name }) => name)
}

/** Endpoints as `collection name`. */
function placesOf({ endpoints }: Catalog): string[] {
  return endpoints.map(({ collection, name }) => `${collection} ${name}`)
}

function skipped({ diagnostics }: Catalog): string[] {
  return diagnostics
    .filter(({ code }) => code === 'CATALOG_TAG_SKIPPED')
    .map(({ pointer, line }) => `${pointer} ${line}`)
}

test('I01 a catalog is one service, named as asked for, else by its title', () => {
  const text = `
openapi: 3.1.0
info: {title: Harbour, version: 2.1, description: Berths and cranes.}
servers: [{url: 'https://api.example.com/v2?key=hidden#x'}, {url: /local}, {url: ' '}, {}, {url: 'https://ana:hidden@b.example.com'}]
paths: {}
`
  const { service } = catalogOf(text, { serviceName: 'harbour_rest' })
  assert.deepEqual(service, {
    name: 'harbour_rest',
    title: 'Harbour',
    description: 'Berths and cranes.',
    version: '2.1',
    documentUrl: DOCUMENT_URL,
    docUrl: null,
    servers: ['https://api.example.com/v2', '/local', 'https://***@b.example.com']
  })
  assert.equal(catalogOf(text).service.name, 'Harbour')
  assert.equal(catalogOf("openapi: 3.0.0\ninfo: {version: '7'}").service.name, 'api')
  assert.equal(catalogOf("openapi: 3.0.0\ninfo: {version: '7'}").service.version, '7')
})

test('I02 collections are the root tags in their order, default, then other tags, sorted', () => {
  const catalog = catalogPaths(
    `
/a: {get: {tags: [zebra, beta], ${ok}}}
/b: {get: {tags: [alpha], ${ok}}, post: {tags: [Zulu], ${ok}}}
`,
    'tags: [{name: zoo}, {name: beta}]'
  )
  assert.deepEqual(namesOf(catalog), ['zoo', 'beta', 'default', 'Zulu', 'alpha', 'zebra'])
  assert.equal(catalog.counts.collections, 6)
})

test('I02 a default that the document lists keeps its place and its words', () => {
  const tags = 'tags: [{name: default, description: The rest}, {name: a}]'
  const catalog = catalogPaths(`/a: {get: {${ok}}}`, tags)
  assert.deepEqual(namesOf(catalog), ['default', 'a'])
  assert.equal(catalog.collections[0]?.description, 'The rest')
  assert.deepEqual(placesOf(catalog), ['default /a/get'])
})

test('I03 operations without a usable tag go to default', () => {
  const catalog = catalogPaths(`
/a: {get: {${ok}}}
/b: {get: {tags: [], ${ok}}}
/c: {get: {tags: ['', 7, null], ${ok}}}
/d: {get: {tags: [d], ${ok}}}
`)
  assert.deepEqual(placesOf(catalog), [
    'default /a/get',
    'default /b/get',
    'default /c/get',
    'd /d/get'
  ])
  assert.deepEqual(skipped(catalog), [
    '/paths/~1c/get/tags/0 7',
    '/paths/~1c/get/tags/1 7',
    '/paths/~1c/get/tags/2 7'
  ])
})

test('I02 each operation goes by its own tags, not by those of the first verb of its path', () => {
  const catalog = catalogPaths(`
/a:
  parameters: [{name: limit, in: query, schema: {type: integer}}]
  get: {tags: [read], ${ok}}
  post: {tags: [write], ${ok}}
  delete: {${ok}}
`)
  assert.deepEqual(placesOf(catalog), ['default /a/delete', 'read /a/get', 'write /a/post'])
})

test('I02 an operation with several tags stands in each of their collections once', () => {
  const catalog = catalogPaths(`/a: {get: {tags: [x, y, x], ${ok}}}`)
  assert.deepEqual(placesOf(catalog), ['x /a/get', 'y /a/get'])
  assert.deepEqual([catalog.counts.endpoints, catalog.counts.operations], [2, 1])
})

test('I04 a collection has a name, a display name, a description and a URL', () => {
  const tags = `tags:
  - {name: pet, x-displayName: Pets, description: All pets}
  - {name: user, summary: People}
  - {name: store, x-displayName: ' '}`
  const { collections } = catalogPaths(`/a: {get: {${ok}}}`, tags)
  assert.deepEqual(collections, [
    { name: 'pet', displayName: 'Pets', description: 'All pets', url: DOCUMENT_URL },
    { name: 'user', displayName: 'People', description: null, url: DOCUMENT_URL },
    { name: 'store', displayName: 'store', description: null, url: DOCUMENT_URL },
    { name: 'default', displayName: 'default', description: null, url: DOCUMENT_URL }
  ])
})

test('I02 root tags that are no objects with a name are skipped and told, the others stay', () => {
  const tags = `tags:
  - {name: good}
  - {description: nameless}
  - text
  - null
  - {name: [list]}
  - {name: good, description: again}
  - {name: last}`
  const catalog = catalogPaths(`/a: {get: {tags: [text], ${ok}}}`, tags)
  assert.deepEqual(namesOf(catalog), ['good', 'last', 'default', 'text'])
  assert.deepEqual(skipped(catalog), [
    '/tags/1 5',
    '/tags/2 6',
    '/tags/3 7',
    '/tags/4 8',
    '/tags/5 9'
  ])
  assert.equal(catalog.collections[0]?.description, null)
})

test('I02 tags that are no list are told', () => {
  const catalog = catalogPaths(`/a: {get: {${ok}}}`, 'tags: {name: pets}')
  assert.deepEqual(skipped(catalog), ['/tags 3'])
  assert.deepEqual(namesOf(catalog), ['default'])
})

test('I02 a tag named like a member of every object is a tag like others', () => {
  const catalog = catalogPaths(`/a: {get: {tags: [__proto__, constructor], ${ok}}}`)
  assert.deepEqual(namesOf(catalog), ['default', '__proto__', 'constructor'])
  assert.deepEqual(placesOf(catalog), ['__proto__ /a/get', 'constructor /a/get'])
})
