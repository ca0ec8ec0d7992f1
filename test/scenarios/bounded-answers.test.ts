import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, startConnector } from '../support/start-connector.ts'

/** A document with a list of rows. */
function documentOf(properties: readonly string[], more = ''): string {
  const list =
    '{"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/R"}}}}}}'
  return `openapi: 3.0.3
info: {title: Rows, version: "1"}
servers: [{url: /}]
paths:
  /list: {get: {responses: ${list}}${more}}
components:
  schemas:
    N: {type: object, properties: {a: {type: string}, b: {type: string}}}
    R: {x-flow-type: {name: R}, x-flow-query: {path: /list}${more === '' ? '' : ', x-flow-update: {path: "/list"}'}, type: object, properties: {${properties.join(', ')}}}
`
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index}: {type: string}`)
}

/** What a load of the only answer of an API came to, without reading a large answer. */
async function outcome(
  t: TestContext,
  { document, answer, filter = null }: { document: string; answer: string; filter?: object | null }
): Promise<{ readonly outcome: string; readonly length: number; readonly log: readonly string[] }> {
  const api = await startApi(t, document)
  api.answer({ text: answer })
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const response = await fetch(`${connector.url}/data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      configurationValues: [{ developerName: 'Schema URL', contentValue: api.documentUrl }],
      objectDataType: { developerName: 'R' },
      listFilter: filter
    })
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const [, code = '200'] =
    /"code":"(\w+)"/.exec(Buffer.from(bytes.subarray(0, 5_000)).toString('latin1')) ?? []
  return { outcome: code, length: bytes.length, log: connector.log }
}

const ALL = { limit: 10_000_000 }
const NONE = { where: [condition('p0', 'x')] }

const nested = (count: number): string => `[${'{"a":"1"},'.repeat(count - 1)}{"a":"1"}]`
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"k${index}":{}`).join(',')}}`

type Case = {
  readonly what: string
  readonly document?: string
  readonly answer: () => string
  readonly filter?: object
  readonly outcome: string
}

const CASES: readonly Case[] = [
  {
    what: 'many empty objects under a wide type, filtered here',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `[${'{},'.repeat(399_999)}{}]`,
    filter: NONE,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'many empty objects under a wide type, in one window',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `[${'{},'.repeat(399_999)}{}]`,
    filter: ALL,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'millions of empty objects',
    answer: () => `[${'{},'.repeat(4_999_999)}{}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'millions of nulls',
    answer: () => `[${'null,'.repeat(2_999_999)}null]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object with millions of numbers',
    answer: () => `[{"id":"1","tags":[${'1,'.repeat(5_999_999)}1]}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object whose list makes more values than it has',
    answer: () => `[{"id":"1","tags":[${'1,'.repeat(599_999)}1]}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object with as many numbers as are read',
    answer: () => `[{"id":"1","tags":[${'1,'.repeat(299_999)}1]}]`,
    outcome: '200'
  },
  {
    what: 'one object without id with many objects in it',
    answer: () => `[{"list":${nested(150_000)}}]`,
    outcome: '200'
  },
  {
    what: 'one object with more members than are read',
    answer: () => `[{"id":"1","map":${members(300_000)}}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object with many members',
    answer: () => `[{"id":"1","map":${members(45_000)}}]`,
    outcome: '200'
  },
  {
    what: 'values that do not fit',
    answer: () => `[${'{"id":"1","when":"x","tags":5},'.repeat(199_999)}{"id":"2"}]`,
    filter: ALL,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'as many values that do not fit as are read',
    document: documentOf(['id: {type: string}', 'when: {type: string, format: date}']),
    answer: () => `[${'{"id":"1","when":"x"},'.repeat(299_999)}{"id":"2"}]`,
    filter: ALL,
    outcome: '200'
  },
  {
    what: 'millions of levels',
    answer: () => '['.repeat(8_000_000),
    outcome: 'ANSWER_TOO_DEEP'
  },
  {
    what: 'objects inside of objects',
    answer: () => `[{"id":"1","any":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}]`,
    outcome: 'ANSWER_TOO_DEEP'
  },
  {
    what: 'one value of any kind with many values in it',
    answer: () => `[{"id":"1","any":[${'[1,"x"],'.repeat(300_000)}1]}]`,
    outcome: '200'
  },
  {
    what: 'objects without id with long lists of any kind',
    answer: () => `[${`{"any":[${'1,'.repeat(50_000)}1]},`.repeat(15)}{}]`,
    outcome: '200'
  },
  {
    what: 'a long text under many criteria',
    document: documentOf(['id: {type: string}', ...texts(3)]),
    answer: () => `[{"id":"1","p0":"${'x'.repeat(14_000_000)}"}]`,
    filter: {
      comparisonType: 'OR',
      where: Array.from({ length: 20 }, (_, index) => condition('p0', `x${index}y`, 'CONTAINS'))
    },
    outcome: '200'
  },
  {
    what: 'many objects in an order by text',
    document: documentOf(['id: {type: string}', ...texts(1)]),
    answer: () =>
      `[${Array.from({ length: 150_000 }, (_, i) => `{"id":"${i}","p0":"n${(i * 7919) % 150_001}"}`)}]`,
    filter: { ...ALL, orderBy: [{ columnName: 'p0', direction: 'DESC' }] },
    outcome: '200'
  },
  {
    what: 'many objects of a type that is updated',
    document: documentOf(
      ['id: {type: string}', ...texts(2)],
      ', put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/R"}}}}, responses: {"200": {description: ok}}}'
    ),
    answer: () => `[${Array.from({ length: 200_000 }, (_, i) => `{"id":"${i}"}`)}]`,
    filter: ALL,
    outcome: '200'
  },
  {
    what: 'lists at many places',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `{${Array.from({ length: 450 }, (_, i) => `"k${i}":{"a":${members(500)}}`)}}`,
    outcome: 'ANSWER_UNEXPECTED'
  }
]

const DOCUMENT = documentOf([
  'id: {type: string}',
  'tags: {type: array, items: {type: integer}}',
  'list: {type: array, items: {$ref: "#/components/schemas/N"}}',
  'map: {type: object, additionalProperties: {$ref: "#/components/schemas/N"}}',
  'when: {type: string, format: date}',
  'any: {}',
  'p0: {type: string}'
])

for (const { what, document = DOCUMENT, answer, filter, outcome: expected } of CASES) {
  test(`H2 an answer of ${what} is ${expected}, and holds up nobody`, async t => {
    const found = await outcome(t, { document, answer: answer(), ...(filter && { filter }) })
    assert.equal(found.outcome, expected)
    t.diagnostic(`${found.length} bytes`)
  })
}
