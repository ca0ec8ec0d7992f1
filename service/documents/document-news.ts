import { LRUCache } from 'lru-cache'

import { parseWritten } from '../base/exact-number.ts'

/** What replicas tell each other of documents that have changed. */
export type DocumentNews = {
  /**
   * Tells all replicas that a document has changed.
   *
   * @param key Under which it is kept.
   * @param fetchedAt When its new text was fetched, in milliseconds since 1970.
   */
  announce(key: string, fetchedAt: number): void
  /** When a text was fetched that is newer than what this replica may remember; 0 for no such news. */
  heard(key: string): number
}

/** A way to all replicas, this one among them, on which a message may be lost. */
export type Broadcast = {
  send(text: string): void
  onMessage(listener: (text: string) => void): void
}

/** Documents of which news are remembered; without them a change is seen after `DOCUMENT_TTL_S`. */
const HEARD_MAX = 10_000

type Message = { readonly key: string; readonly fetchedAt: number }

/** @param broadcast Null where there are no other replicas. */
export function createDocumentNews(broadcast: Broadcast | null): DocumentNews {
  const latest = new LRUCache<string, number>({ max: HEARD_MAX })
  broadcast?.onMessage(text => {
    const { key, fetchedAt } = parseWritten<Message>(text)
    latest.set(key, Math.max(fetchedAt, latest.get(key) ?? 0))
  })
  return {
    announce(key, fetchedAt) {
      const message: Message = { key, fetchedAt }
      broadcast?.send(JSON.stringify(message))
    },
    heard: key => latest.get(key) ?? 0
  }
}
