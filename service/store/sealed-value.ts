import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import type { Sealer } from './sealer.ts'

/** Seals and compresses texts. */
export type ValueSealer = {
  /** Undefined for a text that is too long even when compressed. */
  seal(text: string, context: string): Promise<Buffer | undefined>
  /** Undefined for bytes that were not sealed for this context. */
  open(sealed: Uint8Array, context: string): Promise<string | undefined>
}

export const SEALED_MAX_BYTES = 8 * 1024 * 1024

/** Also limits decompression. */
const TEXT_MAX_BYTES = 64 * 1024 * 1024

const COMPRESS_FROM_BYTES = 2 * 1024

/** First byte of the sealed data. */
const PLAIN = 0
const GZIPPED = 1

const compress = promisify(gzip)
const decompress = promisify(gunzip)

export function createValueSealer(sealer: Sealer): ValueSealer {
  return {
    async seal(text, context) {
      // A UTF-16 code unit takes at least one byte.
      if (text.length > TEXT_MAX_BYTES) return undefined
      const plain = Buffer.from(text)
      if (plain.length > TEXT_MAX_BYTES) return undefined
      const isLong = plain.length >= COMPRESS_FROM_BYTES
      const body = isLong ? await compress(plain) : plain
      const form = isLong ? GZIPPED : PLAIN
      const sealed = sealer.sealBytes(Buffer.concat([Buffer.of(form), body]), context)
      return sealed.length > SEALED_MAX_BYTES ? undefined : sealed
    },
    async open(sealed, context) {
      const bytes = sealer.openBytes(sealed, context)
      const body = bytes?.subarray(1)
      if (body === undefined) return undefined
      if (bytes?.[0] === PLAIN) return body.toString('utf8')
      if (bytes?.[0] !== GZIPPED) return undefined
      try {
        const text = await decompress(body, { maxOutputLength: TEXT_MAX_BYTES })
        return text.toString('utf8')
      } catch {
        return undefined
      }
    }
  }
}
