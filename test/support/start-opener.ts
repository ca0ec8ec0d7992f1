import type { TestContext } from 'node:test'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { createOwner } from '../../service/base/owner.ts'
import { createDocumentSource, USUAL_FETCH_TIMES } from '../../service/documents/fetch-document.ts'
import type { PartLimits } from '../../service/documents/gather-parts.ts'
import type { Compiler } from '../../service/documents/compile-pool.ts'
import { createDocumentChanges } from '../../service/documents/document-copies.ts'
import type { ConnectorError } from '../../service/errors.ts'
import type { Diagnostic } from '../../service/model/diagnostic.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import type { DocumentFetch } from '../../service/net/document-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import { createModelCache } from '../../service/documents/model-cache.ts'
import type { OpenConnector, OpenOptions } from '../../service/documents/open-document.ts'
import { createConnectorOpener } from '../../service/documents/open-document.ts'
import type { OverlayRequest } from '../../service/documents/source-document.ts'
import { createDocumentCheck, createModelResolver } from '../../service/documents/resolve-model.ts'
import { readSettings } from '../../service/read-settings.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { compilations, sharedCompiler } from './shared-compiler.ts'
import { testEgress } from './test-egress.ts'
import { FETCHES } from './response-budget.ts'
import { NOTHING_KEPT } from './nothing-kept.ts'
import { endWith } from './lifetime.ts'

const never = new AbortController().signal

type OpenersCompiler = Pick<Compiler, 'compile' | 'outline'>

/**
 * An opener of documents with a clock that the test controls.
 *
 * @param given Failures of the client; limits of the model cache and of parts; what stands before the
 *   compiler; how long a flow request waits for a document that is read again, by default long.
 */
export function openerFor(
  t: TestContext,
  given: {
    readonly refuse?: (request: DocumentFetch) => ConnectorError | undefined
    readonly maxBytes?: number
    readonly limits?: Partial<PartLimits>
    readonly before?: (compiler: OpenersCompiler) => OpenersCompiler
    readonly patienceMs?: number
  } = {}
) {
  const { settings } = readSettings({ COMPILE_TIMEOUT_MS: '120000' })
  const clock = { time: 1_750_000_000_000 }
  const now = () => clock.time
  const control = createControlClient(settings, testEgress())
  endWith(t, () => control.close())
  const client = createDocumentClient(control, settings)
  const changes = createDocumentChanges(null)
  const replicas = {
    store: createMemoryStore({ maxBytes: 1_000_000, now }),
    wait,
    newId: randomUUID,
    now
  }
  const source = createDocumentSource({
    kept: NOTHING_KEPT,
    budget: FETCHES,
    client: {
      async fetch(request) {
        const refusal = given.refuse?.(request)
        if (refusal !== undefined) throw refusal
        return client.fetch(request)
      }
    },
    ...replicas,
    times: USUAL_FETCH_TIMES,
    settings,
    changes,
    sampleNames: [],
    readSample: async () => undefined
  })
  const maxBytes = given.maxBytes ?? 10_000_000
  const before = compilations()
  const outcomes: string[] = []
  const models = createModelCache({ maxBytes, now, shared: null, compiler: '' })
  const resolve = createModelResolver({
    ...replicas,
    source,
    compiler: given.before?.(sharedCompiler(settings)) ?? sharedCompiler(settings),
    models,
    limits: { ...settings, ...given.limits },
    clock: () => performance.now(),
    watch: outcome => outcomes.push(outcome)
  })
  const assertDocument = createDocumentCheck(sharedCompiler(settings))
  const openFor = createConnectorOpener({
    ...{ source, resolve, assertDocument, models, changes, settings, now },
    patienceMs: given.patienceMs ?? 60_000
  })
  return {
    clock,
    /** How many documents were compiled since it is there. */
    compilations: () => compilations() - before,
    open: async (
      url: string,
      token: string | null = null,
      opening: Partial<OpenOptions> = {},
      overlays: readonly OverlayRequest[] = []
    ) =>
      openFor(
        { location: url, token, overlays },
        { owner: createOwner(null, 'acme'), signal: never, mustRevalidate: false, ...opening }
      ),
    /** How compilations ended, since it is there. */
    outcomes
  }
}

/** Everything that is said about a document. */
export function said({ model, stale }: OpenConnector): readonly Diagnostic[] {
  return [...stale, ...model.diagnostics()]
}
