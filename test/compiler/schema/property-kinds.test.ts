import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { PropertyRecord } from '../../../service/model/type-record.ts'
import {
  compile,
  compileSchemas,
  diagnosticsOf,
  exampleOf,
  installed,
  typeNamed
} from '../../support/compile.ts'

/** Compiles one type `A` with one property `p` of a schema. */
function propertyOf(schema: string, version = '3.1.0'): PropertyRecord {
  const model = compileSchemas(
    `A:\n  type: object\n  x-flow-type: {name: A}\n  properties: {p: ${schema}}`,
    { version }
  )
  assert.deepEqual(diagnosticsOf(model), [])
  const [property] = typeNamed(model, 'A').properties
  assert.ok(property)
  return property
}

/** Content type and kind of a property of a schema. */
function kindOf(schema: string, version?: string): string {
  const { content, value } = propertyOf(schema, version)
  return `${content} ${value.form === 'scalar' ? value.kind : value.form}`
}

function assertKinds(rows: readonly (readonly [schema: string, kind: string])[], version?: string) {
  for (const [schema, kind] of rows) assert.equal(kindOf(schema, version), kind, schema)
}

test('B04 kinds follow type and format', () => {
  assertKinds([
    ['{type: string}', 'ContentString text'],
    ['{type: string, format: uuid}', 'ContentString text'],
    ['{type: string, format: byte}', 'ContentString text'],
    ['{type: string, format: binary}', 'ContentString text'],
    ['{type: string, format: date-time}', 'ContentDateTime date-time'],
    ['{type: string, format: date}', 'ContentDateTime date'],
    ['{type: string, format: password}', 'ContentPassword text'],
    ['{type: string, format: html}', 'ContentContent text'],
    ['{type: string, contentMediaType: text/html; charset=utf-8}', 'ContentContent text'],
    ['{type: string, contentMediaType: image/png}', 'ContentString text'],
    ['{type: integer, format: int64}', 'ContentNumber integer'],
    ['{type: number, format: double}', 'ContentNumber number'],
    ['{type: boolean}', 'ContentBoolean boolean'],
    ['{type: object, properties: {a: {type: string}}}', 'ContentObject object'],
    ['{properties: {a: {type: string}}}', 'ContentObject object'],
    ['{type: array, items: {type: string}}', 'ContentList list'],
    ['{items: {type: string}}', 'ContentList list']
  ])
})

test('B04 a secret that is only written is a password by its name', () => {
  const secrets = ['password', 'api_secret', 'accessToken', 'ApiKey', 'pin', 'passphrase']
  const others = ['invitation', 'spinning', 'passenger', 'keyboard']
  for (const [names, content] of [
    [secrets, 'ContentPassword'],
    [others, 'ContentString']
  ] as const) {
    for (const name of names) {
      const model = compileSchemas(
        `A:\n  x-flow-type: {name: A}\n  properties: {${name}: {type: string, writeOnly: true}}`
      )
      assert.deepEqual(installed(model).A, [`${name} ${content}`])
    }
  }
  assert.equal(kindOf('{type: string, title: password}'), 'ContentString text')
})

test('B04 without a type the kind is that of the values that enum or const allow', () => {
  assertKinds([
    ['{enum: [a, b]}', 'ContentString text'],
    ['{enum: [1, 2]}', 'ContentNumber integer'],
    ['{enum: [1.5, 2]}', 'ContentNumber number'],
    ['{enum: [12345678901234567890]}', 'ContentNumber integer'],
    ['{enum: [true]}', 'ContentBoolean boolean'],
    ['{enum: [a, 1]}', 'ContentString text'],
    ['{const: a}', 'ContentString text'],
    ['{const: 2}', 'ContentNumber integer']
  ])
})

test('B23 nullable does not change the kind in 3.0', () => {
  for (const schema of [
    '{type: integer, nullable: true}',
    '{type: integer, enum: [1, null], nullable: true}'
  ]) {
    assert.equal(kindOf(schema, '3.0.3'), 'ContentNumber integer')
    assert.equal(propertyOf(schema, '3.0.3').nullable, true)
  }
  assert.equal(propertyOf('{type: integer}', '3.0.3').nullable, false)
})

