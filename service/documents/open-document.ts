import { LRUCache } from 'lru-cache'

import { entriesUpTo } from '../base/entries-up-to.ts'
import type { Askers } from '../base/askers.ts'
import { oneAsker } from '../base/askers.ts'
import type { Owner } from '../base/owner.ts'
import { optionsKey, USUAL_OPTIONS } from '../model/compile-options.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { documentDiagnostic } from '../model/diagnostic.ts'
import { createJoinedFlight } from '../processes/joined-flight.ts'
import type { Settings } from '../settings.ts'
import { untilAborted } from '../time/deadline.ts'
import type { DocumentSource, UsabilityCheck } from './fetch-document.ts'
import type { DocumentChanges } from './document-copies.ts'
import { staleIfError } from './document-copies.ts'
import type { CachedModel, ModelCache } from './model-cache.ts'
import { concernsAsker } from './passing-failure.ts'
import type { ModelResolver, Resolved } from './resolve-model.ts'
import type { DocumentRequest, SourceDocument, StaleText } from './source-document.ts'
import { textKey } from './source-document.ts'

/** The current model of a document, with diagnostics about reading it. */
export type OpenConnector = {
  readonly model: CachedModel
  /** A warning for each document whose stale copy is in use. */
  readonly stale: readonly Diagnostic[]
}

export type OpenOptions = {
  /** Tenant whose compile queue and cache quota are used. */
  readonly owner: Owner
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal
  /** Whether to revalidate the document and wait for that, however fresh the last model is. */
  readonly mustRevalidate: boolean
}

/** Returns a fresh model that is in memory at once, without a promise. */
export type ConnectorOpener = (
  request: DocumentRequest,
  opening: OpenOptions
) => OpenConnector | Promise<OpenConnector>

