import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import { compile, operationOf } from '../../support/compile.ts'

/** A load of type `A` from a path with parameters, by what `parameters` of the mapping say. */
function compileLoad(declared: string, parameters: string, path = '/a/{id}'): ConnectorModel {
  return compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  ${path}:
    get: {parameters: ${declared}, responses: {'200': {description: ok}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-load: {path: '${path}', parameters: ${parameters}}, properties: {id: {type: string}}}
`)
}

/** What a load sends as constants: `location name value`. */
function filled(model: ConnectorModel): string[] {
  return operationOf(model, 'load:A').parameters.flatMap(({ in: location, name, fallback }) =>
    fallback === undefined ? [] : [`${location} ${name} ${JSON.stringify(fallback)}`]
  )
}

/** Parameters of one name in some locations. */
function named(name: string, ...locations: string[]): string {
  const list = locations.map(
    place => `{name: ${name}, in: ${place}, required: ${place === 'path'}, schema: {type: string}}`
  )
  return `[${list.join(', ')}]`
}

test('S20 a name that several parameters have is that in the path, else in the query, a header, a cookie', () => {
  const rows = [
    [['cookie', 'header', 'query', 'path'], 'path'],
    [['cookie', 'header', 'query'], 'query'],
    [['cookie', 'header'], 'header'],
    [['cookie'], 'cookie']
  ] as const
  for (const [locations, wanted] of rows) {
    const path = wanted === 'path' ? '/a/{id}' : '/a'
    const model = compileLoad(named('id', ...locations), '{id: {default: x}}', path)
    assert.deepEqual(filled(model), [`${wanted} id "x"`])
  }
})

test('S20 a location in front of a name chooses, and each can have its own value', () => {
  const declared = named('id', 'path', 'query', 'header', 'cookie')
  const all =
    '{path.id: {default: 1}, query.id: {default: 2}, header.ID: {default: 3}, cookie.id: {default: 4}}'
  assert.deepEqual(filled(compileLoad(declared, all)), [
    'path id 1',
    'query id 2',
    'header id 3',
    'cookie id 4'
  ])
  const both = compileLoad(declared, '{id: {default: 1}, header.id: {default: 3}}')
  assert.deepEqual(filled(both), ['path id 1', 'header id 3'])
  assert.deepEqual(both.index.diagnostics, [])
})

test('S20 S11 a declared parameter of the very name wins over a location in front', () => {
  const declared = `[{name: query.id, in: header, schema: {type: string}}, {name: body.id, in: query, schema: {type: string}}, {name: id, in: query, schema: {type: string}}]`
  const model = compileLoad(declared, '{query.id: {default: 1}, body.id: {default: 2}}', '/a')
  assert.deepEqual(filled(model), ['header query.id 1', 'query body.id 2'])
})

test('S20 what a location chooses and nothing declares is sent there, with a warning', () => {
  const model = compileLoad('[]', '{query.q: {default: 1}, header.h: {default: 2}, path.id: id}')
  assert.deepEqual(filled(model), ['query q 1', 'header h 2'])
  assert.deepEqual(
    model.index.diagnostics.map(({ code, message }) => `${code} ${message.split(';')[1]}`),
    [
      'PARAMETER_UNKNOWN  it is sent in the query',
      'PARAMETER_UNKNOWN  it is sent in the header',
      'PARAMETER_UNKNOWN  it is sent in the path'
    ]
  )
  const nowhere = compileLoad('[]', '{path.other: id}', '/a')
  assert.deepEqual(
    nowhere.index.diagnostics.map(({ code }) => code),
    ['PARAMETER_UNSUPPORTED']
  )
})

test('S20 conditions go to the parameter that a location chooses', () => {
  const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a: {get: {parameters: [{name: city, in: header, schema: {type: string}}, {name: city, in: query, schema: {type: string}}], responses: {'200': {description: ok}}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a, parameters: {where: {City: header.city}}}, properties: {City: {type: string}}}
`)
  const used = operationOf(model, 'query:A').parameters.filter(({ sources }) => sources.length > 0)
  assert.deepEqual(
    used.map(({ in: location, name }) => `${location} ${name}`),
    ['header city']
  )
})

test('S11 a member of the body has the form of the body schema, in arrays and maps too', () => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {properties: {
        n: {type: integer, enum: [1, 2]}, 'a.b': {type: boolean}, list: {type: array, items: {type: integer}},
        rows: {type: array, items: {properties: {day: {type: string, format: date}}}}, map: {additionalProperties: {type: number}}, any: {} }}}}}
      responses: {'200': {description: ok}}
    delete: {responses: {'204': {description: ok}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-save: {path: /a, parameters: {body.n: x, body.a.b: x, body.list: x, body.rows.day: x, body.map.k: x, body.any.deep: x, body.lost: x}}
      x-flow-delete: {path: /a, parameters: {body.n: x}}
      properties: {x: {type: string}}
`)
  const { bindings } = model.mappings['save:A'] ?? {}
  assert.deepEqual(
    bindings?.map(({ place }) => [place?.path, place?.kind, place?.list]),
    [
      [['n'], 'integer', false],
      [['a.b'], 'boolean', false],
      [['list'], 'integer', true],
      [['rows', 'day'], 'date', false],
      [['map', 'k'], 'number', false],
      [['any', 'deep'], 'text', false],
      [['lost'], 'text', false]
    ]
  )
  assert.deepEqual(bindings?.[0]?.place?.allowed, ['1', '2'])
  assert.deepEqual(
    model.index.diagnostics.map(({ code, severity, message }) => [code, severity, message]),
    [
      [
        'PARAMETER_UNKNOWN',
        'warning',
        'POST /a declares no parameter "body.lost" (did you mean "list"?); it is sent in the body'
      ],
      [
        'PARAMETER_UNSUPPORTED',
        'error',
        'parameter "body.n" is not supported: the operation takes no body'
      ]
    ]
  )
})
