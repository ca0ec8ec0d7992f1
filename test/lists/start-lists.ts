import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { createApp } from '../../service/app.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import { createConnector } from '../../service/connector.ts'
import type { Compiler } from '../../service/documents/compile-pool.ts'
import { linkParts, parseSource } from '../../service/documents/parse-source.ts'
import { readSampleFile } from '../../service/documents/sample-files.ts'
import { packModel } from '../../service/model/packed-model.ts'
import { describeTypes } from '../../service/protocol/describe.ts'
import { processLimits } from '../../service/plugins/shedding.ts'
import { readSettings } from '../../service/read-settings.ts'
import { derivedTypeBounds } from '../../service/settings.ts'
import type { ListClient } from './check-list.ts'
import type { ListApi } from './list-api.ts'
import { makeDocument } from './make-document.ts'
import { serveList } from './serve-list.ts'

/** The connector, and one server for any number of list APIs. */
export type Lists = {
  /** Serves an API and its document until `remove`. */
  add(api: ListApi): ListClient & { remove(): void }
  close(): Promise<void>
}

type ServedApi = { readonly api: ListApi; calls: string[]; isRefused: boolean }

/** Starts both on free ports. Documents are compiled in this process, which is faster for small ones. */
export async function startLists(): Promise<Lists> {
  const served = new Map<string, ServedApi>()
  const server = createListServer(served)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const { settings } = readSettings({
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'silent',
    SCAN_MAX_PAGES: '100',
    UPSTREAM_TIMEOUT_MS: '60000',
    FLOW_TIMEOUT_MS: '90000',
    METRICS: 'off'
  })
  const bounds = derivedTypeBounds(settings)
  const compiler: Omit<Compiler, 'prepare'> = {
    async compile(root) {
      const model = compileModel(linkParts(await parseSource(root), root, null), bounds)
      const types = model.index.types.flatMap(name => model.types[name] ?? [])
      return { model: packModel(model, describeTypes(types)) }
    },
    report: () => Promise.reject(new Error('no list is cataloged')),
    outline: () => Promise.reject(new Error('the documents have no parts')),
    close: async () => {}
  }
  const log = { warn: () => {}, info: () => {} }
  const connector = await createConnector(settings, log, { compiler })
  const { operations, redisState, observer } = connector
  const app = createApp({
    settings,
    operations,
    redisState,
    observer,
    readSampleFile,
    // A busy machine makes the event loop late, which is no overload of the service.
    pressureLimits: { ...processLimits(), loopDelayMs: Number.POSITIVE_INFINITY }
  })
  await app.ready()
  return {
    add(api) {
      const key = String(api.seed)
      const entry: ServedApi = { api, calls: [], isRefused: false }
      served.set(key, entry)
      const configurationValues = [
        {
          developerName: 'Schema URL',
          contentValue: `${origin}/${key}/openapi.json`,
          contentType: null,
          objectData: null
        }
      ]
      return {
        async load(listFilter) {
          const payload = {
            configurationValues,
            objectDataType: { developerName: 'Thing' },
            listFilter
          }
          const answer = await app.inject({
            method: 'POST',
            url: '/data',
            headers: { manywhotenant: key },
            payload
          })
          return { status: answer.statusCode, body: answer.json() }
        },
        takeCalls() {
          const { calls, isRefused } = entry
          entry.calls = []
          entry.isRefused = false
          return { calls, isRefused }
        },
        remove: () => void served.delete(key)
      }
    },
    async close() {
      await app.close()
      await connector.close()
      server.close()
      server.closeAllConnections()
    }
  }
}

/** Serves `/<seed>/openapi.json` and `/<seed>/v1/things`. */
function createListServer(served: ReadonlyMap<string, ServedApi>): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const [, key = '', ...path] = url.pathname.split('/')
    const entry = served.get(key)
    const send = (status: number, body: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(body))
    }
    if (entry === undefined) return send(404, { message: 'There is no such API.' })
    if (path.join('/') === 'openapi.json') return send(200, makeDocument(entry.api, `/${key}/v1`))
    if (path.join('/') !== 'v1/things') return send(404, { message: 'There is no such path.' })
    const { status, body, headers, isRefusal = false } = serveList(entry.api, url)
    entry.calls.push(url.pathname + url.search)
    entry.isRefused ||= isRefusal
    send(status, body, headers)
  })
}
