import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createCompilation } from '../../../service/compiler/compilation.ts'
import { compileMadeTable } from '../../../service/compiler/example/compile-made-example.ts'
import type { MadeExampleRecord, MadeExampleSchema } from '../../../service/model/example-record.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

/** The made table of a type `A`, as plain JSON. */
function tableOf(schema: string, schemas = ''): MadeExampleRecord | undefined {
  const text = `openapi: 3.1.0
info: {title: Test, version: '1'}
paths: {}
components:
  schemas:
    A: ${schema}
${schemas}
`
  const url = 'https://docs.example.com/openapi.yaml'
  const compilation = createCompilation(parseDocument(text, 'application/yaml', url))
  const located = { schema: { $ref: '#/components/schemas/A' }, at: '/components/schemas/B' }
  const made = compileMadeTable(compilation, located, { type: 'A', ids: ['id'] })
  return made === undefined ? undefined : JSON.parse(JSON.stringify(made))
}

/** The properties of a row of a table. */
function rowOf(table: MadeExampleRecord | undefined): {
  readonly [key: string]: MadeExampleSchema
} {
  const list = table?.schema
  assert.ok(list !== undefined && 'items' in list && 'properties' in list.items)
  return list.items.properties
}

/** The copy of a schema that is the required property `p` of an object. */
function copyOf(schema: string, schemas = ''): MadeExampleSchema | undefined {
  return rowOf(tableOf(`{type: object, required: [p], properties: {p: ${schema}}}`, schemas)).p
}

function valuesIn(schema: MadeExampleSchema): number {
  if ('properties' in schema) {
    return Object.values(schema.properties).reduce((sum, held) => sum + valuesIn(held), 1)
  }
  return 'items' in schema ? 1 + schema.maxItems * valuesIn(schema.items) : 1
}

test('E6 what the schema gives itself goes round, its default first', () => {
  for (const [schema, expected] of [
    ['{type: string, default: a, enum: [b, a]}', { among: ['a', 'b'] }],
    ['{type: string, enum: [b, a, b]}', { among: ['b', 'a', 'b'] }],
    ['{type: string, enum: ["", a]}', { const: 'a' }],
    ['{type: string, default: ""}', { type: 'string' }],
    ['{const: 7}', { const: 7 }],
    ['{type: integer, default: none, enum: [x, 3]}', { const: 3 }],
    ['{type: boolean, default: false}', { const: false }],
    ["{type: 'null'}", { const: null }],
    ['{enum: [null]}', { const: null }],
    ['{type: array, items: {type: string}, maxItems: 0}', { const: [] }]
  ] as const) {
    assert.deepEqual(copyOf(schema), expected, schema)
  }
})

