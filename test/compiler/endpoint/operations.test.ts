import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { BoundParameter } from '../../../service/model/bound-parameters.ts'
import { compile, diagnosticsOf, operationOf } from '../../support/compile.ts'

/** A document with one type `A` that has the given mappings, and the given paths. */
function documentOf(mappings: string, paths: string, version = '3.0.3'): string {
  return `openapi: ${version}
info: {title: Test, version: '1'}
paths:
${paths.trim().replaceAll(/^/gm, '  ')}
components:
  schemas:
    A:
      type: object
      properties:
        id: {type: string}
        name: {type: string}
        href: {type: string, readOnly: true}
        owner: {type: object, properties: {code: {type: string}}}
      x-flow-type: {name: A, customProperties: {list_id: string}}
${mappings.trim().replaceAll(/^/gm, '      ')}
`
}

const OK = "responses: {'200': {description: ok}}"

/** The parameters of one query mapping, by name. */
function parametersOf(
  mapping: string,
  declared: string,
  path = '/a'
): { [name: string]: BoundParameter } {
  const model = compile(
    documentOf(
      `x-flow-query: {path: '${path}'${mapping === '' ? '' : `, ${mapping}`}}`,
      `${path}: {get: {parameters: [${declared}], ${OK}}}`
    )
  )
  const { parameters } = operationOf(model, 'query:A')
  return Object.fromEntries(parameters.map(parameter => [parameter.name, parameter]))
}

test('C06 C17 the operation is any method in any letter case, with a default for each mapping', () => {
  const model = compile(
    documentOf(
      `x-flow-load: {path: /a, operation: Get}
x-flow-query: {path: /a, operation: POST}
x-flow-save: {path: /a, operation: Put}
x-flow-update: {path: /a, operation: pAtCh}
x-flow-delete: {path: /a, operation: Delete}`,
      `/a: {get: {${OK}}, post: {${OK}}, put: {${OK}}, patch: {${OK}}, delete: {${OK}}}`
    )
  )
  const endpoints = Object.values(model.mappings).map(({ verb, endpoint }) => `${verb} ${endpoint}`)
  const methods = endpoints.map(words => words.replace(' /a', ''))
  assert.deepEqual(methods, ['load GET', 'query POST', 'save PUT', 'update PATCH', 'delete DELETE'])
  const defaults = compile(
    documentOf(
      `x-flow-load: {path: /a}
x-flow-query: {path: /a}
x-flow-save: {path: /a}
x-flow-update: {path: /a}
x-flow-delete: {path: /a}`,
      `/a: {get: {${OK}}, post: {${OK}}, put: {${OK}}, delete: {${OK}}}`
    )
  )
  assert.deepEqual(
    Object.values(defaults.mappings).map(({ endpoint }) => endpoint),
    ['GET /a', 'GET /a', 'POST /a', 'PUT /a', 'DELETE /a']
  )
  assert.deepEqual(diagnosticsOf(defaults), [])
})

