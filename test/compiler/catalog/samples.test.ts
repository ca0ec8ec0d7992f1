import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { isJsonObject, member } from '../../../service/base/json.ts'
import { listSampleNames } from '../../../service/documents/sample-files.ts'
import { parseYaml } from '../../../service/parse/parse-yaml.ts'
import { catalogOf } from '../../support/catalog-of.ts'

const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

const names = (await listSampleNames()).filter(name => !name.startsWith('manifests/'))

for (const name of names) {
  test(`I05 the catalog of the sample ${name} has each of its operations`, () => {
    const text = readFileSync(`openapi-samples/${name}.yaml`, 'utf8')
    const { endpoints, diagnostics } = catalogOf(text)
    const paths = member(parseYaml(text), 'paths')
    const declared = Object.entries(isJsonObject(paths) ? paths : {}).flatMap(([path, item]) =>
      VERBS.filter(verb => member(item, verb) !== undefined).map(
        verb => `${verb.toUpperCase()} ${path}`
      )
    )
    const cataloged = new Set(endpoints.map(({ method, path }) => `${method} ${path}`))
    assert.deepEqual([...cataloged].toSorted(), declared.toSorted())
    // Samples in several files cannot be read as one text.
    const errors = diagnostics.filter(({ severity, code }) => {
      return severity === 'error' && code !== 'REF_NOT_ALLOWED' && code !== 'REF_UNREADABLE'
    })
    assert.deepEqual(errors, [])
  })
}
