import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../../service/base/json.ts'
import type { ExampleRecord } from '../../../service/model/example-record.ts'
import { compile, diagnosticsOf, exampleOf, operationOf } from '../../support/compile.ts'

type Given = {
  /** What stands beside `description` in the responses, by status. */
  readonly responses: { readonly [status: string]: string }
  readonly verb?: string
  /** Words of the mapping beside its path. */
  readonly words?: string
  /** Words of the type's schema beside its properties. */
  readonly type?: string
  readonly properties?: string
  readonly parameters?: string
}

function compileExamples({ responses, verb = 'query', words = '', ...given }: Given) {
  const method = { query: 'get', load: 'get', save: 'post' }[verb] ?? 'get'
  const declared = Object.entries(responses).map(
    ([status, rest]) => `        '${status}': {description: ok${rest === '' ? '' : `, ${rest}`}}`
  )
  return compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
paths:
  /a:
    ${method}:
      parameters: [${given.parameters ?? ''}]
      responses:
${declared.join('\n')}
components:
  examples: {Shared: {value: [{id: shared}]}}
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-${verb}: {path: /a${words}}
      ${given.type ?? 'description: a type'}
      properties: {${given.properties ?? 'id: {type: string}'}}
    Shown: {type: array, items: {$ref: '#/components/schemas/A'}, example: [{id: schema}]}
`)
}

function examplesOf(given: Given): ExampleRecord {
  const found = exampleOf(compileExamples(given), `${given.verb ?? 'query'}:A`)
  assert.ok(found)
  return JSON.parse(JSON.stringify(found))
}

/** The body that is given without a word about which. */
function bodyOf(given: Given): JsonValue | undefined {
  const { status, answers } = examplesOf(given)
  return answers[status ?? '']?.body
}

const json = (media: string) => `content: {application/json: {${media}}}`
const LIST = "schema: {type: array, items: {$ref: '#/components/schemas/A'}}"
const SHOWN = "schema: {$ref: '#/components/schemas/Shown'}"
const ONE = "schema: {$ref: '#/components/schemas/A'}"

test('G02 the example of the response wins over its schema, that over the type, that over properties', () => {
  const type = 'example: {id: type}'
  const properties = 'id: {type: string, example: property}'
  const rows: readonly (readonly [given: Given, id: string])[] = [
    [{ responses: { 200: json(`example: [{id: media}], ${SHOWN}`) }, type }, 'media'],
    [
      { responses: { 200: json(`examples: {N: {value: [{id: named}]}}, ${SHOWN}`) }, type },
      'named'
    ],
    [{ responses: { 200: json(SHOWN) }, type, properties }, 'schema'],
    [{ responses: { 200: json(LIST) }, type, properties }, 'type'],
    [{ responses: { 200: json(LIST) }, properties }, 'property'],
    [
      {
        responses: {
          200: json('schema: {type: array, items: {properties: {id: {example: inner}}}}')
        }
      },
      'inner'
    ]
  ]
  for (const [given, id] of rows) assert.deepEqual(bodyOf(given), [{ id }], id)
})

test('G02 a read whose response declares no schema gives the example of the type', () => {
  for (const response of ['', json('')]) {
    const responses = { 200: response }
    assert.deepEqual(bodyOf({ responses, type: 'example: {id: type}' }), [{ id: 'type' }])
    assert.deepEqual(bodyOf({ responses, type: 'example: {id: type}', verb: 'load' }), {
      id: 'type'
    })
    assert.deepEqual(bodyOf({ responses, properties: 'id: {example: p}' }), [{ id: 'p' }])
    assert.equal(bodyOf({ responses, type: 'example: {id: type}', verb: 'save' }), undefined)
  }
})

test('G02 the example of the type stands where the answer has its objects', () => {
  const schema =
    "schema: {properties: {data: {properties: {rows: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}"
  const given = { responses: { 200: json(schema) }, type: 'example: {id: type}' }
  assert.deepEqual(bodyOf({ ...given, words: ', records: data.rows' }), {
    data: { rows: [{ id: 'type' }] }
  })
  assert.deepEqual(
    bodyOf({ responses: { 200: json(ONE) }, type: 'example: {id: type}', verb: 'load' }),
    {
      id: 'type'
    }
  )
})

test('G03 an array example is given as it is, of a 3.1 schema the first one', () => {
  const three = '[{id: a}, {id: b}, {id: c}]'
  assert.deepEqual(bodyOf({ responses: { 200: json(`example: ${three}`) } }), [
    { id: 'a' },
    { id: 'b' },
    { id: 'c' }
  ])
  assert.deepEqual(bodyOf({ responses: { 200: json(LIST) }, type: `example: ${three}` }), [
    { id: 'a' },
    { id: 'b' },
    { id: 'c' }
  ])
  assert.deepEqual(
    bodyOf({ responses: { 200: json(LIST) }, type: 'examples: [{id: a}, {id: b}]' }),
    [{ id: 'a' }]
  )
  const items = 'schema: {type: array, items: {properties: {id: {}}, example: {id: item}}}'
  assert.deepEqual(bodyOf({ responses: { 200: json(items) } }), [{ id: 'item' }])
})

test('G04 every declared response has its own body, also those that are no success', () => {
  const found = examplesOf({
    responses: {
      200: json('example: [{id: a}]'),
      404: json('example: {message: none}'),
      500: json('schema: {type: object}'),
      default: ''
    },
    type: 'example: {id: type}'
  })
  assert.equal(found.status, '200')
  assert.deepEqual(found.answers, {
    200: { named: {}, body: [{ id: 'a' }] },
    404: { named: {}, body: { message: 'none' } },
    500: { named: {} },
    default: { named: {} }
  })
})

test('G05 named examples are kept by name, through references and in the form of 3.2', () => {
  const named =
    "examples: {One: {value: [{id: one}]}, Two: {$ref: '#/components/examples/Shared'}, Three: {dataValue: [{id: three}]}, Far: {externalValue: 'https://example.com'}}"
  const given = { responses: { 200: json(named) }, words: ', example: {examples: Two}' }
  const found = examplesOf(given)
  assert.deepEqual(found.answers[200], {
    named: { One: [{ id: 'one' }], Two: [{ id: 'shared' }], Three: [{ id: 'three' }] },
    body: [{ id: 'one' }]
  })
  assert.deepEqual(operationOf(compileExamples(given), 'query:A').example, {
    response: null,
    name: 'Two'
  })
})

test('G04 G05 what a mapping asks for is kept as text, the code as text or number', () => {
  const rows: readonly (readonly [words: string, example: unknown])[] = [
    ['', null],
    [', example: false', null],
    [', example: true', { response: null, name: null }],
    [", example: {response: '404'}", { response: '404', name: null }],
    [', example: {response: 404}', { response: '404', name: null }],
    [', example: {response: 404, examples: N}', { response: '404', name: 'N' }]
  ]
  const responses = { 200: '', 404: json('examples: {N: {value: {}}}') }
  for (const [words, example] of rows) {
    const model = compileExamples({ responses, words })
    assert.deepEqual(operationOf(model, 'query:A').example, example, words)
    assert.deepEqual(diagnosticsOf(model), [], words)
  }
})

test('G06 examples of properties and parameters are put together, at every depth', () => {
  const properties = `id: {type: string}, name: {type: string, example: Ann}, no: {type: string},
        list: {type: array, items: {type: integer, example: 7}},
        deep: {properties: {x: {properties: {y: {examples: [1.50, 2]}}}}},
        choice: {oneOf: [{properties: {a: {example: b}}}, {properties: {c: {}}}]},
        own: {$ref: '#/components/schemas/A'}`
  const parameters =
    '{name: id, in: query, example: from parameter}, {name: no, in: query, examples: {N: {value: 3}}}, {name: other, in: query, example: x}'
  const expected = {
    id: 'from parameter',
    name: 'Ann',
    no: 3,
    list: [7],
    deep: { x: { y: 1.5 } },
    choice: { a: 'b' }
  }
  assert.deepEqual(bodyOf({ responses: { 200: json(LIST) }, properties, parameters }), [expected])
})

test('G06 nothing is made up: without any example there is none', () => {
  assert.equal(bodyOf({ responses: { 200: json(LIST) } }), undefined)
  assert.deepEqual(examplesOf({ responses: {} }), { status: null, answers: {} })
})

test('G06 an example of schemas that fan out without end ends', () => {
  const fan = Array.from(
    { length: 30 },
    (_, i) =>
      `p${i}: {$ref: '#/components/schemas/A'}, q${i}: {items: {$ref: '#/components/schemas/Shown/items'}}`
  )
  const body = bodyOf({
    responses: { 200: json(LIST) },
    properties: `id: {example: a}, ${fan.join(', ')}`
  })
  assert.deepEqual(body, [{ id: 'a' }])
})

test('G02 numbers of examples keep their digits', () => {
  const model = compileExamples({
    responses: { 200: json('example: [{id: 12345678901234567890.50}]') }
  })
  assert.equal(
    JSON.stringify(exampleOf(model, 'query:A').answers['200']?.body),
    '[{"id":12345678901234567890.5}]'
  )
})

test('G08 an unknown response or name is an error with the nearest one', () => {
  const responses = {
    200: json('examples: {Small: {value: []}, Large: {value: []}}'),
    404: json('examples: {None: {value: {}}}')
  }
  const rows: readonly (readonly [words: string, code: string, message: string])[] = [
    [
      '{response: 405}',
      'EXAMPLE_RESPONSE_UNKNOWN',
      'GET /a declares no response "405" (did you mean "404"?)'
    ],
    [
      '{examples: Smal}',
      'EXAMPLE_NAME_UNKNOWN',
      'GET /a has no example "Smal" (did you mean "Small"?)'
    ],
    ['{response: 404, examples: Small}', 'EXAMPLE_NAME_UNKNOWN', 'GET /a has no example "Small"']
  ]
  for (const [words, code, message] of rows) {
    const model = compileExamples({ responses, words: `, example: ${words}` })
    const [diagnostic] = model.index.diagnostics
    assert.equal(model.index.diagnostics.length, 1, words)
    assert.deepEqual(
      [diagnostic?.code, diagnostic?.severity, diagnostic?.message],
      [code, 'error', message]
    )
    assert.deepEqual([diagnostic?.line, diagnostic?.column], [15, 32])
    assert.equal(diagnostic?.pointer, '/components/schemas/A/x-flow-query/example')
  }
})
