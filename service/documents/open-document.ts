import { LRUCache } from 'lru-cache'

import { createSingleFlight } from '../base/single-flight.ts'
import type { DocumentNews } from './document-news.ts'
import type { DocumentSource, SourceDocument, Staleness } from './document-source.ts'
import { sourceParts } from './read-part.ts'
import { ConnectorError } from '../errors.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import { untilAborted } from '../time/deadline.ts'
import type { Settings } from '../settings.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'
import type { ModelResolver, Whole } from './resolve-model.ts'
import { PART_RETRY_MS } from './resolve-model.ts'

/** A document as it is now: its model, and what is to be said about the reading of it. */
export type OpenConnector = {
  readonly model: CachedModel
  /** A warning for each document of which an older copy serves. */
  readonly stale: readonly Diagnostic[]
}

/** Who opens a document, and how. */
export type Opening = {
  /** Whose room its model takes: the tenant. */
  readonly owner: string
  /** Ends the caller's wait. */
  readonly signal: AbortSignal
  /** Whether to wait until a document past its time is read again, however long that takes. */
  readonly isPatient: boolean
}

export type ConnectorOpener = (
  location: string,
  token: string | null,
  opening: Opening
) => Promise<OpenConnector>

export type OpenerPorts = {
  readonly source: DocumentSource
  readonly resolve: ModelResolver
  readonly models: Pick<ModelCache, 'near' | 'find'>
  readonly news: DocumentNews
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is known of a document since it was read last. */
type Entry = {
  /** Under which its text is kept. */
  readonly key: string
  readonly version: string
  readonly fetchedAt: number
  readonly stale: readonly Diagnostic[]
  /** Whether it could not be read again when that was tried last. */
  readonly isFailing: boolean
  /** From when on it is read again, in milliseconds since 1970. */
  readonly againAt: number
}

const ENTRIES_MAX = 10_000

/** For so long a flow request waits for a document that is read again; then the last model serves. */
const PATIENCE_MS = 1_000

/** Milliseconds between two tries to read a document that could not be read, at the most. */
const RETRY_MS = 60_000

/** For so long the last good model of a document serves without its server. */
const LAST_GOOD_MS = 24 * 60 * 60 * 1000

/**
 * Opens documents. While a model is not older than `DOCUMENT_TTL_S` it serves at once. Then the document is
 * read again, once for all who ask; a flow request waits a second for that and goes on with the last model
 * (RFC 5861), or does not wait at all where the try before has failed.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`, `COMPILER_BUSY`.
 */
export function createConnectorOpener(ports: OpenerPorts): ConnectorOpener {
  const { source, resolve, models, news, settings, now } = ports
  const lifeMs = settings.DOCUMENT_TTL_S * 1000
  const entries = new LRUCache<string, Entry>({ max: ENTRIES_MAX })
  const flight = createSingleFlight<OpenConnector>()

  const isCurrent = ({ key, fetchedAt, againAt }: Entry): boolean => {
    const left = againAt - now()
    // A clock that was set back makes nothing young again.
    return left > 0 && left <= Math.max(lifeMs, RETRY_MS) && fetchedAt >= news.heard(key)
  }
  const entryOf = (root: SourceDocument, whole: Whole): Entry => {
    const { key, fetchedAt } = root
    const isFailing = root.stale !== null
    const usual = isFailing ? now() + Math.min(lifeMs, RETRY_MS) : fetchedAt + lifeMs
    const againAt = whole.isComplete ? usual : Math.min(usual, now() + PART_RETRY_MS)
    const parts = whole.stale.flatMap(part => staleness(part.url, part.stale))
    const stale = [...staleness(root.url, root.stale), ...parts]
    return { key, version: whole.version, fetchedAt, stale, isFailing, againAt }
  }

  /** Reads a document, and says what has come of it since. */
  const read = async (
    id: string,
    location: string,
    token: string | null,
    owner: string
  ): Promise<OpenConnector> => {
    const resolved = (root: SourceDocument) =>
      resolve(root, sourceParts(source, root, location, token), owner)
    const root = await source.read(location, token, new AbortController().signal, resolved)
    const { whole, model } = await resolved(root)
    const entry = entryOf(root, whole)
    entries.set(id, entry)
    return { model, stale: entry.stale }
  }
  /** The same for one that is known: when it cannot be read, what is known of it serves for a day. */
  const readAgain = async (
    id: string,
    location: string,
    token: string | null,
    owner: string,
    entry: Entry,
    model: CachedModel
  ): Promise<OpenConnector> => {
    try {
      return await read(id, location, token, owner)
    } catch (error) {
      const age = now() - entry.fetchedAt
      if (!(error instanceof ConnectorError) || age > LAST_GOOD_MS) throw error
      const reason = { reason: error.code, ageSeconds: Math.max(0, Math.floor(age / 1000)) }
      const stale = staleness(model.index.documentUrl, reason)
      const againAt = now() + Math.min(lifeMs, RETRY_MS)
      entries.set(id, { ...entry, stale, isFailing: true, againAt })
      return { model, stale }
    }
  }

  return async (location, token, { owner, signal, isPatient }) => {
    const id = `${location.length} ${location}${token ?? ''}`
    const entry = entries.get(id)
    const model = entry && (models.near(entry.version) ?? (await models.find(entry.version, owner)))
    if (entry === undefined || model === undefined) {
      return untilAborted(
        flight(id, () => read(id, location, token, owner)),
        signal
      )
    }
    const last = { model, stale: entry.stale }
    if (isCurrent(entry) && !(isPatient && entry.isFailing)) return last
    const reading = flight(id, () => readAgain(id, location, token, owner, entry, model))
    if (isPatient) return untilAborted(reading, signal)
    // Whoever does not wait to the end is not told how it ends.
    reading.catch(() => {})
    return entry.isFailing ? last : untilAborted(firstOf(reading, last), signal)
  }
}

/** What a reading gives within the patience of a flow request, else what is there. */
function firstOf<T>(reading: Promise<T>, last: T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(resolve, PATIENCE_MS, last)
  return Promise.race([reading, promise]).finally(() => clearTimeout(timer))
}

function staleness(file: string, stale: Staleness | null): Diagnostic[] {
  if (stale === null) return []
  const holes = { reason: stale.reason, seconds: stale.ageSeconds }
  return [documentDiagnostic('DOCUMENT_STALE', holes, file)]
}
