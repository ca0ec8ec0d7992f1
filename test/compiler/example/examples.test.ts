import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExampleRecord } from '../../../service/model/example-record.ts'
import { compile, diagnosticsOf, exampleOf, operationOf } from '../../support/compile.ts'
import { shownBy } from '../../support/shown-examples.ts'

type Given = {
  /** What stands beside `description` in the responses, by status. */
  readonly responses: { readonly [status: string]: string }
  readonly verb?: string
  /** Words of the mapping beside its path; by default it is answered by an example. */
  readonly words?: string
  /** Words of the type's schema beside its properties. */
  readonly type?: string
  readonly properties?: string
  readonly parameters?: string
}

function compileExamples({
  responses,
  verb = 'query',
  words = ', example: true',
  ...given
}: Given) {
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

/** The objects that the mapping shows. */
function objectsOf(given: Given): ReturnType<typeof shownBy> {
  return shownBy(compileExamples(given), `${given.verb ?? 'query'}:A`)
}

/** The ids of the objects that the mapping shows. */
async function idsOf(given: Given): Promise<unknown[]> {
  return (await objectsOf(given)).map(({ id }) => id)
}

const json = (media: string) => `content: {application/json: {${media}}}`
const LIST = "schema: {type: array, items: {$ref: '#/components/schemas/A'}}"
const SHOWN = "schema: {$ref: '#/components/schemas/Shown'}"

test('G02 the example of the response wins over its schema, that over the type, that over properties', async () => {
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
  for (const [given, id] of rows) assert.deepEqual(await idsOf(given), [id], id)
})

test('G02 a read whose response declares no schema gives the example of the type', async () => {
  for (const response of ['', json('')]) {
    const responses = { 200: response }
    for (const verb of ['query', 'load']) {
      assert.deepEqual(await idsOf({ responses, type: 'example: {id: type}', verb }), ['type'])
    }
    assert.deepEqual(await idsOf({ responses, properties: 'id: {example: p}' }), ['p'])
  }
})

test('E2 what an envelope shows of itself does not replace the objects in it', async () => {
  const envelope = (members: string, media = '') =>
    json(
      `schema: {type: object, properties: {${members}, data: {type: object, properties: {rows: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}${media}`
    )
  const words = ', records: data.rows, example: true'
  for (const response of [
    envelope('total: {type: integer, example: 2}'),
    envelope('ok: {type: boolean, example: true}, at: {type: string, default: now}'),
    envelope('total: {type: integer}', ', example: {total: 7}'),
    envelope('total: {type: integer}', ', examples: {One: {value: {total: 7, data: {}}}}')
  ]) {
    const rows = await objectsOf({ responses: { 200: response }, words })
    assert.equal(rows.length, 5, response)
    assert.ok(
      rows.every(({ id }) => typeof id === 'string' && id !== ''),
      response
    )
    const typed = { responses: { 200: response }, words, type: 'example: {id: type}' }
    assert.deepEqual(await idsOf(typed), ['type'], response)
  }
  const empty = envelope('total: {type: integer}', ', example: {total: 0, data: {rows: []}}')
  assert.deepEqual(await idsOf({ responses: { 200: empty }, words }), [])
})

test('G03 E11 an array example is given as it is, and each example of a 3.1 schema is an object', async () => {
  const three = '[{id: a}, {id: b}, {id: c}]'
  const properties = 'id: {type: string}'
  for (const given of [
    { responses: { 200: json(`example: ${three}`) } },
    { responses: { 200: json(LIST) }, type: `example: ${three}` },
    { responses: { 200: json(LIST) }, type: `examples: ${three}` },
    { responses: { 200: json(LIST) }, type: `examples: [${three}]` },
    { responses: { 200: json(LIST) }, properties: 'id: {type: string, examples: [a, b, c]}' }
  ]) {
    assert.deepEqual(await idsOf({ properties, ...given }), ['a', 'b', 'c'], JSON.stringify(given))
  }
  const items = 'schema: {type: array, items: {properties: {id: {}}, example: {id: item}}}'
  assert.deepEqual(await idsOf({ responses: { 200: json(items) } }), ['item'])
})

test('E11 the examples of allOf parts are merged, the later over the earlier', async () => {
  const type = `allOf:
        - {type: object, properties: {size: {type: string}}, example: {id: part, size: small}}
        - {type: object, properties: {color: {type: string}}, example: {id: later, color: red}}`
  const responses = { 200: json(LIST) }
  assert.deepEqual(await objectsOf({ responses, type }), [
    { id: 'later', size: 'small', color: 'red' }
  ])
  const own = `example: {id: own}\n      ${type}`
  assert.deepEqual(await objectsOf({ responses, type: own }), [
    { id: 'own', size: 'small', color: 'red' }
  ])
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
    default: { named: {}, isEmpty: true }
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

test('E1 G06 each value has the example of its property at every depth, and all others are filled', async () => {
  const properties = `id: {type: string}, name: {type: string, example: Ann},
        list: {type: array, items: {type: integer, example: 7}},
        deep: {properties: {x: {properties: {y: {examples: [1.50]}, z: {type: integer}}}}},
        choice: {oneOf: [{properties: {a: {example: b}}}, {properties: {c: {}}}]},
        state: {type: string, enum: [open, closed]}, kind: {type: string, default: usual, enum: [other, usual]},
        map: {type: object, additionalProperties: {type: string, example: entry}},
        part: {type: object, properties: {n: {type: integer}, t: {type: string}}, example: {n: 3}}`
  const rows = await objectsOf({ responses: { 200: json(LIST) }, properties })
  assert.equal(rows.length, 5)
  for (const row of rows) {
    const { name, list, choice, deep, map, part } = row
    assert.deepEqual({ name, list, choice }, { name: 'Ann', list: [7], choice: { a: 'b' } })
    assert.match(JSON.stringify(deep), /^{"x":{"y":1.5,"z":\d+}}$/)
    assert.match(JSON.stringify(map), /^{"[^"]+":"entry"}$/)
    assert.match(JSON.stringify(part), /^{"n":3,"t":"[^"]+"}$/)
  }
  assert.equal(new Set(rows.map(({ id }) => id)).size, 5)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['open', 'closed', 'open', 'closed', 'open']
  )
  assert.equal(rows[0]?.kind, 'usual')
})

test('E1 what an example of the type lacks comes from its properties, or is made', async () => {
  const properties =
    'id: {type: integer}, name: {type: string, example: Ann}, age: {type: integer}, tags: {type: array, items: {type: string}}'
  const [row, another] = await objectsOf({
    responses: { 200: json(LIST) },
    properties,
    type: 'example: {age: 41, tags: []}'
  })
  assert.equal(another, undefined)
  assert.deepEqual({ ...row, id: typeof row?.id }, { id: 'number', name: 'Ann', age: 41, tags: [] })
})

test('E1 the example of an answer is taken as it is, but for the id and what is required', async () => {
  const type = 'required: [name, secret]'
  const properties =
    'id: {type: integer}, name: {type: string}, note: {type: string}, secret: {type: string, writeOnly: true}'
  const responses = { 200: json(`example: [{id: 7, name: Ann}, {note: new}, {id: 1}], ${LIST}`) }
  const [first, second, third] = await objectsOf({ responses, type, properties })
  assert.deepEqual(first, { id: 7, name: 'Ann' })
  assert.deepEqual(Object.keys(second ?? {}).toSorted(), ['id', 'name', 'note'])
  assert.deepEqual([second?.note, Object.keys(third ?? {})], ['new', ['id', 'name']])
  assert.equal(new Set([first?.id, second?.id, third?.id]).size, 3)
})

test('E10 path parameters say what an object holds, others only beside more of it and if they fit', async () => {
  const path = '{name: id, in: path, required: true, schema: {type: integer}, example: 42}'
  const query = '{name: city, in: query, example: Rome}, {name: size, in: query, example: large}'
  const properties = 'id: {type: integer}, city: {type: string}, size: {type: integer}'
  const responses = { 200: json(LIST) }
  const [found] = await objectsOf({ responses, properties, parameters: `${path}, ${query}` })
  assert.equal(found?.id, 42)
  assert.notEqual(found?.city, 'Rome')
  const more = `${properties}, name: {type: string, example: Ann}`
  const rows = await objectsOf({ responses, properties: more, parameters: query })
  assert.ok(
    rows.every(({ city, name, size }) => city === 'Rome' && name === 'Ann' && size !== 'large')
  )
  assert.equal(rows.length, 5)
  const paged = '{name: id, in: header, example: 9}, {name: name, in: cookie, example: {a: 1}}'
  for (const row of await objectsOf({ responses, properties: more, parameters: paged })) {
    assert.deepEqual([row.id === 9 && row.name === 'Ann', row.name], [false, 'Ann'])
  }
})

test('E1 a source that does not fit its schema is skipped with a warning, and the next is taken', async () => {
  for (const [property, expected] of [
    ['{type: integer, example: many, default: 3}', 3],
    ['{type: integer, example: 1.5, enum: [8]}', 8],
    ['{type: boolean, examples: [perhaps, true]}', true],
    ['{type: string, example: {a: 1}, default: b}', 'b'],
    ['{type: string, enum: [on, off], example: ON}', 'on'],
    ['{type: string, format: date, example: tomorrow, default: "2024-02-03"}', '2024-02-03'],
    ['{type: object, properties: {a: {type: string, default: x}}, example: [1]}', { a: 'x' }],
    ['{type: integer, example: "12", default: 3}', '12']
  ] as const) {
    const given = { responses: { 200: json(LIST) }, properties: `id: {}, p: ${property}` }
    const [row] = await objectsOf(given)
    assert.deepEqual(row?.p, expected, property)
    const codes = compileExamples(given).index.diagnostics.map(({ code }) => code)
    const isKept = property.includes('"12"')
    assert.deepEqual(codes, isKept ? [] : ['EXAMPLE_UNREADABLE'], property)
  }
})

test('E13 a code that is declared as a range or as default is answered under the code asked for', () => {
  const responses = { '2XX': json('example: []'), '4XX': json('example: {}'), default: '' }
  for (const response of ['200', '204', '404', '4XX', '503', 'default']) {
    const model = compileExamples({ responses, words: `, example: {response: '${response}'}` })
    assert.deepEqual(diagnosticsOf(model), [], response)
  }
  const model = compileExamples({ responses: { 200: '' }, words: ', example: {response: 404}' })
  assert.equal(model.index.diagnostics[0]?.code, 'EXAMPLE_RESPONSE_UNKNOWN')
})

test('G06 without any example all objects are made', async () => {
  const rows = await objectsOf({ responses: { 200: json(LIST) } })
  assert.equal(new Set(rows.map(({ id }) => id)).size, 5)
  assert.deepEqual(examplesOf({ responses: {} }), { status: null, answers: {} })
})

test('G06 an example of schemas that fan out without end ends', async () => {
  const fan = Array.from(
    { length: 30 },
    (_, i) =>
      `p${i}: {$ref: '#/components/schemas/A'}, q${i}: {items: {$ref: '#/components/schemas/Shown/items'}}`
  )
  const ids = await idsOf({
    responses: { 200: json(LIST) },
    properties: `id: {example: a}, ${fan.join(', ')}`
  })
  assert.deepEqual(ids, ['a'])
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
    [
      '{response: 404, examples: Small}',
      'EXAMPLE_NAME_UNKNOWN',
      'GET /a has no example "Small" for 404: it is declared for 200'
    ]
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

test('E19 a document whose writes are answered by examples says once that nothing is kept', () => {
  const responses = { 200: json(LIST) }
  for (const [verb, expected] of [
    ['save', ['info WRITES_NOT_KEPT /components/schemas/A/x-flow-save']],
    ['query', []]
  ] as const) {
    const told = diagnosticsOf(compileExamples({ responses, verb }))
    assert.deepEqual(
      told.filter(line => line.includes('WRITES')).map(line => line.replace(/^\d+:\d+ /, '')),
      expected
    )
  }
  assert.deepEqual(
    diagnosticsOf(compileExamples({ responses, verb: 'save', words: '' })).filter(line =>
      line.includes('WRITES')
    ),
    []
  )
})
