import type { TestContext } from 'node:test'

import type { ApiCall, StartedApi } from './start-api.ts'
import { startApi } from './start-api.ts'
import type { Found, StartedConnector } from './start-connector.ts'
import { data, found, startConnector } from './start-connector.ts'

/** The parts of a document with a paged list of things, in YAML. */
export type ListKeys = {
  /** Members of the document root, the path item, the operation. */
  readonly root?: string
  readonly item?: string
  readonly get?: string
  /** Parameters of the operation. */
  readonly parameters?: readonly string[]
  /** Schema of the answer; an array of things unless given. */
  readonly answer?: string
  /** Headers of the answer. */
  readonly headers?: string
  /** Further members of the mapping, in flow style. */
  readonly mapping?: string
  /** Further properties of a thing, in flow style. */
  readonly properties?: string
}

/** A query parameter of integers. */
export function integer(name: string, more = ''): string {
  return `{ name: ${name}, in: query, schema: { type: integer${more} } }`
}

/** A query parameter of text. */
export function text(name: string): string {
  return `{ name: ${name}, in: query, schema: { type: string } }`
}

/** An array of things. */
export const THINGS = "{ type: array, items: { $ref: '#/components/schemas/Thing' } }"

/** An object with the things in `data`, and other members. */
export function envelope(members = ''): string {
  return `{ type: object, properties: { data: ${THINGS}, ${members} } }`
}

export function listDocument(keys: ListKeys): string {
  const { parameters = [], mapping = '', properties = '', headers = '{}' } = keys
  return `
openapi: 3.0.3
info: { title: Things, version: '1' }
servers: [{ url: /v1 }]
${keys.root ?? ''}
paths:
  /things:
    ${keys.item ?? ''}
    get:
      ${keys.get ?? ''}
      parameters: [${parameters.join(', ')}]
      responses:
        '200':
          description: Some
          headers: ${headers}
          content: { application/json: { schema: ${keys.answer ?? THINGS} } }
components:
  schemas:
    Thing:
      type: object
      properties: { id: { type: string }, ${properties} }
      x-flow-type: { name: Thing }
      x-flow-query: { path: /things, ${mapping} }
`
}

/** Things `t<start>` to `t<start + size - 1>` of a list of so many. */
export function things(total: number, start: number, size: number): { id: string }[] {
  const length = Math.max(0, Math.min(size, total - start))
  return Array.from({ length }, (_, index) => ({ id: `t${start + index}` }))
}

/** Ids `t<from>` to `t<to - 1>`. */
export function range(from: number, to: number): string[] {
  return things(to, from, to - from).map(({ id }) => id)
}

/** A value of a call's query as a number. */
export function numberIn(call: ApiCall, name: string, fallback: number): number {
  const value = new URL(call.url, 'http://api.test').searchParams.get(name)
  return value === null ? fallback : Number(value)
}

export type PageAnswer = {
  readonly status?: number
  readonly json: unknown
  readonly headers?: { readonly [name: string]: string }
}

/** The result of a load, and the API calls that it caused. */
export type Loaded = {
  readonly ids: readonly (Found[string] | undefined)[]
  readonly more: boolean
  readonly token: string | undefined
  readonly calls: readonly string[]
}

export type StartedList = {
  readonly api: StartedApi
  readonly connector: StartedConnector
  /** Loads, and asserts success. */
  load(listFilter?: object | null, as?: StartedConnector): Promise<Loaded>
}

/** Maximum calls of one test. */
const MAX_CALLS = 2_000

/** Starts a connector and an API that answers every call of its list with `page`. */
export async function startList(
  t: TestContext,
  keys: ListKeys,
  page: (call: ApiCall) => PageAnswer,
  environment: { readonly [name: string]: string } = {}
): Promise<StartedList> {
  const api = await startApi(t, listDocument(keys))
  for (let left = MAX_CALLS; left > 0; left--) {
    api.answer((call, response) => {
      const { status = 200, headers = {}, json } = page(call)
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(json))
    })
  }
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl }, environment)
  return {
    api,
    connector,
    load: async (listFilter = null, as = connector) => {
      const answer = await as.load('Thing', listFilter)
      const { hasMoreResults, offsetToken } = data(answer)
      return {
        ids: found(answer).map(({ externalId }) => externalId),
        more: hasMoreResults,
        token: offsetToken,
        calls: api.takeCalls()
      }
    }
  }
}
