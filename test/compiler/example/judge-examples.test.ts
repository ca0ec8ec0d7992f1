import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judgeExamples } from '../../../service/compiler/example/judge-examples.ts'
import type { UnlocatedDiagnostic } from '../../../service/model/diagnostic.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

/** The diagnostics of a document. */
function judged(paths: string, schemas: string): readonly UnlocatedDiagnostic[] {
  const text = `openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
${paths}
components:
  schemas:
${schemas}
`
  const document = parseDocument(text, 'application/yaml', 'https://docs.example.com/a.yaml')
  return judgeExamples(document)
}

/** What is told of a document: where, and the reason. */
function told(paths: string, schemas = ''): string[] {
  return judged(paths, schemas).map(({ pointer, message }) => {
    return `${pointer.split('/').slice(-2).join('/')}: ${message.split(': ').slice(1).join(': ')}`
  })
}

function remediesOf(schema: string, example: string): string[] {
  return judged('  {}', `    A: {${schema}, example: ${example}}`).map(({ remedy }) => remedy)
}

/** What is told of the example of a schema. */
function toldOf(schema: string, example: string): string[] {
  return told('  {}', `    A: {${schema}, example: ${example}}`)
}

const PERSON =
  'type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}, age: {type: [integer, "null"]}, mail: {type: string, format: email}}'

test('G25 a value of another kind, format or enum is told where it is', () => {
  for (const [schema, example, reason] of [
    ['type: integer', '"12"', 'it is the text "12" where an integer is due'],
    ['type: integer', '1.5', 'it is 1.5 where an integer is due'],
    ['type: boolean', '"true"', 'it is the text "true" where a boolean is due'],
    ['type: array, items: {type: string}', '{a: 1}', 'it is an object where a list is due'],
    ['type: string', 'null', 'it is null where text is due'],
    ['type: string, format: date', '01/02/2026', '"01/02/2026" is not a date as 2026-06-15'],
    ['type: string, format: uuid', 'abc', '"abc" is not a UUID'],
    ['type: string, format: email', 'ana', '"ana" is not an email address'],
    ['type: string, enum: [open, closed]', 'Open', '"Open" is none of "open", "closed"'],
    ['type: integer, enum: [1, 2]', '3', '3 is none of 1, 2']
  ] as const) {
    assert.deepEqual(toldOf(schema, example), [`A/example: ${reason}`], schema)
  }
})

test('G25 placeholders, missing and unknown members are told, each at its place', () => {
  assert.deepEqual(toldOf(PERSON, '{nmae: Ana, mail: string}'), [
    'A/example: the required "name" is missing',
    'example/nmae: the schema has no property "nmae" (did you mean "name"?)',
    'example/mail: "string" is a placeholder'
  ])
  for (const placeholder of ['"{{id}}"', '"<name>"', '"\\u0024{user.name}"', '"{name}"']) {
    assert.equal(toldOf('type: string', placeholder).length, 1, placeholder)
  }
})

test('G25 an id that two objects of a list share is told at the second', () => {
  const list = `type: array, items: {${PERSON}}`
  const rows = '[{id: 1, name: a}, {id: 2, name: b}, {id: 1, name: c}]'
  assert.deepEqual(toldOf(list, rows), ['2/id: the id 1 is that of another object of the list'])
})

test('G25 examples that fit are not told of, whatever the schema leaves open', () => {
  for (const [schema, example] of [
    [PERSON, '{name: Ana, age: null}'],
    [`${PERSON}, additionalProperties: true`, '{name: Ana, more: 1}'],
    ['type: object, additionalProperties: {type: integer}', '{a: 1, b: 2}'],
    ['oneOf: [{type: string}, {type: integer}]', '5'],
    ['type: [string, integer]', '5'],
    ['anyOf: [{type: array, items: {type: string}}, {type: string}]', '[a]'],
    [
      'allOf: [{type: object, properties: {a: {type: string}}}], properties: {b: {type: string}}',
      '{a: x, b: y}'
    ],
    ['type: string, enum: [string, number]', 'string'],
    ['description: anything', '{a: [1, b]}'],
    ['type: number', '12345678901234567890.5'],
    ['type: string, format: date-time', '"2026-02-03T04:05:06.789+01:00"']
  ] as const) {
    assert.deepEqual(toldOf(schema, example), [], schema)
  }
})

test('G25 each misfit says what to write', () => {
  const schema =
    'type: object, properties: {n: {type: integer}, t: {type: string}, d: {type: string, format: date}, e: {enum: [a]}, l: {type: array, items: {}}}, required: [n]'
  for (const [example, fix] of [
    ['{n: "1"}', 'Write it without quotation marks, or correct the schema.'],
    ['{n: one}', 'Write an integer, or correct the schema.'],
    ['{n: 1, t: 2}', 'Write it in quotation marks, or correct the schema.'],
    ['{n: 1, t: null}', 'Write text, or let the schema allow null.'],
    ['{n: 1, t: string}', 'Write a value that the API has.'],
    ['{n: 1, d: today}', 'Write a date as 2026-06-15, or correct `format: date` of the schema.'],
    ['{n: 1, e: b}', 'Write one of them, or add the value to the `enum`.'],
    ['{n: 1, l: "[1]"}', 'Write a list, not text, or correct the schema.'],
    ['{n: 1, m: 2}', 'Correct its name, or add it to `properties` of the schema.'],
    ['{}', 'Add "n" to the example, or remove it from `required`.']
  ] as const) {
    assert.deepEqual(remediesOf(schema, example), [`${fix} See docs/x-flow.md#written-examples.`])
  }
})