export type OpenerPorts = {
  readonly source: DocumentSource
  readonly resolve: ModelResolver
  /** Checks a document without its overlays. @throws ConnectorError when it is unusable. */
  readonly assertDocument: UsabilityCheck
  readonly models: Pick<ModelCache, 'find' | 'getLocal'>
  readonly changes: DocumentChanges
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  /** How long a flow request waits for revalidation before it serves the last model (ms). */
  readonly patienceMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export const USUAL_PATIENCE_MS = 1_000

/** The last reading of a document. */
type Version = Pick<SourceDocument, 'url' | 'fetchedAt' | 'stale'> &
  Pick<Resolved, 'version' | 'staleParts' | 'isComplete'>

/** The same with its model, which only the model cache may keep. */
type Opened = Version & { readonly model: CachedModel }

type Entry = Version & {
  /** When it has to be read again, in milliseconds since 1970. */
  readonly refreshAt: number
}

const ENTRIES_MAX = 10_000
const KEYS_MAX = 1_000

/** Longest interval between attempts to read a document that failed. */
const RETRY_MS = 60_000

/** How long before parts that failed are read again. */
const PART_RETRY_MS = 10_000

/**
 * Opens documents. A model younger than `DOCUMENT_TTL_S` is served at once. After that the document is
 * read again, once for all concurrent callers. A flow request waits `patienceMs` for it, then serves the
 * last model (RFC 5861 3); when the previous attempt failed it does not wait at all.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`, `COMPILER_BUSY`.
 */
export function createConnectorOpener(ports: OpenerPorts): ConnectorOpener {
  const { models, changes, patienceMs, now } = ports
  const lifeMs = ports.settings.DOCUMENT_TTL_S * 1000
  const maxFreshMs = Math.max(lifeMs, RETRY_MS)
  const entries = new LRUCache<string, Entry>(entriesUpTo(ENTRIES_MAX))
  // Every flow request needs its keys.
  const known = new LRUCache<string, Keys, DocumentRequest>({
    ...entriesUpTo(KEYS_MAX),
    memoMethod: (_id, _stale, { context }) => keysOf(context)
  })
  // Not lru-cache's `fetchMethod`, which would keep the models.
  const flight = createJoinedFlight<Opened>(concernsAsker)

  const isCurrent = ({ fetchedAt, refreshAt }: Entry, { text }: Keys): boolean => {
    const freshMs = refreshAt - now()
    // More than the maximum means that the clock was set back.
    return freshMs > 0 && freshMs <= maxFreshMs && fetchedAt >= changes.changedAt(text)
  }
  const readAgain = async (
    keys: Keys,
    request: DocumentRequest,
    { owner, signal, mustRevalidate }: OpenOptions
  ): Promise<OpenConnector> => {
    const { entry: key } = keys
    const entry = entries.get(key)
    const model = entry && (await models.find(entry.version, owner))
    if (entry && model && !mustRevalidate && isCurrent(entry, keys)) {
      return toOpenConnector(entry, model)
    }
    const last = entry && model && { ...entry, model }
    const minFetchedAt = mustRevalidate ? Number.POSITIVE_INFINITY : now() - lifeMs
    const flightKey = mustRevalidate ? `${key} now` : key
    const reading = flight(flightKey, oneAsker(owner), async askers => {
      const read = readDocument(ports, request, askers, minFetchedAt)
      const opened = await staleIfError(read, last, now)
      entries.set(key, entryOf(opened, lifeMs, now()))
      return opened
    })
    if (last === undefined || mustRevalidate) {
      const opened = await untilAborted(reading, signal)
      return toOpenConnector(opened, opened.model)
    }
    // Nobody may be awaiting this; an unhandled rejection would end the process.
    reading.catch(() => {})
    if (last.stale !== null) return toOpenConnector(last, last.model)
    const opened = await untilAborted(withinPatience(reading, last, patienceMs), signal)
    return toOpenConnector(opened, opened.model)
  }
  return (request, opening) => {
    const { location, token, compiling = USUAL_OPTIONS } = request
    const id = `${optionsKey(compiling)} ${location.length} ${location}${token ?? ''}${overlayIds(request)}`
    const keys = known.memo(id, { context: request })
    const entry = opening.mustRevalidate ? undefined : entries.get(keys.entry)
    const model = entry && isCurrent(entry, keys) ? models.getLocal(entry.version) : undefined
    return entry && model ? toOpenConnector(entry, model) : readAgain(keys, request, opening)
  }
}

/** The keys of an entry and of its text, which is the same whoever answers the mappings. */
type Keys = { readonly entry: string; readonly text: string }

function keysOf(request: DocumentRequest): Keys {
  const text = textKey(request, 'document')
  const key = optionsKey(request.compiling ?? USUAL_OPTIONS)
  const compiled = key === '' ? '' : ` ${key}`
  return { entry: text + compiled + overlayIds(request), text }
}

/** What tells apart requests for one document with other overlays; blank without any. */
function overlayIds({ overlays = [] }: DocumentRequest): string {
  if (overlays.length === 0) return ''
  return ` ${JSON.stringify(overlays.map(each => ('url' in each ? each.url : [each.hash])))}`
}

/** Reads a document with its parts. A fetched text is kept once it has compiled. */
async function readDocument(
  { source, resolve, assertDocument }: OpenerPorts,
  request: DocumentRequest,
  askers: Askers,
  minFetchedAt: number
): Promise<Opened> {
  let checked: (Resolved & Pick<SourceDocument, 'hash'>) | undefined
  const resolveWhole = async (candidate: SourceDocument, all: Askers): Promise<void> => {
    checked = { ...(await resolve(request, candidate, all)), hash: candidate.hash }
  }
  // Others may wait for the document with other overlays, or without.
  const isAlone = (request.overlays ?? []).length === 0
  const assertUsable = isAlone ? resolveWhole : assertDocument
  const options = { use: 'document', minFetchedAt, assertUsable, askers } as const
  const root = await source.read(request, options)
  const { url, fetchedAt, stale } = root
  const resolved = checked?.hash === root.hash ? checked : await resolve(request, root, askers)
  const { version, model, staleParts, isComplete } = resolved
  return { url, fetchedAt, stale, version, model, staleParts, isComplete }
}

function entryOf({ model: _, ...version }: Opened, lifeMs: number, now: number): Entry {
  const { stale, fetchedAt, isComplete } = version
  const usual = stale === null ? fetchedAt + lifeMs : now + Math.min(lifeMs, RETRY_MS)
  return { ...version, refreshAt: isComplete ? usual : Math.min(usual, now + PART_RETRY_MS) }
}

/** Falls back to the last model when reading takes longer than a flow request waits. */
function withinPatience<T>(reading: Promise<T>, last: T, patienceMs: number): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  const timer = setTimeout(resolve, patienceMs, last)
  return Promise.race([reading, promise]).finally(() => clearTimeout(timer))
}

function toOpenConnector(version: Version, model: CachedModel): OpenConnector {
  const { stale, staleParts } = version
  const isFresh = stale === null && staleParts.length === 0
  return { model, stale: isFresh ? [] : [version, ...staleParts].flatMap(staleDiagnostics) }
}

/** A warning for a text whose stale copy is in use. */
export function staleDiagnostics({ url, stale }: StaleText): Diagnostic[] {
  if (stale === null) return []
  const holes = { reason: stale.reason, seconds: stale.ageSeconds }
  return [documentDiagnostic('DOCUMENT_STALE', holes, url)]
}
