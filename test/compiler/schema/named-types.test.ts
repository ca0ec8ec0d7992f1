import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  compile,
  compileSchemas,
  diagnosticsOf,
  installed,
  operationOf,
  typeNamed
} from '../../support/compile.ts'

const HEAD = "openapi: 3.0.3\ninfo: {title: Test, version: '1'}\n"

test('B01 x-flow-type.name on a component schema makes a flow type of that name', () => {
  const model = compileSchemas(`Pet:
  x-flow-type: {name: My Pet}
  type: object
  properties: {name: {type: string}}
Other:
  type: object
  properties: {name: {type: string}}`)
  assert.deepEqual(installed(model), { 'My Pet': ['name ContentString'] })
  assert.equal(typeNamed(model, 'My Pet').pointer, '/components/schemas/Pet')
})

test('B02 x-flow-type names inline schemas of requests and responses', () => {
  const model = compile(`${HEAD}paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema: {x-flow-type: {name: Request}, type: object, properties: {a: {type: string}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  list:
                    type: array
                    items: {x-flow-type: {name: Deep}, properties: {b: {type: string}}}
components:
  responses:
    Shared:
      description: ok
      content:
        text/json: {schema: {x-flow-type: {name: Response}, properties: {c: {type: string}}}}
  requestBodies:
    Shared:
      content:
        application/xml: {schema: {allOf: [{x-flow-type: {name: Body}, properties: {d: {type: string}}}]}}
`)
  assert.deepEqual(installed(model), {
    Body: ['d ContentString'],
    Deep: ['b ContentString'],
    Request: ['a ContentString'],
    Response: ['c ContentString']
  })
})

test('B02 also those of the additional operations and the shared path items of 3.1 and 3.2', () => {
  const schema = (name: string) =>
    `{content: {application/json: {schema: {x-flow-type: {name: ${name}}, properties: {x: {}}}}}}`
  const model = compile(`openapi: 3.2.0
info: {title: Test, version: '1'}
paths:
  /a:
    query: {requestBody: ${schema('Query')}}
    additionalOperations:
      COPY: {requestBody: ${schema('Copy')}}
components:
  pathItems:
    Shared:
      put: {requestBody: ${schema('Put')}}
`)
  assert.deepEqual(model.index.types, ['Copy', 'Put', 'Query'])
})

test('B03 custom properties follow those of the schema, in their kinds', () => {
  const model = compileSchemas(`A:
  x-flow-type:
    name: A
    customProperties:
      s: string
      n: number
      i: integer
      b: boolean
      d: date
      t: date-time
      p: password
      o: object
      l: array
  properties: {id: {type: string}}`)
  assert.deepEqual(installed(model).A, [
    'id ContentString',
    's ContentString',
    'n ContentNumber',
    'i ContentNumber',
    'b ContentBoolean',
    'd ContentDateTime',
    't ContentDateTime',
    'p ContentPassword',
    'o ContentString',
    'l ContentString'
  ])
  const custom = typeNamed(model, 'A').properties.slice(1)
  assert.ok(custom.every(property => property.custom && property.key === null))
  assert.deepEqual(diagnosticsOf(model), [])
})

test('B03 custom properties alone make a type', () => {
  const model = compileSchemas(
    'A: {x-flow-type: {name: A, customProperties: {s: string}}, type: object}'
  )
  assert.deepEqual(installed(model), { A: ['s ContentString'] })
})

test('B01 a type without properties takes those of its example, in 3.0 and 3.1', () => {
  const schemas = `A: {x-flow-type: {name: A}, example: {n: 1.5, t: text, b: true, o: {x: 1}, l: [1], u: null}}
B: {x-flow-type: {name: B}, type: object, examples: [{x: 1}, {y: 2}]}
C: {x-flow-type: {name: C}, example: [{x: 1}]}`
  assert.deepEqual(installed(compileSchemas(schemas, { version: '3.1.0' })), {
    A: [
      'n ContentNumber',
      't ContentString',
      'b ContentBoolean',
      'o ContentObject A:o',
      'l ContentList A:l',
      'u ContentString'
    ],
    'A:l': ['ID ContentString', 'Value ContentNumber'],
    'A:o': ['x ContentNumber'],
    B: ['x ContentNumber'],
    C: ['x ContentNumber']
  })
})

test('B09 a root array is a type of its items', () => {
  const model =
    compileSchemas(`List: {x-flow-type: {name: A}, type: array, items: {$ref: '#/components/schemas/Item'}}
Item: {type: object, properties: {x: {type: string}}}
Lists: {x-flow-type: {name: B}, type: array, items: {type: array, items: {properties: {y: {type: string}}}}}`)
  assert.deepEqual(installed(model), { A: ['x ContentString'], B: ['y ContentString'] })
})

