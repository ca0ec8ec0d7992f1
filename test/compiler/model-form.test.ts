import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import { canonicalJson, isExactNumber, type JsonValue } from '../../service/base/json.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import {
  compile,
  compileSchemas,
  diagnosticsOf,
  exampleOf,
  operationOf,
  typeNamed
} from '../support/compile.ts'

const BOUNDS = { perType: 200, total: 5_000 }
const SAMPLES = readdirSync('openapi-samples')
  .filter(name => name.endsWith('.yaml'))
  .map(name => ({ name, text: readFileSync(`openapi-samples/${name}`, 'utf8') }))

/** Every value in a tree. */
function* valuesIn(value: unknown): Generator<unknown> {
  yield value
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return
  for (const held of Object.values(value)) yield* valuesIn(held)
}

test('the model of every sample is frozen, plain JSON, and the same each time', () => {
  for (const { name, text } of SAMPLES) {
    const document = parseDocument(text, '', `https://docs.example.com/${name}`)
    const before = JSON.stringify(document.root)
    const model = compileModel(document, BOUNDS)
    assert.equal(JSON.stringify(document.root), before, `${name} is not changed`)
    for (const value of valuesIn(model)) {
      assert.ok(Object.isFrozen(value), name)
      assert.notEqual(value, undefined, name)
      const kind = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : null
      assert.ok([null, Object.prototype, Array.prototype].includes(kind), name)
    }
    const written = JSON.stringify(model)
    assert.equal(JSON.stringify(parseJson(written)), written, name)
    assert.equal(JSON.stringify(compileModel(document, BOUNDS)), written, name)
    const again = parseDocument(text, '', `https://docs.example.com/${name}`)
    assert.equal(JSON.stringify(compileModel(again, BOUNDS)), written, name)
  }
})

test('A03 a document in JSON compiles to the same model as in YAML, but for lines and columns', () => {
  for (const { name, text } of SAMPLES) {
    const json = JSON.stringify(parseDocument(text, '', '').root, null, '\t').replaceAll(
      '\n',
      '\r\n'
    )
    const [fromYaml, fromJson] = [text, json].map(source => {
      const model = compile(source)
      const diagnostics = model.index.diagnostics.map(({ line, column, ...rest }) =>
        JSON.stringify(rest)
      )
      const rest = { ...model, index: { ...model.index, diagnostics: diagnostics.toSorted() } }
      return canonicalJson(parseJson(JSON.stringify(rest)))
    })
    assert.equal(fromJson, fromYaml, name)
  }
})

test('B04 exact numbers of a document survive the round trip of its model', () => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths: {/a: {get: {parameters: [{name: n, in: query, schema: {type: number, default: 0.1000000000000000055511151231257827}}], responses: {'200': {content: {application/json: {example: [{n: 98765432109876543210}]}}}}}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a, example: true}, properties: {n: {type: number}}}
`)
  const written = JSON.stringify(model)
  assert.match(written, /"default":0\.1000000000000000055511151231257827[,}]/)
  assert.match(written, /"n":98765432109876543210[,}]/)
  assert.equal(JSON.stringify(parseJson(written)), written)
})

test('S20 names that objects have by nature are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']
  for (const name of names) {
    const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://{${name}}.example.com', variables: {${name}: {default: d}}}]
paths:
  /a/{${name}}:
    parameters: [{$ref: '#/components/parameters/${name}'}]
    get:
      parameters: [{name: ${name}, in: query, schema: {type: string}}]
      security: [{${name}: []}]
      responses: {'200': {content: {application/json: {examples: {${name}: {value: {${name}: 5}}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/${name}'}}}}
      responses: {}
components:
  securitySchemes: {${name}: {type: apiKey, in: header, name: ${name}}}
  parameters: {${name}: {name: ${name}, in: path, required: true}}
  schemas:
    ${name}:
      x-flow-type: {name: ${name}, id: ${name}}
      x-flow-load: {path: '/a/{${name}}', parameters: {${name}: id}, example: {examples: ${name}}}
      x-flow-update: {path: '/a/{${name}}', parameters: {${name}: externalId}, exclude: {${name}: true}}
      properties: {${name}: {type: string}, o: {properties: {${name}: {type: string}}}}
`)
    assert.deepEqual(diagnosticsOf(model), [], name)
    assert.deepEqual(model.index.types, [name, `${name}:o`])
    const type = typeNamed(model, name)
    assert.deepEqual(
      type.properties.map(({ key }) => key),
      [name, 'o']
    )
    assert.deepEqual(type.identity.candidates, [[name]])
    const load = operationOf(model, `load:${name}`)
    assert.deepEqual(
      load.parameters.map(parameter => [parameter.name, parameter.in, parameter.sources.length]),
      [
        [name, 'path', 1],
        [name, 'query', 0]
      ]
    )
    assert.equal(load.security[0]?.[0]?.name, name)
    assert.deepEqual(Object.keys(load.server.variables), [name])
    const { named, body } = exampleOf(model, load.key).answers['200'] ?? {}
    assert.equal(JSON.stringify([named, body]), `[{"${name}":{"${name}":5}},{"${name}":5}]`)
    const update = operationOf(model, `update:${name}`)
    assert.deepEqual(Object.keys(update.body?.shape?.members ?? {}), [name, 'o'])
    assert.deepEqual(update.body?.exclude, [name])
    const written = JSON.stringify(model)
    assert.equal(JSON.stringify(parseJson(written)), written)
  }
  assert.deepEqual(Object.keys(Object.prototype), [])
  assert.equal(({} as { a?: JsonValue }).a, undefined)
})

