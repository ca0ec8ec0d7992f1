import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Settings } from '../settings.ts'
import type { DocumentClient } from '../net/document-client.ts'
import type { Store } from '../store/types.ts'
import type { DocumentCopy } from './document-copies.ts'
import { createSingleFlight } from '../base/single-flight.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from '../base/bare-url.ts'
import { untilAborted } from '../time/deadline.ts'
import { createDocumentCopies } from './document-copies.ts'
import type { DocumentNews } from './document-news.ts'
import { createOnceAmongReplicas } from './once-among-replicas.ts'
import type { PackedText } from './packed-text.ts'
import { packText } from './packed-text.ts'
import { createRecentFailures } from './recent-failures.ts'

/** The code of the problem with reading a document again, and how long ago it was read. */
export type Staleness = { readonly reason: string; readonly ageSeconds: number }

/** A document, as its server or the last good copy of it has it. */
export type SourceDocument = {
  /** Under which it is kept: another one for each URL and token. */
  readonly key: string
  /** Where it stands after redirects, without query; `sample:<name>` for a sample. */
  readonly url: string
  /** The URL from which its relative references start, with its query, which is not to be shown. */
  readonly base: string
  readonly packed: PackedText
  readonly contentType: string | null
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** Milliseconds since 1970 at which its server last gave or confirmed it. */
  readonly fetchedAt: number
  /** Set when it could not be read again; `ageSeconds` are those since `fetchedAt`. */
  readonly stale: Staleness | null
}

/**
 * Judges a document that was just fetched: one that the connector cannot use takes no good copy's place.
 *
 * @throws ConnectorError when it is of no use.
 */
export type UsabilityCheck = (candidate: SourceDocument) => unknown

export type DocumentSource = {
  /**
   * Reads a document or a sample.
   *
   * For `DOCUMENT_TTL_S` seconds a copy serves without asking its server; then the server is asked
   * whether it changed (RFC 9110 13.1). When that fails, or gives a text that is not usable, the last
   * good copy serves for a day, marked stale. Callers who read the same document with the same token
   * at one time share one fetch, as far as the store reaches also those of other replicas; a failure
   * is shared for a second.
   *
   * @param location An http or https URL, `sample:<name>`, or `sample:/<path>` for a file beside the
   *   samples.
   * @param token Bearer token for that URL's origin; null for none. What was read with a token is
   *   given to callers with that token only.
   * @param signal Ends the caller's wait; a fetch that others may share goes on.
   * @param partSince Given for a document that another one refers to: milliseconds since 1970 from
   *   which on a copy serves without asking, in place of `DOCUMENT_TTL_S` ago. Copies of such parts
   *   are kept apart, since they need not be usable as documents.
   * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `CONFIG_INVALID` for a token that no
   *   header takes; without a good copy `DOCUMENT_*`, and what `assertUsable` throws.
   */
  read(
    location: string,
    token: string | null,
    signal: AbortSignal,
    assertUsable: UsabilityCheck,
    partSince?: number
  ): Promise<SourceDocument>
}

export type DocumentSourceOptions = {
  readonly client: DocumentClient
  readonly store: Store
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>
  /** A text that was never given before. */
  readonly newId: () => string
  readonly news: DocumentNews
  readonly sampleNames: readonly string[]
  /** Reads a file beside the samples; undefined for none. */
  readonly readSample: (path: string) => Promise<Uint8Array | undefined>
}

const SAMPLE = 'sample:'

/** No segment begins with a dot, so none leaves the folder and none is hidden. */
const SAMPLE_PATH = /^(?:\w[\w.-]*\/)*\w[\w.-]*\.(?:ya?ml|json)$/

/** Bytes that are hashed between two turns of the event loop. */
const HASHED_AT_ONCE = 2 * 1024 * 1024

/** Milliseconds for which a failure is shared with those who ask later. */
const FAILURE_LIFE_MS = 1000

/** For so long a document that another replica fetches is waited for. */
const WAIT_FOR_OTHERS_MS = 1000

