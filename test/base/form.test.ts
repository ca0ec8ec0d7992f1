import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'
import { Check, Errors } from 'typebox/schema'

import type { Form } from '../../service/base/form.ts'
import { Type } from '../../service/base/form.ts'
import { fits, violations } from '../../service/base/violations.ts'
import { extensions } from '../../service/parse/extensions.ts'

/** The paths and messages of a value's violations. */
function broken(form: Form, value: unknown): string[] {
  return [...violations(form, value)].map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('an object fits its form with any further members, and without those that may be missing', () => {
  const form = Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) })
  assert.ok(fits(form, { name: 'a', other: 1 }))
  assert.ok(fits(form, { name: 'a', size: 2 }))
  assert.deepEqual(broken(form, {}), [': must have required properties name'])
  assert.deepEqual(broken(form, { name: 1, size: 1.5 }), [
    'name: must be string',
    'size: must be integer'
  ])
  for (const value of ['a', null, [], 5]) assert.equal(broken(form, value)[0], ': must be object')
})

test('a member of the prototype is no member of an object', () => {
  const form = Type.Object({ toString: Type.Unknown() })
  assert.deepEqual(broken(form, {}), [': must have required properties toString'])
})

test('limits on texts count characters, those on lists items, and those on numbers are inclusive or not', () => {
  const text = Type.String({ minLength: 1, maxLength: 2 })
  assert.ok(fits(text, '😀😀'))
  assert.deepEqual(broken(text, '😀😀😀'), [': must not have more than 2 characters'])
  assert.deepEqual(broken(text, ''), [': must not have fewer than 1 characters'])
  const list = Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 2 })
  assert.ok(fits(list, [0.1, 1]))
  assert.deepEqual(broken(list, [0]), ['0: must be > 0', ': must not have fewer than 2 items'])
  assert.ok(fits(Type.Integer({ minimum: 3, maximum: 3 }), 3))
})

test('a value that fits no alternative lists the violations of each', () => {
  const form = Type.Union([Type.Literal('on'), Type.Literal(false), Type.Record(Type.String())])
  for (const value of ['on', false, {}, { a: 'b' }]) assert.ok(fits(form, value))
  assert.deepEqual(broken(form, { a: 1 }), [
    ': must be string',
    ': must be equal to constant',
    ': must be boolean',
    ': must be equal to constant',
    'a: must be string',
    ': must match a schema in anyOf'
  ])
})

test('a number that no double holds is neither a number nor an object', () => {
  const exact = JSON.rawJSON('12345678901234567890.5')
  assert.deepEqual(broken(Type.Number(), exact), [': must be number'])
  assert.deepEqual(broken(Type.Object({}), exact), [': must be object'])
})

test('the violations of a large value are listed only as far as anybody reads them', () => {
  const value = Array.from({ length: 100_000 }, () => 'a')
  assert.equal(broken(Type.Array(Type.Integer()), value).length, 8)
})

/** A form as TypeBox writes it: it has the members of a record as a pattern. */
function asTypeBox({ additionalProperties, properties, anyOf, items, ...form }: Form): object {
  return {
    ...form,
    ...(items && { items: asTypeBox(items) }),
    ...(anyOf && { anyOf: anyOf.map(asTypeBox) }),
    ...(additionalProperties && { patternProperties: { '': asTypeBox(additionalProperties) } }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, asTypeBox(inner)])
      )
    })
  }
}

const names = fc.constantFrom('a', 'b', 'c')

const { form: randomForm } = fc.letrec<{ form: Form }>(tie => ({
  form: fc.oneof(
    { maxDepth: 3 },
    fc.constant(Type.Unknown()),
    fc.constant(Type.Null()),
    fc.constant(Type.Boolean()),
    fc.record({ minLength: fc.nat(2), maxLength: fc.nat(3) }).map(Type.String),
    fc.record({ minimum: fc.nat(2), maximum: fc.nat(3) }).map(Type.Integer),
    fc.record({ exclusiveMinimum: fc.nat(2) }).map(Type.Number),
    fc.constantFrom('a', 'b', true).map(Type.Literal),
    tie('form').map(Type.Record),
    fc.tuple(tie('form'), fc.record({ minItems: fc.nat(2) })).map(given => Type.Array(...given)),
    fc.array(tie('form'), { minLength: 1, maxLength: 3 }).map(choices => Type.Union(choices)),
    fc
      .dictionary(names, fc.oneof(tie('form'), tie('form').map(Type.Optional)))
      .map(members => Type.Object({ ...members }))
  )
}))

const { value: randomValue } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 'a', 'b', '', 'abc', 0, 1, 2, 2.5, 4),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'))
  )
}))

function assertLikeTypeBox(form: Form, value: unknown): void {
  const schema = asTypeBox(form)
  assert.equal(fits(form, value), Check(schema, value))
  const [, errors] = Errors(schema, value)
  const expected = errors.map(
    ({ instancePath, message }) => `${instancePath.slice(1).replaceAll('/', '.')}: ${message}`
  )
  assert.deepEqual(broken(form, value), expected)
}

test('forms mean what they mean to TypeBox, with its messages in its order', () => {
  fc.assert(fc.property(randomForm, randomValue, assertLikeTypeBox), { numRuns: 2_000 })
})

test('J06 the forms of the x-flow keys mean what they mean to TypeBox', () => {
  const members = fc.constantFrom(
    ...Object.values(extensions).flatMap(({ schema }) => Object.keys(schema.properties ?? {}))
  )
  const inner = fc.oneof(randomValue, fc.dictionary(members, randomValue))
  for (const { schema } of Object.values(extensions)) {
    const value = fc.oneof(randomValue, fc.dictionary(members, inner))
    fc.assert(
      fc.property(value, given => assertLikeTypeBox(schema, given)),
      { numRuns: 200 }
    )
  }
})
