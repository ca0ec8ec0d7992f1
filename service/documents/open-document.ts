import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import type { Settings } from '../settings.ts'
import { untilAborted } from '../time/deadline.ts'
import type { DocumentSource } from './fetch-document.ts'
import type { DocumentNews } from './keep-documents.ts'
import { orLastGood } from './keep-documents.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'
import type { ModelResolver, Resolved } from './resolve-model.ts'
import type { DocumentRequest, SourceDocument, StaleText } from './source-document.ts'
import { textKey } from './source-document.ts'

/** A document as it is now: its model, and what is to be said about the reading of it. */
export type OpenConnector = {
  readonly model: CachedModel
  /** A warning for each document of which an older copy serves. */
  readonly stale: readonly Diagnostic[]
}

/** Who opens a document, and how. */
export type Opening = {
  /** Tenant whose turn compiling takes, and whose share of the cache the model counts against. */
  readonly owner: string
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal
  /** Whether its server is asked whatever serves, and waited for, however long that takes. */
  readonly isPatient: boolean
}

export type ConnectorOpener = (request: DocumentRequest, opening: Opening) => Promise<OpenConnector>

export type OpenerPorts = {
  readonly source: DocumentSource
  readonly resolve: ModelResolver
  readonly models: Pick<ModelCache, 'find'>
  readonly news: DocumentNews
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is known of a document since it was read last. */
type Version = Pick<SourceDocument, 'url' | 'fetchedAt' | 'stale'> &
  Pick<Resolved, 'version' | 'staleParts' | 'isComplete'>

/** The same with its model, which nothing but the cache of models may keep. */
type Opened = Version & { readonly model: CachedModel }

type Entry = Version & {
  /** From when on it is read again, in milliseconds since 1970. */
  readonly againAt: number
}

const ENTRIES_MAX = 10_000

/** How long a flow request waits for a renewal before it is served the last model. */
const PATIENCE_MS = 1_000

/** Milliseconds between two tries to read a document that could not be read, at the most. */
const RETRY_MS = 60_000

/** Milliseconds after which parts that could not be read are asked for again. */
const PART_RETRY_MS = 10_000

/**
 * Opens documents. While a model is not older than `DOCUMENT_TTL_S` it serves flow requests at once. Then the
 * document is read again, once for all who ask; a flow request waits a second for that and goes on with the
 * last model (RFC 5861 3), or does not wait at all where the try before has failed.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`, `COMPILER_BUSY`.
 */
export function createConnectorOpener(ports: OpenerPorts): ConnectorOpener {
  const { models, news, now } = ports
  const lifeMs = ports.settings.DOCUMENT_TTL_S * 1000
  const entries = new LRUCache<string, Entry>({ max: ENTRIES_MAX })
  // The cache of lru-cache would keep what its fetches give, and so the models.
  const flight = createSingleFlight<Opened>()

  const isCurrent = ({ fetchedAt, againAt }: Entry, key: string): boolean => {
    const left = againAt - now()
    // A clock that was set back makes nothing young again.
    return left > 0 && left <= Math.max(lifeMs, RETRY_MS) && fetchedAt >= news.heard(key)
  }
  return async (request, { owner, signal, isPatient }) => {
    const key = textKey(request, 'document')
    const entry = entries.get(key)
    const model = entry && (await models.find(entry.version, owner))
    const last = entry && model && { ...entry, model }
    if (last !== undefined && !isPatient && isCurrent(last, key)) return said(last)
    const since = isPatient ? Number.POSITIVE_INFINITY : now() - lifeMs
    const reading = flight(isPatient ? `${key} now` : key, async () => {
      const opened = await orLastGood(readDocument(ports, request, owner, since), last, now)
      entries.set(key, entryOf(opened, lifeMs, now()))
      return opened
    })
    if (last === undefined || isPatient) return said(await untilAborted(reading, signal))
    // Nobody may be awaiting this; an unhandled rejection would end the process.
    reading.catch(() => {})
    if (last.stale !== null) return said(last)
    return said(await untilAborted(firstOf(reading, last), signal))
  }
}

/** Reads a document with its parts. What is fetched is kept once it has a model. */
async function readDocument(
  { source, resolve }: OpenerPorts,
  request: DocumentRequest,
  owner: string,
  since: number
): Promise<Opened> {
  let judged: (Resolved & Pick<SourceDocument, 'hash'>) | undefined
  const assertUsable = async (candidate: SourceDocument): Promise<void> => {
    judged = { ...(await resolve(request, candidate, owner)), hash: candidate.hash }
  }
  const root = await source.read(request, { use: 'document', since, assertUsable })
  const { url, fetchedAt, stale } = root
  const resolved = judged?.hash === root.hash ? judged : await resolve(request, root, owner)
  const { version, model, staleParts, isComplete } = resolved
  return { url, fetchedAt, stale, version, model, staleParts, isComplete }
}

function entryOf({ model: _, ...version }: Opened, lifeMs: number, now: number): Entry {
  const { stale, fetchedAt, isComplete } = version
  const usual = stale === null ? fetchedAt + lifeMs : now + Math.min(lifeMs, RETRY_MS)
  return { ...version, againAt: isComplete ? usual : Math.min(usual, now + PART_RETRY_MS) }
}

/** What a reading gives within the patience of a flow request, else what is there. */
function firstOf<T>(reading: Promise<T>, last: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(resolve, PATIENCE_MS, last)
  return Promise.race([reading, promise]).finally(() => clearTimeout(timer))
}

function said(opened: Opened): OpenConnector {
  const stale = [opened, ...opened.staleParts].flatMap(staleness)
  return { model: opened.model, stale }
}

function staleness({ url, stale }: StaleText): Diagnostic[] {
  if (stale === null) return []
  const holes = { reason: stale.reason, seconds: stale.ageSeconds }
  return [documentDiagnostic('DOCUMENT_STALE', holes, url)]
}
