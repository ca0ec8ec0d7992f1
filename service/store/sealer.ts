import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts data that others keep for the service, so that they cannot read, forge or misplace it. */
export type Sealer = {
  /** Base64url text without `& = % +`, bound to `context`. */
  seal(text: string, context: string): string
  /** Undefined for text that was not sealed for this context. */
  open(sealed: string, context: string): string | undefined
  sealBytes(bytes: Uint8Array, context: string): Buffer
  openBytes(sealed: Uint8Array, context: string): Buffer | undefined
  /**
   * Keyed hashes of a text in base64url, one per key, the newest first. Without the key, nobody can check a
   * guess of the text.
   */
  names(text: string): readonly [string, ...string[]]
}

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals with AES-256-GCM under the first key and opens with any, so that keys can be rotated without
 * invalidating what is in use. Names are HMACs with SHA-256.
 *
 * @param keys At least one key of 32 bytes, the newest first.
 */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const [newest, ...older] = keys
  if (newest === undefined) throw new RangeError('a sealer needs a key')
  const newestNaming = namingKey(newest)
  const olderNaming = older.map(namingKey)

  const sealBytes = (bytes: Uint8Array, context: string): Buffer => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, newest, nonce).setAAD(Buffer.from(context))
    const sealed = [cipher.update(bytes), cipher.final()]
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed])
  }
  const openBytes = (sealed: Uint8Array, context: string): Buffer | undefined => {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
    for (const key of keys) {
      const bytes = openWith(key, sealed, context)
      if (bytes !== undefined) return bytes
    }
    return undefined
  }
  return {
    sealBytes,
    openBytes,
    seal: (text, context) => sealBytes(Buffer.from(text), context).toString('base64url'),
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url')
      // Decoding ignores invalid characters; accept only the canonical form.
      if (bytes.toString('base64url') !== sealed) return undefined
      return openBytes(bytes, context)?.toString('utf8')
    },
    names: text => [nameWith(newestNaming, text), ...olderNaming.map(key => nameWith(key, text))]
  }
}

function openWith(key: Uint8Array, sealed: Uint8Array, context: string): Buffer | undefined {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  try {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
    const bytes = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([bytes, decipher.final()])
  } catch {
    return undefined
  }
}

/** Derives a separate key for names. */
function namingKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', 'names', KEY_BYTES))
}

function nameWith(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** Parses `STORE_KEY`, newest key first; undefined when a key is not 32 bytes in base64. */
export function readKeys(list: string): readonly Uint8Array[] | undefined {
  const keys = list.split(',').map(key => Buffer.from(key.trim(), 'base64'))
  return keys.every(key => key.length === KEY_BYTES) ? keys : undefined
}

/** Makes a key for this process, when none is configured. */
export function makeKey(): Uint8Array {
  return randomBytes(KEY_BYTES)
}