test('B07 a nested object with a name of its own keeps it, a list of it is a list of that type', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    ref: {$ref: '#/components/schemas/B'}
    refs: {type: array, items: {$ref: '#/components/schemas/B'}}
    list: {$ref: '#/components/schemas/BList'}
    wrapped: {allOf: [{$ref: '#/components/schemas/B'}], description: mine, nullable: true}
    typed: {type: object, allOf: [{$ref: '#/components/schemas/B'}, {description: mine}], x-vendor: 1}
    inline: {x-flow-type: {name: C}, type: object, properties: {y: {type: string}}}
    union: {anyOf: [{$ref: '#/components/schemas/B'}], description: one choice, x-vendor: 2}
B: {x-flow-type: {name: B}, properties: {x: {type: string}}}
BList: {x-flow-type: {name: B List}, type: array, items: {properties: {z: {type: string}}}}`)
  assert.deepEqual(installed(model), {
    A: [
      'ref ContentObject B',
      'refs ContentList B',
      'list ContentList B List',
      'wrapped ContentObject B',
      'typed ContentObject B',
      'inline ContentObject C',
      'union ContentObject B'
    ],
    B: ['x ContentString'],
    'B List': ['z ContentString'],
    C: ['y ContentString']
  })
  assert.equal(typeNamed(model, 'A').properties[3]?.nullable, true)
})

test('B01 extensions are not inherited by reference or allOf, and may stand beside a reference', () => {
  const model =
    compileSchemas(`A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {x: {type: string}}}
B: {allOf: [{$ref: '#/components/schemas/A'}], properties: {y: {type: string}}}
C: {x-flow-type: {name: C}, allOf: [{$ref: '#/components/schemas/A'}]}
D: {x-flow-type: {name: D}, $ref: '#/components/schemas/A'}`)
  assert.deepEqual(installed(model), {
    A: ['x ContentString'],
    C: ['x ContentString'],
    D: ['x ContentString']
  })
  assert.deepEqual(typeNamed(model, 'C').mappings, {})
  assert.deepEqual(typeNamed(model, 'D').mappings, {})
})

test('B29 two equal schemas of one name are one type, wherever they stand', () => {
  const track = `{x-flow-type: {name: Track}, x-flow-load: {path: '/t'}, type: object, properties: {id: {type: string}, parts: {type: array, items: {properties: {n: {type: string}}}}}}`
  const model = compile(`${HEAD}paths:
  /t:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: ${track}}}}}}
    put: {responses: {'200': {description: ok, content: {application/json: {schema: ${track}}}}}}
components:
  schemas:
    Holder:
      x-flow-type: {name: Holder}
      x-flow-query: {path: /t}
      properties:
        first: ${track}
        second: {type: array, items: ${track}}
`)
  assert.deepEqual(installed(model), {
    Holder: ['first ContentObject Track', 'second ContentList Track'],
    Track: ['id ContentString', 'parts ContentList Track:parts'],
    'Track:parts': ['n ContentString']
  })
  assert.deepEqual(
    model.index.diagnostics.filter(({ severity }) => severity !== 'info'),
    []
  )
  // The answer's schema is the type, though it stands elsewhere, so its array is not the records.
  assert.deepEqual(operationOf(model, 'load:Track').records, { at: 'path', path: '' })
})

test('B29 of two different schemas that claim one name the first keeps it, which is an error', () => {
  const model = compileSchemas(`A: {x-flow-type: {name: Pet}, properties: {a: {type: string}}}
B: {x-flow-type: {name: pet}, properties: {b: {type: string}}}
C: {x-flow-type: {name: C}, properties: {one: {$ref: '#/components/schemas/A'}, two: {$ref: '#/components/schemas/B'}}}`)
  assert.deepEqual(installed(model), {
    C: ['one ContentObject Pet', 'two ContentObject C:two'],
    'C:two': ['b ContentString'],
    Pet: ['a ContentString']
  })
  assert.deepEqual(diagnosticsOf(model), [
    '6:23 error TYPE_NAME_CLAIMED /components/schemas/B/x-flow-type/name'
  ])
  assert.match(model.index.diagnostics[0]?.message ?? '', /"pet".* #\/components\/schemas\/A$/)
})

test('A28 a document without any x-flow key has no types, and says so', () => {
  const model = compileSchemas('A: {type: object, properties: {x: {type: string}}}')
  assert.deepEqual(installed(model), {})
  assert.deepEqual(diagnosticsOf(model), ['1:1 info DOCUMENT_NOT_ANNOTATED '])
  assert.deepEqual(compile('openapi: 3.1.0').index.types, [])
})

test('C27 several mappings on one type, and one operation for several types', () => {
  const model = compile(`${HEAD}paths:
  /a: {get: {responses: {}}, post: {responses: {}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, x-flow-save: {path: /a}, properties: {x: {}}}
    B: {x-flow-type: {name: B}, x-flow-query: {path: /a}, properties: {x: {}}}
`)
  assert.deepEqual(typeNamed(model, 'A').mappings, { query: 'query:A', save: 'save:A' })
  assert.deepEqual(typeNamed(model, 'B').mappings, { query: 'query:B' })
  assert.deepEqual(Object.keys(model.operations), ['query:A', 'save:A', 'query:B'])
})
