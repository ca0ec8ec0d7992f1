import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { compileErrors, validate } from '@readme/openapi-parser'
import { load } from 'js-yaml'

import { listSampleNames } from '../../service/documents/sample-files.ts'

const SAMPLES = new URL('../../openapi-samples/', import.meta.url)

/** Samples that are about a mistake, with what the validator must say about it. */
const FAULTY: { readonly [file: string]: RegExp } = {
  'misplaced-security-schemes.yaml': /"securitySchemes"[\s\S]*not expected to be here/
}

const files = (await listSampleNames()).map(name => `${name}.yaml`)

function readSample(file: string): string {
  return readFileSync(new URL(file, SAMPLES), 'utf8')
}

type Document = Exclude<Parameters<typeof validate>[0], string>

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && 'openapi' in value && 'info' in value
}

for (const file of files.filter(name => !name.startsWith('manifests/'))) {
  test(`the sample ${file} is valid OpenAPI, or faulty just as its name says`, async () => {
    const document = load(readSample(file))
    assert.ok(isDocument(document))
    const result = await validate(document, { resolve: { external: false } })
    const fault = FAULTY[file]
    if (fault === undefined) {
      assert.ok(result.valid, compileErrors(result))
      assert.deepEqual(result.warnings, [])
    } else {
      assert.equal(result.valid, false)
      assert.match(compileErrors(result), fault)
    }
  })
}

test('the README of the samples has one line for each of them', () => {
  const readme = readSample('README.md')
  const named = [...readme.matchAll(/^\| \[([\w/-]+\.yaml)\]/gm)].map(([, file]) => file)
  assert.deepEqual(named.toSorted(), files.toSorted())
})

test('no-markup.yaml has not a single x-flow key', () => {
  assert.doesNotMatch(readSample('no-markup.yaml').replace(/^#.*$/gm, ''), /x-flow/)
})
