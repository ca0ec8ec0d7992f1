import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'

import { Ajv } from 'ajv'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonObject } from '../../service/base/json.ts'
import { compileDocument } from '../../service/compiler/compile-document.ts'
import { parseDocument, parsePart } from '../../service/parse/parse-document.ts'
import { extensions } from '../../service/parse/extensions.ts'
import { editorSchema, editorSchemaText } from '../../service/vocabulary/editor-schema.ts'

const BOUNDS = { perType: 200, total: 5_000 }

const ajv = new Ajv({ strictTypes: false, allErrors: true })
const validate = ajv.compile(editorSchema())

/** What the schema says of a text; empty if it takes it. */
function refusals(text: string): string[] {
  validate(parsePart(text, '', ''))
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Codes of what `check` says of a text, but for what it only notes. */
function told(text: string): string[] {
  const { diagnostics } = compileDocument(
    parseDocument(text, '', 'https://example.com/a'),
    BOUNDS
  ).index
  return diagnostics.flatMap(({ severity, code }) => (severity === 'info' ? [] : [code]))
}

test('J07 the schema takes every sample', async () => {
  const samples = await Array.fromAsync(glob('openapi-samples/**/*.yaml'))
  assert.ok(samples.length > 40)
  for (const sample of samples) {
    assert.deepEqual(refusals(readFileSync(sample, 'utf8')), [], sample)
  }
})

test('J07 the schema takes every complete example of the documentation', () => {
  for (const page of ['docs/x-flow.md', 'docs/pipelines.md', 'docs/apis.md', 'docs/providers.md']) {
    const blocks = readFileSync(page, 'utf8').matchAll(
      /^```yaml (?:document|manifest|recipe)[^\n]*\n(.*?)^```/gms
    )
    for (const [, text = ''] of blocks) assert.deepEqual(refusals(text), [], `${page}\n${text}`)
  }
})

const DOCUMENT = `openapi: 3.0.3
info: { title: Notes, version: '1' }
servers: [{ url: https://notes.example.com }]
x-flow-rate-limit: { requestsPerSecond: 5 }
paths:
  /notes:
    get:
      x-flow-retry: { on: [503], max: 3 }
      x-flow-pagination: { type: offset, pageSize: 10 }
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: author, in: query, schema: { type: string } }
        - { name: offset, in: query, schema: { type: integer } }
      responses:
        '200':
          description: Notes
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
      responses: { '201': { description: A note } }
components:
  securitySchemes:
    staff: { type: http, scheme: basic, x-flow-identity: { me: { defaultUrl: /me } } }
  schemas:
    Note:
      type: object
      x-flow-type: { name: Note, customProperties: { board: string } }
      x-flow-query: { path: /notes, parameters: { limit: limit, where: { author: { EQUAL: author } } } }
      x-flow-save: { path: /notes, batch: { size: 10 } }
      properties: { id: { type: integer }, author: { type: string } }
`

const MANIFEST = `CONFIG:
  inputs:
    customers:
      format: rest_api
      url: https://api.example.com/customers
      params: { since: "{{ dt | default('2025-01-01') }}" }
      auth: { type: bearer, token: '{{ env.API_TOKEN }}' }
      pagination: { type: cursor, cursor_field: next, page_size: 50 }
      response: { root_key: data }
      rate_limit: { requests_per_second: 5 }
      schema: [{ name: id, type: string }]
  outputs:
    predictions: { format: rest_api, url: 'https://api.example.com/predictions', method: POST, batch_size: 10 }
`

test('J07 the schema takes the documents that the slips below are made in, as check does', () => {
  for (const text of [DOCUMENT, MANIFEST]) assert.deepEqual([told(text), refusals(text)], [[], []])
})

/** Slips: what stands there, and what somebody wrote instead. */
const SLIPS: readonly (readonly [text: string, from: string, to: string])[] = [
  [DOCUMENT, 'x-flow-query:', 'x-flow-qeury:'],
  [DOCUMENT, 'x-flow-type:', 'X-Flow-Type:'],
  [DOCUMENT, 'x-flow-rate-limit:', 'x-flow-ratelimit:'],
  [DOCUMENT, 'x-flow-retry:', 'x-flow-retries:'],
  [DOCUMENT, '{ name: Note, custom', '{ nmae: Note, custom'],
  [DOCUMENT, '{ name: Note, custom', '{ name: 5, custom'],
  [DOCUMENT, '{ name: Note, custom', "{ name: '', custom"],
  [DOCUMENT, 'customProperties:', 'customproperties:'],
  [DOCUMENT, 'board: string', 'board: text'],
  [DOCUMENT, 'board: string', 'board: 5'],
  [DOCUMENT, '{ path: /notes, parameters', '{ pth: /notes, parameters'],
  [DOCUMENT, '{ path: /notes, parameters', '{ path: notes, parameters'],
  [DOCUMENT, '{ path: /notes, parameters', '{ path: /notes, operation: gett, parameters'],
  [DOCUMENT, '{ path: /notes, parameters', '{ path: /notes, paramters'],
  [DOCUMENT, 'parameters: { limit: limit', 'parameters: { limit: 5'],
  [DOCUMENT, 'parameters: { limit: limit', 'parameters: { limit: { form: limit }'],
  [DOCUMENT, 'parameters: { limit: limit', 'parameters: { limit: { from: limit, defualt: 5 }'],
  [DOCUMENT, 'parameters: { limit: limit', 'parameters: { limit: { from: limit, encode: twice }'],
  [DOCUMENT, 'parameters: { limit: limit', 'parameters: { limit: $User.Mail'],
  [DOCUMENT, '{ EQUAL: author }', '{ EQUALS: author }'],
  [DOCUMENT, '{ EQUAL: author }', '{ EQUAL: { param: author } }'],
  [DOCUMENT, 'batch: { size: 10 }', 'batch: { size: 0 }'],
  [DOCUMENT, 'batch: { size: 10 }', 'batch: 10'],
  [DOCUMENT, 'batch: { size: 10 }', 'merge: true'],
  [DOCUMENT, 'batch: { size: 10 }', 'blank: keep'],
  [DOCUMENT, 'batch: { size: 10 }', 'example: yes'],
  [DOCUMENT, 'batch: { size: 10 }', 'example: { respnse: 201 }'],
  [DOCUMENT, 'batch: { size: 10 }', 'exclude: [id]'],
  [DOCUMENT, 'batch: { size: 10 }', 'records: [data]'],
  [DOCUMENT, 'batch: { size: 10 }', 'headers: { X-Client: 5 }'],
  [DOCUMENT, '{ type: offset, pageSize: 10 }', '{ type: pages }'],
  [DOCUMENT, '{ type: offset, pageSize: 10 }', '{ type: offset, pageSize: many }'],
  [DOCUMENT, '{ type: offset, pageSize: 10 }', '{ type: offset, page_size: 10 }'],
  [DOCUMENT, '{ type: offset, pageSize: 10 }', 'offset'],
  [DOCUMENT, '{ on: [503], max: 3 }', '{ on: 503 }'],
  [DOCUMENT, '{ on: [503], max: 3 }', '{ on: [503], max: -1 }'],
  [DOCUMENT, '{ requestsPerSecond: 5 }', '{ requestsPerSecond: 0 }'],
  [DOCUMENT, '{ requestsPerSecond: 5 }', '{ requestPerSecond: 5 }'],
  [DOCUMENT, '{ requestsPerSecond: 5 }', '{ quotas: [{ calls: 5 }] }'],
  [DOCUMENT, '{ me: { defaultUrl: /me } }', '{ me: { defaulturl: /me } }'],
  [DOCUMENT, '{ me: { defaultUrl: /me } }', '{ me: /me }'],
  [DOCUMENT, '{ me: { defaultUrl: /me } }', '{ me: {} }'],
  [DOCUMENT, '{ me: { defaultUrl: /me } }', '{ me: { defaultUrl: /me }, clientAuth: header }'],
  [DOCUMENT, 'scheme: basic', 'scheme: bearer'],
  [DOCUMENT, '{ type: http, scheme: basic,', '{ type: apiKey, name: X-Key, in: header,'],
  // Keys in the wrong place.
  [DOCUMENT, 'x-flow-pagination: { type: offset, pageSize: 10 }', 'x-flow-query: { path: /notes }'],
  [DOCUMENT, 'info: { title: Notes,', 'info: { x-flow-type: { name: Note }, title: Notes,'],
  [
    DOCUMENT,
    '      type: object\n',
    '      type: object\n      x-flow-pagination: { type: none }\n'
  ],
  [DOCUMENT, '{ name: limit, in: query,', '{ x-flow-retry: { max: 1 }, name: limit, in: query,'],
  [DOCUMENT, 'x-flow-type: { name: Note, customProperties: { board: string } }\n      ', ''],
  [MANIFEST, 'format: rest_api\n', 'format: rest\n'],
  [MANIFEST, 'inputs:', 'input:'],
  [MANIFEST, 'params:', 'parms:'],
  [MANIFEST, 'url: https://api.example.com/customers', 'uri: https://api.example.com/customers'],
  [MANIFEST, 'url: https://api.example.com/customers', 'url: api.example.com/customers'],
  [
    MANIFEST,
    'url: https://api.example.com/customers',
    'url: https://api.example.com/customers\n      method: PUT'
  ],
  [MANIFEST, 'type: bearer', 'type: token'],
  [MANIFEST, "token: '{{ env.API_TOKEN }}'", "key: '{{ env.API_TOKEN }}'"],
  [MANIFEST, '{{ env.API_TOKEN }}', '{{ API_TOKEN }}'],
  [MANIFEST, 'type: cursor', 'type: cursors'],
  [MANIFEST, 'cursor_field: next', 'cursor: next'],
  [MANIFEST, 'page_size: 50', 'page_size: 0'],
  [MANIFEST, 'page_size: 50', 'pageSize: 50'],
  [MANIFEST, 'root_key:', 'rootKey:'],
  [MANIFEST, 'requests_per_second: 5', 'requests_per_second: fast'],
  [MANIFEST, 'type: string', 'type: text'],
  [MANIFEST, 'type: string', 'kind: string'],
  [MANIFEST, 'batch_size: 10', 'batch_size: none'],
  [MANIFEST, 'batch_size: 10', "batch_size: '0'"],
  [MANIFEST, 'page_size: 50', "page_size: '5 0'"],
  [MANIFEST, 'page_size: 50', 'page_size: true'],
  [MANIFEST, 'requests_per_second: 5', "requests_per_second: '5/s'"],
  [MANIFEST, "{ type: bearer, token: '{{ env.API_TOKEN }}' }", 'bearer'],
  [MANIFEST, "type: bearer, token: '{{ env.API_TOKEN }}'", 'type: Bearer'],
  [MANIFEST, '{ type: cursor, cursor_field: next, page_size: 50 }', 'Cursor'],
  [MANIFEST, 'type: cursor, cursor_field: next,', 'type: Cursor,'],
  [MANIFEST, 'url: https://api.example.com/customers', 'url: 5'],
  [MANIFEST, 'url: https://api.example.com/customers', 'url: null'],
  [MANIFEST, 'method: POST', 'method: GET']
]

test('J07 J06 the schema refuses each slip that check refuses', () => {
  for (const [text, from, to] of SLIPS) {
    const slip = text.replace(from, () => to)
    assert.notEqual(slip, text, `nothing to replace: ${from}`)
    assert.notDeepEqual(told(slip), [], `check takes ${to}`)
    assert.notDeepEqual(refusals(slip), [], `the schema takes ${to}`)
  }
})

test('J07 the schema takes what check takes, in any of its forms', () => {
  const taken: readonly (readonly [text: string, from: string, to: string])[] = [
    [DOCUMENT, '{ path: /notes, parameters', '{ path: /notes, operation: Get, parameters'],
    [DOCUMENT, '{ EQUAL: author }', '{ equal: { parameter: author, any: true } }'],
    [
      DOCUMENT,
      'parameters: { limit: limit',
      'parameters: { limit: { from: limit, default: 5 }, offset: $user.userid'
    ],
    [DOCUMENT, 'board: string', 'board: date-time'],
    [DOCUMENT, 'batch: { size: 10 }', 'headers: { X-Client: { default: flow } }'],
    [DOCUMENT, 'info: { title: Notes,', 'info: { x-logo: { x-flow-type: 5 }, title: Notes,'],
    [DOCUMENT, 'type: object\n', 'type: object\n      example: { x-flow-typ: 5 }\n'],
    [DOCUMENT, 'properties: { id:', 'properties: { x-flow-typ: { type: string }, id:'],
    [MANIFEST, 'format: rest_api\n', 'format: REST_API\n'],
    [MANIFEST, 'method: POST', 'method: patch'],
    [MANIFEST, 'type: string', 'type: String'],
    [MANIFEST, 'type: bearer', 'type: Bearer'],
    [MANIFEST, 'type: cursor', 'type: CURSOR'],
    [MANIFEST, 'page_size: 50', "page_size: '50'"],
    [MANIFEST, 'page_size: 50', 'page_size: null'],
    [MANIFEST, 'page_size: 50', "page_size: 50, max_pages: ' +3 '"],
    [MANIFEST, 'batch_size: 10', "batch_size: '010'"],
    [MANIFEST, 'requests_per_second: 5', "requests_per_second: '0.5', retry_on: '429'"],
    [MANIFEST, 'requests_per_second: 5', 'retry_on: 429, max_retries: "0"'],
    [MANIFEST, 'requests_per_second: 5', "retry_on: ['429', 503], requests_per_second: null"],
    [MANIFEST, 'cursor_field: next', 'cursor_field: 5'],
    [MANIFEST, '{ type: cursor, cursor_field: next, page_size: 50 }', 'None'],
    [MANIFEST, '{ type: cursor, cursor_field: next, page_size: 50 }', 'offset'],
    [MANIFEST, '{ type: cursor, cursor_field: next, page_size: 50 }', 'null'],
    [MANIFEST, "{ type: bearer, token: '{{ env.API_TOKEN }}' }", 'null'],
    [MANIFEST, 'root_key: data', 'root_key: 5'],
    [MANIFEST, 'root_key: data', 'root_key: null'],
    [MANIFEST, 'CONFIG:', 'MODEL: sales\nCONFIG:\n  transform: { sql: select }']
  ]
  for (const [text, from, to] of taken) {
    const edited = text.replace(from, () => to)
    assert.notEqual(edited, text, `nothing to replace: ${from}`)
    assert.deepEqual([told(edited), refusals(edited)], [[], []], to)
  }
})

test('J07 parts of other formats in a manifest are nobody’s business', () => {
  const other = MANIFEST.replace(
    /customers:\n(?: {6}.*\n)+/,
    'customers: { format: CSV, path: a.csv }\n'
  )
  assert.deepEqual(refusals(other), [])
})

test('J07 an overlay and a document that others refer to may have keys anywhere, spelled right', () => {
  const overlay = (key: string): string => `overlay: 1.0.0
info: { title: Keys, version: '1' }
actions:
  - { target: $.components.schemas.Note, update: { ${key}: { path: /notes } } }
`
  assert.deepEqual(refusals(overlay('x-flow-query')), [])
  assert.notDeepEqual(refusals(overlay('x-flow-querry')), [])
  assert.deepEqual(refusals('schemas: { Note: { x-flow-type: { name: Note } } }'), [])
  assert.notDeepEqual(refusals('schemas: { Note: { x-flow-type: { title: Note } } }'), [])
})

test('J07 every key and every member has a description, and the ones with a default say it', () => {
  const { definitions } = editorSchema()
  assert.ok(isJsonObject(definitions))
  const silent: string[] = []
  const look = (value: JsonValue | undefined, at: string): void => {
    if (!isJsonObject(value)) return
    for (const [name, member] of Object.entries(
      isJsonObject(value.properties) ? value.properties : {}
    )) {
      if (isJsonObject(member) && member.description === undefined && member.$ref === undefined) {
        silent.push(`${at}.${name}`)
      }
      look(member, `${at}.${name}`)
    }
    for (const key of ['items', 'additionalProperties']) look(value[key], at)
  }
  for (const name of [
    ...Object.keys(extensions),
    'source',
    'parameters',
    'pagination',
    'mapping',
    'input',
    'output',
    'manifest'
  ]) {
    assert.ok(definitions[name] !== undefined, name)
    look(definitions[name], name)
  }
  assert.deepEqual(silent, [])
  const { pagination } = definitions
  assert.ok(isJsonObject(pagination) && isJsonObject(pagination.properties))
  assert.deepEqual(pagination.properties.maxPages, {
    description: 'Most requests for one load.',
    default: 100,
    type: 'integer',
    minimum: 1
  } satisfies JsonObject)
})

test('J07 the schema is one text, without references to anywhere else', () => {
  const text = editorSchemaText()
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(editorSchema())))
  for (const [, target = ''] of text.matchAll(/"\$ref": "([^"]*)"/g)) {
    assert.match(target, /^#\/definitions\//)
  }
})
