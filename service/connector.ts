import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

import type { DocumentSource } from './document/document-source.ts'
import { createDocumentSource } from './document/document-source.ts'
import type { ConductPorts } from './exchange/conduct/types.ts'
import { USUAL_LIMITS } from './exchange/conduct/types.ts'
import { withConduct } from './exchange/conduct/with-conduct.ts'
import { createLiveExchange } from './exchange/live-exchange.ts'
import { createApiClient } from './net/api-client.ts'
import { createControlClient } from './net/control-client.ts'
import { createDocumentClient } from './net/document-client.ts'
import { createOperations } from './operations/create-operations.ts'
import type { ConnectorOpener } from './operations/open-connector.ts'
import { createConnectorOpener } from './operations/open-connector.ts'
import type { Ports } from './operations/session.ts'
import type { Operations } from './operations/types.ts'
import type { Settings } from './settings.ts'
import { createSealer, makeKey, readKeys } from './store/sealer.ts'
import { createMemoryStore } from './store/memory-store.ts'

const SAMPLES = new URL('../openapi-samples/', import.meta.url)

/** The clocks, the chance and the time of this machine. */
const WORLD: ConductPorts = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
  newKey: randomUUID
}

/** The use cases over the network, and what opens documents alone. */
export type Connector = {
  readonly operations: Operations
  readonly open: ConnectorOpener
  readonly source: DocumentSource
  /** Closes connections once their calls are over. */
  close(): Promise<void>
}

/**
 * Puts the connector together: store, clients, documents, exchange, use cases.
 *
 * @param warn Takes what is worth an operator's look.
 */
export async function createConnector(settings: Settings, warn: Ports['warn']): Promise<Connector> {
  const files = await readdir(SAMPLES)
  const samples = files
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
  const control = createControlClient(settings)
  const store = createMemoryStore({ maxBytes: settings.MODEL_CACHE_MAX_BYTES, now: Date.now })
  const source = createDocumentSource({
    client: createDocumentClient(control, settings),
    store,
    settings,
    now: Date.now,
    sampleNames: samples,
    readSample: async path => (await readSampleFile(path))?.toString()
  })
  const api = createApiClient(settings)
  const open = createConnectorOpener(source, settings, Date.now)
  const operations = createOperations({
    open,
    live: withConduct(createLiveExchange(api), WORLD, {
      ...USUAL_LIMITS,
      callMs: settings.UPSTREAM_TIMEOUT_MS
    }),
    settings,
    sealer: createSealer(readKeys(settings.STORE_KEY) ?? [makeKey()]),
    store,
    warn
  })
  const close = async (): Promise<void> => {
    control.close()
    await api.close()
  }
  return { operations, open, source, close }
}

/** Bytes of a file of `openapi-samples/`; undefined for none. */
export async function readSampleFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(new URL(path, SAMPLES))
  } catch {
    return undefined
  }
}
