import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileManifest } from '../../../service/compiler/manifest/compile-manifest.ts'
import { isManifest, lineAndColumn, parseDocument } from '../../../service/parse/parse-document.ts'

/** Marks the place that a diagnostic must name. */
const PLACE = '¶'

const HEAD = 'CONFIG:\n  inputs:\n'
const OTHER = '    b: {url: "https://b.example", schema: [{name: n, type: string}]}\n'

/** An input with all that it needs, and its members. */
const input = (members: string): string =>
  `${HEAD}    a:\n      url: https://a.example/x\n      schema: [{name: n, type: string}]\n${members.replaceAll(/^(?=.)/gm, '      ')}`

/** What a manifest is told of, each with its place. */
function told(text: string): string[] {
  const document = parseDocument(text, 'application/yaml', 'https://d.example/m.yaml')
  assert.ok(isManifest(document))
  return compileManifest(document)
    .index.diagnostics.filter(({ severity }) => severity !== 'info')
    .map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`)
}

for (const [marked, message] of [
  // No inputs.
  [`${PLACE}CONFIG:\n`, 'error the manifest has no input and no output of format `rest_api`'],
  [
    `CONFIG:\n  ${PLACE}inputs: {}\n`,
    'error the manifest has no input and no output of format `rest_api`'
  ],
  [
    `CONFIG:\n  ${PLACE}inputs:\n  outputs:\n`,
    'error the manifest has no input and no output of format `rest_api`'
  ],
  [
    `${PLACE}CONFIG: [inputs]\n`,
    'error `CONFIG` is left out: it must be an object with `inputs` or `outputs`'
  ],
  [
    `${PLACE}CONFIG: text\n`,
    'error `CONFIG` is left out: it must be an object with `inputs` or `outputs`'
  ],
  [
    `CONFIG:\n  ${PLACE}inputs: rest_api\n`,
    'error `inputs` is left out: it must be an object, with each input under its name'
  ],
  // Of no known kind.
  [
    `${HEAD}    ${PLACE}a:\n`,
    'error `inputs.a` is left out: it must be an object with `format` and `url`'
  ],
  [
    `${HEAD}    ${PLACE}a: https://a.example\n`,
    'error `inputs.a` is left out: it must be an object with `format` and `url`'
  ],
  [
    `${HEAD}    ${PLACE}a: {method: GET}\n`,
    'error `inputs.a` is left out: it has neither `format` nor `url`'
  ],
  [
    `${HEAD}    ${PLACE}a: {format: rest_api}\n`,
    'error `inputs.a` is left out: must have required properties url'
  ],
  [
    `${HEAD}    a: {${PLACE}format: rest-api, url: u}\n${OTHER}`,
    'warning `inputs.a` is skipped: its format "rest-api" is not known (did you mean "rest_api"?)'
  ],
  [
    `${HEAD}    a: {${PLACE}format: graphql}\n${OTHER}`,
    'warning `inputs.a` is skipped: its format "graphql" is not known'
  ],
  // Members.
  [
    input(`auth: {${PLACE}type: oauth2, token: x}\n`),
    'error `inputs.a` is left out: auth.type must be one of bearer, api_key, basic'
  ],
  [
    input(`auth: {${PLACE}type: apikey, key: "{{ env.K }}"}\n`),
    'error `inputs.a` is left out: auth.type must be one of bearer, api_key, basic (did you mean "api_key"?)'
  ],
  [
    input(`pagination: {${PLACE}type: nextlink}\n`),
    'error `inputs.a` is left out: pagination.type must be one of offset, cursor, next_link, none (did you mean "next_link"?)'
  ],
  [
    input(`pagination: {type: offset, ${PLACE}page_size: 0}\n`),
    'error `inputs.a` is left out: pagination.page_size must be >= 1'
  ],
  [
    input(`pagination: {type: offset, ${PLACE}page_size: many}\n`),
    'error `inputs.a` is left out: pagination.page_size must be integer'
  ],
  [
    input(`${PLACE}pagination: {page_size: 10}\n`),
    'error `inputs.a` is left out: pagination must have required properties type'
  ],
  [input(`${PLACE}headers: [Accept]\n`), 'error `inputs.a` is left out: headers must be object'],
  [
    input(`headers: {${PLACE}A: [x, y]}\n`),
    'error `inputs.a` is left out: headers.A must be string or number or boolean or null'
  ],
  [input(`${PLACE}params: since=2025\n`), 'error `inputs.a` is left out: params must be object'],
  [
    input(`rate_limit: {retry_on: [${PLACE}"5xx"]}\n`),
    'error `inputs.a` is left out: rate_limit.retry_on.0 must be integer'
  ],
  [
    input(`rate_limit: {${PLACE}requests_per_second: 0}\n`),
    'error `inputs.a` is left out: rate_limit.requests_per_second must be > 0'
  ],
  [
    input(`${PLACE}method: DELETE\n`),
    'error `inputs.a` is left out: its method "DELETE" is none of GET, POST'
  ],
  [
    input(`headers: {${PLACE}"X Y": 1}\n`),
    'error `inputs.a` is left out: the header "X Y" cannot be set'
  ],
  [
    input(`headers: {${PLACE}Host: x}\n`),
    'error `inputs.a` is left out: the header "Host" cannot be set'
  ],
  [
    input(`auth: {type: api_key, ${PLACE}header: "X:", key: "{{ env.K }}"}\n`),
    'error `inputs.a` is left out: the header "X:" cannot be set'
  ],
  // Templates.
  [
    input(`auth: {type: bearer, ${PLACE}token: "{{ vault.KEY }}"}\n`),
    'error `inputs.a` is left out: `{{ vault.KEY }}` is none of the templates that are evaluated'
  ],
  [
    input(`params: {a: 1, tags: [x, ${PLACE}"{{ now() }}"]}\n`),
    'error `inputs.a` is left out: `{{ now() }}` is none of the templates that are evaluated'
  ],
  [
    input('').replace('url: https://a.example/x', `${PLACE}url: ftp://a.example/x`),
    'error `inputs.a` is left out: its URL is neither an http or https URL nor begins with a variable'
  ],
  [
    input(`${PLACE}auth: {type: bearer}\n`),
    'error `inputs.a` is left out: `auth` of type `bearer` lacks `token`'
  ],
  [
    input(`pagination: {type: offset, ${PLACE}page_size: "{{ env.SIZE }}"}\n`),
    'error `inputs.a` is left out: pagination.page_size has a template, which only `url`, `auth` and the values of `headers` and `params` may have'
  ],
  [
    input(`response: {${PLACE}root_key: "{{ env.KEY }}"}\n`),
    'error `inputs.a` is left out: response.root_key has a template, which only `url`, `auth` and the values of `headers` and `params` may have'
  ],
  [
    input(`params: {${PLACE}"{{ env.NAME }}": 1}\n`),
    'error `inputs.a` is left out: params.{{ env.NAME }} has a template, which only `url`, `auth` and the values of `headers` and `params` may have'
  ],
  // Credentials.
  [
    input(`auth: {type: bearer, ${PLACE}token: "{{ env.T | default('s3cret') }}"}\n`),
    'warning `inputs.a.auth.token` has a secret as plain text, which everybody can read who can read the manifest'
  ],
  [
    input(`headers: {${PLACE}authorization: Token s3cret}\n`),
    'warning `inputs.a.headers.authorization` has a secret as plain text, which everybody can read who can read the manifest'
  ],
  // Words.
  [
    input(`${PLACE}paginaton: {type: offset}\n`),
    'warning `inputs.a` has no member "paginaton" (did you mean "pagination"?)'
  ],
  [
    input(`pagination: {type: offset, ${PLACE}pagesize: 5}\n`),
    'warning `inputs.a.pagination` has no member "pagesize" (did you mean "page_size"?)'
  ],
  [
    input(`response: {${PLACE}rootkey: data}\n`),
    'warning `inputs.a.response` has no member "rootkey" (did you mean "root_key"?)'
  ],
  [
    input('').replace('CONFIG:', `VERSION: 1\n${PLACE}MODLE: x\nCONFIG:`),
    'warning `manifest` has no member "MODLE" (did you mean "MODEL"?)'
  ]
] as const) {
  test(`"${marked.replaceAll('\n', '↵').slice(-110)}" is told at its place`, () => {
    const { line, column } = lineAndColumn(marked, marked.indexOf(PLACE))
    assert.deepEqual(told(marked.replace(PLACE, '')), [`${line}:${column} ${message}`])
  })
}

