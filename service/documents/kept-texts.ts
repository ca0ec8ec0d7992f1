import { createHash } from 'node:crypto'

import { parseJson } from '../base/exact-number.ts'
import { isJsonArray } from '../base/json.ts'
import type { Owner } from '../base/owner.ts'
import { asBuffer } from '../base/bytes.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Store } from '../store/types.ts'
import type { PackedText } from './source-document.ts'
import { KEPT_SCHEME, packText } from './source-document.ts'

/** A text that is kept for trying. */
export type KeptText = {
  /** `kept:<sealed id>`, which serves as a Schema URL. */
  readonly location: string
  /** When it is gone, in milliseconds since 1970. */
  readonly until: number
}

/** Texts that have no address of their own, kept for a day (docs/running.md#kept-texts). */
export type KeptTexts = {
  /** @throws ConnectorError `KEPT_NO_ROOM` for a text that is too large for a document, or for the store. */
  keep(bytes: Uint8Array, owner: Owner): Promise<KeptText>
  /** The text at a location. @throws ConnectorError `KEPT_UNKNOWN`. */
  read(location: string): Promise<{ readonly hash: string; readonly packed: PackedText }>
  /** When the text at a location is gone; undefined for anything but a location that was given out. */
  until(location: string): number | undefined
}

export type KeptTextsPorts = {
  readonly store: Store
  readonly sealer: Sealer
  readonly settings: Pick<Settings, 'DOCUMENT_MAX_BYTES'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const KEPT_S = 24 * 60 * 60

/** What the sealed id of a text is bound to. */
const CONTEXT = 'kept text'

type Id = { readonly hash: string; readonly until: number }

/** Keeps equal texts once. A location cannot be guessed, and tells nothing of its text. */
export function createKeptTexts({ store, sealer, settings, now }: KeptTextsPorts): KeptTexts {
  const idOf = (location: string): Id | undefined => {
    const opened = sealer.open(location.slice(KEPT_SCHEME.length), CONTEXT)
    return opened === undefined ? undefined : readId(opened)
  }
  return {
    async keep(bytes, owner) {
      if (bytes.length > settings.DOCUMENT_MAX_BYTES) throw new ConnectorError('KEPT_NO_ROOM')
      const hash = createHash('sha256').update(bytes).digest('hex')
      const until = now() + KEPT_S * 1000
      const packed = await packText(bytes)
      await store.set(keyOf(hash), asBuffer(packed).toString('base64'), KEPT_S, owner)
      // A store without room for a value drops it.
      if ((await store.getLocal(keyOf(hash))) === undefined)
        throw new ConnectorError('KEPT_NO_ROOM')
      return { location: KEPT_SCHEME + sealer.seal(JSON.stringify([hash, until]), CONTEXT), until }
    },
    async read(location) {
      const id = idOf(location)
      const isOver = id === undefined || id.until <= now()
      const text = isOver ? undefined : await store.getLocal(keyOf(id.hash))
      if (id === undefined || text === undefined) throw new ConnectorError('KEPT_UNKNOWN')
      return { hash: id.hash, packed: Buffer.from(text, 'base64') }
    },
    until: location => (location.startsWith(KEPT_SCHEME) ? idOf(location)?.until : undefined)
  }
}

/** Undefined for an id that another version of the service made. */
function readId(text: string): Id | undefined {
  const parts = parseJson(text)
  const [hash, until] = isJsonArray(parts) ? parts : []
  return typeof hash === 'string' && typeof until === 'number' ? { hash, until } : undefined
}

function keyOf(hash: string): string {
  return `kept:1:${hash}`
}
