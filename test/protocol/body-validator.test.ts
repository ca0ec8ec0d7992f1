import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'
import Type from 'typebox'
import { Value } from 'typebox/value'

import { pointer } from '../../service/base/json-pointer.ts'
import { createViolationFinder } from '../../service/protocol/body-validator.ts'
import {
  DescribeServiceRequest,
  ObjectDataRequest,
  Problem
} from '../../service/protocol/schemas.ts'
import { nearly } from '../fuzz/hostile-values.ts'
import { arbitraryOf } from '../fuzz/schema-arbitrary.ts'

const vocabulary = { words: { text: ['a', 'b'] }, values: {}, usual: [] }

test('C5 the validator finds a violation, at a location that TypeBox reports, exactly where TypeBox does', () => {
  for (const schema of [ObjectDataRequest, DescribeServiceRequest, Problem]) {
    const find = createViolationFinder(schema)
    const valid = arbitraryOf(schema, vocabulary)
    let violations = 0
    fc.assert(
      fc.property(fc.oneof(valid, nearly(valid)), value => {
        const violation = find(value)
        assert.equal(violation === null, Value.Check(schema, value))
        if (violation === null) return
        violations++
        const reported = Value.Errors(schema, value).map(({ instancePath }) => instancePath)
        // TypeBox stops after 8 errors; ours may be a later one.
        const at = pointer('', ...violation.path)
        const isReported = reported.length >= 8 || reported.includes(at)
        assert.ok(isReported, `${at} is not one of ${reported.join(' ')}`)
        assert.ok(violation.expected.length > 0 && violation.expected.every(words => words !== ''))
      }),
      { seed: 5, numRuns: 300 }
    )
    assert.ok(violations > 20)
  }
})

test('the best matching of several choices determines what was expected', () => {
  const find = createViolationFinder(
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
