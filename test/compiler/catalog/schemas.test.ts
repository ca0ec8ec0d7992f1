import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CatalogField } from '../../../service/model/catalog.ts'
import { catalogOf, catalogPaths, endpointNamed, fieldLines } from '../../support/catalog-of.ts'

const ok = "responses: {'200': {description: Done}}"
const PET = `components:
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}`

/** The fields of a schema in flow style, as those of a body. */
function fieldsOf(schema: string, more = '', version = '3.0.3'): readonly CatalogField[] {
  const catalog = catalogOf(`
openapi: ${version}
info: {title: T, version: '1'}
paths: {/a: {post: {requestBody: {content: {application/json: {schema: ${schema.replaceAll('\n', ' ')}}}}, ${ok}}}}
${more}`)
  return endpointNamed(catalog, '/a/post').request?.fields ?? []
}

test('I08 a request has the fields of its body, of a list those of its items', () => {
  const catalog = catalogPaths(
    `
/ref: {post: {requestBody: {$ref: '#/components/requestBodies/Pet'}, ${ok}}}
/list: {post: {requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}, ${ok}}}
/inline: {post: {requestBody: {content: {application/vnd.api+json: {schema: {type: object, properties: {x: {type: boolean}}}}}}, ${ok}}}
/form: {post: {requestBody: {content: {text/xml: {}, application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Pet'}}}}, ${ok}}}
`,
    `${PET}
  requestBodies: {Pet: {content: {application/xml: {schema: {}}, application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Pet'}}}}}`
  )
  const told = catalog.endpoints.map(({ path, request }) => [
    path,
    request?.from,
    request?.mediaType,
    request?.schema,
    request?.isList,
    fieldLines(request?.fields)
  ])
  const pet = ['id INT', 'name STRING']
  assert.deepEqual(told, [
    ['/ref', 'body', 'application/json; charset=utf-8', 'Pet', false, pet],
    ['/list', 'body', 'application/json', 'Pet', true, pet],
    ['/inline', 'body', 'application/vnd.api+json', null, false, ['x BOOLEAN']],
    ['/form', 'body', 'application/x-www-form-urlencoded', 'Pet', false, pet]
  ])
  assert.equal(endpointNamed(catalog, '/ref/post').request?.fields[0]?.required, true)
})

test('I08 without a body, the parameters of path and query stand in', () => {
  const catalog = catalogPaths(`
/a/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get: {parameters: [{name: q, in: query, schema: {type: string}}, {name: h, in: header, schema: {type: string}}, {name: c, in: cookie, schema: {type: string}}], ${ok}}
  post: {parameters: [{name: q, in: query, schema: {type: string}}], requestBody: {content: {application/json: {schema: {type: object, properties: {b: {type: string}}}}}}, ${ok}}
/b: {get: {parameters: [{name: h, in: header, schema: {type: string}}], ${ok}}, put: {${ok}}}
`)
  const stands = endpointNamed(catalog, '/a/{id}/get').request
  assert.equal(stands?.from, 'parameters')
  assert.deepEqual(fieldLines(stands?.fields), ['id STRING', 'q STRING'])
  assert.deepEqual(fieldLines(endpointNamed(catalog, '/a/{id}/post').request?.fields), ['b STRING'])
  assert.equal(endpointNamed(catalog, '/b/get').request, null)
  assert.equal(endpointNamed(catalog, '/b/put').request, null)
})

test('I08 a body that is no JSON and no form has no fields', () => {
  const catalog = catalogPaths(`
/xml: {post: {requestBody: {content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}, ${ok}}}
/file: {put: {requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}, ${ok}}}
/none: {post: {requestBody: {content: {}}, ${ok}}}
`)
  const told = catalog.endpoints.map(({ request }) => [request?.mediaType, request?.fields])
  assert.deepEqual(told, [
    ['application/xml', []],
    ['application/octet-stream', []],
    [null, []]
  ])
})

const json = (schema: string): string =>
  `{description: D, content: {application/json: {schema: ${schema}}}}`
const one = (name: string): string => json(`{type: object, properties: {${name}: {type: string}}}`)