test('A15 B23 lists of types and null unions of 3.1 are the one kind that is left', () => {
  for (const schema of [
    "{type: [integer, 'null']}",
    "{anyOf: [{type: integer}, {type: 'null'}]}",
    "{oneOf: [{type: 'null'}, {type: integer}]}",
    '{oneOf: [{type: integer}, {const: null}]}',
    '{oneOf: [{type: integer}, {enum: [null]}]}',
    '{enum: [1, null]}'
  ]) {
    assert.equal(kindOf(schema), 'ContentNumber integer', schema)
    assert.equal(propertyOf(schema).nullable, true, schema)
  }
})

test('A15 several kinds are text, numbers among themselves a number', () => {
  assertKinds([
    ['{type: [string, integer]}', 'ContentString text'],
    ["{type: [string, boolean, 'null']}", 'ContentString text'],
    ['{type: [integer, number]}', 'ContentNumber number'],
    ['{oneOf: [{type: string}, {type: boolean}]}', 'ContentString text'],
    ['{anyOf: [{type: integer}, {type: number}]}', 'ContentNumber number'],
    [
      '{anyOf: [{type: string, format: date}, {type: string, format: date}]}',
      'ContentDateTime date'
    ],
    [
      '{anyOf: [{type: string, format: date}, {type: string, format: date-time}]}',
      'ContentString text'
    ],
    ['{type: string, format: date, oneOf: [{minLength: 1}, {enum: [a]}]}', 'ContentDateTime date'],
    ['{oneOf: [{const: a}, {const: b}]}', 'ContentString text'],
    ['{type: number, anyOf: [{minimum: 1}, {maximum: -1}]}', 'ContentNumber number'],
    ['{type: [string, object]}', 'ContentString json'],
    [
      '{oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}',
      'ContentString json'
    ]
  ])
})

test('B28 M5 what has no form is kept as JSON text, and what may be anything as text', () => {
  assertKinds([
    ['{type: object}', 'ContentString json'],
    ['{type: object, additionalProperties: true}', 'ContentString json'],
    ['{type: object, additionalProperties: {}}', 'ContentString json'],
    ['{type: object, additionalProperties: false}', 'ContentString json'],
    ['{}', 'ContentString any'],
    ['true', 'ContentString any'],
    ['{description: anything}', 'ContentString any'],
    ['{type: array}', 'ContentString json'],
    ['{type: array, items: {}}', 'ContentString json'],
    ['{type: array, items: {type: object}}', 'ContentString json'],
    ['{type: array, items: {type: array, items: {type: string}}}', 'ContentString json'],
    [
      '{type: array, items: {oneOf: [{type: string}, {type: object, properties: {a: {}}}]}}',
      'ContentString json'
    ]
  ])
})

test('B27 a map is a list of Key and Value', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    texts: {type: object, additionalProperties: {type: string}}
    counts: {additionalProperties: {type: integer}}
    objects: {type: object, additionalProperties: {type: object, properties: {x: {type: string}}}}
    lists: {type: object, additionalProperties: {type: array, items: {type: number}}}
    maps: {type: object, additionalProperties: {type: object, additionalProperties: {type: string}}}`)
  assert.deepEqual(installed(model), {
    A: [
      'texts ContentList A:texts',
      'counts ContentList A:counts',
      'objects ContentList A:objects',
      'lists ContentList A:lists',
      'maps ContentList A:maps'
    ],
    'A:texts': ['Key ContentString', 'Value ContentString'],
    'A:counts': ['Key ContentString', 'Value ContentNumber'],
    'A:objects': ['Key ContentString', 'Value ContentObject A:objects:Value'],
    'A:objects:Value': ['x ContentString'],
    'A:lists': ['Key ContentString', 'Value ContentList A:lists:Value'],
    'A:lists:Value': ['ID ContentString', 'Value ContentNumber'],
    'A:maps': ['Key ContentString', 'Value ContentList A:maps:Value'],
    'A:maps:Value': ['Key ContentString', 'Value ContentString']
  })
  assert.equal(typeNamed(model, 'A:texts').form, 'entry')
})

test('B24 readOnly and writeOnly are marks, also through references and allOf', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    a: {type: string, readOnly: true}
    b: {type: string, writeOnly: true}
    c: {$ref: '#/components/schemas/Id'}
    d: {allOf: [{$ref: '#/components/schemas/Name'}], readOnly: true}
    e: {type: object, properties: {f: {type: string, readOnly: true}}}
Id: {type: integer, readOnly: true}
Name: {type: string}`)
  const marks = typeNamed(model, 'A').properties.map(
    ({ name, readOnly, writeOnly }) => `${name} ${readOnly} ${writeOnly}`
  )
  assert.deepEqual(marks, [
    'a true false',
    'b false true',
    'c true false',
    'd true false',
    'e false false'
  ])
  assert.equal(typeNamed(model, 'A:e').properties[0]?.readOnly, true)
})

