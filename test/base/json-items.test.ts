import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { followPath } from '../../service/base/dotted-path.ts'
import { parseJson } from '../../service/base/exact-number.ts'
import { isJsonArray } from '../../service/base/json.ts'
import type { JsonItems } from '../../service/base/json-items.ts'
import {
  createItemJoiner,
  findItems,
  pickItems,
  sliceItems,
  withoutItems
} from '../../service/base/json-items.ts'

function itemsOf(text: string, path: readonly string[]): JsonItems | null {
  const values = followPath(parseJson(text), path.join('.'))
  assert.ok(isJsonArray(values))
  return findItems(Buffer.from(text), path, values)
}

const LF = Buffer.from('\n')

function lines(items: JsonItems | null): string | null {
  return items && Buffer.from(createItemJoiner(LF, LF)(items)).toString()
}

const found: readonly (readonly [text: string, path: string[], lines: string])[] = [
  ['[{"a":1},{"b":2}]', [], '{"a":1}\n{"b":2}\n'],
  ['[]', [], ''],
  [' { "data" :\n [ {"a": 1} ,\t{"b":[{}]} ] } ', ['data'], '{"a": 1}\n{"b":[{}]}\n'],
  ['{"x":{"data":[{"n":1}]},"data":[{"n":2}]}', ['data'], '{"n":2}\n'],
  [
    '{"x":[{"y":"]}\\""},[1,[2]]],"d":{"items":[{"s":"}]{\\\\"}]}}',
    ['d', 'items'],
    '{"s":"}]{\\\\"}\n'
  ],
  ['{"\\u0064":[{"é":"\\n 1e5"}]}', ['d'], '{"é":"\\n 1e5"}\n'],
  ['{"a":true,"b":false,"c":null,"d":[{"t":true,"e":1.50}]}', ['d'], '{"t":true,"e":1.50}\n']
]
for (const [text, path, expected] of found) {
  test(`the objects of ${JSON.stringify(text)} are found as they are written`, () => {
    assert.equal(lines(itemsOf(text, path)), expected)
  })
}

const refused: readonly (readonly [text: string, path: string[]])[] = [
  ['[1]', []],
  ['[{"a":1},null]', []],
  ['[{"a":1},[]]', []],
  ['[{"a":1e5}]', []],
  ['[{"a":1.5E-7}]', []],
  ['[{\n"a":1}]', []],
  ['{"d":[{"a":1}],"d":[{"a":2}]}', ['d']]
]
for (const [text, path] of refused) {
  test(`the text of ${JSON.stringify(text)} is not repeated as it is`, () => {
    assert.equal(itemsOf(text, path), null)
  })
}

test('a path that leads nowhere finds nothing', () => {
  assert.equal(findItems(Buffer.from('{"a":[{}]}'), ['b'], [{}]), null)
  assert.equal(findItems(Buffer.from('{"a":{"b":1}}'), ['a', 'b'], []), null)
  assert.equal(findItems(Buffer.from('[{"a":1}]'), [], [{ a: 1 }, { a: 2 }]), null)
})

test('some of the objects are those', () => {
  const items = itemsOf('[{"n":0},{"n":1}, {"n":2},{"n":3}]', [])
  assert.ok(items)
  assert.equal(lines(pickItems(items, [0, 3])), '{"n":0}\n{"n":3}\n')
  assert.equal(lines(sliceItems(items, 1, 3)), '{"n":1}\n{"n":2}\n')
  assert.equal(lines(withoutItems(items, [1, 2])), '{"n":0}\n{"n":3}\n')
  assert.equal(lines(withoutItems(items, [])), '{"n":0}\n{"n":1}\n{"n":2}\n{"n":3}\n')
  const pairs = createItemJoiner(Buffer.from(',\n'), Buffer.alloc(0))
  assert.equal(Buffer.from(pairs(items)).toString(), '{"n":0},\n{"n":1},\n{"n":2},\n{"n":3}')
})

test('any list of objects is found, whatever stands around it', () => {
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }))
  fc.assert(
    fc.property(objects, fc.jsonValue(), fc.constantFrom(0, 1), (list, other, indent) => {
      const text = JSON.stringify({ other, list, last: other }, null, indent)
      const items = itemsOf(text, ['list'])
      if (items === null) {
        // Only what must not be repeated is left out.
        assert.ok(/\d[eE]/.test(JSON.stringify(list)) || (indent > 0 && list.length > 0))
        return
      }
      const joined = lines(items) ?? ''
      const rows = joined.split('\n').slice(0, -1)
      assert.deepEqual(
        rows.map(row => JSON.parse(row)),
        JSON.parse(JSON.stringify(list))
      )
    })
  )
})
