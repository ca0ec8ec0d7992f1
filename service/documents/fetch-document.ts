import { createHash } from 'node:crypto'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

import type { Askers } from '../base/askers.ts'
import { bareUrl } from '../base/bare-url.ts'
import { ConnectorError } from '../errors.ts'
import type { DocumentClient } from '../net/document-client.ts'
import type { ResponseBudget } from '../net/response-budget.ts'
import { giveBackBytes, holdBytes } from '../net/response-budget.ts'
import type { Settings } from '../settings.ts'
import type { DocumentCopies, DocumentCopy, DocumentChanges } from './document-copies.ts'
import { createDocumentCopies, staleIfError } from './document-copies.ts'
import type { SharedFlight, SharedFlightPorts, SharedFlightTimes } from './shared-flight.ts'
import { createSharedFlight } from './shared-flight.ts'
import type { KeptTexts } from './kept-texts.ts'
import type { DocumentRequest, SourceDocument, TextUse } from './source-document.ts'
import { documentUrl, KEPT_SCHEME, packText, SAMPLE_SCHEME, textKey } from './source-document.ts'

/**
 * Checks a fetched document before it replaces the last good copy.
 *
 * @param askers Those who wait for it; more may join.
 * @throws ConnectorError when the document is unusable.
 */
export type UsabilityCheck = (candidate: SourceDocument, askers: Askers) => unknown

export type ReadOptions = {
  readonly use: TextUse
  /** Copies confirmed before this time (ms since 1970) are revalidated; `Infinity` always revalidates. */
  readonly minFetchedAt: number
  readonly assertUsable: UsabilityCheck
  /** Those for whom it is read; the copy counts against the memory of the first. */
  readonly askers: Askers
}

export type DocumentSource = {
  /**
   * Reads a document, a sample or a kept text.
   *
   * An old copy is revalidated by a conditional request (RFC 9110 13.1). If that fails or returns an
   * unusable text, the last good copy is served for up to a day, marked stale. Concurrent reads of one
   * document with the same token share one fetch, among replicas too when they share a store. A failure
   * is shared for a second.
   *
   * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `KEPT_UNKNOWN`; `CONFIG_INVALID` for a token that no
   *   header can hold; without a good copy `DOCUMENT_*` and what `assertUsable` throws.
   */
  read(request: DocumentRequest, options: ReadOptions): Promise<SourceDocument>
}

export type DocumentSourceOptions = SharedFlightPorts & {
  readonly times: SharedFlightTimes
  readonly client: DocumentClient
  /** What the bytes of documents count for until they are packed, those of the first asker. */
  readonly budget: ResponseBudget
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  readonly changes: DocumentChanges
  readonly kept: Pick<KeptTexts, 'read'>
  readonly sampleNames: readonly string[]
  /** Reads a file of the samples folder. @returns Undefined when there is none. */
  readonly readSample: (path: string) => Promise<Uint8Array | undefined>
}

type Ports = DocumentSourceOptions & {
  readonly copies: DocumentCopies
  readonly flight: SharedFlight<DocumentCopy>
}

type UrlRead = ReadOptions & DocumentRequest & { readonly key: string }

/** No segment begins with a dot, so a path neither leaves the folder nor names a hidden file. */
const SAMPLE_PATH = /^(?:\w[\w.-]*\/)*\w[\w.-]*\.(?:ya?ml|json)$/

/** Characters of its hash by which messages name a kept text. */
const SHOWN_HASH = 12

/** Bytes hashed before yielding to the event loop. */
const HASH_CHUNK_BYTES = 2 * 1024 * 1024

export const USUAL_FETCH_TIMES: SharedFlightTimes = {
  failureMs: 1_000,
  waitMs: 1_000,
  lockMs: 3_000
}

/** Keeps the copies in the store, so they live as long as it does. */
export function createDocumentSource(sourceOptions: DocumentSourceOptions): DocumentSource {
  const ports: Ports = {
    ...sourceOptions,
    copies: createDocumentCopies(sourceOptions.store),
    flight: createSharedFlight(sourceOptions, sourceOptions.times)
  }
  return {
    async read(request, options) {
      const { location } = request
      const key = textKey(request, options.use)
      if (location.startsWith(KEPT_SCHEME)) return readKept(ports, location)
      return location.startsWith(SAMPLE_SCHEME)
        ? readSample(ports, location.slice(SAMPLE_SCHEME.length))
        : readUrl(ports, { ...options, ...request, key })
    }
  }
}

