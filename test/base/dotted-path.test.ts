import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { followPath, joinPath, splitPath, wrapAt } from '../../service/base/dotted-path.ts'

const name = fc.string({ minLength: 1 }).filter(text => !text.includes('\\'))

test('any names, with dots in them escaped, go into a path and come out of it', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), names => {
      assert.deepEqual(splitPath(joinPath(names)), names)
    })
  )
})

test('what is wrapped under a path is found there', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), names => {
      assert.equal(followPath(wrapAt(joinPath(names), 'here'), joinPath(names)), 'here')
    })
  )
})

test('a path is tried as one literal key first, then split at its dots', () => {
  const body = { '@odata.nextLink': 'literal', '@odata': { nextLink: 'split', count: 3 } }
  assert.equal(followPath(body, '@odata.nextLink'), 'literal')
  assert.equal(followPath(body, '@odata.count'), 3)
  assert.equal(followPath({ 'a.b': { c: 1 } }, 'a\\.b.c'), 1)
})

test('I16 an index takes an item of a list, wherever it stands', () => {
  const body = { data: [{ id: 1, tags: [['a', 'b']] }], 'x[0]': 'literal', 0: 'member' }
  for (const [path, value] of [
    ['data.0.id', 1],
    ['data[0].id', 1],
    ['data[0].tags[0][1]', 'b'],
    ['data.0.tags.0.1', 'b'],
    ['x[0]', 'literal'],
    ['0', 'member'],
    ['data[1].id', undefined],
    ['data.00x', undefined],
    ['data[0', undefined],
    ['data.length', undefined],
    ['data[id]', undefined]
  ] as const) {
    assert.equal(followPath(body, path), value, path)
  }
  assert.equal(followPath([{ id: 1 }], '[0].id'), 1)
  assert.equal(followPath([[{ id: 1 }]], '[0][0].id'), 1)
})

test('a blank path is the root', () => {
  assert.deepEqual(followPath([1], ''), [1])
  assert.deepEqual(wrapAt('', [1]), [1])
})

test('a path that leads nowhere has no value, through inherited names neither', () => {
  for (const path of ['b', 'a.b', 'a.length', 'constructor', '__proto__.x', 'a.b.c.d']) {
    assert.equal(followPath({ a: 'text' }, path), undefined, path)
  }
  assert.equal(JSON.stringify(wrapAt('__proto__.x', 1)), '{"__proto__":{"x":1}}')
})

test('P5 [-1] leads to the last item of a list, unless there is a member of that name', () => {
  const body = { data: [{ id: 1 }, { id: 2, tags: [['a'], ['b', 'c']] }], 'x[-1]': 'member', o: {} }
  assert.equal(followPath(body, 'data[-1].id'), 2)
  assert.equal(followPath(body, 'data[-1].tags[-1][-1]'), 'c')
  assert.equal(followPath(body.data, '[-1].id'), 2)
  assert.equal(followPath(body, 'x[-1]'), 'member')
  for (const path of ['o[-1].id', 'none[-1].id', 'data[-1].none', 'data[-2].id', 'data[-1]x']) {
    assert.equal(followPath(body, path), undefined, path)
  }
  assert.equal(followPath({ data: [] }, 'data[-1].id'), undefined)
})
