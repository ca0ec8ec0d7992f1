import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { MadeExampleRecord, MadeExampleSchema } from '../../../service/model/example-record.ts'
import { compile } from '../../support/compile.ts'

/** What is kept to make the answer of `GET /a` from, as plain JSON; its type has one property. */
function madeExampleOf(
  response: string,
  { schemas = '', type = '{ type: object, properties: { id: { type: string } } }' } = {}
): MadeExampleRecord | undefined {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a:
    get: {responses: {'200': {description: ok${response}}}}
components:
  schemas:
    Named: ${type}
${schemas}
    A:
      x-flow-type: {name: A}
      x-flow-query: {path: /a, example: true}
      allOf: [{$ref: '#/components/schemas/Named'}]
`)
  const { made } = model.examples['query:A']?.answers['200'] ?? {}
  return made === undefined ? undefined : JSON.parse(JSON.stringify(made))
}

/** The copy of a schema that stands as the property `p` of the answer's objects. */
function copyOf(schema: string, schemas = ''): MadeExampleSchema | undefined {
  const answer = `, content: {application/json: {schema: {type: array, items: {properties: {p: ${schema}}}}}}`
  const list = madeExampleOf(answer, { schemas })?.schema
  assert.ok(list !== undefined && 'items' in list && 'properties' in list.items)
  return list.items.properties.p
}

function valuesIn(schema: MadeExampleSchema): number {
  if ('properties' in schema) {
    return Object.values(schema.properties).reduce((sum, held) => sum + valuesIn(held), 1)
  }
  return 'items' in schema ? 1 + schema.maxItems * valuesIn(schema.items) : 1
}

test('G11 what the schema gives itself is taken: its default, its const, the first of its enum', () => {
  for (const [schema, expected] of [
    ['{type: string, default: a, enum: [b, a]}', 'a'],
    ['{type: string, enum: [b, a]}', 'b'],
    ['{const: 7}', 7],
    ['{type: integer, default: none, enum: [x, 3]}', 3],
    ['{type: boolean, default: false}', false],
    ["{type: 'null'}", null],
    ['{enum: [null]}', null],
    ['{type: array, items: {type: string}, maxItems: 0}', []]
  ] as const) {
    assert.deepEqual(copyOf(schema), { const: expected }, schema)
  }
})

test('G11 a copy keeps kinds, formats and bounds, and drops what contradicts itself', () => {
  for (const [schema, expected] of [
    ['{type: string, format: date}', { type: 'string', format: 'date' }],
    ['{type: string, minLength: 6, maxLength: 9}', { type: 'string', minLength: 6, maxLength: 9 }],
    ['{type: string, maxLength: 2}', { type: 'string', minLength: 2, maxLength: 2 }],
    ["{type: string, pattern: '^[A-Z]{3}-\\d+$'}", { type: 'string', pattern: '^[A-Z]{3}-\\d+$' }],
    ['{type: integer, minimum: 3}', { type: 'integer', minimum: 3, maximum: 1003 }],
    [
      '{type: integer, exclusiveMinimum: 3, exclusiveMaximum: 5.5}',
      { type: 'integer', minimum: 4, maximum: 5 }
    ],
    [
      '{type: integer, minimum: 10, maximum: 20, multipleOf: 5}',
      { type: 'integer', minimum: 10, maximum: 20, multipleOf: 5 }
    ],
    [
      '{type: integer, minimum: 11, maximum: 14, multipleOf: 5}',
      { type: 'integer', minimum: 11, maximum: 14 }
    ],
    ['{type: integer, minimum: 9, maximum: 2}', { type: 'integer', minimum: 9, maximum: 9 }],
    ['{type: boolean}', { type: 'boolean' }],
    ['{}', { type: 'string', minLength: 4, maxLength: 12 }],
    ['{oneOf: [{type: boolean}, {type: integer}]}', { type: 'boolean' }],
    [
      '{type: object, additionalProperties: {type: boolean}}',
      { type: 'object', properties: { key: { type: 'boolean' } } }
    ],
    [
      '{type: object, properties: {a: {type: boolean, writeOnly: true}, b: {type: boolean}}}',
      { type: 'object', properties: { b: { type: 'boolean' } } }
    ]
  ] as const) {
    assert.deepEqual(copyOf(schema), expected, schema)
  }
})

test('G11 of several choices the first is made, with what tells it', () => {
  const schemas = `    Cat: {type: object, properties: {kind: {type: string}, lives: {type: integer, default: 9}}}
    Dog: {type: object, properties: {kind: {type: string}, tricks: {type: boolean}}}`
  const choice = `oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]`
  const cat = { lives: { const: 9 }, kind: { const: 'Cat' } }
  assert.deepEqual(copyOf(`{${choice}, discriminator: {propertyName: kind}}`, schemas), {
    type: 'object',
    properties: cat
  })
})

test('G11 an answer without a schema to speak of is one object of the type, where the objects stand', () => {
  const own = {
    type: 'object',
    properties: { id: { type: 'string', minLength: 4, maxLength: 12 } }
  }
  for (const response of [
    '',
    ', content: {application/json: {}}',
    ', content: {application/json: {schema: {type: object}}}',
    ', content: {application/json: {schema: {type: array, items: {}}}}'
  ]) {
    const list = { type: 'array', items: own, minItems: 1, maxItems: 1 }
    assert.deepEqual(madeExampleOf(response)?.schema, list, response)
  }
  assert.equal(madeExampleOf('', { type: '{ type: object }' }), undefined)
})

test('G12 the seed is of the document and the operation', () => {
  const [a, b] = [madeExampleOf(''), madeExampleOf(', content: {application/json: {schema: {}}}')]
  assert.ok(a !== undefined && Number.isInteger(a.seed))
  assert.equal(a.seed, b?.seed)
})

test('B9 B11 counts, lengths and patterns that exhaust a generator are clamped in the copy', () => {
  const text = { type: 'string', minLength: 4, maxLength: 12 }
  for (const pattern of [
    '^(a+)+$',
    '^a{1000000000}$',
    '((a{1000}){1000}){1000}',
    '(?=a)b',
    '[z-a]',
    'a'.repeat(65)
  ]) {
    assert.deepEqual(copyOf(`{type: string, pattern: '${pattern}'}`), text, pattern)
  }
  const long = { type: 'string', minLength: 200, maxLength: 200 }
  assert.deepEqual(copyOf('{type: string, minLength: 1.0e+9}'), long)
  assert.deepEqual(copyOf('{type: array, minItems: 1.0e+9, items: {type: boolean}}'), {
    type: 'array',
    items: { type: 'boolean' },
    minItems: 20,
    maxItems: 20
  })
  assert.deepEqual(copyOf(`{type: string, default: ${'x'.repeat(201)}}`), text)
})

test('B11 what nests, fans out or contains itself is copied within its bounds', () => {
  const lists = Array.from({ length: 30 }).reduce<string>(
    inner => `{type: array, minItems: 1000, items: ${inner}}`,
    '{type: boolean}'
  )
  const levels = Array.from({ length: 25 }, (_, level) => {
    const next = `{$ref: '#/components/schemas/L${level + 1}'}`
    return `    L${level}: {type: object, properties: {x: {type: boolean}, a: ${next}, b: ${next}, c: ${next}}}`
  })
  const fan = [...levels, '    L25: {type: object, properties: {x: {type: boolean}}}'].join('\n')
  const wide = Array.from({ length: 5_000 }, (_, i) => `p${i}: {type: boolean}`).join(', ')
  for (const [schema, schemas] of [
    [lists, ''],
    ["{$ref: '#/components/schemas/L0'}", fan],
    [`{type: object, properties: {${wide}}}`, '']
  ] as const) {
    const answer = `, content: {application/json: {schema: {type: object, properties: {p: ${schema}, q: {type: boolean}}}}}`
    const made = madeExampleOf(answer, { schemas })
    assert.ok(made)
    assert.ok(valuesIn(made.schema) <= 2_000, String(valuesIn(made.schema)))
    assert.ok('properties' in made.schema)
    assert.deepEqual(made.schema.properties.q, { type: 'boolean' })
  }
  const self = `    Self: {type: object, properties: {x: {type: boolean}, self: {$ref: '#/components/schemas/Self'}, all: {type: array, items: {$ref: '#/components/schemas/Self'}}}}`
  assert.deepEqual(copyOf("{$ref: '#/components/schemas/Self'}", self), {
    type: 'object',
    properties: { x: { type: 'boolean' } }
  })
  const loop = `    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}], properties: {x: {type: boolean}}}`
  assert.deepEqual(copyOf("{$ref: '#/components/schemas/Loop'}", loop), {
    type: 'object',
    properties: { x: { type: 'boolean' } }
  })
})
