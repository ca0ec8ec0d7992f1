import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import type { DocumentSource } from './documents/fetch-document.ts'
import { createDocumentSource, USUAL_FETCH_TIMES } from './documents/fetch-document.ts'
import { createDocumentChanges } from './documents/document-copies.ts'
import type { ConductPorts } from './exchange/conduct/with-conduct.ts'
import { USUAL_LIMITS, withConduct } from './exchange/conduct/with-conduct.ts'
import { createLiveExchange, withObserver } from './exchange/live-exchange.ts'
import { createRepeatedAnswers } from './exchange/repeated-answers.ts'
import type { ExampleProcess } from './exchange/example-process.ts'
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
import type { TlsTrust } from './net/egress.ts'
import { createEgress } from './net/egress.ts'
import { readTlsFiles } from './net/tls-files.ts'
import { createIdentityClient } from './net/identity-client.ts'
import { createResponseBudget } from './net/response-budget.ts'
import { createApprovedOrigins } from './operations/approved-origins.ts'
import type { Compiler } from './documents/compile-pool.ts'
import { createCompilePool } from './documents/compile-pool.ts'
import { runningCompilerVersion } from './documents/compiler-version.ts'
import { createOperations } from './operations/create-operations.ts'
import { createModelCache } from './documents/model-cache.ts'
import { createDocumentReporter } from './documents/report-document.ts'
import { createKeptTexts } from './documents/kept-texts.ts'
import type { SharedFlightTimes } from './documents/shared-flight.ts'
import { createConnectorOpener, USUAL_PATIENCE_MS } from './documents/open-document.ts'
import { createDocumentCheck, createModelResolver } from './documents/resolve-model.ts'
import { listSampleNames, readSampleFile } from './documents/sample-files.ts'
import type { Ports } from './operations/session.ts'
import type { Operations } from './operations/types.ts'
import { doorShare } from './plugins/door.ts'
import type { Warn } from './processes/child-process.ts'
import type { Settings } from './settings.ts'
import { derivedTypeBounds } from './settings.ts'
import type { RedisState } from './store/redis-health.ts'
import { createLocalState } from './store/local-state.ts'
import type { SharedRateLimit } from './store/shared-rate-limit.ts'
import { createSealer, makeKey, readKeys } from './store/sealer.ts'

const MANIFEST = new URL('../package.json', import.meta.url)

/** A source file in a checkout, a compiled one in the package, as this file. */
const COMPILE_WORKER = new URL(`./compile-worker${import.meta.url.slice(-3)}`, import.meta.url)

/** Memory limit of a compile process (MB): three times what the largest known documents take. */
const COMPILE_MEMORY_MB = 1_024

/**
 * How long a compile process stays idle before it ends (ms). Starting one takes longer than compiling most
 * documents, and the author of a document changes it every few minutes.
 */
const COMPILE_IDLE_MS = 10 * 60_000

/** Share of `MODEL_CACHE_MAX_BYTES` for the store; the model cache has the rest. */
const STORE_SHARE = 1 / 4

/** Memory for answers that APIs give again and again. */
const REPEATED_MAX_BYTES = 16 * 1024 * 1024

const SYSTEM_PORTS: Omit<ConductPorts, 'rateLimit'> = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal })
}

export type Connector = {
  readonly operations: Operations
  /** What the use cases were created with, for commands that open other documents. */
  readonly ports: Ports
  readonly source: DocumentSource
  /** Whether Redis is in use; null when none is configured. */
  redisState(): RedisState | null
  readonly observer: Observer
  /** Closes connections after their last call, and ends the child processes. */
  close(): Promise<void>
}

export type ConnectorLog = { readonly warn: Ports['warn']; readonly info: Ports['warn'] }

/** Parts that exist before the connector, and limits other than the usual ones. */
export type ConnectorParts = {
  /** Closed with the connector. Default: one of its own. */
  readonly compiler?: Omit<Compiler, 'prepare'>
  /** Default: that of the settings. */
  readonly tls?: TlsTrust | undefined
  /** Default: those of Redis, or of the connector alone where there is none. */
  readonly rateLimit?: SharedRateLimit
  /** Closed with the connector. Default: one of its own, with the usual limits. */
  readonly exampleProcess?: ExampleProcess
  /** How replicas share the reading of a document. */
  readonly fetchTimes?: SharedFlightTimes
  /** How long a flow request waits for a document to be read again (ms). */
  readonly patienceMs?: number
}

/**
 * Creates the connector from its parts.
 *
 * @throws SettingsError for a malformed entry of `EGRESS_ALLOW` or `EGRESS_DENY`, a malformed
 *   `EGRESS_PROXY`, or an unusable file.
 */
