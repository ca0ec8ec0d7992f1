import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Diagnostic } from '../../../service/model/diagnostic.ts'
import type { RecordsLocation } from '../../../service/model/mapping-record.ts'
import { compile, operationOf } from '../../support/compile.ts'

/** Where the objects of type `A` stand in an answer of a schema, and what was said about it. */
function recordsOf(
  schema: string,
  verb = 'query',
  words = ''
): { records: RecordsLocation; said: string[]; diagnostics: readonly Diagnostic[] } {
  const method = { query: 'get', load: 'get', save: 'post', update: 'put' }[verb] ?? 'get'
  const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    ${method}:
      responses:
        '200': {description: ok, content: {application/json: ${schema}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-${verb}: {path: /a${words}}
      properties:
        id: {type: string}
        rows: {type: array, items: {properties: {x: {type: string}}}}
    Other: {properties: {y: {type: string}}}
`)
  return {
    records: operationOf(model, `${verb}:A`).records,
    diagnostics: model.index.diagnostics,
    said: model.index.diagnostics
      .filter(({ code }) => code === 'RECORDS_INFERRED')
      .map(({ message }) => message)
  }
}

function placeOf(schema: string, verb?: string, words?: string): string {
  const { records } = recordsOf(`{schema: ${schema}}`, verb, words)
  if (records.at === 'search') return 'searched'
  if (records.at === 'undecided') return `none of ${records.between.join(' ')}`
  const { path, item, areEntries } = records
  if (areEntries === true) return `values of ${path || 'whole'}`
  return item === undefined ? path || 'whole' : `${path}[].${item}`
}

const A = "{$ref: '#/components/schemas/A'}"
const OTHER = "{$ref: '#/components/schemas/Other'}"
const LIST_OF_A = `{type: array, items: ${A}}`
const LIST_OF_OTHER = `{type: array, items: ${OTHER}}`

test('B18 the type itself and a root array are the whole body', () => {
  for (const schema of [A, LIST_OF_A, LIST_OF_OTHER, `{allOf: [${A}]}`, `{oneOf: [${A}]}`]) {
    for (const verb of ['query', 'load']) assert.equal(placeOf(schema, verb), 'whole', schema)
  }
})

test('B19 else it is the one array of the type, else the only array of objects', () => {
  const rows: readonly (readonly [properties: string, place: string])[] = [
    [`{list: ${LIST_OF_A}, others: ${LIST_OF_OTHER}, n: {type: integer}}`, 'list'],
    [`{others: ${LIST_OF_OTHER}, names: {type: array, items: {type: string}}}`, 'others'],
    [`{item: ${A}, others: ${LIST_OF_OTHER}}`, 'item'],
    [`{'@odata.value': ${LIST_OF_A}}`, '@odata\\.value']
  ]
  for (const [properties, place] of rows) {
    assert.equal(placeOf(`{properties: ${properties}}`), place, properties)
  }
})

const A_INLINE = '{properties: {id: {type: string}, rows: {type: array, items: {}}}}'
const LISTED = `{type: array, items: ${A_INLINE}}`
const EDGE = `{properties: {cursor: {type: string}, node: ${A}}}`
const ERROR = '{properties: {code: {type: integer}, message: {type: string}}}'

test('W3 a list is found up to four members deep, by its type and else by its members', () => {
  const deep = (inner: string): string =>
    `{properties: {d: {properties: {results: ${inner}, links: {type: array, items: ${OTHER}}}}}}`
  const rows: readonly (readonly [schema: string, place: string])[] = [
    [
      `{properties: {_embedded: {properties: {'ea:items': ${LIST_OF_A}}}, n: {}}}`,
      '_embedded.ea:items'
    ],
    [deep(LIST_OF_A), 'd.results'],
    [deep(LISTED), 'd.results'],
    [`{properties: {a: {properties: {b: {properties: {c: ${LIST_OF_A}}}}}}}`, 'a.b.c'],
    [
      `{properties: {a: {properties: {b: {properties: {c: {properties: {d: ${LIST_OF_A}}}}}}}}}`,
      'a.b.c.d'
    ],
    [`{properties: {meta: ${OTHER}, data: {properties: {user: ${A}}}}}`, 'data.user'],
    [`{properties: {data: ${A_INLINE}}}`, 'data'],
    [
      `{allOf: [{properties: {n: {type: integer}}}, {properties: {page: {properties: {list: ${LIST_OF_A}}}}}]}`,
      'page.list'
    ],
    [`{properties: {data: ${LISTED}, other: ${LIST_OF_OTHER}}}`, 'data'],
    [
      `{properties: {data: ${LIST_OF_A}, included: {type: array, items: {oneOf: [${A}, ${OTHER}]}}}}`,
      'data'
    ]
  ]
  for (const [schema, place] of rows) assert.equal(placeOf(schema), place, schema)
  const five = `{properties: {a: {properties: {b: {properties: {c: {properties: {d: {properties: {e: ${LIST_OF_A}}}}}}}}}}}`
  assert.equal(placeOf(five), 'whole')
})

test('W3 objects inside of the items of a list, and of a map, are the records', () => {
  const rows: readonly (readonly [schema: string, place: string])[] = [
    [`{properties: {edges: {type: array, items: ${EDGE}}}}`, 'edges[].node'],
    [`{type: array, items: ${EDGE}}`, '[].node'],
    [
      `{properties: {hits: {properties: {hits: {type: array, items: {properties: {_id: {type: string}, _source: ${A}}}}}}}}`,
      'hits.hits[]._source'
    ],
    [
      `{properties: {entry: {type: array, items: {properties: {resource: {oneOf: [${OTHER}, ${A}]}}}}}}`,
      'entry[].resource'
    ],
    [
      `{properties: {items: {type: array, items: {properties: {added: {type: string}, track: ${A_INLINE}}}}}}`,
      'items[].track'
    ],
    [
      `{properties: {games: {type: array, items: {properties: {home: ${A}, away: ${A}}}}}}`,
      'games'
    ],
    [
      `{properties: {list: {type: array, items: {properties: {id: {type: string}, rows: {type: array, items: {}}, parent: ${A}}}}}}`,
      'list'
    ],
    [`{additionalProperties: ${A}}`, 'values of whole'],
    [`{properties: {users: {type: object, additionalProperties: ${A}}}}`, 'values of users'],
    [
      `{properties: {n: {type: integer}, users: {type: object, patternProperties: {'^u': ${A}}}}}`,
      'values of users'
    ]
  ]
  for (const [schema, place] of rows) assert.equal(placeOf(schema), place, schema)
})

test('W3 alternatives of a list and something else, and lists that may be null, hide no list', () => {
  for (const schema of [
    `{oneOf: [${LIST_OF_A}, ${ERROR}]}`,
    `{anyOf: [${ERROR}, ${LIST_OF_A}]}`,
    `{oneOf: [${LIST_OF_A}, ${A}]}`,
    `{type: array, nullable: true, items: ${A}}`
  ]) {
    assert.equal(placeOf(schema), 'whole', schema)
  }
  for (const schema of [
    `{oneOf: [{properties: {list: ${LIST_OF_A}}}, ${ERROR}]}`,
    `{properties: {list: {oneOf: [${LIST_OF_A}, ${ERROR}]}}}`,
    `{properties: {list: {anyOf: [${LIST_OF_A}, {type: 'null'}]}}}`,
    `{properties: {list: {type: array, nullable: true, items: ${A}}}}`
  ]) {
    assert.equal(placeOf(schema), 'list', schema)
  }
})

test('W3 of two places none is taken, and a warning names both', () => {
  for (const [schema, place, named] of [
    [`{properties: {one: ${LIST_OF_A}, two: ${LIST_OF_A}}}`, 'none of one two', '"one", "two"'],
    [
      `{properties: {a: {properties: {b: ${LIST_OF_A}}}, two: ${LISTED}, three: ${LIST_OF_A}}}`,
      'none of three a.b',
      '"three", "a.b"'
    ],
    [`{properties: {one: ${LISTED}, two: ${LISTED}}}`, 'none of one two', '"one", "two"'],
    [`{properties: {one: ${LIST_OF_OTHER}, two: ${LIST_OF_OTHER}}}`, 'searched', '"one", "two"']
  ] as const) {
    assert.equal(placeOf(schema), place)
    const { diagnostics } = recordsOf(`{schema: ${schema}}`)
    const found = diagnostics.filter(({ code }) => code === 'RECORDS_AMBIGUOUS')
    assert.deepEqual(
      found.map(({ severity, message }) => [severity, message]),
      [
        [
          'warning',
          `the answer of \`x-flow-query\` may have objects of type "A" at several places: ${named}`
        ]
      ]
    )
  }
})

