import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judgeExamples } from '../../../service/compiler/example/judge-examples.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

/** What is told of a document: where, and the reason. */
function told(paths: string, schemas = ''): string[] {
  const text = `openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
${paths}
components:
  schemas:
${schemas}
`
  const document = parseDocument(text, 'application/yaml', 'https://docs.example.com/a.yaml')
  return judgeExamples(document).map(({ pointer, message }) => {
    return `${pointer.split('/').slice(-2).join('/')}: ${message.split(': ').slice(1).join(': ')}`
  })
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
