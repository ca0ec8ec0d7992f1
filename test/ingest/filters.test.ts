import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createNameFilter } from '../../service/ingest/workflow/name-filter.ts'
import { prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

const rows = [
  { pattern: {}, passes: ['pet'], stops: [] },
  { pattern: { includes: [] }, passes: ['pet'], stops: [] },
  { pattern: { includes: ['pet'] }, passes: ['pet', 'Pets', 'PET'], stops: ['my pet', 'store'] },
  { pattern: { includes: ['^pet$'] }, passes: ['pet', 'Pet'], stops: ['pets'] },
  { pattern: { excludes: ['st'] }, passes: ['pet', 'post'], stops: ['store', 'Stock'] },
  {
    pattern: { includes: ['p', 's'], excludes: ['pe'] },
    passes: ['store', 'post'],
    stops: ['pet']
  },
  { pattern: { excludes: ['.*internal'] }, passes: ['a'], stops: ['my-internal'] },
  { pattern: { includes: ['/pets/\\{id\\}'] }, passes: ['/pets/{id}'], stops: ['/pets'] }
]
for (const { pattern, passes, stops } of rows) {
  test(`I11 I12 the filter ${JSON.stringify(pattern)} takes ${passes.join(', ')}`, () => {
    const filter = createNameFilter(pattern)
    assert.deepEqual([...passes, ...stops].filter(filter), passes)
  })
}

test('I11 an expression that would backtrack takes linear time', () => {
  const filter = createNameFilter({ includes: ['(a+)+$'] })
  assert.equal(filter(`${'a'.repeat(5_000)}!`), false)
})

test('I11 I12 collections pass by name, endpoints by path, and all are counted', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const source = `apiCollectionFilterPattern: { excludes: [STORE] }
apiEndpointFilterPattern: { includes: ["/pets"] }`
  const { collections, endpoints } = await prepareRuns(t, server.url, { source }).report()
  assert.deepEqual([collections.created, collections.filtered], [2, 1])
  assert.deepEqual([endpoints.created, endpoints.filtered], [2, 2])
  assert.deepEqual(server.store.lines(), [
    'apiCollections pets.default 0.1',
    'apiCollections pets.pet 0.1',
    'apiEndpoints pets.pet./pets/get 0.1',
    'apiEndpoints pets.pet./pets/post 0.1',
    'apiServices pets 0.1'
  ])
})

test('I13 patterns of the connection hold where the source configuration has none', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const connection = `apiCollectionFilterPattern: { includes: [pet] }
apiEndpointFilterPattern: { excludes: ["/pets"] }`
  const runs = prepareRuns(t, server.url, {
    connection,
    source: 'apiCollectionFilterPattern: { includes: [default] }\napiEndpointFilterPattern: null'
  })
  const { collections, endpoints } = await runs.report(['--dry-run'])
  assert.deepEqual([collections.created, collections.filtered], [1, 2])
  assert.deepEqual([endpoints.created, endpoints.filtered], [1, 3])
})