test('names that objects have by nature are unknown where they are not declared', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A, constructor: 1}
  x-flow-query: {path: constructor, operation: toString, example: {examples: __proto__}}
  properties: {x: {$ref: '#/components/schemas/constructor'}, y: {$ref: '#/__proto__'}}`)
  assert.deepEqual(model.index.diagnostics.map(({ code }) => code).toSorted(), [
    'EXAMPLE_NAME_UNKNOWN',
    'MAPPING_PATH_UNKNOWN',
    'MEMBER_UNKNOWN',
    'REF_UNRESOLVED',
    'REF_UNRESOLVED'
  ])
})

test('J06 names of headers, responses and properties are not taken for keys of the vocabulary', () => {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a:
    get:
      parameters: [{name: x-flow-id, in: header}]
      responses:
        '200':
          headers: {x-flow-trace: {schema: {type: string}}}
          content: {application/json: {example: {x-flow-typ: 1}, schema: {default: {x-flow-typ: 1}}}}
components:
  parameters: {x-flow-a: {name: x-flow-a, in: header}}
  responses: {x-flow-b: {description: ok}}
  schemas:
    x-flow-c: {x-flow-type: {name: A}, properties: {x-flow-d: {type: string}}, x-vendor: {x-flow-typ: 1}}
`)
  assert.deepEqual(diagnosticsOf(model), [])
})

test('J06 keys inside of a default response, and at every place of the vocabulary, are looked at', () => {
  const model = compile(`openapi: 3.2.0
info: {title: Test, version: '1'}
x-flow-rate-limit: {requestsPerSecond: 1}
paths:
  /a:
    x-flow-retry: {max: 1}
    get:
      x-flow-pagination: {type: none}
      parameters: [{name: a, in: query, x-flow-values: {operation: a}}]
      responses:
        default:
          content: {application/json: {schema: {x-flow-typ: {name: Wrong}}}}
    additionalOperations:
      COPY: {x-flow-retry: {max: 1}, responses: {}}
components:
  pathItems: {P: {x-flow-retry: {max: 1}, get: {x-flow-retry: {max: 1}}}}
  securitySchemes: {s: {type: http, scheme: basic, x-flow-identity: {me: {defaultUrl: 'https://a.example.com'}}}}
  schemas:
    A: {x-flow-type: {name: A}, properties: {x: {}}}
`)
  assert.deepEqual(diagnosticsOf(model), [
    '12:49 warning EXTENSION_UNKNOWN /paths/~1a/get/responses/default/content/application~1json/schema/x-flow-typ'
  ])
})

test('A30 a hundred named types over deep schemas stay within the bounds', () => {
  const schemas = Array.from(
    { length: 100 },
    (_, i) =>
      `N${i}: {x-flow-type: {name: N${i}}, properties: {a: {$ref: '#/components/schemas/D'}, b: {$ref: '#/components/schemas/D'}}}`
  )
  const nested = Array.from(
    { length: 12 },
    (_, i) =>
      `D${i}: {properties: {l: {$ref: '#/components/schemas/D${i + 1}'}, r: {$ref: '#/components/schemas/D${i + 1}'}}}`
  )
  const text = [
    ...schemas,
    "D: {properties: {x: {$ref: '#/components/schemas/D0'}}}",
    ...nested,
    'D12: {properties: {y: {}}}'
  ]
  const model = compileSchemas(text.join('\n'), { bounds: { perType: 30, total: 1_000 } })
  assert.equal(model.index.types.length, 100 + 1_000)
  assert.equal(diagnosticsOf(model).length, 100)
})
