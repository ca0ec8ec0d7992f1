import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ConnectorModel } from '../../../service/model/connector-model.ts'
import { compile, exampleOf, installed } from '../../support/compile.ts'

/** A list of `X` whose media type has further members; `schemas` are YAML flow maps by name. */
function listOf(media: string, version = '3.1.0', schemas = ''): ConnectorModel {
  return compile(`openapi: ${version}
info: {title: t, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/X'}}, ${media}}}}}}}
components:
  examples:
    One: {value: [{id: 1}]}
    Text: {value: '[{"id": 2}]'}
    Serialized: {serializedValue: '[{"id": 3}]'}
    Data: {dataValue: [{id: 4}]}
    Again: {$ref: '#/components/examples/Serialized'}
    Broken: {serializedValue: '[{"id": '}
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {id: {type: integer}, meta: {type: object, properties: {n: {type: integer}}}}}
    ${schemas}`)
}

function bodyOf(model: ConnectorModel, name?: string): unknown {
  const answer = exampleOf(model, 'query:X').answers['200']
  return name === undefined ? answer?.body : answer?.named[name]
}

function codesOf(model: ConnectorModel): string[] {
  return model.index.diagnostics.map(({ code, pointer }) => `${code} ${pointer.split('/').at(-1)}`)
}

test('M9 JSON text is read where an object or a list is due, with a finding', () => {
  for (const [media, found, id] of [
    [`example: '[{"id": 7}]'`, 'EXAMPLE_IS_TEXT example', 7],
    [`examples: {A: {value: '[{"id": 8}]'}}`, 'EXAMPLE_IS_TEXT value', 8],
    [`examples: {A: {$ref: '#/components/examples/Text'}}`, 'EXAMPLE_IS_TEXT value', 2]
  ] as const) {
    const model = listOf(media)
    assert.deepEqual(bodyOf(model), [{ id }], media)
    assert.deepEqual(codesOf(model), [found], media)
  }
})

test('M9 text that is no JSON is not used, and the next source is', () => {
  const model = listOf('example: see the manual, examples: {A: {value: [{id: 9}]}}')
  assert.deepEqual(bodyOf(model), [{ id: 9 }])
  assert.deepEqual(codesOf(model), ['EXAMPLE_UNREADABLE example'])
})

test('M9 references and serialized values of examples are read', () => {
  const model = listOf(
    `examples: {A: {$ref: '#/components/examples/Again'}, B: {$ref: '#/components/examples/Data'}, C: {$ref: '#/components/examples/Broken'}}`,
    '3.2.0'
  )
  assert.deepEqual(bodyOf(model), [{ id: 3 }])
  assert.deepEqual(bodyOf(model, 'B'), [{ id: 4 }])
  assert.equal(bodyOf(model, 'C'), undefined)
  assert.ok(codesOf(model).includes('EXAMPLE_UNREADABLE serializedValue'))
})

test('M9 a reference where OpenAPI has none is followed with a finding', () => {
  for (const [media, id] of [
    [`example: {$ref: '#/components/examples/One'}`, 1],
    [`example: {$ref: '#/components/examples/Again'}`, 3],
    [`example: {$ref: '#/components/examples/One/value', summary: one}`, 1]
  ] as const) {
    const model = listOf(media)
    assert.deepEqual(bodyOf(model), [{ id }], media)
    assert.ok(codesOf(model).includes('EXAMPLE_IS_REFERENCE example'), media)
  }
  const lost = listOf(`example: {$ref: '#/components/examples/None'}, examples: {A: {value: []}}`)
  assert.deepEqual(bodyOf(lost), [])
  assert.deepEqual(codesOf(lost), ['EXAMPLE_IS_REFERENCE example'])
})

test('M9 examples of schemas, properties and types are read alike', () => {
  const typed = (members: string): ConnectorModel =>
    compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths: {/x: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, ${members}}`)
  const ofProperty = typed(
    `properties: {meta: {type: object, properties: {n: {type: integer}}, example: '{"n": 5}'}}`
  )
  assert.deepEqual(bodyOf(ofProperty), [{ meta: { n: 5 } }])
  assert.deepEqual(codesOf(ofProperty), ['EXAMPLE_IS_TEXT example'])
  const ofType = typed(`example: '{"id": 6, "name": "six"}'`)
  assert.deepEqual(installed(ofType).X, ['id ContentNumber', 'name ContentString'])
  assert.deepEqual(bodyOf(ofType), [{ id: 6, name: 'six' }])
  const ofText = listOf(
    `examples: {A: {value: [{id: 1}]}}`,
    '3.1.0',
    `Y: {type: object, x-flow-type: {name: Y}, properties: {t: {type: string, example: '{"a": 1}'}}}`
  )
  assert.deepEqual(codesOf(ofText), [])
})

test('M9 a member that is called $ref is data where the schema declares it', () => {
  const model = compile(`openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/X'}, example: {$ref: '#/a'}}}}}}}
components:
  schemas:
    X: {type: object, x-flow-type: {name: X}, x-flow-query: {path: /x, example: true}, properties: {$ref: {type: string}}}`)
  assert.deepEqual(bodyOf(model), { $ref: '#/a' })
})
