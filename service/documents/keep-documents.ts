import { LRUCache } from 'lru-cache'

import type { Validators } from '../net/document-client.ts'
import type { Store } from '../store/types.ts'
import { asBuffer } from '../base/as-buffer.ts'
import { parseJson, parseWritten } from '../base/exact-number.ts'
import { member, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { PackedText, Staleness } from './source-document.ts'

/** A document that was read and found usable, with what its server needs to confirm it. */
export type DocumentCopy = Validators & {
  readonly packed: PackedText
  readonly contentType: string | null
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** Milliseconds since 1970 at which its server last gave or confirmed it. */
  readonly fetchedAt: number
}

/** The last good copy of each document, by its text key. */
export type DocumentCopies = {
  get(key: string): Promise<DocumentCopy | undefined>
  /** Keeps a copy for as long as the last good one serves. */
  set(key: string, copy: DocumentCopy): Promise<void>
}

/** What replicas tell each other of documents that have changed. */
export type DocumentNews = {
  /** Tells all replicas that the document of a text key has another text since `fetchedAt`. */
  announce(key: string, fetchedAt: number): void
  /** When a text was fetched that is newer than what this replica may remember; 0 for no such news. */
  heard(key: string): number
}

/** A way to all replicas, this one among them, on which a message may be lost. */
export type Broadcast = {
  send(text: string): void
  onMessage(listener: (text: string) => void): void
}

/** What was good at `fetchedAt`, in milliseconds since 1970. */
type Aged = { readonly fetchedAt: number; readonly stale: Staleness | null }

type NewsMessage = { readonly key: string; readonly fetchedAt: number }

/** Seconds for which the last good version of anything serves without its server. */
export const LAST_GOOD_S = 24 * 60 * 60

/** Documents of which news are remembered; without them a change is seen after `DOCUMENT_TTL_S`. */
const HEARD_MAX = 10_000

/**
 * What a renewal gives; where it fails for a reason that has a code, what was good before it, marked stale
 * (RFC 5861 4).
 *
 * @param now Milliseconds since 1970.
 */
export async function orLastGood<T extends Aged>(
  renewal: Promise<T>,
  last: T | undefined,
  now: () => number
): Promise<T> {
  try {
    return await renewal
  } catch (error) {
    if (!(error instanceof ConnectorError) || last === undefined) throw error
    const ageSeconds = Math.max(0, Math.floor((now() - last.fetchedAt) / 1000))
    if (ageSeconds > LAST_GOOD_S) throw error
    return { ...last, stale: { reason: error.code, ageSeconds } }
  }
}

/** Copies in a store: packed texts under their hashes, so that equal ones are kept once. */
export function createDocumentCopies(store: Store): DocumentCopies {
  return {
    async get(key) {
      const copy = parseJson((await store.get(copyKey(key))) ?? 'null')
      const url = textMember(copy, 'url')
      const hash = textMember(copy, 'hash')
      const fetchedAt = member(copy, 'fetchedAt')
      if (url === undefined || hash === undefined || typeof fetchedAt !== 'number') return undefined
      const text = await store.getNear(packedKey(hash))
      if (text === undefined) return undefined
      const packed = Buffer.from(text, 'base64')
      const contentType = textMember(copy, 'contentType') ?? null
      const etag = textMember(copy, 'etag') ?? null
      const lastModified = textMember(copy, 'lastModified') ?? null
      return { url, packed, contentType, hash, fetchedAt, etag, lastModified }
    },
    async set(key, { packed, ...copy }) {
      await store.set(packedKey(copy.hash), asBuffer(packed).toString('base64'), LAST_GOOD_S)
      await store.set(copyKey(key), JSON.stringify(copy), LAST_GOOD_S)
    }
  }
}

/** @param broadcast Null where there are no other replicas. */
export function createDocumentNews(broadcast: Broadcast | null): DocumentNews {
  const latest = new LRUCache<string, number>({ max: HEARD_MAX })
  broadcast?.onMessage(text => {
    const { key, fetchedAt } = parseWritten<NewsMessage>(text)
    latest.set(key, Math.max(fetchedAt, latest.get(key) ?? 0))
  })
  return {
    announce(key, fetchedAt) {
      const message: NewsMessage = { key, fetchedAt }
      broadcast?.send(JSON.stringify(message))
    },
    heard: key => latest.get(key) ?? 0
  }
}

/** The number is the version of what is kept, so that no copy of another shape is read. */
function copyKey(key: string): string {
  return `document:2:${key}`
}

function packedKey(hash: string): string {
  return `document-text:2:${hash}`
}
