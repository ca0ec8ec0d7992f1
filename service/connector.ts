import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

import type { DocumentSource } from './documents/fetch-document.ts'
import { createDocumentSource } from './documents/fetch-document.ts'
import { createDocumentNews } from './documents/keep-documents.ts'
import type { ConductPorts } from './exchange/conduct/with-conduct.ts'
import { USUAL_LIMITS, withConduct } from './exchange/conduct/with-conduct.ts'
import { createLiveExchange, withObserver } from './exchange/live-exchange.ts'
import {
  cacheExamples,
  createExampleProcess,
  USUAL_EXAMPLE_LIMITS
} from './exchange/example-process.ts'
import { createIdentity } from './identity/create-identity.ts'
import { createMetrics } from './observe/create-metrics.ts'
import type { Observer } from './observe/observer.ts'
import { NOOP_OBSERVER } from './observe/observer.ts'
import { createApiClient } from './net/api-client.ts'
import { createControlClient } from './net/control-client.ts'
import { createDocumentClient } from './net/document-client.ts'
import { createEgress } from './net/egress.ts'
import { readTlsFiles } from './net/tls-files.ts'
import { createIdentityClient } from './net/identity-client.ts'
import { createApprovedOrigins } from './operations/approved-origins.ts'
import type { CompileBounds, Compiler } from './documents/compile-pool.ts'
import { createCompileProcesses } from './documents/compile-pool.ts'
import { compilerVersion } from './documents/compiler-version.ts'
import { createOperations } from './operations/create-operations.ts'
import { createModelCache } from './documents/model-cache.ts'
import { createConnectorOpener } from './documents/open-document.ts'
import { createModelResolver } from './documents/resolve-model.ts'
import type { Ports } from './operations/session.ts'
import type { Operations } from './operations/types.ts'
import type { Warn } from './processes/child-process.ts'
import type { Settings } from './settings.ts'
import { createMemoryStore } from './store/memory-store.ts'
import type { RedisBroadcast } from './store/redis-broadcast.ts'
import { createRedisBroadcast } from './store/redis-broadcast.ts'
import type { RedisState } from './store/redis-health.ts'
import type { RedisLink } from './store/redis-link.ts'
import { createRedisLink, USUAL_TIMES } from './store/redis-link.ts'
import { createRedisStore } from './store/redis-store.ts'
import type { Sealer } from './store/sealer.ts'
import { createSealer, makeKey, readKeys } from './store/sealer.ts'
import { createSharedStore } from './store/shared-store.ts'
import type { SharedValues } from './store/shared-values.ts'
import { createSharedValues } from './store/shared-values.ts'
import type { SharedRateLimit } from './store/shared-rate-limit.ts'
import { createSharedRateLimit } from './store/shared-rate-limit.ts'
import type { Store } from './store/types.ts'

const MANIFEST = new URL('../package.json', import.meta.url)
const SAMPLES = new URL('../openapi-samples/', import.meta.url)

