import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, compileSchemas, diagnosticsOf, operationOf } from '../../support/compile.ts'
import type { MappedCall } from '../../support/mapped-call.ts'

/** What a save of type `A` sends, when the operation declares a content map and the schemas below. */
function compileSave(content: string, mapping = '', schemas = '') {
  return compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: ${content}}
      responses: {'200': {description: ok}}
components:
  schemas:
    A:
      x-flow-type: {name: A, customProperties: {list: string}}
      x-flow-save: {path: /a${mapping}}
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
        href: {type: string}
        deep: {type: object, properties: {x: {type: string}}}
${schemas.replaceAll(/^/gm, '    ')}
`)
}

function bodyOf(content: string, mapping = '', schemas = ''): NonNullable<MappedCall['body']> {
  const model = compileSave(content, mapping, schemas)
  assert.deepEqual(diagnosticsOf(model), [])
  const { body } = operationOf(model, 'save:A')
  assert.ok(body)
  return JSON.parse(JSON.stringify(body))
}

const A = "{schema: {$ref: '#/components/schemas/A'}}"

test('B31 B32 JSON is preferred, then any +json, then wildcards, then forms', () => {
  const rows: readonly (readonly [content: string, mediaType: string, encoding: string])[] = [
    [`{application/json: ${A}}`, 'application/json', 'json'],
    [`{application/merge-patch+json: ${A}, application/json: ${A}}`, 'application/json', 'json'],
    [`{text/xml: ${A}, application/vnd.a+json: ${A}}`, 'application/vnd.a+json', 'json'],
    [
      `{multipart/form-data: ${A}, Application/JSON;charset=utf-8: ${A}}`,
      'Application/JSON;charset=utf-8',
      'json'
    ],
    [`{'*/*': ${A}}`, 'application/json', 'json'],
    [`{'application/*': ${A}, multipart/form-data: ${A}}`, 'application/json', 'json'],
    [
      `{text/xml: ${A}, application/x-www-form-urlencoded: ${A}}`,
      'application/x-www-form-urlencoded',
      'form'
    ],
    [`{multipart/form-data: ${A}}`, 'multipart/form-data', 'multipart']
  ]
  for (const [content, mediaType, encoding] of rows) {
    const body = bodyOf(content)
    assert.deepEqual([body.mediaType, body.encoding], [mediaType, encoding], content)
  }
})

test('B24 the body schema decides what is sent, without what is read only', () => {
  const { shape } = bodyOf(`{application/json: ${A}}`)
  const text = { kind: 'text', nullable: false, emptyAllowed: true }
  assert.deepEqual(shape, {
    members: { name: text, href: text, deep: { shape: { members: { x: text } } } }
  })
})

test('B32 members have the kinds of the body schema, not of the type', () => {
  const model = compileSave(
    `{application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}}`,
    '',
    `B:
  x-flow-type: {name: B}
  x-flow-save: {path: /a}
  properties:
    name: {type: string}
    day: {type: string}
    list: {type: array, items: {type: string}}
    any: {type: string}
    map: {additionalProperties: {type: string}}
    rows: {type: array, items: {properties: {x: {type: string}, y: {type: string}, z: {type: string}}}}
Form:
  properties:
    name: {type: integer, nullable: true}
    day: {type: string, format: date}
    list: {type: array, items: {type: string}}
    any: {}
    map: {additionalProperties: {type: string}}
    other: {type: string}
    rows: {type: array, items: {properties: {x: {type: number}, y: {type: string, readOnly: true}}}}`
  )
  assert.deepEqual(diagnosticsOf(model), [])
  assert.deepEqual(JSON.parse(JSON.stringify(operationOf(model, 'save:B').body?.shape?.members)), {
    name: { kind: 'integer', nullable: true, emptyAllowed: false },
    day: { kind: 'date', nullable: false, emptyAllowed: false },
    list: { whole: true },
    any: { whole: true },
    map: { whole: true },
    rows: { shape: { members: { x: { kind: 'number', nullable: false, emptyAllowed: false } } } }
  })
})

test('C10 exclude names properties by name or JSON member, and gives JSON members', () => {
  assert.deepEqual(
    bodyOf(`{application/json: ${A}}`, ', exclude: {href: true, NAME: true, deep: false}').exclude,
    ['href', 'name']
  )
  const renamed = compileSave(`{application/json: ${A}}`, ', exclude: {"Name 1": true}')
  assert.deepEqual(operationOf(renamed, 'save:A').body?.exclude, [])
})

test('C10 a property that was renamed and a choice are excluded by the JSON member they stand for', () => {
  const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths: {/a: {post: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    A:
      x-flow-type: {name: A, customProperties: {list: string}}
      x-flow-save: {path: /a, exclude: {Name 1: true, pay-C: true, list: true}}
      properties:
        name: {type: string}
        Name: {type: string}
        pay: {oneOf: [{title: C, properties: {x: {}}}, {title: D, properties: {y: {}}}]}
`)
  assert.deepEqual(operationOf(model, 'save:A').body?.exclude, ['Name', 'pay'])
})

