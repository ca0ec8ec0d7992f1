import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compile, diagnosticsOf } from '../../support/compile.ts'

const HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"

function typeOf(name: string): string {
  return `{type: object, x-flow-type: {name: ${name}}, properties: {a: {type: string}}}`
}

function mediaOf(name: string): string {
  return `{application/json: {schema: ${typeOf(name)}}}`
}

const PLACES: readonly (readonly [place: string, document: string])[] = [
  ['a webhook', `webhooks: {w: {post: {requestBody: {content: ${mediaOf('T')}}}}}`],
  [
    'a parameter of a webhook',
    `webhooks: {w: {parameters: [{name: q, in: query, schema: ${typeOf('T')}}]}}`
  ],
  [
    'a parameter with content',
    `paths: {/x: {get: {parameters: [{name: q, in: query, content: ${mediaOf('T')}}]}}}`
  ],
  [
    'a parameter of a path',
    `paths: {/x: {parameters: [{name: q, in: query, schema: {items: ${typeOf('T')}}}]}}`
  ],
  [
    'a callback',
    `paths: {/x: {post: {callbacks: {c: {'{$url}': {post: {requestBody: {content: ${mediaOf('T')}}}}}}}}}`
  ],
  [
    'a callback of components',
    `components: {callbacks: {c: {'{$url}': {put: {requestBody: {content: ${mediaOf('T')}}}}}}}`
  ],
  [
    'a header',
    `paths: {/x: {get: {responses: {'200': {headers: {H: {schema: ${typeOf('T')}}}}}}}}`
  ],
  ['a header of components', `components: {headers: {H: {content: ${mediaOf('T')}}}}`],
  [
    'a header of a part',
    `paths: {/x: {post: {requestBody: {content: {multipart/form-data: {encoding: {f: {headers: {H: {schema: ${typeOf('T')}}}}}}}}}}}`
  ],
  [
    'a parameter of components',
    `components: {parameters: {p: {name: q, in: query, schema: ${typeOf('T')}}}}`
  ],
  [
    'items of a stream',
    `paths: {/x: {get: {responses: {'200': {content: {application/jsonl: {itemSchema: ${typeOf('T')}}}}}}}}`
  ],
  ['then', `components: {schemas: {S: {then: ${typeOf('T')}}}}`],
  ['else', `components: {schemas: {S: {properties: {p: {else: ${typeOf('T')}}}}}}`],
  ['dependentSchemas', `components: {schemas: {S: {dependentSchemas: {p: ${typeOf('T')}}}}}`],
  ['unevaluatedProperties', `components: {schemas: {S: {unevaluatedProperties: ${typeOf('T')}}}}`],
  ['contentSchema', `components: {schemas: {S: {type: string, contentSchema: ${typeOf('T')}}}}`]
]

test('M12 a type is where a schema can stand', () => {
  for (const [place, document] of PLACES) {
    const model = compile(`${HEAD}${document}`)
    assert.deepEqual(model.index.types, ['T'], place)
    const codes = model.index.diagnostics.map(({ code }) => code)
    assert.ok(!codes.includes('EXTENSION_MISPLACED'), place)
  }
})

test('M12 a key of a type where no schema can stand is a finding', () => {
  const key = 'x-flow-type: {name: T}'
  for (const [document, at] of [
    [`paths: {/x: {get: {${key}, responses: {}}}}`, '/paths/~1x/get'],
    [`paths: {/x: {get: {responses: {'200': {${key}}}}}}`, '/paths/~1x/get/responses/200'],
    [
      `paths: {/x: {get: {responses: {'200': {content: {a/b: {${key}}}}}}}}`,
      '/paths/~1x/get/responses/200/content/a~1b'
    ],
    [
      `components: {schemas: {S: {discriminator: {${key}}}}}`,
      '/components/schemas/S/discriminator'
    ],
    [`components: {schemas: {S: {xml: {${key}}}}}`, '/components/schemas/S/xml'],
    [`webhooks: {w: {${key}}}`, '/webhooks/w']
  ] as const) {
    const model = compile(`${HEAD}${document}`)
    const found = diagnosticsOf(model).filter(line => line.includes('EXTENSION_MISPLACED'))
    assert.equal(found.length, 1, document)
    assert.match(found[0] ?? '', /warning EXTENSION_MISPLACED /)
    assert.ok(found[0]?.endsWith(` ${at}/x-flow-type`), found[0])
  }
})
