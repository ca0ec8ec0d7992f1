import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Settings } from '../settings.ts'
import type { DocumentClient } from '../net/document-client.ts'
import type { Store } from '../store/types.ts'
import type { DocumentCopy } from './document-copies.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from '../net/bare-url.ts'
import { untilAborted } from '../net/deadline.ts'
import { createDocumentCopies } from './document-copies.ts'
import { createOnceAmongReplicas } from './once-among-replicas.ts'

/** The text of a document, as its server or the last good copy of it has it. */
export type SourceDocument = {
  /** Where it stands after redirects, without query; `sample:<name>` for a sample. */
  readonly url: string
  readonly text: string
  readonly contentType: string | null
  /** SHA-256 of the text, in hex. */
  readonly hash: string
  /** Milliseconds since 1970 at which its server last gave or confirmed it. */
  readonly fetchedAt: number
  /** Set when it could not be read again: the code of the problem, and seconds since `fetchedAt`. */
  readonly stale: { readonly reason: string; readonly ageSeconds: number } | null
}

/**
 * Judges a text that was just fetched: one that the connector cannot use takes no good copy's place.
 *
 * @throws ConnectorError when the text is of no use.
 */
export type UsabilityCheck = (
  text: string,
  contentType: string | null,
  url: string
) => void | Promise<void>

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
   * @param location An http or https URL, or `sample:<name>`.
   * @param token Bearer token for that URL's origin; null for none. What was read with a token is
   *   given to callers with that token only.
   * @param signal Ends the caller's wait; a fetch that others may share goes on.
   * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `CONFIG_INVALID` for a token that no
   *   header takes; without a good copy `DOCUMENT_*`, and what `assertUsable` throws.
   */
  read(
    location: string,
    token: string | null,
    signal: AbortSignal,
    assertUsable: UsabilityCheck
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
  readonly sampleNames: readonly string[]
  /** Reads the text of one of `sampleNames`. */
  readonly readSample: (name: string) => Promise<string>
}

const SAMPLE = 'sample:'
const FAILURE_LIFE_MS = 1000
const FAILURES_MAX = 1000

/** A source whose copies live in the store, so that they survive what the store survives. */
export function createDocumentSource(options: DocumentSourceOptions): DocumentSource {
  const { client, now, settings } = options
  const copies = createDocumentCopies(options.store)
  const once = createOnceAmongReplicas(options)
  const flights = new Map<string, Promise<SourceDocument>>()
  const failures = new LRUCache<string, ConnectorError>({
    max: FAILURES_MAX,
    ttl: FAILURE_LIFE_MS,
    ttlResolution: 0,
    perf: { now }
  })

  const isFresh = ({ fetchedAt }: DocumentCopy): boolean =>
    now() - fetchedAt < settings.DOCUMENT_TTL_S * 1000

  async function readSample(name: string): Promise<SourceDocument> {
    if (!options.sampleNames.includes(name)) {
      throw new ConnectorError('SAMPLE_UNKNOWN', {
        sample: name,
        known: options.sampleNames.join(', ')
      })
    }
    const text = await options.readSample(name)
    const url = SAMPLE + name
    return { url, text, contentType: null, hash: sha256(text), fetchedAt: now(), stale: null }
  }

  async function readUrl(
    key: string,
    url: string,
    token: string | null,
    assertUsable: UsabilityCheck
  ): Promise<SourceDocument> {
    const near = await copies.getNear(key)
    if (near !== undefined && isFresh(near)) return served(near)
    const copy = later(near, await copies.get(key))
    if (copy !== undefined && isFresh(copy)) return served(copy)
    const outcome = failures.get(key) ?? (await renew(key, url, token, copy, assertUsable))
    if (!(outcome instanceof ConnectorError)) return served(outcome)
    if (copy === undefined) throw outcome
    const ageSeconds = Math.floor((now() - copy.fetchedAt) / 1000)
    return { ...served(copy), stale: { reason: outcome.code, ageSeconds } }
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
      const fresh = await fetchAgain(url, token, copy, assertUsable)
      await copies.set(key, fresh)
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
    url: string,
    token: string | null,
    copy: DocumentCopy | undefined,
    assertUsable: UsabilityCheck
  ): Promise<DocumentCopy> {
    const answer = await client.fetch({ url, token, validators: copy ?? null })
    const fetchedAt = now()
    if (answer.status === 304 && copy !== undefined) return { ...copy, fetchedAt }
    const { status: _, ...fetched } = answer
    const hash = sha256(fetched.text)
    if (hash !== copy?.hash) {
      await assertUsable(fetched.text, fetched.contentType, bareUrl(fetched.url))
    }
    return { ...fetched, hash, fetchedAt }
  }

  return {
    async read(location, token, signal, assertUsable) {
      signal.throwIfAborted()
      if (location.startsWith(SAMPLE)) return readSample(location.slice(SAMPLE.length))
      const url = documentUrl(location)
      refuseMalformedToken(token)
      const key = sha256(JSON.stringify([url, token]))
      const running = flights.get(key)
      const flight =
        running ??
        readUrl(key, url, token, assertUsable).finally(() => {
          flights.delete(key)
        })
      if (running === undefined) flights.set(key, flight)
      return untilAborted(flight, signal)
    }
  }
}

function later(a: DocumentCopy | undefined, b: DocumentCopy | undefined): DocumentCopy | undefined {
  return (a?.fetchedAt ?? 0) > (b?.fetchedAt ?? 0) ? a : b
}

function served(copy: DocumentCopy): SourceDocument {
  const { text, contentType, hash, fetchedAt } = copy
  return { url: bareUrl(copy.url), text, contentType, hash, fetchedAt, stale: null }
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
    reason: 'it has blanks or characters that no header takes',
    allowed: 'the token alone, on one line'
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
