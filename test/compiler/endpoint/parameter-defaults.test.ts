import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, operationOf } from '../../support/compile.ts'

function read(parameter: string): {
  readonly value: unknown
  readonly findings: readonly string[]
} {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths: {/a: {get: {parameters: [{name: p, in: query, ${parameter}}], responses: {}}}}
components: {schemas: {A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {}}}}}
`)
  return {
    value: operationOf(model, 'query:A').parameters[0]?.default,
    findings: model.index.diagnostics
      .filter(({ code }) => code === 'DEFAULT_UNUSABLE')
      .map(
        ({ line, severity, message }) =>
          `${line} ${severity} ${message.replace(/^.* is not sent: /, '')}`
      )
  }
}

for (const [parameter, reason] of [
  ["schema: {type: string, default: The current user's name}", 'it is prose'],
  ["schema: {type: string, default: 'all, unless a status is given.'}", 'it is prose'],
  ['schema: {default: the server decides this}', 'it is prose'],
  ['description: Today, schema: {type: string, default: today}', 'it is the description again'],
  [
    'schema: {type: string, description: page size, default: page size}',
    'it is the description again'
  ],
  ['schema: {type: integer, default: none}', 'it is no integer'],
  ['schema: {type: integer, default: 1.5}', 'it is no integer'],
  ["schema: {type: number, default: ''}", 'it is no number'],
  ['schema: {type: integer, minimum: 1, default: 0}', 'it is below the minimum'],
  ['schema: {type: integer, exclusiveMaximum: 100, default: 100}', 'it is above the maximum'],
  ["schema: {type: boolean, default: 'yes'}", 'it is no boolean'],
  ['schema: {type: string, enum: [asc, desc], default: up}', 'it is not in the `enum`'],
  ["schema: {type: string, enum: [asc, desc], default: ''}", 'it is not in the `enum`'],
  [
    'schema: {type: array, items: {type: string, enum: [a, b]}, default: [a, c]}',
    'it is not in the `enum`'
  ],
  ['schema: {type: array, items: {type: integer}, default: all}', 'it is no integer'],
  ['schema: {type: string, maxLength: 2, default: eng}', 'it is longer than `maxLength`'],
  ['schema: {type: string, format: date, default: today}', 'it is no date'],
  ['style: deepObject, schema: {type: object, default: x}', 'it is no object']
] as const) {
  test(`M17 a default that is none is not sent: ${parameter}`, () => {
    assert.deepEqual(read(parameter), { value: undefined, findings: [`4 warning ${reason}`] })
  })
}

for (const [parameter, value] of [
  ['schema: {type: string, default: created_at desc}', 'created_at desc'],
  [
    "schema: {type: string, default: 'id asc, name desc, created_at asc', enum: ['id asc, name desc, created_at asc', name]}",
    'id asc, name desc, created_at asc'
  ],
  ["schema: {type: integer, default: '20'}", '20'],
  ['schema: {type: integer, minimum: 1, maximum: 20, default: 20}', 20],
  ['schema: {type: boolean, default: false}', false],
  ["schema: {type: boolean, default: 'True'}", true],
  ["schema: {type: boolean, default: 'FALSE'}", false],
  ["schema: {type: string, default: 'True'}", 'True'],
  ["schema: {type: array, items: {type: string, enum: [a, b]}, default: 'a,b'}", 'a,b'],
  [
    "schema: {type: string, format: date-time, default: '2020-01-01T00:00:00Z'}",
    '2020-01-01T00:00:00Z'
  ],
  ['schema: {type: string, default: 2.5}', 2.5],
  ['description: asc, schema: {type: string, enum: [asc, desc], default: asc}', 'asc'],
  ["schema: {type: string, default: ''}", ''],
  ['schema: {type: integer, default: null}', undefined]
] as const) {
  test(`M17 a good default is sent: ${parameter}`, () => {
    assert.deepEqual(read(parameter), { value, findings: [] })
  })
}
