import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileManifest } from '../../../service/compiler/manifest/compile-manifest.ts'
import { parseDocument } from '../../../service/parse/parse-document.ts'

function compile(text: string) {
  return compileManifest(parseDocument(text, 'application/yaml', 'https://d.example/m.yaml'))
}

/** The diagnostics of a manifest, each with its line and column. */
function found(text: string): string[] {
  return compile(text).index.diagnostics.map(
    ({ line, column, severity, code, message }) =>
      `${line}:${column} ${severity} ${code} ${message}`
  )
}

const INPUT = 'CONFIG: {inputs: {a: {format: rest_api, url: "https://a.example/x"'
const FIELDS = 'schema: [{name: n, type: string}]'

for (const [text, expected] of [
  [
    'CONFIG: {}',
    ['1:1 error MANIFEST_EMPTY the manifest has no input and no output of format `rest_api`']
  ],
  [
    'CONFIG: {inputs: [1]}',
    [
      '1:10 error MANIFEST_INVALID `inputs` is left out: it must be an object, with each input under its name'
    ]
  ],
  [
    `${INPUT}, schema: [{name: n, type: string}], pagination: {type: ofset}}}}`,
    [
      '1:117 error MANIFEST_INVALID `inputs.a` is left out: pagination.type must be one of offset, cursor, next_link, none (did you mean "offset"?)'
    ]
  ],
  [
    `${INPUT}, schema: [{name: n, type: string}], pagination: {type: cursor}}}}`,
    [
      '1:104 error MANIFEST_INVALID `inputs.a` is left out: `pagination` of type `cursor` lacks `cursor_field`'
    ]
  ],
  [
    `${INPUT}, ${FIELDS}}, b: {format: parquet, path: b}}, transform: {sql: x}}`,
    [
      '1:109 info MANIFEST_PART_SKIPPED `inputs.b` is skipped: format "parquet" is no endpoint',
      '1:137 info MANIFEST_PART_SKIPPED `transform` is skipped: flows read and write the endpoints themselves'
    ]
  ],
  [
    `${INPUT}, ${FIELDS}}, b: {format: restapi, url: "https://a.example/y"}}}`,
    [
      '1:109 warning MANIFEST_FORMAT_UNKNOWN `inputs.b` is skipped: its format "restapi" is not known (did you mean "rest_api"?)'
    ]
  ],
  [
    `${INPUT}}}}`,
    [
      '1:19 info MANIFEST_FIELDS_INFERRED `inputs.a` has no `schema`, so that its fields are taken from the first page of the API'
    ]
  ],
  [
    `${INPUT}, schema: [{name: n, type: string}, {name: n, type: long}]}}}`,
    [
      '1:103 warning MANIFEST_MEMBER_IGNORED `schema[1]` of `inputs.a` is ignored: the field "n" is there already'
    ]
  ],
  [
    `${INPUT}, ${FIELDS}, auth: {type: bearer, token: s3cret}}}}`,
    [
      '1:125 warning MANIFEST_SECRET_WRITTEN `inputs.a.auth.token` has a secret as plain text, which everybody can read who can read the manifest'
    ]
  ],
  ...[
    [
      'auth: {type: bearer, token: "{{ env.T }}"}, headers: {authorization: "{{ env.O }}"}',
      'auth',
      'headers.authorization'
    ],
    [
      'auth: {type: basic, username: "{{ env.T }}"}, headers: {Authorization: "{{ env.O }}"}',
      'auth',
      'headers.Authorization'
    ],
    [
      'auth: {type: api_key, header: X-Key, key: "{{ env.T }}"}, headers: {x-key: "{{ env.O }}"}',
      'headers.x-key',
      'auth'
    ],
    [
      'auth: {type: api_key, param: key, key: "{{ env.T }}"}, params: {key: a}',
      'params.key',
      'auth'
    ]
  ].map(
    ([more, ignored, sent]) =>
      [
        `${INPUT}, ${FIELDS}, ${more}}}}`,
        [
          `1:104 warning MANIFEST_MEMBER_IGNORED \`${ignored}\` of \`inputs.a\` is ignored: \`${sent}\` is sent`
        ]
      ] as const
  ),
  [
    `${INPUT}, ${FIELDS}, auth: {type: api_key, param: Key, key: "{{ env.T }}"}, params: {key: a}, headers: {Authorization: "{{ env.O }}", Key: b}}}}`,
    []
  ]
] as const) {
  test(`a manifest's faults are told at their place: ${text.slice(0, 60)}… ${text.length}`, () => {
    assert.deepEqual(found(text), expected)
  })
}

test('an input and an output of one name are one type; fields of one alone are not written or not read', () => {
  const { types, mappings } = compile(`CONFIG:
  inputs:
    people: {format: rest_api, url: "https://a.example/p", schema: [{name: id, type: long}, {name: age, type: integer}]}
  outputs:
    people: {format: rest_api, url: "https://a.example/p", schema: [{name: id, type: long}, {name: pin, type: string}]}
`)
  assert.deepEqual(Object.keys(mappings), ['query:people', 'save:people'])
  assert.deepEqual(
    types.people?.properties.map(({ name, readOnly, writeOnly }) => [name, readOnly, writeOnly]),
    [
      ['id', false, false],
      ['pin', false, true],
      ['age', true, false]
    ]
  )
})

test('inputs of one path have endpoints of their own', () => {
  const { endpoints } = compile(`CONFIG:
  inputs:
    a: {format: rest_api, url: "https://a.example/x", schema: [{name: id, type: long}]}
    b: {format: rest_api, url: "https://b.example/x", schema: [{name: id, type: long}]}
`)
  assert.deepEqual(
    Object.values(endpoints).map(({ key, server }) => [key, server.url]),
    [
      ['GET /x', 'https://a.example'],
      ['GET /x#b', 'https://b.example']
    ]
  )
})

test('E07 H01 defaults are those of the form', () => {
  const { mappings, endpoints } = compile(`CONFIG:
  inputs:
    a: {format: rest_api, url: "https://a.example/x", pagination: {type: offset}, schema: [{name: id, type: long}]}
  outputs:
    b: {format: rest_api, url: "https://a.example/y", rate_limit: {requests_per_second: 0.5}, schema: [{name: id, type: long}]}
`)
  const paging = mappings['query:a']?.paging
  assert.equal(paging?.pageSize, 100)
  assert.equal(paging?.positionParam, 'offset')
  assert.equal(paging?.pageSizeParam, 'limit')
  assert.equal(mappings['save:b']?.batchSize, 100)
  assert.deepEqual(endpoints['GET /x']?.conduct.retry, {
    on: [429, 503],
    onIsOwn: true,
    max: 3,
    ignore: []
  })
  assert.equal(endpoints['GET /x']?.conduct.rateLimit, null)
  assert.equal(endpoints['POST /y']?.conduct.rateLimit?.requestsPerSecond, 0.5)
})