test('I09 the response is that of 200, else of 201, 202, 203, 204, whichever has a schema first', () => {
  const cases: readonly (readonly [
    responses: string,
    status: string,
    fields: readonly string[]
  ])[] = [
    [`'404': ${one('e')}, '201': ${one('b')}, '200': ${one('a')}`, '200', ['a STRING']],
    [`'201': ${one('b')}, '204': {description: None}`, '201', ['b STRING']],
    [`'203': ${one('d')}, '202': ${one('c')}`, '202', ['c STRING']],
    [`'200': {description: None}, '201': ${one('b')}`, '201', ['b STRING']],
    [`'204': {description: None}`, '204', []],
    [`'206': ${one('f')}, default: ${one('e')}`, '206', ['f STRING']],
    [`'2XX': ${one('g')}, '400': ${one('e')}`, '2XX', ['g STRING']],
    [`default: ${one('h')}`, 'default', ['h STRING']]
  ]
  for (const [responses, status, fields] of cases) {
    const { response } = endpointNamed(
      catalogPaths(`/a: {get: {responses: {${responses}}}}`),
      '/a/get'
    )
    assert.deepEqual([response?.status, fieldLines(response?.fields)], [status, fields], responses)
  }
  const none = catalogPaths(`/a: {get: {responses: {'404': ${one('e')}}}}\n/b: {get: {}}`)
  assert.deepEqual(
    none.endpoints.map(({ response }) => response),
    [null, null]
  )
})

test('I09 references, lists, data with a reference, and properties give the fields of a response', () => {
  const ref = "{$ref: '#/components/schemas/Pet'}"
  const catalog = catalogPaths(
    `
/ref: {get: {responses: {'200': ${json(ref)}}}}
/list: {get: {responses: {'200': ${json(`{type: array, items: ${ref}}`)}}}}
/data: {get: {responses: {'200': ${json(`{type: object, properties: {meta: {type: string}, data: ${ref}}}`)}}}}
/lists: {get: {responses: {'200': ${json(`{type: object, properties: {data: {$ref: '#/components/schemas/Pets'}}}`)}}}}
/inline: {get: {responses: {'200': ${json(`{type: object, properties: {data: {type: array, items: ${ref}}, n: {type: number}}}`)}}}}
/named: {get: {responses: {'200': ${json("{$ref: '#/components/schemas/Page'}")}}}}
/hal: {get: {responses: {'200': {description: D, content: {application/hal+json: {schema: ${ref}}}}}}}
`,
    `${PET}
    Pets: {type: array, items: ${ref}}
    Page: {type: object, properties: {data: ${ref}}}`
  )
  const told = catalog.endpoints.map(({ path, response }) => [
    path,
    response?.schema,
    response?.isList,
    response?.within,
    fieldLines(response?.fields)
  ])
  const pet = ['id INT', 'name STRING']
  assert.deepEqual(told, [
    ['/ref', 'Pet', false, undefined, pet],
    ['/list', 'Pet', true, undefined, pet],
    ['/data', 'Pet', false, 'data', pet],
    ['/lists', 'Pet', true, 'data', pet],
    [
      '/inline',
      null,
      false,
      undefined,
      ['data ARRAY ARRAY<Pet>', 'data.id INT', 'data.name STRING', 'n DOUBLE']
    ],
    ['/named', 'Page', false, undefined, ['data RECORD Pet', 'data.id INT', 'data.name STRING']],
    ['/hal', 'Pet', false, undefined, pet]
  ])
})

test('I10 a field has a name, a kind, a display kind, a description and children', () => {
  const fields = fieldsOf(`
{type: object, required: [s], properties: {
  s: {type: string, description: Some text, minLength: 1}, d: {type: string, format: date-time}, u: {type: string, enum: [a, b]},
  i: {type: integer}, l: {type: integer, format: int64}, n: {type: number}, f: {type: number, format: float}, g: {type: number, format: double},
  b: {type: boolean, nullable: true, readOnly: true}, o: {type: object}, a: {type: array, items: {type: integer}}, e: {type: array},
  m: {type: object, additionalProperties: {type: string}}, q: {}, w: {type: string, writeOnly: true, deprecated: true}}}`)
  assert.deepEqual(fieldLines(fields), [
    's STRING',
    'd STRING STRING(date-time)',
    'u STRING',
    'i INT',
    'l INT INT(int64)',
    'n DOUBLE',
    'f FLOAT FLOAT(float)',
    'g DOUBLE DOUBLE(double)',
    'b BOOLEAN',
    'o RECORD OBJECT',
    'a ARRAY ARRAY<INT>',
    'a.item INT',
    'e ARRAY',
    'm MAP MAP<STRING>',
    'm.value STRING',
    'q UNKNOWN OBJECT',
    'w STRING'
  ])
  const named = Object.fromEntries(fields.map(field => [field.name, field]))
  assert.deepEqual(named.s, {
    name: 's',
    dataType: 'STRING',
    dataTypeDisplay: 'STRING',
    description: 'Some text',
    required: true
  })
  assert.deepEqual(named.u?.allowed, ['a', 'b'])
  assert.deepEqual([named.b?.nullable, named.b?.readOnly], [true, true])
  assert.deepEqual([named.w?.writeOnly, named.w?.deprecated], [true, true])
})