test('W3 what stands in a property of the type belongs to its object', () => {
  assert.equal(placeOf(A_INLINE, 'load'), 'whole')
  assert.equal(placeOf(`{properties: {id: {type: string}, rows: ${LISTED}}}`, 'query'), 'whole')
  assert.equal(
    placeOf(
      `{properties: {id: {type: string}, rows: {type: array, items: {}}, parts: ${LISTED}}}`,
      'load'
    ),
    'whole'
  )
})

test('B19 what the document does not decide is looked for in each answer', () => {
  for (const schema of [
    `{properties: {links: ${LIST_OF_OTHER}, data: {}}}`,
    '{type: object, properties: {data: {}}}',
    '{type: object, properties: {items: {type: array, items: {}}}}',
    '{type: object}',
    '{}'
  ]) {
    assert.equal(placeOf(schema), 'searched', schema)
  }
  assert.deepEqual(recordsOf('{}').records, { at: 'search' })
})

test('B18 an object that can hold no list is the whole body, also when it is not the type', () => {
  assert.equal(placeOf(OTHER), 'whole')
  assert.equal(placeOf(OTHER, 'load'), 'whole')
})

test('B18 what a write answers is the object, or stands where the type does', () => {
  for (const verb of ['save', 'update']) {
    assert.equal(placeOf(`{properties: {a: ${A}, others: ${LIST_OF_OTHER}}}`, verb), 'a')
    assert.equal(placeOf(`{properties: {others: ${LIST_OF_OTHER}}}`, verb), 'whole')
    assert.equal(placeOf('{}', verb), 'whole')
  }
})