test('C06 3.2: the query method and additional operations', () => {
  const model = compile(
    documentOf(
      'x-flow-query: {path: /a, operation: query}\nx-flow-save: {path: /a, operation: copy}',
      `/a: {query: {requestBody: {content: {application/json: {schema: {type: object}}}}, ${OK}}, additionalOperations: {COPY: {parameters: [{name: to, in: query, required: true, schema: {type: string, default: x}}], ${OK}}}}`,
      '3.2.0'
    )
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.equal(operationOf(model, 'query:A').method, 'QUERY')
  assert.equal(operationOf(model, 'query:A').body?.mediaType, 'application/json')
  assert.equal(operationOf(model, 'save:A').method, 'COPY')
  assert.equal(operationOf(model, 'save:A').parameters[0]?.fallback, 'x')
})

test('A17 parameters, bodies, responses and path items are found through references', () => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a: {$ref: '#/components/pathItems/Item'}
components:
  pathItems:
    Item:
      parameters: [{$ref: '#/components/parameters/Limit'}]
      post:
        requestBody: {$ref: '#/components/requestBodies/Body'}
        responses: {'201': {$ref: '#/components/responses/Made'}}
  parameters: {Limit: {name: limit, in: query, schema: {$ref: '#/components/schemas/Size'}}}
  requestBodies: {Body: {content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}}
  responses: {Made: {description: ok, content: {application/json: {schema: {properties: {it: {$ref: '#/components/schemas/A'}}}}}}}
  schemas:
    Size: {type: integer, default: 20, maximum: 50}
    Sent: {properties: {name: {type: string}}}
    A:
      x-flow-type: {name: A}
      x-flow-save: {path: /a, parameters: {limit: {default: 5}}}
      properties: {id: {type: string}, name: {type: string}}
`)
  const operation = operationOf(model, 'save:A')
  const [limit] = operation.parameters
  assert.deepEqual([limit?.kind, limit?.maximum, limit?.fallback], ['integer', 50, 5])
  assert.deepEqual(Object.keys(operation.body?.shape?.members ?? {}), ['name'])
  assert.deepEqual(operation.records, { at: 'path', path: 'it' })
  assert.deepEqual(diagnosticsOf(model), [
    '20:7 info RECORDS_INFERRED /components/schemas/A/x-flow-save'
  ])
})

test('C13 $User fields are sources in any letter case', () => {
  const fields =
    'UserID Email FirstName LastName DirectoryId DirectoryName PrimaryGroupId PrimaryGroupName RoleId RoleName'
  for (const field of fields.split(' ')) {
    for (const word of [
      `$User.${field}`,
      `$user.${field.toLowerCase()}`,
      `$USER.${field.toUpperCase()}`
    ]) {
      const { p } = parametersOf(`parameters: {p: ${word}}`, '{name: p, in: query}')
      assert.deepEqual(p?.sources, [{ from: 'user', field }], word)
    }
  }
})

test('C11 C12 id and externalId are words on every mapping, and win over a property of that name', () => {
  for (const word of ['id', 'externalId']) {
    const { p } = parametersOf(`parameters: {p: ${word}}`, '{name: p, in: query}')
    assert.deepEqual(p?.sources, [{ from: 'id', part: null }])
  }
})

test('D02 list words are sources on loads, properties on writes; a property is a filter on loads', () => {
  for (const word of ['limit', 'offset', 'search', 'orderBy', 'direction']) {
    const { p } = parametersOf(`parameters: {p: ${word}}`, '{name: p, in: query}')
    assert.deepEqual(p?.sources, [{ from: word }])
  }
  const { p, q } = parametersOf(
    'parameters: {p: name, q: list_id}',
    '{name: p, in: query}, {name: q, in: query}'
  )
  const equal = (column: string) => [{ from: 'filter', column, criterion: 'EQUAL', any: false }]
  assert.deepEqual([p?.sources, q?.sources], [equal('name'), equal('list_id')])
})

test('C14 on writes a source is any property, custom and nested ones included', () => {
  const model = compile(
    documentOf(
      'x-flow-save: {path: /a, parameters: {p: NAME, q: list_id, r: owner.code}}',
      `/a: {post: {parameters: [{name: p, in: query}, {name: q, in: query}, {name: r, in: query}], ${OK}}}`
    )
  )
  assert.deepEqual(
    operationOf(model, 'save:A').parameters.map(({ sources }) => sources),
    [
      [{ from: 'property', path: ['name'] }],
      [{ from: 'property', path: ['list_id'] }],
      [{ from: 'property', path: ['owner', 'code'] }]
    ]
  )
})

test('C15 C16 a constant of the mapping, else the default of the schema, fills what nothing else does', () => {
  const declared = `{name: own, in: query, schema: {type: string, default: schema}},
    {name: given, in: query, schema: {type: string, default: schema}},
    {name: both, in: query, schema: {type: integer}},
    {name: zero, in: query, schema: {type: integer, default: 0}},
    {name: beside, in: query, schema: {allOf: [{$ref: '#/components/schemas/A/properties/name'}], default: beside}},
    {name: exact, in: query, schema: {type: number, default: 12345678901234567890.5}}`
  const found = parametersOf(
    'parameters: {given: {default: [a, 1]}, both: {from: limit, default: 10}}',
    declared
  )
  assert.equal(found.own?.fallback, 'schema')
  assert.deepEqual(found.given?.fallback, ['a', 1])
  assert.deepEqual(found.given?.sources, [])
  assert.deepEqual([found.both?.sources, found.both?.fallback], [[{ from: 'limit' }], 10])
  assert.equal(found.zero?.fallback, 0)
  assert.equal(found.beside?.fallback, 'beside')
  assert.equal(JSON.stringify(found.exact?.fallback), '12345678901234567890.5')
})

test('C15 a default may be sent on saves and updates too', () => {
  const model = compile(
    documentOf(
      'x-flow-save: {path: /a, parameters: {p: {default: 1}}}\nx-flow-update: {path: /a, parameters: {p: {default: 2}}}',
      `/a: {parameters: [{name: p, in: query}], post: {${OK}}, put: {${OK}}}`
    )
  )
  assert.equal(operationOf(model, 'save:A').parameters[0]?.fallback, 1)
  assert.equal(operationOf(model, 'update:A').parameters[0]?.fallback, 2)
})

test('C18 headers of the mapping are sources too, and win over declared parameters', () => {
  const found = parametersOf(
    'headers: {X-Client: {default: flow}, x-actor: $User.Email, Authorization: $Var.KEY}',
    '{name: X-Actor, in: header, required: true, schema: {type: string}}, {name: X-Other, in: header}'
  )
  assert.deepEqual(Object.keys(found), ['X-Other', 'X-Client', 'x-actor', 'Authorization'])
  assert.deepEqual([found['X-Client']?.fallback, found['X-Client']?.fromHeaders], ['flow', true])
  assert.deepEqual(found['x-actor']?.sources, [{ from: 'user', field: 'Email' }])
  assert.deepEqual(found.Authorization?.sources, [{ from: 'variable', name: 'KEY' }])
  assert.equal(found['X-Other']?.fromHeaders, false)
})

test('D05 headers that have security schemes are ignored as parameters, as OpenAPI says', () => {
  const ignored = ['Accept', 'content-type', 'Authorization']
  const found = parametersOf('', ignored.map(name => `{name: ${name}, in: header}`).join(', '))
  assert.deepEqual(found, {})
})

test('D01 where: the property is left, the parameter right, with criteria and several values', () => {
  const declared = ['a', 'b', 'c', 'd'].map(name => `{name: ${name}, in: query}`).join(', ')
  const found = parametersOf(
    'parameters: {where: {name: a, ID: {GREATER_THAN: b, less_than: c}, href: {EQUAL: {parameter: d, any: true}}}}',
    declared
  )
  const filter = (column: string, criterion: string, any = false) => [
    { from: 'filter', column, criterion, any }
  ]
  assert.deepEqual(found.a?.sources, filter('name', 'EQUAL'))
  assert.deepEqual(found.b?.sources, filter('id', 'GREATER_THAN'))
  assert.deepEqual(found.c?.sources, filter('id', 'LESS_THAN'))
  assert.deepEqual(found.d?.sources, filter('href', 'EQUAL', true))
})

test('D01 properties may be called from and default, and a parameter may be called where', () => {
  const text = documentOf(
    'x-flow-query: {path: /a, parameters: {where: {from: a, default: b}}}',
    `/a: {get: {parameters: [{name: a, in: query}, {name: b, in: query}], ${OK}}}`
  ).replace('name: {type: string}', 'from: {type: string}\n        default: {type: string}')
  const model = compile(text)
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(
    operationOf(model, 'query:A').parameters.map(({ sources }) => sources),
    ['from', 'default'].map(column => [{ from: 'filter', column, criterion: 'EQUAL', any: false }])
  )
  const declared = '{name: where, in: query, schema: {type: string}}'
  assert.deepEqual(parametersOf('parameters: {where: search}', declared).where?.sources, [
    { from: 'search' }
  ])
  assert.equal(parametersOf('parameters: {where: {default: 1=1}}', declared).where?.fallback, '1=1')
})

test('D12 an order is written into one value', () => {
  const { sort } = parametersOf(
    'parameters: {sort: {from: orderBy, ascending: "{name}", descending: "-{name}", default: id}}',
    '{name: sort, in: query}'
  )
  assert.deepEqual(sort?.sources, [{ from: 'order', ascending: '{name}', descending: '-{name}' }])
  assert.equal(sort?.fallback, 'id')
})

test('D07 style and explode are read, with the defaults of their place', () => {
  const rows: readonly (readonly [parameter: string, style: string, explode: boolean])[] = [
    ['{in: query}', 'form', true],
    ['{in: query, explode: false}', 'form', false],
    ['{in: query, style: spaceDelimited}', 'spaceDelimited', false],
    ['{in: query, style: pipeDelimited, explode: true}', 'pipeDelimited', true],
    ['{in: query, style: deepObject}', 'deepObject', false],
    ['{in: query, style: matrix}', 'form', true],
    ['{in: header}', 'simple', false],
    ['{in: header, explode: true}', 'simple', true],
    ['{in: cookie}', 'form', true],
    ['{in: path}', 'simple', false],
    ['{in: path, style: label}', 'label', false],
    ['{in: path, style: matrix, explode: true}', 'matrix', true]
  ]
  for (const [given, style, explode] of rows) {
    const path = given.includes('in: path') ? '/a/{p}' : '/a'
    const { p } = parametersOf('parameters: {p: search}', given.replace('{', '{name: p, '), path)
    assert.deepEqual([p?.style, p?.explode], [style, explode], given)
  }
  const found = parametersOf(
    '',
    '{name: p, in: query, content: {application/json: {schema: {type: object}}}}, {name: q, in: query, allowReserved: true}'
  )
  assert.deepEqual([found.p?.json, found.q?.json, found.q?.allowReserved], [true, false, true])
})

test('D09 kinds, allowed values and the maximum of parameters come from their schemas', () => {
  const found = parametersOf(
    '',
    `{name: list, in: query, schema: {type: array, items: {type: integer, enum: [1, 12345678901234567890]}}},
     {name: day, in: query, schema: {type: string, format: date}},
     {name: limit, in: query, schema: {type: integer, maximum: 100}},
     {name: object, in: query, schema: {type: object}},
     {name: bare, in: query}`
  )
  assert.deepEqual(
    [found.list?.kind, found.list?.allowed],
    ['integer', ['1', '12345678901234567890']]
  )
  assert.equal(found.day?.kind, 'date')
  assert.equal(found.limit?.maximum, 100)
  assert.equal(found.object?.kind, 'json')
  assert.deepEqual(
    [found.bare?.kind, found.bare?.allowed, found.bare?.maximum],
    ['text', null, null]
  )
})

test('D05 parameters of the operation replace those of its path with the same name and place', () => {
  const model = compile(
    documentOf(
      'x-flow-query: {path: /a}',
      `/a:
  parameters:
    - {name: p, in: query, schema: {default: path}}
    - {name: q, in: query, schema: {default: path}}
    - {name: p, in: header, schema: {default: header}}
  get:
    parameters: [{name: p, in: query, schema: {default: operation}}]
    ${OK}`
    )
  )
  assert.deepEqual(
    operationOf(model, 'query:A').parameters.map(({ name, in: place, fallback }) => [
      name,
      place,
      fallback
    ]),
    [
      ['p', 'query', 'operation'],
      ['q', 'query', 'path'],
      ['p', 'header', 'header']
    ]
  )
})

test('A20 A25 the server of the operation wins over that of its path, and that over the root', () => {
  const text = `openapi: 3.0.3
info: {title: Test, version: '1'}
servers: [{url: 'https://root.example.com/v1'}, {url: 'https://other.example.com'}]
paths:
  /a: {get: {${OK}}}
  /b: {servers: [{url: 'https://path.example.com'}], get: {${OK}}}
  /c:
    servers: [{url: 'https://path.example.com'}]
    get:
      servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu, enum: [eu, us]}, n: {default: 1}}}]
      ${OK}
  /d: {servers: [], get: {${OK}}}
components:
  schemas:
${['a', 'b', 'c', 'd'].map(name => `    ${name}: {x-flow-type: {name: ${name}}, x-flow-query: {path: /${name}}, properties: {x: {}}}`).join('\n')}
`
  const model = compile(text)
  const server = (name: string) =>
    JSON.parse(JSON.stringify(operationOf(model, `query:${name}`).server))
  assert.deepEqual(server('a'), { url: 'https://root.example.com/v1', variables: {} })
  assert.equal(server('b').url, 'https://path.example.com')
  assert.equal(server('c').url, 'https://{region}.example.com')
  assert.deepEqual(server('c').variables, {
    region: { default: 'eu', allowed: ['eu', 'us'] },
    n: { default: '1', allowed: null }
  })
  assert.equal(server('d').url, 'https://root.example.com/v1')
  assert.equal(operationOf(compile(text.replace(/servers: .*\n/, '')), 'query:a').server.url, '/')
})
