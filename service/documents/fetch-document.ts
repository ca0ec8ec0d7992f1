import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { bareUrl } from '../base/bare-url.ts'
import { ConnectorError } from '../errors.ts'
import type { DocumentClient } from '../net/document-client.ts'
import type { Settings } from '../settings.ts'
import type { DocumentCopies, DocumentCopy, DocumentNews } from './keep-documents.ts'
import { createDocumentCopies, orLastGood } from './keep-documents.ts'
import type { Once, OncePorts } from './once.ts'
import { createOnce } from './once.ts'
import type { DocumentRequest, SourceDocument } from './source-document.ts'
import { documentUrl, packText, SAMPLE, textKey } from './source-document.ts'

/**
 * Judges a document that was just fetched: one that the connector cannot use takes no good copy's place.
 *
 * @throws ConnectorError when it is of no use.
 */
export type UsabilityCheck = (candidate: SourceDocument) => unknown

/** How a document is read. */
export type Reading = {
  readonly use: 'document' | 'part'
  /**
   * Milliseconds since 1970 from which on a copy serves without asking its server; infinite where the
   * server is asked whatever there is.
   */
  readonly since: number
  readonly assertUsable: UsabilityCheck
}

export type DocumentSource = {
  /**
   * Reads a document or a sample.
   *
   * A copy that is too old has its server asked whether it changed (RFC 9110 13.1). When that fails, or
   * gives a text that is not usable, the last good copy serves for a day, marked stale. Callers who ask
   * for the same document with the same token at one time share one fetch, as far as the store reaches
   * also those of other replicas; a failure is shared for a second.
   *
   * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `CONFIG_INVALID` for a token that no
   *   header takes; without a good copy `DOCUMENT_*`, and what `assertUsable` throws.
   */
  read(request: DocumentRequest, reading: Reading): Promise<SourceDocument>
}

export type DocumentSourceOptions = OncePorts & {
  readonly client: DocumentClient
  readonly settings: Pick<Settings, 'DOCUMENT_TTL_S'>
  readonly news: DocumentNews
  readonly sampleNames: readonly string[]
  /** Reads a file beside the samples; undefined for none. */
  readonly readSample: (path: string) => Promise<Uint8Array | undefined>
}

/** What reading a URL goes through. */
type Ports = DocumentSourceOptions & {
  readonly copies: DocumentCopies
  readonly once: Once<DocumentCopy>
}

/** A document that is to be read from its server, with the key of its text. */
type Wanted = Reading & DocumentRequest & { readonly key: string }

/** No segment begins with a dot, so none leaves the folder and none is hidden. */
const SAMPLE_PATH = /^(?:\w[\w.-]*\/)*\w[\w.-]*\.(?:ya?ml|json)$/

/** Bytes that are hashed between two turns of the event loop. */
const HASHED_AT_ONCE = 2 * 1024 * 1024

/** A failure is shared for a second, and a document that another replica fetches is waited for as long. */
const TIMES = { failureMs: 1_000, waitMs: 1_000, lockMs: 3_000 }

/** A source whose copies live in the store, so that they survive what the store survives. */
export function createDocumentSource(options: DocumentSourceOptions): DocumentSource {
  const ports: Ports = {
    ...options,
    copies: createDocumentCopies(options.store),
    once: createOnce(options, TIMES)
  }
  return {
    async read(request, reading) {
      const { location } = request
      const key = textKey(request, reading.use)
      return location.startsWith(SAMPLE)
        ? readSample(options, location.slice(SAMPLE.length))
        : readUrl(ports, { ...reading, ...request, key })
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

async function readUrl(ports: Ports, wanted: Wanted): Promise<SourceDocument> {
  const { copies, settings, now } = ports
  const { key, since } = wanted
  const copy = await copies.get(key)
  const last = copy && served(key, copy)
  // A clock that was set back makes nothing young again.
  const youngest = now() + settings.DOCUMENT_TTL_S * 1000
  if (last !== undefined && last.fetchedAt >= since && last.fetchedAt < youngest) return last
  const renewal = renew(ports, wanted, copy).then(fresh => served(key, fresh))
  return orLastGood(renewal, last, now)
}

/** Fetches a document and keeps it, once for all who ask. */
function renew(
  ports: Ports,
  wanted: Wanted,
  copy: DocumentCopy | undefined
): Promise<DocumentCopy> {
  const { copies, news, once } = ports
  const { key } = wanted
  const renewed = async (): Promise<DocumentCopy | undefined> => {
    const found = await copies.get(key)
    return found !== undefined && found.fetchedAt > (copy?.fetchedAt ?? 0) ? found : undefined
  }
  return once(key, renewed, async () => {
    const fresh = await fetchAgain(ports, wanted, copy)
    await copies.set(key, fresh)
    if (copy !== undefined && copy.hash !== fresh.hash) news.announce(key, fresh.fetchedAt)
    return fresh
  })
}

async function fetchAgain(
  { client, now }: Ports,
  { key, location, token, assertUsable }: Wanted,
  copy: DocumentCopy | undefined
): Promise<DocumentCopy> {
  const url = documentUrl(location)
  const answer = await client.fetch({ url, token, validators: copy ?? null })
  const fetchedAt = now()
  if (answer.status === 304 && copy !== undefined) return { ...copy, fetchedAt }
  const { status: _, bytes, ...fetched } = answer
  const [hash, packed] = await Promise.all([hashOf(bytes), packText(bytes)])
  const fresh = { ...fetched, packed, hash, fetchedAt }
  if (hash !== copy?.hash) await assertUsable(served(key, fresh))
  return fresh
}

function served(key: string, copy: DocumentCopy): SourceDocument {
  const { url, packed, contentType, hash, fetchedAt } = copy
  return { key, url: bareUrl(url), base: url, packed, contentType, hash, fetchedAt, stale: null }
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