test('B25 the values of an enum are a type of their own, with a query that needs no call', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    state: {type: string, enum: [open, done]}
    level: {$ref: '#/components/schemas/Level'}
    levels: {type: array, items: {$ref: '#/components/schemas/Level'}}
    fixed: {type: string, enum: [only]}
Level: {type: integer, enum: [1, 2, 12345678901234567890]}`)
  assert.deepEqual(model.index.types, ['A', 'A:levels', 'A:state values', 'Level values'])
  const values = typeNamed(model, 'Level values')
  assert.deepEqual(installed(model)['Level values'], ['Value ContentString', 'Title ContentString'])
  assert.equal(values.summary, 'Allowed values: 1, 2, 12345678901234567890')
  assert.deepEqual(values.identity.candidates, [['Value']])
  assert.deepEqual(exampleOf(model, values.mappings.query ?? '').answers['200']?.body, [
    { Value: '1', Title: '1' },
    { Value: '2', Title: '2' },
    { Value: '12345678901234567890', Title: '12345678901234567890' }
  ])
})

test('B25 types of values never clash, without regard to case', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    a: {$ref: '#/components/schemas/State'}
    b: {$ref: '#/components/schemas/STATE'}
    c: {$ref: '#/components/schemas/Mood'}
State: {type: string, enum: [a, b]}
STATE: {type: string, enum: [c, d]}
Mood: {type: string, enum: [e, f]}
Taken: {x-flow-type: {name: mood values}, properties: {x: {type: string}}}`)
  assert.deepEqual(model.index.types, ['A', 'State values', 'mood values'])
})

test('B26 the summary of a type is its own, else the description, else the title', () => {
  const model =
    compileSchemas(`A: {x-flow-type: {name: A, summary: S}, description: D, title: T, properties: {x: {}}}
B: {x-flow-type: {name: B}, description: D, title: T, properties: {x: {}}}
C: {x-flow-type: {name: C}, title: T, properties: {x: {type: object, description: N, properties: {y: {}}}}}
D: {x-flow-type: {name: D}, properties: {x: {}}}`)
  const summaries = ['A', 'B', 'C', 'C:x', 'D'].map(name => typeNamed(model, name).summary)
  assert.deepEqual(summaries, ['S', 'D', 'T', 'N', null])
})

test('B04 what may be sent blank is known: null where the schema allows it, else empty text', () => {
  const rows: readonly (readonly [string, boolean, boolean])[] = [
    ['{type: string}', false, true],
    ['{type: string, minLength: 0}', false, true],
    ['{type: string, minLength: 1}', false, false],
    ['{type: string, enum: [a, b]}', false, false],
    ["{type: string, enum: [a, '']}", false, true],
    ['{type: string, format: date}', false, false],
    ['{type: integer}', false, false],
    ["{type: ['null', string], minLength: 1}", true, false]
  ]
  for (const [schema, nullable, emptyAllowed] of rows) {
    const property = propertyOf(schema)
    assert.deepEqual([property.nullable, property.emptyAllowed], [nullable, emptyAllowed], schema)
  }
})

test('A15 3.1: words beside a reference count, in 3.0 only what describes', () => {
  const schemas = (version: string) =>
    compile(`openapi: ${version}
info: {title: Test, version: '1'}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      properties:
        own: {$ref: '#/components/schemas/Text', description: mine, readOnly: true, format: date}
        more: {$ref: '#/components/schemas/Point', properties: {z: {type: number}}}
        both: {$ref: '#/components/schemas/Point', allOf: [{properties: {z: {type: number}}}]}
    Text: {type: string}
    Point: {type: object, properties: {x: {type: number}}}
`)
  assert.deepEqual(installed(schemas('3.1.0')), {
    A: ['own ContentDateTime', 'more ContentObject A:more', 'both ContentObject A:both'],
    'A:more': ['x ContentNumber', 'z ContentNumber'],
    'A:both': ['x ContentNumber', 'z ContentNumber']
  })
  assert.deepEqual(installed(schemas('3.0.3')), {
    A: ['own ContentString', 'more ContentObject A:more', 'both ContentObject A:both'],
    'A:more': ['x ContentNumber'],
    'A:both': ['x ContentNumber']
  })
  assert.equal(typeNamed(schemas('3.0.3'), 'A').properties[0]?.readOnly, true)
})
