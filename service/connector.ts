import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

import type { DocumentSource } from './document/document-source.ts'
import { createDocumentSource } from './document/document-source.ts'
import type { ConductPorts } from './exchange/conduct/types.ts'
import { USUAL_LIMITS } from './exchange/conduct/types.ts'
import { withConduct } from './exchange/conduct/with-conduct.ts'
import { createLiveExchange } from './exchange/live-exchange.ts'
import { rememberSamples } from './exchange/sample-memory.ts'
import { createSampleProcess, USUAL_SAMPLE_LIMITS } from './exchange/sample-process.ts'
import { createIdentity } from './identity/create-identity.ts'
import { createApiClient } from './net/api-client.ts'
import { createControlClient } from './net/control-client.ts'
import { createDocumentClient } from './net/document-client.ts'
import { createEgress } from './net/egress.ts'
import { readTlsFiles } from './net/tls-files.ts'
import { createIdentityClient } from './net/identity-client.ts'
import { createApprovedOrigins } from './operations/approved-origins.ts'
import { createOperations } from './operations/create-operations.ts'
import type { ConnectorOpener } from './operations/open-connector.ts'
import { createConnectorOpener } from './operations/open-connector.ts'
import type { Ports } from './operations/session.ts'
import type { Operations } from './operations/types.ts'
import type { Settings } from './settings.ts'
import { createMemoryStore } from './store/memory-store.ts'
import type { RedisState } from './store/redis-health.ts'
import type { RedisLink } from './store/redis-link.ts'
import { createRedisLink, USUAL_TIMES } from './store/redis-link.ts'
import { createRedisStore } from './store/redis-store.ts'
import type { Sealer } from './store/sealer.ts'
import { createSealer, makeKey, readKeys } from './store/sealer.ts'
import { createSharedStore } from './store/shared-store.ts'
import type { SharedTurns } from './store/shared-turns.ts'
import { createSharedTurns } from './store/shared-turns.ts'
import type { Store } from './store/types.ts'

const SAMPLES = new URL('../openapi-samples/', import.meta.url)

/** The clocks, the chance and the time of this machine. */
const WORLD: Omit<ConductPorts, 'turns'> = {
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
  /** Whether Redis is in use; null where none is configured. */
  redisState(): RedisState | null
  /** Closes connections once their calls are over, and ends the process that makes examples. */
  close(): Promise<void>
}

/** Takes what is worth an operator's look, and what they may like to know. */
export type ConnectorLog = { readonly warn: Ports['warn']; readonly info: Ports['warn'] }

/**
 * Puts the connector together: store, clients, documents, exchange, use cases.
 *
 * @throws SettingsError for what only shows when it is used: entries of `EGRESS_ALLOW` and `EGRESS_DENY`,
 *   files.
 */
export async function createConnector(settings: Settings, log: ConnectorLog): Promise<Connector> {
  const files = await readdir(SAMPLES)
  const sampleNames = files
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
  const egress = createEgress(settings, await readTlsFiles(settings))
  const control = createControlClient(settings, egress)
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [makeKey()])
  const { store, turns, redis } = createState(settings, sealer, log)
  const source = createDocumentSource({
    client: createDocumentClient(control, settings),
    store,
    settings,
    now: Date.now,
    wait,
    newId: randomUUID,
    sampleNames,
    readSample: async path => (await readSampleFile(path))?.toString()
  })
  const api = createApiClient(settings, egress)
  const open = createConnectorOpener(source, settings, Date.now)
  const identity = createIdentity({
    client: createIdentityClient(control, settings, egress.policy.isNamed),
    store,
    sealer,
    now: Date.now,
    wait: WORLD.wait,
    callMs: settings.UPSTREAM_TIMEOUT_MS
  })
  const samples = createSampleProcess(USUAL_SAMPLE_LIMITS)
  const operations = createOperations({
    open,
    identity,
    origins: createApprovedOrigins(store, Date.now),
    live: withConduct(
      createLiveExchange(api),
      { ...WORLD, turns },
      { ...USUAL_LIMITS, callMs: settings.UPSTREAM_TIMEOUT_MS }
    ),
    makeSample: rememberSamples(samples, WORLD.now),
    settings,
    sealer,
    store,
    warn: log.warn
  })
  const close = async (): Promise<void> => {
    control.close()
    await api.close()
    await samples.close()
    await redis?.close()
  }
  return { operations, open, source, redisState: () => redis?.state() ?? null, close }
}

/** What requests leave to each other: in memory, and over Redis to those of other replicas. */
function createState(
  settings: Settings,
  sealer: Sealer,
  log: ConnectorLog
): { readonly store: Store; readonly turns: SharedTurns | null; readonly redis: RedisLink | null } {
  const near = createMemoryStore({ maxBytes: settings.MODEL_CACHE_MAX_BYTES, now: WORLD.now })
  if (settings.REDIS_URL === '') return { store: near, turns: null, redis: null }
  const redis = createRedisLink({
    url: settings.REDIS_URL,
    ports: WORLD,
    log,
    times: { ...USUAL_TIMES, commandMs: settings.REDIS_TIMEOUT_MS }
  })
  const shared = createRedisStore(redis, sealer)
  const store = createSharedStore({ shared, near, link: redis, now: Date.now })
  return { store, turns: createSharedTurns(redis, sealer), redis }
}

/** Bytes of a file of `openapi-samples/`; undefined for none. */
export async function readSampleFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(new URL(path, SAMPLES))
  } catch {
    return undefined
  }
}
