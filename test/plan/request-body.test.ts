import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import type { PlannedBody } from '../../service/plan/types.ts'
import type { MappedCall } from '../support/mapped-call.ts'
import { plan, problem } from './plan-records.ts'

type Body = NonNullable<MappedCall['body']>

const JSON_BODY: Body = {
  mediaType: 'application/json',
  encoding: 'json',
  wrap: '',
  list: false,
  shape: null,
  required: false,
  exclude: []
}

const FORM: Body = {
  ...JSON_BODY,
  encoding: 'form',
  mediaType: 'application/x-www-form-urlencoded'
}

const MULTIPART: Body = {
  ...JSON_BODY,
  encoding: 'multipart',
  mediaType: 'multipart/form-data'
}

function sent(body: Body, value: JsonValue): PlannedBody | null {
  return plan({ method: 'POST', body }, { input: { body: value } }).body
}

function text(body: Body, value: JsonValue): string {
  const planned = sent(body, value)
  assert.ok(planned?.encoding === 'text')
  assert.equal(planned.mediaType, body.mediaType)
  return planned.text
}

test('a JSON body keeps every digit and its declared media type', () => {
  const value = { a: JSON.rawJSON('12345678901234567890.5'), b: null, c: '€' }
  const body = { ...JSON_BODY, mediaType: 'application/vnd.x+json' }
  assert.equal(text(body, value), '{"a":12345678901234567890.5,"b":null,"c":"€"}')
})

test('a JSON body is wrapped where the mapping says, in an array where the body is one', () => {
  assert.equal(text({ ...JSON_BODY, wrap: 'data.thing' }, { a: 1 }), '{"data":{"thing":{"a":1}}}')
  assert.equal(text({ ...JSON_BODY, list: true }, { a: 1 }), '[{"a":1}]')
  assert.equal(text({ ...JSON_BODY, list: true }, [{ a: 1 }, { a: 2 }]), '[{"a":1},{"a":2}]')
  assert.equal(text({ ...JSON_BODY, list: true, wrap: 'x' }, { a: 1 }), '[{"x":{"a":1}}]')
})

test('M18 null and what is empty clear a member of a deepObject, also deep in it', () => {
  const style = { style: 'deepObject', explode: true, allowReserved: false } as const
  const field = { style, mediaType: null, headers: {}, file: null }
  const fields = { place: field, tags: field, labels: field, count: field }
  const value = {
    place: { line: null, city: 'Oslo', at: { x: null, y: JSON.rawJSON('1.25') } },
    tags: [],
    labels: {},
    count: null
  }
  assert.deepEqual(
    [...new URLSearchParams(text({ ...FORM, fields }, value))],
    [
      ['place[line]', ''],
      ['place[city]', 'Oslo'],
      ['place[at][x]', ''],
      ['place[at][y]', '1.25'],
      ['tags', ''],
      ['labels', ''],
      ['count', '']
    ]
  )
})

test('B32 a form has scalars as text, arrays as repeated fields, objects as JSON text', () => {
  const value = {
    name: 'å & b=c',
    size: JSON.rawJSON('0.10000000000000000001'),
    isOpen: false,
    gone: null,
    tags: ['x', 2],
    none: [],
    maker: { city: 'Oslo' }
  }
  assert.deepEqual(
    [...new URLSearchParams(text(FORM, value))],
    [
      ['name', 'å & b=c'],
      ['size', '0.10000000000000000001'],
      ['isOpen', 'false'],
      ['gone', ''],
      ['tags', 'x'],
      ['tags', '2'],
      ['maker', '{"city":"Oslo"}']
    ]
  )
  assert.equal(text(FORM, { 'a b': 'c d' }), 'a+b=c+d')
})

test('B32 a multipart body has a part for each value, objects as JSON', () => {
  const value = { title: 'x', pages: [1, 2], content: 'aGk=', meta: { a: 1 } }
  assert.deepEqual(sent(MULTIPART, value), {
    encoding: 'multipart',
    parts: [
      { name: 'title', value: 'x', mediaType: null },
      { name: 'pages', value: '1', mediaType: null },
      { name: 'pages', value: '2', mediaType: null },
      { name: 'content', value: 'aGk=', mediaType: null },
      { name: 'meta', value: '{"a":1}', mediaType: 'application/json' }
    ]
  })
})

test('B32 half of a character in a form is a problem, never a crash', () => {
  problem('PARAMETER_INVALID', () => sent(FORM, { a: '\ud800' }))
})

test('C24 a body is sent only where the operation takes one', () => {
  assert.equal(plan({ method: 'DELETE', body: null }, { input: { body: { a: 1 } } }).body, null)
  assert.equal(plan({ method: 'POST', body: JSON_BODY }).body, null)
  const declared = plan({ method: 'DELETE', body: JSON_BODY }, { input: { body: { a: 1 } } })
  assert.notEqual(declared.body, null)
})