export async function createConnector(
  settings: Settings,
  log: ConnectorLog,
  parts: ConnectorParts = {}
): Promise<Connector> {
  const {
    compiler = createCompiler(settings, log.warn),
    tls,
    exampleProcess = createExampleProcess(USUAL_EXAMPLE_LIMITS, log.warn),
    fetchTimes = USUAL_FETCH_TIMES,
    patienceMs = USUAL_PATIENCE_MS
  } = parts
  const sampleNames = await listSampleNames()
  const egress = createEgress(settings, tls ?? { secureContext: await readTlsFiles(settings) })
  const control = createControlClient(settings, egress, log.warn)
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [makeKey()])
  const hasRedis = settings.REDIS_URL !== ''
  const version = hasRedis
    ? await runningCompilerVersion(COMPILE_WORKER, MANIFEST, derivedTypeBounds(settings))
    : ''
  // A service without Redis does not load its client, for a fast start.
  const createState = hasRedis
    ? (await import('./store/shared-state.ts')).createSharedState
    : createLocalState
  // No await below: Redis may write to the log, which the caller may only complete after this returns.
  const { store, rateLimit, redis, values, broadcast, mark } = createState({
    settings,
    sealer,
    maxBytes: settings.MODEL_CACHE_MAX_BYTES * STORE_SHARE,
    ports: SYSTEM_PORTS,
    log
  })
  const changes = createDocumentChanges(broadcast)
  const oncePorts = { store, wait, newId: randomUUID, now: Date.now }
  const share = doorShare(settings)
  const kept = createKeptTexts({ store, sealer, settings, now: Date.now })
  const source = createDocumentSource({
    kept,
    client: createDocumentClient(control, settings),
    budget: createResponseBudget('FETCHES_FULL', settings.FETCHES_MAX_BYTES, share),
    ...oncePorts,
    times: fetchTimes,
    settings,
    changes,
    sampleNames,
    readSample: readSampleFile
  })
  const models = createModelCache({
    maxBytes: settings.MODEL_CACHE_MAX_BYTES * (1 - STORE_SHARE),
    now: SYSTEM_PORTS.now,
    shared: values,
    compiler: version
  })
  const observer =
    settings.METRICS === 'off'
      ? NOOP_OBSERVER
      : createMetrics({ redis, models: () => models.usage() })
  const resolve = createModelResolver({
    ...oncePorts,
    source,
    compiler,
    models,
    limits: settings,
    clock: SYSTEM_PORTS.now,
    watch: observer.compiled
  })
  const api = createApiClient(settings, egress, log.warn)
  const answers = createResponseBudget('ANSWERS_FULL', settings.ANSWERS_MAX_BYTES, share)
  const repeated = createRepeatedAnswers(REPEATED_MAX_BYTES, SYSTEM_PORTS.now)
  const live = createLiveExchange(api, settings.ANSWER_MAX_VALUES, answers, repeated)
  const assertDocument = createDocumentCheck(compiler)
  const open = createConnectorOpener({
    ...{ source, resolve, assertDocument, models, changes, settings, patienceMs, now: Date.now }
  })
  const identity = createIdentity({
    client: createIdentityClient(control, settings, egress.policy.isNamed),
    store,
    sealer,
    now: Date.now,
    clock: SYSTEM_PORTS.now,
    warn: log.warn,
    wait: SYSTEM_PORTS.wait,
    callMs: settings.UPSTREAM_TIMEOUT_MS
  })
  const ports: Ports = {
    open,
    report: createDocumentReporter({ source, compiler, assertDocument, limits: settings }),
    kept,
    identity,
    origins: createApprovedOrigins({
      shared: mark === null ? null : { store, mark },
      now: Date.now,
      max: settings.APPROVED_DOCUMENTS_MAX
    }),
    live: withConduct(
      withObserver(live, SYSTEM_PORTS.now, observer.upstreamCalled),
      { ...SYSTEM_PORTS, rateLimit: parts.rateLimit ?? rateLimit },
      { ...USUAL_LIMITS, callMs: settings.UPSTREAM_TIMEOUT_MS }
    ),
    makeExample: cacheExamples(exampleProcess.make, SYSTEM_PORTS.now),
    settings,
    sealer,
    store,
    newKey: randomUUID,
    warn: log.warn
  }
  const close = async (): Promise<void> => {
    observer.close()
    control.close()
    await api.close()
    await exampleProcess.close()
    await compiler.close()
    broadcast?.close()
    await redis?.close()
  }
  const operations = createOperations(ports)
  return { operations, ports, source, redisState: () => redis?.state() ?? null, observer, close }
}

/** Creates the compiler of a connector, which closes it. */
export function createCompiler(settings: Settings, warn: Warn): Compiler {
  return createCompilePool({
    worker: COMPILE_WORKER,
    processes: settings.COMPILE_PROCESSES,
    waiting: settings.WAITING_MAX,
    timeMs: settings.COMPILE_TIMEOUT_MS,
    memoryMb: COMPILE_MEMORY_MB,
    idleMs: COMPILE_IDLE_MS,
    bounds: derivedTypeBounds(settings),
    warn
  })
}