test('E15 a copy keeps kinds, formats, patterns and bounds with every digit', () => {
  for (const [schema, expected] of [
    ['{type: string, format: date}', { type: 'string', format: 'date' }],
    ['{type: string, minLength: 6, maxLength: 9}', { type: 'string', minLength: 6, maxLength: 9 }],
    [
      "{type: string, pattern: '^#([A-F]{6}|[A-F]{3})$'}",
      { type: 'string', pattern: '^#([A-F]{6}|[A-F]{3})$' }
    ],
    ['{type: integer, minimum: 3}', { type: 'integer', minimum: 3 }],
    [
      '{type: integer, exclusiveMinimum: 3, exclusiveMaximum: 5.5}',
      { type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 5.5 }
    ],
    ['{type: number, multipleOf: 0.5}', { type: 'number', multipleOf: 0.5 }],
    ['{type: boolean}', { type: 'boolean' }],
    ['{}', { type: 'string' }],
    ['{oneOf: [{type: boolean}, {type: integer}]}', { type: 'boolean' }],
    [
      '{type: object, additionalProperties: {type: boolean}}',
      { type: 'object', properties: { reference: { type: 'boolean', mayMiss: true } } }
    ],
    [
      '{type: object, required: [b], properties: {a: {type: boolean, writeOnly: true}, b: {type: [boolean, "null"]}}}',
      { type: 'object', properties: { b: { type: 'boolean', orNull: true } } }
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

test('E6 a table has five rows with ids, lists in a row have two items within their bounds', () => {
  const table = tableOf(
    '{type: object, properties: {id: {type: string}, l: {type: array, items: {type: string}}, m: {type: array, minItems: 3, maxItems: 9, items: {type: string}}, o: {type: array, maxItems: 1, items: {type: string}}}}'
  )
  assert.ok(table !== undefined && 'items' in table.schema)
  assert.deepEqual([table.schema.minItems, table.schema.maxItems], [5, 5])
  const text = { type: 'string' }
  assert.deepEqual(rowOf(table), {
    id: { type: 'string', idOf: 'A', mayMiss: true },
    l: { type: 'array', items: text, minItems: 0, maxItems: 2, mayMiss: true },
    m: { type: 'array', items: text, minItems: 3, maxItems: 3, mayMiss: true },
    o: { type: 'array', items: text, minItems: 0, maxItems: 1, mayMiss: true }
  })
})

test('G12 the seed is of the document and the type', () => {
  const [a, b] = ['{type: object, properties: {id: {type: string}}}', '{properties: {n: {}}}'].map(
    schema => tableOf(schema)
  )
  assert.ok(a !== undefined && Number.isInteger(a.seed))
  assert.equal(a.seed, b?.seed)
  assert.deepEqual([a.idSeed, a.idSeed === a.seed], [b?.idSeed, false])
})

test('B9 B11 counts, lengths and patterns that exhaust a generator are clamped in the copy', () => {
  for (const pattern of [
    '^(a+)+$',
    '^([a-z]+)*x$',
    '^((ab)*c*)+$',
    '^(a|aa)+$',
    '^([Aa]|[Aa]{2}){50}$',
    '^((a)|(ab))*$',
    '^(a|)*b$',
    '^a{1000000000}$',
    '((a{1000}){1000}){1000}',
    '(a{99}){99}',
    '(?=a)b',
    '(?<name>a)',
    '(a)\\1',
    '[z-a]',
    'a'.repeat(301),
    '('.repeat(9) + ')'.repeat(9)
  ]) {
    assert.deepEqual(copyOf(`{type: string, pattern: '${pattern}'}`), { type: 'string' }, pattern)
  }
  for (const pattern of ['^(foo|bar)+$', '^([a-z]|[0-9]|-)*$', '^(\\\\d{3}|x\\\\d{5})$']) {
    const made = copyOf(`{type: string, pattern: "${pattern}"}`)
    assert.ok(made !== undefined && 'pattern' in made, pattern)
  }
  const long = { type: 'string', minLength: 200 }
  assert.deepEqual(copyOf('{type: string, minLength: 1.0e+9}'), long)
  assert.deepEqual(copyOf('{type: array, minItems: 1.0e+9, items: {type: boolean}}'), {
    type: 'array',
    items: { type: 'boolean' },
    minItems: 20,
    maxItems: 20
  })
  assert.deepEqual(copyOf(`{type: string, default: ${'x'.repeat(201)}}`), { type: 'string' })
})

test('E14 B11 what nests, fans out or contains itself is copied within its bounds, breadth first', () => {
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
    const made = tableOf(`{type: object, properties: {p: ${schema}, q: {type: boolean}}}`, schemas)
    assert.ok(made)
    assert.ok(valuesIn(made.schema) <= 2_000, String(valuesIn(made.schema)))
    assert.deepEqual(rowOf(made).q, { type: 'boolean', mayMiss: true })
  }
  const self = `    Self: {type: object, properties: {x: {type: boolean}, self: {$ref: '#/components/schemas/Self'}, all: {type: array, items: {$ref: '#/components/schemas/Self'}}}}`
  const x = { type: 'boolean', mayMiss: true }
  assert.deepEqual(copyOf("{$ref: '#/components/schemas/Self'}", self), {
    type: 'object',
    name: 'Self',
    properties: { x, all: { const: [] } }
  })
  const loop = `    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}], properties: {x: {type: boolean}}}`
  assert.deepEqual(copyOf("{$ref: '#/components/schemas/Loop'}", loop), {
    type: 'object',
    name: 'Loop',
    properties: { x }
  })
})
