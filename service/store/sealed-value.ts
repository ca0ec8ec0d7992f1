import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import type { Sealer } from './sealer.ts'

/** Texts as they lie where others may reach them. */
export type ValueSealer = {
  /** Undefined for a text that is too long, or stays so when compressed. */
  close(text: string, context: string): Promise<Buffer | undefined>
  /** The text; undefined for bytes that were not sealed here for that very context. */
  open(sealed: Uint8Array, context: string): Promise<string | undefined>
}

/** Bytes of a sealed text at the most. */
export const SEALED_MAX_BYTES = 8 * 1024 * 1024

/** Bytes of a text at the most, which also bounds what a compressed one may grow to. */
const TEXT_MAX_BYTES = 64 * 1024 * 1024

/** Bytes from which on a text is worth compressing. */
const COMPRESS_FROM_BYTES = 2 * 1024

/** The first byte inside a seal: how the rest of it is written. */
const PLAIN = 0
const GZIPPED = 1

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Seals texts as bytes, long ones compressed. */
export function createValueSealer(sealer: Sealer): ValueSealer {
  return {
    async close(text, context) {
      // A unit of a text is a byte at the least.
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
