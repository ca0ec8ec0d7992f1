import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Seals texts that go out and come back, so that nobody reads, makes or moves them. */
export type Sealer = {
  /** Base64url text without `& = % +`, bound to `context`. */
  seal(text: string, context: string): string
  /** What was sealed; undefined for anything that was not sealed here for that very context. */
  open(sealed: string, context: string): string | undefined
}

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals with AES-256-GCM under the first key; opens with any of them, so that a new key can be put in
 * front of the old one without ending what is under way.
 *
 * @param keys Keys of 32 bytes, the newest first; at least one.
 */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const [newest] = keys
  if (newest === undefined) throw new RangeError('a sealer needs a key')
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, newest, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url')
      // Decoding passes over what is not base64url; what is sealed has one spelling.
      const isExact = bytes.toString('base64url') === sealed
      if (!isExact || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
      for (const key of keys) {
        const text = opened(key, bytes, context)
        if (text !== undefined) return text
      }
      return undefined
    }
  }
}

function opened(key: Uint8Array, bytes: Buffer, context: string): string | undefined {
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  try {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** The keys of `STORE_KEY`, newest first; undefined when one of them is not 32 bytes in base64. */
export function readKeys(list: string): readonly Uint8Array[] | undefined {
  const keys = list.split(',').map(key => Buffer.from(key.trim(), 'base64'))
  return keys.every(key => key.length === KEY_BYTES) ? keys : undefined
}

/** A key for one process, where none is configured. */
export function makeKey(): Uint8Array {
  return randomBytes(KEY_BYTES)
}