test('B17 the object is wrapped under a path, and the schema below it decides', () => {
  const body = bodyOf(
    `{application/json: {schema: {properties: {data: {properties: {'the.item': ${A.slice(9, -1)}}}, other: {type: string}}}}}`,
    ", body: 'data.the\\.item'"
  )
  assert.equal(body.wrap, 'data.the\\.item')
  assert.deepEqual(Object.keys(body.shape?.members ?? {}), ['name', 'href', 'deep'])
  assert.equal(bodyOf(`{application/json: ${A}}`, ', body: elsewhere').shape, null)
})

test('C21 a body schema that is an array takes a list', () => {
  const body = bodyOf(`{application/json: {schema: {type: array, items: ${A.slice(9, -1)}}}}`)
  assert.equal(body.list, true)
  assert.deepEqual(Object.keys(body.shape?.members ?? {}), ['name', 'href', 'deep'])
})

test('B28 a free-form body takes everything, a body of choices what the type has', () => {
  assert.deepEqual(bodyOf('{application/json: {schema: {type: object}}}').shape, { members: null })
  assert.deepEqual(bodyOf('{application/json: {}}').shape, null)
  const choices = `{application/json: {schema: {oneOf: [${A.slice(9, -1)}, {properties: {x: {}}}]}}}`
  assert.equal(bodyOf(choices).shape, null)
})

test('A19 a body schema that holds itself, or fans out without end, has a shape that ends', () => {
  const net = Array.from({ length: 20 }, (_, i) => {
    const all = Array.from({ length: 20 }, (_, j) => `p${j}: {$ref: '#/components/schemas/N${j}'}`)
    return `N${i}: {properties: {${all.join(', ')}, x: {type: string}}}`
  })
  const model = compileSave(
    "{application/json: {schema: {$ref: '#/components/schemas/N0'}}}",
    '',
    `${net.join('\n')}
B: {x-flow-type: {name: B}, x-flow-save: {path: /a}, allOf: [{$ref: '#/components/schemas/N0'}, {properties: {y: {type: string}}}]}`
  )
  const { body } = operationOf(model, 'save:B')
  const members = body?.shape?.members ?? {}
  assert.deepEqual(members.p0, { whole: true })
  assert.ok(members.p1 !== undefined && 'shape' in members.p1)
  assert.ok(JSON.stringify(body).length < 1_000_000)
})

test('C24 GET and DELETE have a body only when they declare one, writes always', () => {
  const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    get: {responses: {'200': {description: ok}}}
    delete: {responses: {'200': {description: ok}}}
    post: {responses: {'200': {description: ok}}}
    patch: {responses: {'200': {description: ok}}}
  /b:
    get: {requestBody: {content: {application/json: {}}}, responses: {'200': {description: ok}}}
    delete: {requestBody: {content: {application/json: {}}}, responses: {'200': {description: ok}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-load: {path: /a}
      x-flow-delete: {path: /a}
      x-flow-save: {path: /a}
      x-flow-update: {path: /a, operation: patch}
      properties: {x: {}}
    B: {x-flow-type: {name: B}, x-flow-load: {path: /b}, x-flow-delete: {path: /b}, properties: {x: {}}}
    C: {x-flow-type: {name: C}, x-flow-query: {path: /a, operation: post}, properties: {x: {}}}
`)
  const sent = Object.keys(model.mappings).filter(key => operationOf(model, key).body !== null)
  assert.deepEqual(sent, ['save:A', 'update:A', 'load:B', 'delete:B'])
  assert.equal(operationOf(model, 'save:A').body?.shape, null)
})

test('B30 an operation that has only XML is reported, and nothing is guessed', () => {
  const model = compileSave(`{application/xml: ${A}}`)
  assert.equal(operationOf(model, 'save:A').body, null)
  assert.deepEqual(diagnosticsOf(model), [
    '6:7 error MEDIA_TYPE_UNSUPPORTED /paths/~1a/post/requestBody'
  ])
  assert.equal(
    model.index.diagnostics[0]?.message,
    'POST /a offers a request body only as application/xml'
  )
  const none = compileSchemas('A: {x-flow-type: {name: A}, properties: {x: {}}}')
  assert.deepEqual(Object.keys({ ...none.endpoints, ...none.mappings }), [])
})
