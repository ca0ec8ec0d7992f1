import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonValue } from '../../service/base/json.ts'
import {
  compositeParts,
  createIdGenerator,
  isGeneratedId,
  ownId
} from '../../service/objects/external-id.ts'

const identity = (...candidates: string[][]) => ({ composite: null, candidates })
const composite = {
  composite: [
    { part: 'tenant', path: ['tenant'] },
    { part: 'meta.no', path: ['meta', 'no'] }
  ],
  candidates: []
}

test('B16 the first candidate that has a value is the external id', () => {
  const candidates = identity(['pet_id'], ['meta', 'uid'], ['code'])
  assert.equal(ownId(candidates, { pet_id: 'p-1', code: 'x' }), 'p-1')
  assert.equal(ownId(candidates, { pet_id: ' ', meta: { uid: 'u-1' } }), 'u-1')
  assert.equal(ownId(candidates, { pet_id: null, code: 'x' }), 'x')
  assert.equal(ownId(candidates, { pet_id: {}, meta: [], code: true }), undefined)
})

test('B16 a number is an id with all its digits', () => {
  assert.equal(
    ownId(identity(['id']), parseJson('{"id":12345678901234567890}')),
    '12345678901234567890'
  )
  assert.equal(ownId(identity(['id']), { id: 0 }), '0')
})

test('B16 an inherited member is never an id', () => {
  assert.equal(ownId(identity(['constructor', 'name']), {}), undefined)
})

test('B16 a composite key is reversible and has no character that a URL would change', () => {
  const id = ownId(composite, parseJson('{"tenant":"a/b+ü","meta":{"no":9007199254740993}}'))
  assert.match(id ?? '', /^[\w-]+$/)
  assert.deepEqual(compositeParts(id ?? '', composite), {
    tenant: 'a/b+ü',
    'meta.no': '9007199254740993'
  })
})

test('B16 a composite key of which a part has no value is none', () => {
  assert.equal(ownId(composite, { tenant: 'a', meta: {} }), undefined)
})

test('what is not exactly a composite key of the type has no parts', () => {
  const id = ownId(composite, { tenant: 'a', meta: { no: 1 } }) ?? ''
  const other = Buffer.from('["a"]').toString('base64url')
  const numbers = Buffer.from('["a",1]').toString('base64url')
  for (const wrong of ['', '7', `${id}=`, `${id}!`, id.slice(1), other, numbers]) {
    assert.equal(compositeParts(wrong, composite), undefined)
  }
  assert.equal(compositeParts(id, identity(['id'])), undefined)
})

test('B15 a generated id is a UUID of version 8 that is recognised when it comes back', () => {
  const id = createIdGenerator()('Pet', { name: 'Rex' })
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(isGeneratedId(id))
  assert.ok(isGeneratedId(id.toUpperCase()))
  assert.ok(!isGeneratedId('7f0c2d4e-1111-8a6b-9a57-0c6f3b2e9d10'))
  assert.ok(!isGeneratedId(`${id}-0`))
})

test('B15 equal content gives the same id in every answer, whatever the order of its members', () => {
  const first = createIdGenerator()('Pet', parseJson('{"a":1,"b":[{"c":0.0000001}],"d":null}'))
  const again = createIdGenerator()('Pet', parseJson('{"d":null,"b":[{"c":1e-7}],"a":1.0}'))
  assert.equal(first, again)
  assert.notEqual(first, createIdGenerator()('Dog', { a: 1, b: [{ c: 0.0000001 }], d: null }))
})

test('B15 equal objects of one answer are told apart by an ordinal', () => {
  const ids = () => {
    const generateId = createIdGenerator()
    return [{ a: 1 }, { a: 2 }, { a: 1 }].map(value => generateId('Pet', value))
  }
  assert.equal(new Set(ids()).size, 3)
  assert.deepEqual(ids(), ids())
})

test('B15 content that looks alike but is not equal gives different ids', () => {
  const values: JsonValue[] = [
    { a: '1' },
    { a: 1 },
    { a: [1] },
    { a: { b: 1 } },
    { a: 'b' },
    { 'a:1': 1 }
  ]
  const ids = values.map(value => createIdGenerator()('Pet', value))
  assert.equal(new Set(ids).size, values.length)
})

test('an answer nested a hundred thousand deep still gets its id', () => {
  let value: JsonValue = 1
  for (let depth = 0; depth < 100_000; depth++) value = depth % 2 ? [value] : { a: value }
  assert.ok(isGeneratedId(createIdGenerator()('Pet', value)))
})

test('B15 one letter in a long object, however deep, makes another id', () => {
  const object = (letter: string): JsonValue => ({
    text: 'x'.repeat(500),
    inner: { text: 'y'.repeat(500), list: [{ letter }, { more: 'z'.repeat(150) }] }
  })
  const idOf = (value: JsonValue): string => createIdGenerator()('Pet', value)
  assert.equal(idOf(object('a')), idOf(object('a')))
  assert.notEqual(idOf(object('a')), idOf(object('b')))
})
