import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { startUpstream } from './start-upstream.ts'

type Row = { readonly [name: string]: unknown }

/** A request of the API. */
export type StoreCall = {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
  readonly rows: readonly Row[]
}

/** An API that takes rows, and logs each that it has applied. */
export type RowStore = {
  readonly url: string
  /** Requests so far, also those that were not applied. */
  readonly calls: StoreCall[]
  /** Rows that were applied, in their order. */
  readonly applied: Row[]
  /** Most requests at once so far. */
  readonly most: { atOnce: number }
  /** Answers in place of the API; true if it did. It may apply the rows. */
  instead: (call: StoreCall, response: ServerResponse) => boolean | Promise<boolean>
}

/** Starts an API with `POST /things` for one row or several, and `PUT /things/{id}` for those that it has. */
export async function startRowStore(t: TestContext): Promise<RowStore> {
  const calls: StoreCall[] = []
  const applied: Row[] = []
  const most = { atOnce: 0 }
  const ids = new Set<string>()
  let open = 0
  const store: RowStore = {
    ...{ url: '', calls, applied, most },
    instead: () => false
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    most.atOnce = Math.max(most.atOnce, ++open)
    response.once('close', () => open--)
    const body: Row | Row[] = JSON.parse(await text(request))
    const rows = Array.isArray(body) ? body : [body]
    const { method = '', url: path = '' } = request
    const key = request.headers['idempotency-key']?.toString()
    const call = { method, path, key, rows }
    calls.push(call)
    if (await store.instead(call, response)) return
    const id = decodeURIComponent(path.split('/')[2] ?? '')
    if (method === 'PUT' && !ids.has(id)) return sendJson(response, 404, { error: 'no such thing' })
    for (const row of rows) {
      applied.push(row)
      ids.add(String(row.id ?? applied.length))
    }
    sendJson(response, method === 'PUT' ? 200 : 201, body)
  }
  const url = await startUpstream(t, (request, response) => void answer(request, response))
  return Object.assign(store, { url })
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A manifest that writes things in batches. */
export function batchManifest(url: string, more = ''): string {
  return `
CONFIG:
  outputs:
    things:
      format: rest_api
      url: "${url}/things"
      schema:
        - { name: id, type: long }
        - { name: name, type: string }
        - { name: size, type: double }
${more.replaceAll(/^(?=.)/gm, '      ')}
`
}

/** A document that creates things one by one, updates them where it has \`update\`, and takes a key where it has \`key\`. */
export function thingDocument(
  url: string,
  {
    update = false,
    key = false,
    batch = false
  }: { update?: boolean; key?: boolean; batch?: boolean } = {}
): string {
  const thing = { $ref: '#/components/schemas/Thing' }
  const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
  const header = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    servers: [{ url }],
    paths: {
      '/things': {
        post: {
          ...(key && { parameters: [header] }),
          requestBody: json(batch ? { type: 'array', items: thing } : thing),
          responses: {
            201: { description: '', ...json(batch ? { type: 'array', items: thing } : thing) }
          }
        }
      },
      ...(update && {
        '/things/{id}': {
          put: {
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            requestBody: json(thing),
            responses: { 200: { description: '', ...json(thing) } }
          }
        }
      })
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          'x-flow-type': { name: 'Thing' },
          'x-flow-save': {
            path: '/things',
            operation: 'post',
            ...(batch && { batch: { size: 10 } })
          },
          ...(update && {
            'x-flow-update': {
              path: '/things/{id}',
              operation: 'put',
              parameters: { id: 'externalId' }
            }
          }),
          properties: {
            id: { type: 'integer', format: 'int64' },
            name: { type: 'string' },
            size: { type: 'number' },
            secret: { type: 'string', format: 'password', writeOnly: true },
            tags: { type: 'array', items: { type: 'string' } },
            at: {
              type: 'object',
              properties: { city: { type: 'string' }, zip: { type: 'string' } }
            }
          }
        }
      }
    }
  })
}
