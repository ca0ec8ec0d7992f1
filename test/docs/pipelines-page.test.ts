import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { compileManifest } from '../../service/compiler/manifest/compile-manifest.ts'
import { FIELD_TYPES } from '../../service/model/field-record.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { codeBlocks } from '../support/code-blocks.ts'

const page = readFileSync('docs/pipelines.md', 'utf8')

const MANIFEST =
  'CONFIG:\n  inputs:\n    customers:\n      format: rest_api\n      url: https://a.example/c\n'

for (const { info, text } of codeBlocks(page).filter(block => block.info !== 'sh')) {
  test(`J15 the block "${info}" ${text.slice(0, 40)}… of docs/pipelines.md compiles`, () => {
    const manifest = info.endsWith('manifest')
      ? text
      : MANIFEST + text.replaceAll(/^(?=.)/gm, '      ')
    const { index } = compileManifest(
      parseDocument(manifest, 'application/yaml', 'docs/pipelines.md')
    )
    assert.deepEqual(index.types, ['customers'])
    assert.deepEqual(
      index.diagnostics.filter(({ severity }) => severity !== 'info'),
      []
    )
  })
}

test('B21 docs/pipelines.md names every type of a field', () => {
  for (const type of FIELD_TYPES) assert.ok(page.includes(`\`${type}\``), type)
})
