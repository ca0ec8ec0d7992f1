import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { Pointer } from '../../../service/base/json-pointer.ts'
import { follow, pointer } from '../../../service/base/json-pointer.ts'
import type { JsonValue } from '../../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../../service/base/json.ts'
import { splitLocation } from '../../../service/parse/links.ts'
import { applyOverlays } from '../../../service/parse/overlay/apply-overlays.ts'
import { readOverlay } from '../../../service/parse/overlay/read-overlay.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

const URL = 'https://docs.example.com/a.yaml'

const KEYS = ['a', 'b', 'c'] as const

const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { noNullPrototype: true })
  )
})).value

const step = fc.oneof(
  fc.constantFrom(...KEYS.map(key => `.${key}`)),
  fc.constantFrom('[0]', '[1]', '[-1]', '.*', '..a', '..*', '[?@.a]', '[0,1]', "['a','b','a']")
)
const path = fc.array(step, { maxLength: 4 }).map(steps => `$${steps.join('')}`)

const action = fc.oneof(
  fc.record({ target: path, update: value }),
  fc.record({ target: path, remove: fc.constant(true) }),
  fc.record({ target: path, copy: path })
)
const overlay = fc.record({
  overlay: fc.constantFrom('1.0.0', '1.1.0'),
  actions: fc.array(action, { minLength: 1, maxLength: 6 })
})

/** The values that hold no others, with their places. */
function* leavesOf(tree: JsonValue, at: Pointer = ''): Generator<[Pointer, JsonValue]> {
  if (isJsonArray(tree)) {
    for (const [index, item] of tree.entries()) yield* leavesOf(item, pointer(at, index))
  } else if (isJsonObject(tree)) {
    for (const [key, held] of Object.entries(tree)) yield* leavesOf(held, pointer(at, key))
  } else {
    yield [at, tree]
  }
}

test('A29 whatever overlays do, each value is found where its text stands, and no text is changed', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...KEYS), value, { noNullPrototype: true }),
      fc.array(overlay, { minLength: 1, maxLength: 3 }),
      (members, given) => {
        const root = { openapi: '3.0.3', ...members }
        const text = JSON.stringify(root)
        const texts = given.map(each => JSON.stringify(each))
        const overlays = texts.map((own, index) =>
          readOverlay(
            { name: `overlay ${index}`, url: `${index}`, base: URL, text: own, contentType: '' },
            URL
          )
        )
        const document = parseDocument(text, 'application/json', URL)
        // What takes the version away is no document any more, and told so.
        const keepsVersion = { target: '$', update: { openapi: '3.0.3' } }
        const last = { overlay: '1.1.0', actions: [keepsVersion] }
        const kept = readOverlay(
          { name: 'last', url: 'last', base: URL, text: JSON.stringify(last), contentType: '' },
          URL
        )
        const changed = applyOverlays(document, [...overlays, kept], [URL])
        const trees = new Map<string, JsonValue>([
          ['', root],
          ['last', last],
          ...given.map((each, index): [string, JsonValue] => [`overlay ${index}`, each])
        ])
        for (const [at, leaf] of leavesOf(changed.root)) {
          const { name, pointer: own } = splitLocation(changed.origin.originOf(at))
          assert.equal(
            follow(trees.get(name) ?? null, own),
            leaf,
            `${at} is found at ${name}#${own}`
          )
        }
        assert.equal(JSON.stringify(document.root), text)
      }
    ),
    { numRuns: 500 }
  )
})