test('I08 a JSON patch is a body too, and JSON comes before what else a request may be', () => {
  const patch =
    '{type: array, items: {type: object, properties: {op: {type: string}, path: {type: string}}}}'
  const catalog = catalogPaths(`
/a: {patch: {requestBody: {content: {application/json-patch+json: {schema: ${patch}}}}, ${ok}}}
/b: {patch: {requestBody: {content: {text/plain: {schema: {type: string}}, application/json-patch+json: {schema: ${patch}}}}, ${ok}}}
/c: {post: {requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}, ${ok}}}
`)
  const told = catalog.endpoints.map(({ request }) => [
    request?.mediaType,
    request?.isList,
    fieldLines(request?.fields)
  ])
  const fields = ['op STRING', 'path STRING']
  assert.deepEqual(told, [
    ['application/json-patch+json', true, fields],
    ['application/json-patch+json', true, fields],
    ['application/octet-stream', false, []]
  ])
})

test('I10 of a list of types one that is not null counts; several are a union, numbers one kind', () => {
  const fields = fieldsOf(
    `{type: object, properties: {a: {type: [string, 'null']}, b: {type: ['null', integer]}, c: {type: [string, integer]}, d: {type: [object, string], properties: {x: {type: boolean}}}, e: {type: 'null'}, f: {const: 5}, g: {type: [integer, number]}, h: {type: [array, string], items: {type: integer}}, i: {oneOf: [{type: string, format: date}, {type: integer}, {type: 'null'}]}, j: {anyOf: [{type: string}, {type: string, format: uri}]}}}`,
    '',
    '3.1.0'
  )
  assert.deepEqual(fieldLines(fields), [
    'a STRING',
    'b INT',
    'c UNION UNION<STRING | INT>',
    'c.STRING STRING',
    'c.INT INT',
    'd UNION UNION<OBJECT | STRING>',
    'd.RECORD RECORD OBJECT',
    'd.RECORD.x BOOLEAN',
    'd.STRING STRING',
    'e NULL',
    'f INT',
    'g DOUBLE',
    'h UNION UNION<ARRAY<INT> | STRING>',
    'h.ARRAY ARRAY ARRAY<INT>',
    'h.ARRAY.item INT',
    'h.STRING STRING',
    'i UNION UNION<STRING(date) | INT>',
    'i.STRING STRING STRING(date)',
    'i.INT INT',
    'j STRING'
  ])
  assert.equal(fields[0]?.nullable, true)
})

test('I10 allOf is merged, and a reference keeps the description beside it', () => {
  const more = `components:
  schemas:
    Base: {type: object, required: [id], properties: {id: {type: string}}}
    Dog: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {bark: {type: boolean}, owner: {description: Who, allOf: [{$ref: '#/components/schemas/Base'}]}}}]}`
  const fields = fieldsOf("{$ref: '#/components/schemas/Dog'}", more)
  assert.deepEqual(fieldLines(fields), [
    'id STRING',
    'bark BOOLEAN',
    'owner RECORD Base',
    'owner.id STRING'
  ])
  assert.equal(fields[0]?.required, true)
  assert.equal(fields[2]?.description, 'Who')
})

test('I10 alternatives of objects and of several kinds are a union with a child each', () => {
  const more = `components:
  schemas:
    Cat: {type: object, properties: {purr: {type: boolean}}}
    Dog: {type: object, properties: {bark: {type: boolean}}}`
  const either = "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}"
  const parts = ['Cat RECORD Cat', 'Cat.purr BOOLEAN', 'Dog RECORD Dog', 'Dog.bark BOOLEAN']
  assert.deepEqual(fieldLines(fieldsOf(either, more)), parts)
  assert.deepEqual(fieldLines(fieldsOf(`{type: object, properties: {pet: ${either}}}`, more)), [
    'pet UNION UNION<Cat | Dog>',
    ...parts.map(line => `pet.${line}`)
  ])
  const mixed =
    '{type: object, properties: {x: {oneOf: [{type: string}, {type: array, items: {type: string}}]}}}'
  assert.deepEqual(fieldLines(fieldsOf(mixed)), [
    'x UNION UNION<STRING | ARRAY<STRING>>',
    'x.STRING STRING',
    'x.ARRAY ARRAY ARRAY<STRING>',
    'x.ARRAY.item STRING'
  ])
})