test('a misspelt CONFIG and inputs without it are told with the right word', () => {
  const parts = 'inputs:\n    a: {url: "https://a.example"}\n'
  assert.deepEqual(told(`config:\n  ${parts}`), [
    '1:1 warning `manifest` has no member "config" (did you mean "CONFIG"?)',
    '1:1 error the manifest has no input and no output of format `rest_api`'
  ])
  assert.deepEqual(told(parts), [
    '1:1 warning `manifest` has no member "inputs"',
    '1:1 error the manifest has no input and no output of format `rest_api`'
  ])
})

for (const auth of [
  '{type: bearer, token: "{{ env.T }}"}',
  '{type: bearer, token: "{{ env.T | default(\'\') }}"}',
  '{type: bearer, token: "x {{ env.T }}"}',
  '{type: basic, username: ann, password: ""}'
]) {
  test(`auth ${auth} has no secret written`, () => {
    assert.deepEqual(told(input(`auth: ${auth}\n`)), [])
  })
}

for (const [name, text] of [
  ['a byte order mark', `\uFEFF${input('method: get\n')}`],
  ['CRLF', input('method: get\n').replaceAll('\n', '\r\n')],
  [
    'JSON',
    '{"CONFIG": {"inputs": {"a": {"format": "rest_api", "url": "https://a.example/x", "schema": [{"name": "n", "type": "string"}]}}}}'
  ],
  ['a start and an end of the document', `---\n${input('method: get\n')}...\n`],
  ['comments', `# a\n${input('method: get # b\n')}`],
  [
    'anchors and merge keys',
    `CONFIG:
  inputs:
    a: &common
      format: rest_api
      url: https://a.example/x
      auth: &auth {type: bearer, token: "{{ env.T }}"}
      schema: [{name: n, type: string}]
    b:
      <<: *common
      url: https://a.example/y
    c: {url: https://a.example/z, auth: *auth, schema: [{name: n, type: string}]}
`
  ],
  [
    'a URL in a block',
    input('').replace('url: https://a.example/x', 'url: |\n        https://a.example/x')
  ],
  [
    'names of objects of JavaScript',
    `CONFIG: {inputs: {constructor: {url: "https://a.example", schema: [{name: __proto__, type: string}]}}}`
  ]
] as const) {
  test(`a manifest may have ${name}`, () => {
    assert.deepEqual(told(text), [])
  })
}

