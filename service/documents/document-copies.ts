import type { Validators } from '../net/document-client.ts'
import type { Store } from '../store/types.ts'
import { asBuffer } from '../base/as-buffer.ts'
import { parseJson } from '../base/exact-number.ts'
import { member, textMember } from '../base/json.ts'
import type { PackedText } from './packed-text.ts'

/** A document that was read and found usable, with what its server needs to confirm it. */
export type DocumentCopy = Validators & {
  readonly packed: PackedText
  readonly contentType: string | null
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** Milliseconds since 1970 at which its server last gave or confirmed it. */
  readonly fetchedAt: number
}

/** The last good copy of each document. */
export type DocumentCopies = {
  get(key: string): Promise<DocumentCopy | undefined>
  /** The one that this replica remembers, which others may have renewed since. */
  getNear(key: string): Promise<DocumentCopy | undefined>
  /** Keeps a copy for a day. */
  set(key: string, copy: DocumentCopy): Promise<void>
}

const LIFE_S = 24 * 60 * 60

/** Copies in a store: packed texts under their hashes, so that equal ones are kept once. */
export function createDocumentCopies(store: Store): DocumentCopies {
  const read = async (kept: string | undefined): Promise<DocumentCopy | undefined> => {
    if (kept === undefined) return undefined
    const copy = parseJson(kept)
    const url = textMember(copy, 'url')
    const hash = textMember(copy, 'hash')
    const fetchedAt = member(copy, 'fetchedAt')
    if (url === undefined || hash === undefined || typeof fetchedAt !== 'number') return undefined
    const text = await store.getNear(textKey(hash))
    if (text === undefined) return undefined
    const packed = Buffer.from(text, 'base64')
    const contentType = textMember(copy, 'contentType') ?? null
    const etag = textMember(copy, 'etag') ?? null
    const lastModified = textMember(copy, 'lastModified') ?? null
    return { url, packed, contentType, hash, fetchedAt, etag, lastModified }
  }
  return {
    get: async key => read(await store.get(copyKey(key))),
    getNear: async key => read(await store.getNear(copyKey(key))),
    async set(key, { packed, ...copy }) {
      await store.set(textKey(copy.hash), asBuffer(packed).toString('base64'), LIFE_S)
      await store.set(copyKey(key), JSON.stringify(copy), LIFE_S)
    }
  }
}

/** The number is the version of what is kept, so that no copy of another shape is read. */
function copyKey(key: string): string {
  return `document:2:${key}`
}

function textKey(hash: string): string {
  return `document-text:2:${hash}`
}