test('I10 lists of lists, maps of objects, and bodies that are no objects', () => {
  const lists =
    '{type: array, items: {type: array, items: {type: object, properties: {x: {type: string}}}}}'
  assert.deepEqual(fieldLines(fieldsOf(lists)), ['item ARRAY ARRAY<OBJECT>', 'item.x STRING'])
  const map =
    '{type: object, additionalProperties: {type: object, properties: {x: {type: string}}}}'
  assert.deepEqual(fieldLines(fieldsOf(map)), ['value RECORD OBJECT', 'value.x STRING'])
  assert.deepEqual(fieldLines(fieldsOf('{type: string, format: uuid}')), [
    'value STRING STRING(uuid)'
  ])
  assert.deepEqual(fieldLines(fieldsOf('{type: array, items: {type: integer}}')), ['item INT'])
  assert.deepEqual(fieldLines(fieldsOf('{}')), [])
  assert.deepEqual(fieldLines(fieldsOf('{type: object}')), [])
})

test('I10 cycles are cut where a schema is around itself, and only there', () => {
  const more = `components:
  schemas:
    Node: {type: object, properties: {name: {type: string}, next: {$ref: '#/components/schemas/Node'}, all: {type: array, items: {$ref: '#/components/schemas/Node'}}}}
    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, c: {$ref: '#/components/schemas/C'}}}
    B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, c: {$ref: '#/components/schemas/C'}}}
    C: {type: object, properties: {x: {type: string}}}
    Tree: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Deep: {type: object, additionalProperties: {$ref: '#/components/schemas/Deep'}}`
  const of = (name: string): string[] =>
    fieldLines(fieldsOf(`{$ref: '#/components/schemas/${name}'}`, more))
  assert.deepEqual(of('Node'), [
    'name STRING',
    'next RECORD Node (cycle)',
    'all ARRAY ARRAY<Node> (cycle)'
  ])
  assert.deepEqual(of('A'), [
    'b RECORD B',
    'b.a RECORD A (cycle)',
    'b.c RECORD C',
    'b.c.x STRING',
    'c RECORD C',
    'c.x STRING'
  ])
  assert.deepEqual(of('Tree').length, 1)
  assert.ok(of('Tree')[0]?.endsWith('(cycle)'))
  assert.deepEqual(of('Deep').length, 1)
  assert.ok(of('Deep')[0]?.endsWith('(cycle)'))
})

test('I10 a property that cannot be read is told, and the others are cataloged', () => {
  const catalog = catalogPaths(`
/a: {get: {responses: {'200': ${json("{type: object, properties: {good: {type: string}, bad: {$ref: '#/components/schemas/Gone'}, odd: 7}}")}}}}
`)
  const { response } = endpointNamed(catalog, '/a/get')
  assert.deepEqual(fieldLines(response?.fields), ['good STRING'])
  assert.deepEqual(
    catalog.diagnostics.map(({ code }) => code),
    ['REF_UNRESOLVED', 'SCHEMA_MALFORMED']
  )
})

test('I25 the first example of a body and of an answer is shown, unless it is long', () => {
  const media = (rest: string): string =>
    `{content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, ${rest}}}}`
  const catalog = catalogPaths(
    `
/a: {post: {requestBody: ${media('example: {id: 1}')}, responses: {'200': {description: D, ${media('examples: {one: {value: {id: 2}}, two: {value: {id: 3}}}').slice(1)}}}}
/b: {post: {requestBody: ${media(`example: {id: 1, name: ${'x'.repeat(20_000)}}`)}, responses: {'200': {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Own'}}}}}}}
`,
    `${PET}
    Own: {type: object, properties: {id: {type: integer}}, example: {id: 12345678901234567890}}`
  )
  const told = catalog.endpoints.map(({ request, response }) =>
    JSON.stringify([request?.example ?? null, response?.example ?? null])
  )
  assert.deepEqual(told, ['[{"id":1},{"id":2}]', '[null,{"id":12345678901234567890}]'])
})