/** Beside this file, and of its kind: a source in a checkout, compiled in a package. */
const COMPILE_WORKER = new URL(`./compile-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Megabytes of a process that compiles, three times what the largest documents known take. */
const COMPILE_MEMORY_MB = 1_024

/**
 * Milliseconds after which a process that compiles ends for want of work. To start one takes longer than to
 * compile most documents, and whoever builds a flow changes theirs every few minutes.
 */
const COMPILE_IDLE_MS = 10 * 60_000

/** What of `MODEL_CACHE_MAX_BYTES` is for what is no model. */
const STORE_SHARE = 1 / 4

/** The clocks, the chance and the time of this machine. */
const WORLD: Omit<ConductPorts, 'rateLimit'> = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
  newKey: randomUUID
}

/** The use cases over the network, and what reads documents alone. */
export type Connector = {
  readonly operations: Operations
  readonly source: DocumentSource
  /** Whether Redis is in use; null where none is configured. */
  redisState(): RedisState | null
  readonly observer: Observer
  /** Closes connections once their calls are over, and ends the processes that compile and make examples. */
  close(): Promise<void>
}

/** Takes what is worth an operator's look, and what they may like to know. */
export type ConnectorLog = { readonly warn: Ports['warn']; readonly info: Ports['warn'] }

/**
 * Puts the connector together: store, clients, documents, exchange, use cases.
 *
 * @param compiler Closed with the connector.
 * @throws SettingsError for what only shows when it is used: entries of `EGRESS_ALLOW` and `EGRESS_DENY`,
 *   files.
 */
export async function createConnector(
  settings: Settings,
  log: ConnectorLog,
  compiler: Omit<Compiler, 'prepare'> = createCompiler(settings, log.warn)
): Promise<Connector> {
  const files = await readdir(SAMPLES)
  const sampleNames = files
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
  const egress = createEgress(settings, await readTlsFiles(settings))
  const control = createControlClient(settings, egress)
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [makeKey()])
  const version =
    settings.REDIS_URL === ''
      ? ''
      : await compilerVersion(COMPILE_WORKER, MANIFEST, bounds(settings))
  // Nothing is waited for from here on: a Redis that is lost wants to be logged.
  const { store, rateLimit, redis, shared, broadcast } = createState(settings, sealer, log)
  const news = createDocumentNews(broadcast)
  const replicas = { store, wait, newId: randomUUID, now: Date.now }
  const source = createDocumentSource({
    client: createDocumentClient(control, settings),
    ...replicas,
    settings,
    news,
    sampleNames,
    readSample: readSampleFile
  })
  const models = createModelCache({
    maxBytes: settings.MODEL_CACHE_MAX_BYTES * (1 - STORE_SHARE),
    now: WORLD.now,
    shared,
    compiler: version
  })
  const observer =
    settings.METRICS === 'off'
      ? NOOP_OBSERVER
      : createMetrics({ redis, models: () => models.usage() })
  const resolve = createModelResolver({
    ...replicas,
    source,
    compiler,
    models,
    limits: settings,
    clock: WORLD.now,
    watch: observer.compiled
  })
  const api = createApiClient(settings, egress)
  const live = createLiveExchange(api)
  const open = createConnectorOpener({ source, resolve, models, news, settings, now: Date.now })
  const identity = createIdentity({
    client: createIdentityClient(control, settings, egress.policy.isNamed),
    store,
    sealer,
    now: Date.now,
    wait: WORLD.wait,
    callMs: settings.UPSTREAM_TIMEOUT_MS
  })
  const exampleProcess = createExampleProcess(USUAL_EXAMPLE_LIMITS, log.warn)
  const operations = createOperations({
    open,
    identity,
    origins: createApprovedOrigins(store, Date.now),
    live: withConduct(
      withObserver(live, WORLD.now, observer.upstreamCalled),
      { ...WORLD, rateLimit },
      { ...USUAL_LIMITS, callMs: settings.UPSTREAM_TIMEOUT_MS }
    ),
    makeExample: cacheExamples(exampleProcess.make, WORLD.now),
    settings,
    sealer,
    store,
    warn: log.warn
  })
  const close = async (): Promise<void> => {
    observer.close()
    control.close()
    await api.close()
    await exampleProcess.close()
    await compiler.close()
    broadcast?.close()
    await redis?.close()
  }
  return { operations, source, redisState: () => redis?.state() ?? null, observer, close }
}

type SharedState = {
  readonly store: Store
  /** All null without Redis. */
  readonly rateLimit: SharedRateLimit | null
  readonly redis: RedisLink | null
  readonly shared: SharedValues | null
  readonly broadcast: RedisBroadcast | null
}

/** What compiles documents for a connector, which closes it. */
export function createCompiler(settings: Settings, warn: Warn): Compiler {
  return createCompileProcesses({
    worker: COMPILE_WORKER,
    processes: settings.COMPILE_THREADS,
    timeMs: settings.COMPILE_TIMEOUT_MS,
    memoryMb: COMPILE_MEMORY_MB,
    idleMs: COMPILE_IDLE_MS,
    bounds: bounds(settings),
    warn
  })
}

function bounds({ DERIVED_TYPES_PER_TYPE, DERIVED_TYPES_MAX }: Settings): CompileBounds {
  return { perType: DERIVED_TYPES_PER_TYPE, total: DERIVED_TYPES_MAX }
}

/** What requests leave to each other: in memory, and over Redis to those of other replicas. */
function createState(settings: Settings, sealer: Sealer, log: ConnectorLog): SharedState {
  const maxBytes = settings.MODEL_CACHE_MAX_BYTES * STORE_SHARE
  const near = createMemoryStore({ maxBytes, now: WORLD.now })
  if (settings.REDIS_URL === '') {
    return { store: near, rateLimit: null, redis: null, shared: null, broadcast: null }
  }
  const redis = createRedisLink({
    url: settings.REDIS_URL,
    ports: WORLD,
    log,
    times: { ...USUAL_TIMES, commandMs: settings.REDIS_TIMEOUT_MS }
  })
  const entries = createRedisStore(redis, sealer)
  return {
    store: createSharedStore({ shared: entries, near, link: redis, now: Date.now }),
    rateLimit: createSharedRateLimit(redis, sealer),
    redis,
    shared: createSharedValues(entries, Date.now),
    broadcast: createRedisBroadcast(settings.REDIS_URL, redis, sealer, USUAL_TIMES)
  }
}

/** Bytes of a file of `openapi-samples/`; undefined for none. */
export async function readSampleFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(new URL(path, SAMPLES))
  } catch {
    return undefined
  }
}