async function readSample(
  { sampleNames, readSample, now }: DocumentSourceOptions,
  name: string
): Promise<SourceDocument> {
  const isPath = name.startsWith('/')
  const path = isPath ? name.slice(1) : `${name}.yaml`
  const isKnown = isPath ? SAMPLE_PATH.test(path) : sampleNames.includes(name)
  const bytes = isKnown ? await readSample(path) : undefined
  if (bytes === undefined) {
    throw new ConnectorError('SAMPLE_UNKNOWN', { sample: name, known: sampleNames.join(', ') })
  }
  return {
    key: SAMPLE_SCHEME + name,
    url: SAMPLE_SCHEME + name,
    base: `${SAMPLE_SCHEME}/${path}`,
    packed: await packText(bytes),
    contentType: null,
    hash: await hashOf(bytes),
    fetchedAt: now(),
    stale: null
  }
}

/** Reads a kept text. Nothing is relative to it. */
async function readKept(
  { kept, now }: DocumentSourceOptions,
  location: string
): Promise<SourceDocument> {
  const { hash, packed } = await kept.read(location)
  // The location itself opens the text to whoever sees it.
  const url = KEPT_SCHEME + hash.slice(0, SHOWN_HASH)
  const metadata = { contentType: null, fetchedAt: now(), stale: null }
  return { key: location, url, base: url, packed, hash, ...metadata }
}

async function readUrl(ports: Ports, read: UrlRead): Promise<SourceDocument> {
  const { copies, settings, now } = ports
  const { key, minFetchedAt } = read
  const copy = await copies.get(key)
  const last = copy && toSourceDocument(key, copy)
  // A copy from the future is not fresh: the clock was set back.
  const maxFetchedAt = now() + settings.DOCUMENT_TTL_S * 1000
  if (last !== undefined && last.fetchedAt >= minFetchedAt && last.fetchedAt < maxFetchedAt) {
    return last
  }
  const refreshed = refresh(ports, read, copy).then(fresh => toSourceDocument(key, fresh))
  return staleIfError(refreshed, last, now)
}

/** Fetches and keeps a document, once for all concurrent callers. */
function refresh(
  ports: Ports,
  read: UrlRead,
  copy: DocumentCopy | undefined
): Promise<DocumentCopy> {
  const { copies, changes, flight } = ports
  const { key } = read
  const findRefreshed = async (): Promise<DocumentCopy | undefined> => {
    const found = await copies.get(key)
    return found !== undefined && found.fetchedAt > (copy?.fetchedAt ?? 0) ? found : undefined
  }
  return flight(key, read.askers, findRefreshed, async askers => {
    const fresh = await fetchCopy(ports, { ...read, askers }, copy)
    await copies.set(key, fresh, askers.first)
    if (copy !== undefined && copy.hash !== fresh.hash) changes.publish(key, fresh.fetchedAt)
    return fresh
  })
}

async function fetchCopy(
  { client, budget, now }: Ports,
  { key, location, token, assertUsable, askers }: UrlRead,
  copy: DocumentCopy | undefined
): Promise<DocumentCopy> {
  const url = documentUrl(location)
  const held = holdBytes(budget, askers.first)
  let fresh: DocumentCopy
  try {
    const answer = await client.fetch({ url, token, validators: copy ?? null, held })
    const fetchedAt = now()
    if (answer.status === 304 && copy !== undefined) return { ...copy, fetchedAt }
    const { status: _, bytes, ...fetched } = answer
    const [hash, packed] = await Promise.all([hashOf(bytes), packText(bytes)])
    fresh = { ...fetched, packed, hash, fetchedAt }
  } finally {
    giveBackBytes(held)
  }
  if (fresh.hash !== copy?.hash) await assertUsable(toSourceDocument(key, fresh), askers)
  return fresh
}

function toSourceDocument(key: string, copy: DocumentCopy): SourceDocument {
  const { url, packed, contentType, hash, fetchedAt } = copy
  return { key, url: bareUrl(url), base: url, packed, contentType, hash, fetchedAt, stale: null }
}

/** SHA-256 in hex, computed in chunks so that a large document does not block the event loop. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += HASH_CHUNK_BYTES) {
    hash.update(bytes.subarray(at, at + HASH_CHUNK_BYTES))
    await yieldToEventLoop()
  }
  return hash.digest('hex')
}
