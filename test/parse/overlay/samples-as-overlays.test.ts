import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { pointerParts } from '../../../service/base/json-pointer.ts'
import type { JsonValue } from '../../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../../service/base/json.ts'
import { compileModel } from '../../../service/compiler/compile-model.ts'
import { listSampleNames } from '../../../service/documents/sample-files.ts'
import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import type { Path } from '../../../service/parse/overlay/edited-tree.ts'
import { applyOverlays } from '../../../service/parse/overlay/apply-overlays.ts'
import { readOverlay } from '../../../service/parse/overlay/read-overlay.ts'
import type { ParsedDocument } from '../../../service/parse/parse-document.ts'
import { isManifest, parseDocument } from '../../../service/parse/parse-document.ts'
import { parseYaml } from '../../../service/parse/parse-yaml.ts'

const BOUNDS = { perType: 200, total: 5_000 }
const URL = 'https://docs.example.com/openapi.json'

type Taken = { readonly path: Path; readonly keys: { [key: string]: JsonValue } }

/** A document without keys of ours, and these keys. */
function withoutKeys(value: JsonValue, path: Path, taken: Taken[]): JsonValue {
  if (isJsonArray(value)) {
    return value.map((item, index) => withoutKeys(item, [...path, index], taken))
  }
  if (!isJsonObject(value)) return value
  const keys: { [key: string]: JsonValue } = {}
  const kept: { [key: string]: JsonValue } = {}
  for (const [key, held] of Object.entries(value)) {
    if (key.startsWith('x-flow')) keys[key] = held
    else kept[key] = withoutKeys(held, [...path, key], taken)
  }
  if (Object.keys(keys).length > 0) taken.push({ path, keys })
  return kept
}

/** The overlay that puts keys back, in which every value has a line of its own. */
function overlayOf(taken: readonly Taken[]): string {
  const actions = taken.map(({ path, keys }) => {
    return { target: `$${path.map(step).join('')}`, update: keys }
  })
  return JSON.stringify(
    { overlay: '1.0.0', info: { title: 'Keys', version: '1' }, actions },
    null,
    1
  )
}

function step(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return `['${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`
}

function compiled(document: ParsedDocument): ConnectorModel {
  return compileModel(document, BOUNDS)
}

/** What a model says of calls and types; where its keys stand is compared apart. */
function meaningOf({ index, types, endpoints, mappings }: ConnectorModel): JsonValue {
  const told = index.diagnostics.map(({ code, severity, message }) =>
    [severity, code, message].join(' ')
  )
  const plain: JsonValue = JSON.parse(
    JSON.stringify({ names: index.types, logins: index.logins, types, endpoints, mappings })
  )
  return { plain: withoutOrigin(plain), told: told.toSorted() }
}

function withoutOrigin(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(withoutOrigin)
  if (!isJsonObject(value)) return value
  const kept = Object.entries(value).filter(([key]) => key !== 'origin')
  return Object.fromEntries(kept.map(([key, held]) => [key, withoutOrigin(held)]))
}

/** The key or item of a line that a diagnostic points at. */
function keyAt(text: string, line: number | null, column: number | null): string {
  const rest = text.split('\n')[(line ?? 1) - 1]?.slice((column ?? 1) - 1) ?? ''
  return /^"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? rest
}

for (const name of await listSampleNames()) {
  const root = parseYaml(readFileSync(`openapi-samples/${name}.yaml`, 'utf8'))
  assert.ok(isJsonObject(root))
  if (isManifest({ root }) || name === 'references') continue
  test(`A29 the keys of the sample ${name} mean the same in an overlay, and are found there`, () => {
    const taken: Taken[] = []
    const bare = JSON.stringify(withoutKeys(root, [], taken), null, 1)
    const whole = parseDocument(JSON.stringify(root, null, 1), '', URL)
    const document = parseDocument(bare, '', URL)
    if (taken.length === 0) return
    const text = overlayOf(taken)
    const source = { name: 'overlay 1', url: 'keys', base: URL, text, contentType: '' }
    const changed = applyOverlays(document, [readOverlay(source, URL)], [URL])
    assert.deepEqual(changed.origin.notes, [])
    const model = compiled(changed)
    assert.deepEqual(meaningOf(model), meaningOf(compiled(whole)))

    const texts = new Map([
      ['keys', text],
      [URL, bare]
    ])
    for (const { file, line, column, pointer: at, code } of model.index.diagnostics) {
      const parts = pointerParts(at) ?? []
      const isOurs = parts.some(part => part.startsWith('x-flow'))
      assert.equal(file, isOurs ? 'keys' : URL, `${code} at ${at}`)
      // What is missing is told at what lacks it.
      const key = keyAt(texts.get(file) ?? '', line, column)
      const isFound =
        /^[[{]/.test(key) || parts.length === 0 || parts.includes(JSON.parse(`"${key}"`))
      assert.ok(isFound, `${code} at ${at} is found at ${key}`)
    }
  })
}
