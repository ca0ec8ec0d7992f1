import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { applyOverlays } from '../../service/parse/overlay/apply-overlays.ts'
import { readOverlay } from '../../service/parse/overlay/read-overlay.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { parseYaml } from '../../service/parse/parse-yaml.ts'
import { extensions } from '../../service/parse/extensions.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import type { ConnectorModel } from '../../service/model/connector-model.ts'
import { CONFIGURATION_VALUES } from '../../service/operations/configuration.ts'
import { type CodeBlock, codeBlocks } from '../support/code-blocks.ts'

const page = readFileSync('docs/x-flow.md', 'utf8')
const blocks = codeBlocks(page)
const documents = blocks.filter(({ info }) => info === 'yaml document')
const overlays = blocks.filter(({ info }) => info === 'yaml overlay')
const fragments = blocks.filter(({ info }) => info === 'yaml')

/** Diagnostics about the keys themselves, not about what a part of a document cannot show. */
const WRONG_KEYS = [
  'CUSTOM_PROPERTY_UNKNOWN_KIND',
  'EXTENSION_MALFORMED',
  'EXTENSION_MISPLACED',
  'EXTENSION_UNKNOWN',
  'MEMBER_UNKNOWN',
  'SOURCE_UNKNOWN'
]

function compile(text: string): ConnectorModel {
  return compileModel(parseDocument(text, '', 'docs/x-flow.md'), { perType: 200, total: 5000 })
}

/** The names in backticks of the line that leads to a block. */
function namedBefore({ before }: CodeBlock): string[] {
  return [...before.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')
}

test('J15 the page has complete examples and parts of them, and no other YAML', () => {
  assert.ok(documents.length >= 5 && fragments.length >= 4)
  assert.deepEqual(
    blocks.filter(({ info }) => info.startsWith('yaml')).length,
    documents.length + fragments.length + overlays.length
  )
})

for (const block of documents) {
  test(`J15 the example on line ${block.line} compiles without a warning to the types that its text names`, () => {
    const { index } = compile(block.text)
    assert.deepEqual(
      index.diagnostics.filter(({ severity }) => severity !== 'info'),
      []
    )
    assert.match(block.before, /^It defines the types? `/)
    assert.deepEqual(index.types, namedBefore(block).toSorted())
  })
}

for (const { text, line } of overlays) {
  test(`J15 A29 the overlay on line ${line} gives the sample without keys a type`, () => {
    const [url, base] = ['https://shop.example.com/openapi.json', 'https://ours.example/a.yaml']
    const document = parseDocument(readFileSync('openapi-samples/no-markup.yaml', 'utf8'), '', url)
    const overlay = readOverlay({ name: 'o', url: base, text, contentType: '', base }, url)
    const changed = applyOverlays(document, [overlay], [url])
    const { index, mappings } = compileModel(changed, { perType: 200, total: 5000 })
    assert.deepEqual(changed.origin.notes, [])
    assert.deepEqual([index.types, Object.keys(mappings)], [['Customer'], ['query:Customer']])
    assert.doesNotMatch(JSON.stringify(changed.root.paths), /"name":"country"/)
  })
}

for (const block of fragments) {
  test(`the part of a schema on line ${block.line} uses keys and sources as they are`, () => {
    const schema: JsonValue = parseYaml(block.text)
    const document = {
      openapi: '3.1.0',
      info: { title: 'Part', version: '1' },
      paths: {},
      components: { schemas: { Part: schema } }
    }
    const { diagnostics } = compile(JSON.stringify(document)).index
    const wrong = diagnostics.filter(({ code }) => WRONG_KEYS.includes(code))
    assert.deepEqual(wrong, [])
  })
}

test('the page names every key of the vocabulary and every configuration value', () => {
  const words = [...Object.keys(extensions), ...CONFIGURATION_VALUES.map(({ name }) => name)]
  assert.deepEqual(
    words.filter(word => !page.includes(`\`${word}\``)),
    []
  )
})
