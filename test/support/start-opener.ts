import type { TestContext } from 'node:test'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { createDocumentNews } from '../../service/documents/document-news.ts'
import { createDocumentSource } from '../../service/documents/document-source.ts'
import { createOnceAmongReplicas } from '../../service/documents/once-among-replicas.ts'
import type { ConnectorError } from '../../service/errors.ts'
import type { Diagnostic } from '../../service/model/diagnostic.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import type { DocumentRequest } from '../../service/net/document-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import { createModelCache } from '../../service/documents/model-cache.ts'
import type { OpenConnector, Opening } from '../../service/documents/open-document.ts'
import { createConnectorOpener } from '../../service/documents/open-document.ts'
import { createModelResolver } from '../../service/documents/resolve-model.ts'
import { readSettings } from '../../service/settings.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { compilations, sharedCompiler } from './shared-compiler.ts'
import { testEgress } from './test-egress.ts'

const never = new AbortController().signal

/**
 * An opener of documents with a clock that the test moves.
 *
 * @param given What the client is refused; how much memory models may take.
 */
export function openerFor(
  t: TestContext,
  given: {
    readonly refuse?: (request: DocumentRequest) => ConnectorError | undefined
    readonly maxBytes?: number
  } = {}
) {
  const { settings } = readSettings({})
  const clock = { time: 1_750_000_000_000 }
  const now = () => clock.time
  const control = createControlClient(settings, testEgress())
  t.after(() => control.close())
  const client = createDocumentClient(control, settings)
  const news = createDocumentNews(null)
  const replicas = {
    store: createMemoryStore({ maxBytes: 1_000_000, now }),
    wait,
    newId: randomUUID
  }
  const source = createDocumentSource({
    client: {
      async fetch(request) {
        const refusal = given.refuse?.(request)
        if (refusal !== undefined) throw refusal
        return client.fetch(request)
      }
    },
    ...replicas,
    settings,
    now,
    news,
    sampleNames: [],
    readSample: async () => undefined
  })
  const maxBytes = given.maxBytes ?? 10_000_000
  const before = compilations()
  const models = createModelCache({ maxBytes, now, shared: null, compiler: '' })
  const resolve = createModelResolver({
    compiler: sharedCompiler(settings),
    models,
    once: createOnceAmongReplicas(replicas, 5_000),
    now
  })
  const openFor = createConnectorOpener({ source, resolve, models, news, settings, now })
  return {
    clock,
    /** How many documents were compiled since it is there. */
    compilations: () => compilations() - before,
    open: (url: string, token: string | null = null, opening: Partial<Opening> = {}) =>
      openFor(url, token, { owner: 'acme', signal: never, isPatient: false, ...opening })
  }
}

/** Everything that is said about a document. */
export function said({ model, stale }: OpenConnector): readonly Diagnostic[] {
  return [...stale, ...model.diagnostics()]
}