test('G25 names in brackets are values where templates are due', () => {
  for (const [name, extra, value] of [
    ['versionFormat', '', '{version}'],
    ['url_template', '', '{{url}}'],
    ['namespace', ', description: "As `<name>` by default."', '<name>'],
    ['prefix', ', default: "{prefix}"', '{prefix}'],
    ['dataType', '', 'string']
  ] as const) {
    const schema = `type: object, properties: {${name}: {type: string${extra}}}`
    assert.deepEqual(toldOf(schema, `{${name}: "${value}"}`), [], name)
  }
  assert.equal(
    toldOf('type: object, properties: {kindOf: {type: string}}', '{kindOf: string}').length,
    1
  )
})

test('G25 the example of a part or a choice may be of the whole', () => {
  for (const word of ['allOf', 'anyOf']) {
    const part = (example: string): string =>
      `${word}: [{type: object, properties: {a: {type: integer}}}, {type: object, properties: {b: {type: integer}}, example: ${example}}]`
    const schema = (example: string): string[] => told('  {}', `    A: {${part(example)}}`)
    assert.deepEqual(schema('{b: 1}'), [], word)
    assert.equal(schema('{b: x}').length, 1, word)
  }
  const whole = `    A: {allOf: [{type: object, properties: {a: {type: integer}}}, {type: object, properties: {b: {type: integer}}, example: {a: 1, b: 2}}]}`
  assert.deepEqual(told('  {}', whole), [])
})

test('G25 of several choices the one that knows the most members is told', () => {
  const choices =
    'oneOf: [{type: object, required: [p], properties: {p: {}}}, {type: object, required: [q, r, s], properties: {q: {}, r: {type: integer}, s: {}}}]'
  assert.deepEqual(toldOf(choices, '{q: 1, r: x}'), [
    'A/example: the required "s" is missing (compared with the nearest of 2 choices)',
    'example/r: it is the text "x" where an integer is due (compared with the nearest of 2 choices)'
  ])
})

test('G25 an object with a discriminator may have the members of what extends it', () => {
  const base = 'type: object, discriminator: {propertyName: k}, properties: {k: {type: string}}'
  assert.deepEqual(toldOf(base, '{k: Dog, bark: loud}'), [])
  assert.equal(toldOf(base, '{k: 1, bark: loud}').length, 1)
})

test('G25 the example of a parameter or a header may be written as it is sent', () => {
  const parameter = (schema: string, example: string, place = 'in: query'): string[] =>
    told(
      `  /a: {get: {parameters: [{name: p, ${place}, schema: {${schema}}, example: ${example}}]}}`,
      '    A: {}'
    )
  const ids = 'type: array, items: {type: integer}'
  for (const [schema, example] of [
    ['type: number', '"1461897483"'],
    ['type: boolean', '"true"'],
    [ids, '"1,2"'],
    ['type: array, items: {type: string}', 'a']
  ] as const) {
    assert.deepEqual(parameter(schema, example), [], schema)
  }
  assert.equal(parameter(ids, '"1,b"').length, 1)
  assert.equal(parameter('type: integer', '"1.5"').length, 1)
  const header = `  /a: {get: {responses: {'200': {description: ok, headers: {X-Left: {schema: {type: integer}, example: "5"}}}}}}`
  assert.deepEqual(told(header, '    A: {}'), [])
})

test('G25 each row of a type is compared, and a reference inside of an example is told', () => {
  const type = 'x-flow-type: {name: A}, type: object, properties: {n: {type: integer}}'
  assert.deepEqual(toldOf(type, '[{n: 1}, {n: x}]'), [
    '1/n: it is the text "x" where an integer is due'
  ])
  assert.deepEqual(toldOf(type, '{n: {$ref: "#/components/examples/N/value"}}'), [
    'example/n: it is a reference to "#/components/examples/N/value", and references inside of examples are not followed'
  ])
})

test('G25 what is shown of a text is one line', () => {
  const [line = ''] = toldOf('type: integer', '"a\\n  b"')
  assert.match(line, /it is the text "a b" where an integer is due$/)
})

test('G25 the examples of answers, bodies, parameters and components are compared, by their names', () => {
  const paths = `  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}, example: x}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A'}
              examples:
                One: {value: {n: 1}}
                Two: {value: {n: two}}
                Three: {$ref: '#/components/examples/Three'}
`
  const schemas = `    A: {type: object, properties: {n: {type: integer}}}
  examples:
    Three: {value: {n: three}}`
  assert.deepEqual(told(paths, schemas), [
    '0/example: it is the text "x" where an integer is due',
    'value/n: it is the text "two" where an integer is due',
    'value/n: it is the text "three" where an integer is due'
  ])
})