/** A source whose copies live in the store, so that they survive what the store survives. */
export function createDocumentSource(options: DocumentSourceOptions): DocumentSource {
  const { client, now, settings, news } = options
  const copies = createDocumentCopies(options.store)
  const once = createOnceAmongReplicas(options, WAIT_FOR_OTHERS_MS)
  const alone = createSingleFlight<SourceDocument>()
  const failures = createRecentFailures(FAILURE_LIFE_MS, now)
  // A clock that was set back makes nothing young again.
  const isWithin = (milliseconds: number, moment: number): boolean =>
    Math.abs(now() - moment) < milliseconds

  async function readSample(name: string): Promise<SourceDocument> {
    const isPath = name.startsWith('/')
    const path = isPath ? name.slice(1) : `${name}.yaml`
    const isKnown = isPath ? SAMPLE_PATH.test(path) : options.sampleNames.includes(name)
    const bytes = isKnown ? await options.readSample(path) : undefined
    if (bytes === undefined) {
      throw new ConnectorError('SAMPLE_UNKNOWN', {
        sample: name,
        known: options.sampleNames.join(', ')
      })
    }
    return {
      key: SAMPLE + name,
      url: SAMPLE + name,
      base: `${SAMPLE}/${path}`,
      packed: await packText(bytes),
      contentType: null,
      hash: await hashOf(bytes),
      fetchedAt: now(),
      stale: null
    }
  }

  async function readUrl(
    key: string,
    url: string,
    token: string | null,
    assertUsable: UsabilityCheck,
    partSince: number | undefined
  ): Promise<SourceDocument> {
    const isCurrent = ({ fetchedAt }: DocumentCopy): boolean =>
      partSince === undefined
        ? isWithin(settings.DOCUMENT_TTL_S * 1000, fetchedAt)
        : fetchedAt >= partSince
    const near = await copies.getNear(key)
    const isLatest = near !== undefined && near.fetchedAt >= news.heard(key)
    if (isLatest && isCurrent(near)) return served(key, near)
    const copy = later(near, await copies.get(key))
    if (copy !== undefined && isCurrent(copy)) return served(key, copy)
    const outcome = failures.get(key) ?? (await renew(key, url, token, copy, assertUsable))
    if (!(outcome instanceof ConnectorError)) return served(key, outcome)
    if (copy === undefined) throw outcome
    const ageSeconds = Math.max(0, Math.floor((now() - copy.fetchedAt) / 1000))
    return { ...served(key, copy), stale: { reason: outcome.code, ageSeconds } }
  }

  /** Fetches and keeps the document, or keeps and gives back the problem with it. */
  async function renew(
    key: string,
    url: string,
    token: string | null,
    copy: DocumentCopy | undefined,
    assertUsable: UsabilityCheck
  ): Promise<DocumentCopy | ConnectorError> {
    const renewed = async (): Promise<DocumentCopy | undefined> => {
      const found = await copies.get(key)
      return found !== undefined && found.fetchedAt > (copy?.fetchedAt ?? 0) ? found : undefined
    }
    const fetchAndKeep = async (): Promise<DocumentCopy> => {
      const fresh = await fetchAgain(key, url, token, copy, assertUsable)
      await copies.set(key, fresh)
      if (copy !== undefined && copy.hash !== fresh.hash) news.announce(key, fresh.fetchedAt)
      return fresh
    }
    try {
      return await once(key, renewed, fetchAndKeep)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      failures.set(key, error)
      return error
    }
  }

  async function fetchAgain(
    key: string,
    url: string,
    token: string | null,
    copy: DocumentCopy | undefined,
    assertUsable: UsabilityCheck
  ): Promise<DocumentCopy> {
    const answer = await client.fetch({ url, token, validators: copy ?? null })
    const fetchedAt = now()
    if (answer.status === 304 && copy !== undefined) return { ...copy, fetchedAt }
    const { status: _, bytes, ...fetched } = answer
    const [hash, packed] = await Promise.all([hashOf(bytes), packText(bytes)])
    const fresh = { ...fetched, packed, hash, fetchedAt }
    if (hash !== copy?.hash) await assertUsable(served(key, fresh))
    return fresh
  }

  return {
    async read(location, token, signal, assertUsable, partSince) {
      signal.throwIfAborted()
      if (location.startsWith(SAMPLE)) return readSample(location.slice(SAMPLE.length))
      const url = documentUrl(location)
      refuseMalformedToken(token)
      const isPart = partSince !== undefined
      const key = sha256(JSON.stringify(isPart ? [url, token, 'part'] : [url, token]))
      const flightKey = `${key} ${partSince}`
      const reading = alone(flightKey, () => readUrl(key, url, token, assertUsable, partSince))
      return untilAborted(reading, signal)
    }
  }
}

function later(a: DocumentCopy | undefined, b: DocumentCopy | undefined): DocumentCopy | undefined {
  return (a?.fetchedAt ?? 0) > (b?.fetchedAt ?? 0) ? a : b
}

function served(key: string, copy: DocumentCopy): SourceDocument {
  const { url, packed, contentType, hash, fetchedAt } = copy
  return { key, url: bareUrl(url), base: url, packed, contentType, hash, fetchedAt, stale: null }
}

function documentUrl(location: string): string {
  const url = URL.parse(location.trim())
  const usable =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  if (!usable) throw new ConnectorError('URL_INVALID', { name: shown(location) })
  url.hash = ''
  return url.href
}

/** What was given, without the parts in which people put secrets. */
function shown(location: string): string {
  const bare = location.trim().split(/[?#]/, 1)[0] ?? ''
  const at = bare.lastIndexOf('@')
  return (at === -1 ? bare : `***${bare.slice(at)}`).slice(0, 200)
}

function refuseMalformedToken(token: string | null): void {
  if (token === null || /^[\x21-\x7e]+$/.test(token)) return
  throw new ConnectorError('CONFIG_INVALID', {
    name: 'Schema Token',
    reason: 'it has spaces or characters that a header cannot hold',
    allowed: 'the token alone, on one line'
  })
}

/** SHA-256 in hex, piece by piece, so that a large document holds nothing up. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE))
    await nextTurn()
  }
  return hash.digest('hex')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
