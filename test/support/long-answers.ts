import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startApi } from './start-api.ts'
import { condition, startConnector } from './start-connector.ts'

/** A document with a list of rows. */
export function documentOf(properties: readonly string[], more = ''): string {
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

/** So many properties with texts: p0, p1 and so on. */
export function texts(count: number): string[] {
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

/** What a load of an answer comes to: 200, or the code of its problem. */
export type AnswerCase = {
  readonly what: string
  readonly document?: string
  readonly answer: () => string
  readonly filter?: object
  readonly outcome: string
}

/** A filter that takes all objects. */
export const ALL = { limit: 10_000_000 }

const DOCUMENT = documentOf([
  'id: {type: string}',
  'tags: {type: array, items: {type: integer}}',
  'list: {type: array, items: {$ref: "#/components/schemas/N"}}',
  'map: {type: object, additionalProperties: {$ref: "#/components/schemas/N"}}',
  'when: {type: string, format: date}',
  'any: {}',
  'p0: {type: string}'
])

/** Tests what an answer comes to, and that it holds up nobody. */
export function testAnswer({
  what,
  document = DOCUMENT,
  answer,
  filter,
  outcome: expected
}: AnswerCase): void {
  test(`H2 an answer of ${what} is ${expected}, and holds up nobody`, async t => {
    const found = await outcome(t, { document, answer: answer(), ...(filter && { filter }) })
    assert.equal(found.outcome, expected)
    t.diagnostic(`${found.length} bytes`)
  })
}

/**
 * The answers that take longest to read and to write.
 *
 * @param share The part of the most that is read, such as 1.
 */
export function longAnswers(share: number): AnswerCase[] {
  const part = share === 1 ? 'as' : `${share} times as`
  return [
    {
      what: `one object with ${part} many numbers as are read`,
      answer: () => `[{"id":"1","tags":[${'1,'.repeat(300_000 * share - 1)}1]}]`,
      outcome: '200'
    },
    {
      what: `${part} many values that do not fit as are read`,
      document: documentOf(['id: {type: string}', 'when: {type: string, format: date}']),
      answer: () => `[${'{"id":"1","when":"x"},'.repeat(300_000 * share - 1)}{"id":"2"}]`,
      filter: ALL,
      outcome: '200'
    },
    {
      what: 'a long text under many criteria',
      document: documentOf(['id: {type: string}', ...texts(3)]),
      answer: () => `[{"id":"1","p0":"${'x'.repeat(14_000_000 * share)}"}]`,
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
        `[${Array.from({ length: 150_000 * share }, (_, i) => `{"id":"${i}","p0":"n${(i * 7919) % 150_001}"}`)}]`,
      filter: { ...ALL, orderBy: [{ columnName: 'p0', direction: 'DESC' }] },
      outcome: '200'
    },
    {
      what: 'many objects of a type that is updated',
      document: documentOf(
        ['id: {type: string}', ...texts(2)],
        ', put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/R"}}}}, responses: {"200": {description: ok}}}'
      ),
      answer: () => `[${Array.from({ length: 200_000 * share }, (_, i) => `{"id":"${i}"}`)}]`,
      filter: ALL,
      outcome: '200'
    }
  ]
}