test('a manifest that is no YAML is refused with line and column', () => {
  assert.throws(() => parseDocument(`${HEAD}    a: {url: [\n`, '', 'm.yaml'), {
    code: 'DOCUMENT_NOT_PARSED',
    message:
      /^the document at m\.yaml is neither valid JSON nor valid YAML: .* at line 4, column \d+$/
  })
  assert.throws(() => parseDocument('a: 1\n', '', 'm.yaml'), { code: 'DOCUMENT_NOT_OPENAPI' })
  assert.throws(() => parseDocument('just text\n', '', 'm.yaml'), { code: 'DOCUMENT_NOT_OPENAPI' })
  assert.throws(() => parseDocument(`${HEAD}    a: {url: u}\n    a: {url: v}\n`, '', 'm.yaml'), {
    code: 'DOCUMENT_NOT_PARSED',
    message: /duplicated mapping key at line 4, column 5/
  })
})

test('fields of unknown types are left out with the likely one, and an input without any field with them', () => {
  const schema = (fields: string): string =>
    `${HEAD}    a: {url: "https://a.example", schema: ${fields}}\n`
  const types = 'string, integer, long, float, double, boolean, timestamp, date, binary'
  const ignored = (index: number, type: string, near: string): string =>
    `\`schema[${index}]\` of \`inputs.a\` is ignored: "${type}" is no type${near}, but one of ${types}`
  assert.deepEqual(told(schema('[{name: a, type: varchar(20)}, {name: b, type: LONG}]')), [
    `3:44 warning ${ignored(0, 'varchar(20)', ' (did you mean "string"?)')}`
  ])
  assert.deepEqual(told(schema('[{name: a, type: geometry}]')), [
    '3:35 error `inputs.a` is left out: its `schema` has no field of a known type',
    `3:44 warning ${ignored(0, 'geometry', '')}`
  ])
})

test('the first of more than 1,000 parts is told', () => {
  const parts = Array.from(
    { length: 1_002 },
    (_, index) => `    a${index}: {url: "https://a.example", schema: [{name: n, type: string}]}\n`
  )
  assert.deepEqual(told(HEAD + parts.join('')), [
    '1003:5 warning `a1000` of `inputs` is ignored: a manifest has at most 1,000 inputs and outputs, and those after it are left out'
  ])
})
