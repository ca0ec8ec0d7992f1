import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** An API that behaves as the public documentation of a real one says. */
export type FakeApi = {
  /** Without a slash at its end. */
  readonly url: string
  /** URL of its document, whose servers are on this host. */
  readonly documentUrl: string
  readonly store: DatabaseSync
  /** Returns the calls since the last time, as `METHOD /path?query body -> status`. */
  takeCalls(): string[]
  /** Refuses the next calls, one each, before the API sees them. */
  refuseNext(...refusals: readonly FakeRefusal[]): void
  /** Shows every call from now on, those for the document excepted. */
  watch(onCall: (request: FastifyRequest) => void): void
}

/** A refusal in the form of the API. */
export type FakeRefusal = {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | object
}

export type FakeDefinition = {
  /** Name of its document in `openapi-samples/apis/`. */
  readonly sample: string
  /** The origins that the document names, such as `https://api.example.com`; the fake replaces each by its own. */
  readonly origins: readonly string[]
  /** SQL that creates and fills the tables. */
  readonly tables: string
  /** Adds the routes. JSON and forms are parsed as text: `request.body` is the text as it came. */
  serve(app: FastifyInstance, store: DatabaseSync): void
}

/** Starts a fake API with its own in-memory database on a free port, until the test ends. */
export async function startFakeApi(t: TestContext, definition: FakeDefinition): Promise<FakeApi> {
  const { sample, origins, tables, serve } = definition
  const store = new DatabaseSync(':memory:')
  store.exec(tables)
  const calls: string[] = []
  const refusals: FakeRefusal[] = []
  let show: (request: FastifyRequest) => void = () => {}
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addHook('preHandler', async (request, reply) => {
    if (isDocument(request)) return
    show(request)
    const refusal = refusals.shift()
    if (refusal === undefined) return
    await reply
      .code(refusal.status)
      .headers(refusal.headers ?? {})
      .send(refusal.body)
  })
  // What this hook returns would replace the answer.
  app.addHook('onSend', async (request, reply) => {
    if (!isDocument(request)) calls.push(callLine(request, reply))
  })
  app.get('/openapi.yaml', async (_request, reply) =>
    reply.type('application/yaml').send(documentOf(sample, origins, url))
  )
  serve(app, store)
  t.after(async () => {
    await app.close()
    store.close()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${portOf(app.server.address())}`
  return {
    url,
    documentUrl: `${url}/openapi.yaml`,
    store,
    takeCalls: () => calls.splice(0),
    refuseNext: (...next) => void refusals.push(...next),
    watch: onCall => {
      show = onCall
    }
  }
}

function isDocument(request: FastifyRequest): boolean {
  return request.url === '/openapi.yaml'
}

function documentOf(sample: string, origins: readonly string[], url: string): string {
  const path = new URL(`../../openapi-samples/apis/${sample}.yaml`, import.meta.url)
  const text = readFileSync(path, 'utf8')
  for (const origin of origins) assert.ok(text.includes(origin), `${sample} names ${origin}`)
  return origins.reduce((document, origin) => document.replaceAll(origin, url), text)
}

function callLine({ method, url, body }: FastifyRequest, { statusCode }: FastifyReply): string {
  const sent = typeof body === 'string' && body !== '' ? ` ${body}` : ''
  return `${method} ${url}${sent} -> ${statusCode}`
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}
