import { LRUCache } from 'lru-cache'

import { entriesUpTo } from '../base/entries-up-to.ts'
import type { Validators } from '../net/document-client.ts'
import type { RedisBroadcast } from '../store/redis-broadcast.ts'
import type { Store } from '../store/types.ts'
import { asBuffer } from '../base/bytes.ts'
import type { Owner } from '../base/owner.ts'
import { parseJson, parseWritten } from '../base/exact-number.ts'
import { member, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { PackedText, Staleness } from './source-document.ts'

/** A document that was read and found usable, with the validators to confirm it. */
export type DocumentCopy = Validators & {
  readonly packed: PackedText
  readonly contentType: string | null
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** When its server last sent or confirmed it, in milliseconds since 1970. */
  readonly fetchedAt: number
}

/** The last good copy of each document, by its text key. */
export type DocumentCopies = {
  get(key: string): Promise<DocumentCopy | undefined>
  /** Keeps a copy for `LAST_GOOD_S`, in the memory of an owner. */
  set(key: string, copy: DocumentCopy, owner: Owner): Promise<void>
}

/** Notifies replicas of changed documents. */
export type DocumentChanges = {
  /** Announces that the text under a key changed at `fetchedAt`. */
  publish(key: string, fetchedAt: number): void
  /** `fetchedAt` of the latest announced change; 0 for none. */
  changedAt(key: string): number
}

type Dated = { readonly fetchedAt: number; readonly stale: Staleness | null }

type ChangeMessage = { readonly key: string; readonly fetchedAt: number }

/** How long the last good copy is served while its server fails, in seconds. */
export const LAST_GOOD_S = 24 * 60 * 60

/** Changes remembered. A forgotten change is seen after `DOCUMENT_TTL_S`. */
const CHANGES_MAX = 10_000

/**
 * Returns the last good value, marked stale, when refreshing it fails with a ConnectorError
 * (RFC 5861 4). A text that was kept for a day has no longer life than that.
 *
 * @param now Milliseconds since 1970.
 */
export async function staleIfError<T extends Dated>(
  refreshed: Promise<T>,
  last: T | undefined,
  now: () => number
): Promise<T> {
  try {
    return await refreshed
  } catch (error) {
    if (!(error instanceof ConnectorError) || last === undefined) throw error
    if (error.code === 'KEPT_UNKNOWN') throw error
    const ageSeconds = Math.max(0, Math.floor((now() - last.fetchedAt) / 1000))
    if (ageSeconds > LAST_GOOD_S) throw error
    return { ...last, stale: { reason: error.code, ageSeconds } }
  }
}

/** Stores packed texts under their hashes, so that equal texts are kept once. */
export function createDocumentCopies(store: Store): DocumentCopies {
  return {
    async get(key) {
      const copy = parseJson((await store.get(copyKey(key))) ?? 'null')
      const url = textMember(copy, 'url')
      const hash = textMember(copy, 'hash')
      const fetchedAt = member(copy, 'fetchedAt')
      if (url === undefined || hash === undefined || typeof fetchedAt !== 'number') return undefined
      const text = await store.getLocal(packedKey(hash))
      if (text === undefined) return undefined
      const packed = Buffer.from(text, 'base64')
      const contentType = textMember(copy, 'contentType') ?? null
      const etag = textMember(copy, 'etag') ?? null
      const lastModified = textMember(copy, 'lastModified') ?? null
      return { url, packed, contentType, hash, fetchedAt, etag, lastModified }
    },
    async set(key, { packed, ...copy }, owner) {
      const text = asBuffer(packed).toString('base64')
      await store.set(packedKey(copy.hash), text, LAST_GOOD_S, owner)
      await store.set(copyKey(key), JSON.stringify(copy), LAST_GOOD_S, owner)
    }
  }
}

/** @param broadcast Null without other replicas. */
export function createDocumentChanges(
  broadcast: Pick<RedisBroadcast, 'send' | 'onMessage'> | null
): DocumentChanges {
  const latest = new LRUCache<string, number>(entriesUpTo(CHANGES_MAX))
  broadcast?.onMessage(text => {
    const { key, fetchedAt } = parseWritten<ChangeMessage>(text)
    latest.set(key, Math.max(fetchedAt, latest.get(key) ?? 0))
  })
  return {
    publish(key, fetchedAt) {
      const message: ChangeMessage = { key, fetchedAt }
      broadcast?.send(JSON.stringify(message))
    },
    changedAt: key => latest.get(key) ?? 0
  }
}

/** The number is the version of the stored form. */
function copyKey(key: string): string {
  return `document:2:${key}`
}

function packedKey(hash: string): string {
  return `document-text:2:${hash}`
}