test('B17 a declared place wins, a blank one is the root', () => {
  const schema = `{properties: {list: ${LIST_OF_A}}}`
  assert.equal(placeOf(schema, 'query', ', records: data.items'), 'data.items')
  assert.equal(placeOf(schema, 'query', ", records: ''"), 'whole')
})

test('B19 what was chosen is said, what is declared or evident is not', () => {
  const { said } = recordsOf(`{schema: {properties: {'a.b': ${LIST_OF_A}}}}`)
  assert.deepEqual(said, [
    'the objects of `x-flow-query` of type "A" are read from "a.b" of the answer'
  ])
  assert.deepEqual(recordsOf(`{schema: ${LIST_OF_A}}`).said, [])
  assert.deepEqual(
    recordsOf(`{schema: {properties: {l: ${LIST_OF_A}}}}`, 'query', ', records: l').said,
    []
  )
})

test('I09 W5 the answer that is read is the lowest 2xx, else default, and never that of an error', () => {
  const rows: readonly (readonly [responses: string, place: string | null])[] = [
    ["'201': x, '200': y, '404': z", 'y'],
    ["'404': z, '2XX': x, default: y", 'x'],
    ["'404': z, default: x", 'x'],
    ["'404': x, '500': y", null],
    ["'302': x, '4XX': y", null]
  ]
  for (const [responses, place] of rows) {
    const declared = responses.replaceAll(
      /: (\w)/g,
      `: {description: ok, content: {application/json: {schema: {properties: {$1: ${LIST_OF_A}}}}}}`
    )
    const model = compile(`openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a: {get: {responses: {${declared}}}}
components:
  schemas:
    A: {x-flow-type: {name: A}, x-flow-query: {path: /a}, properties: {id: {type: string}}}
`)
    const expected = place === null ? { at: 'search' } : { at: 'path', path: place }
    assert.deepEqual(operationOf(model, 'query:A').records, expected, responses)
  }
})
