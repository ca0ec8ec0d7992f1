import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'
import Type from 'typebox'
import { Value } from 'typebox/value'

import { pointer } from '../../service/base/json-pointer.ts'
import { createMisfitFinder } from '../../service/protocol/find-misfit.ts'
import {
  DescribeServiceRequest,
  ObjectDataRequest,
  Problem
} from '../../service/protocol/schemas.ts'
import { nearly } from '../fuzz/hostile-values.ts'
import { arbitraryOf } from '../fuzz/schema-arbitrary.ts'

const vocabulary = { words: { text: ['a', 'b'] }, values: {}, usual: [] }

test('C5 what TypeBox refuses has a misfit, at one of the places that TypeBox names, and what it takes has none', () => {
  for (const schema of [ObjectDataRequest, DescribeServiceRequest, Problem]) {
    const find = createMisfitFinder(schema)
    const valid = arbitraryOf(schema, vocabulary)
    let misfits = 0
    fc.assert(
      fc.property(fc.oneof(valid, nearly(valid)), value => {
        const misfit = find(value)
        assert.equal(misfit === null, Value.Check(schema, value))
        if (misfit === null) return
        misfits++
        const places = Value.Errors(schema, value).map(({ instancePath }) => instancePath)
        // TypeBox stops after some errors, or follows every choice; ours is one of them or beyond.
        const at = pointer('', ...misfit.path)
        assert.ok(places.length >= 8 || places.includes(at), `${at} is not of ${places.join(' ')}`)
        assert.ok(misfit.expected.length > 0 && misfit.expected.every(words => words !== ''))
      }),
      { seed: 5, numRuns: 300 }
    )
    assert.ok(misfits > 20)
  }
})

test('of several choices the one that fits the deepest tells what was expected', () => {
  const find = createMisfitFinder(
    Type.Union([
      Type.Object({ kind: Type.Literal('a'), inner: Type.Object({ size: Type.Integer() }) }),
      Type.Object({ name: Type.String({ minLength: 1 }) }),
      Type.Null()
    ])
  )
  assert.equal(find({ name: 'x' }), null)
  assert.deepEqual(find({ kind: 'a', inner: { size: 'big' } }), {
    path: ['inner', 'size'],
    expected: ['a whole number']
  })
  assert.deepEqual(find(5), { path: [], expected: ['an object', 'null'] })
  assert.deepEqual(find({})?.path, [])
  assert.deepEqual(find({ name: '' })?.path, ['name'])
})
