import { randomBytes } from 'node:crypto'

/** Secrets that a test has planted, and what it looks for them in. */
export type Canaries = {
  /** A secret of its own, of letters and digits only. */
  plant(name: string): string
  /** Has a secret looked for that somebody else has made. */
  watch(name: string, secret: string): void
  /** The names of the secrets that are in what was written, each with its spelling there. */
  findIn(written: string | Uint8Array): string[]
}

/**
 * Secrets that are found wherever they come out: as they are, in base64 and base64url at any place of
 * the bytes that were encoded, in hex, and with every sign escaped as URLs and JSON do.
 */
export function createCanaries(): Canaries {
  const spellings = new Map<string, readonly (readonly [spelling: string, text: string])[]>()
  const watch = (name: string, secret: string): void => {
    spellings.set(name, spellingsOf(secret))
  }
  return {
    watch,
    plant(name) {
      const secret = `canary${randomBytes(12).toString('hex')}`
      watch(name, secret)
      return secret
    },
    findIn(written) {
      // Bytes as they are; in text they are the same, since what is looked for is ASCII.
      const text = typeof written === 'string' ? written : Buffer.from(written).toString('latin1')
      const lower = text.toLowerCase()
      return [...spellings].flatMap(([name, all]) =>
        all
          .filter(([, spelling]) => text.includes(spelling) || lower.includes(spelling))
          .map(([spelling]) => `${name}, ${spelling}`)
      )
    }
  }
}

function spellingsOf(secret: string): (readonly [spelling: string, text: string])[] {
  const bytes = Buffer.from(secret)
  const each = (write: (hex: string) => string): string =>
    Array.from(bytes, byte => write(byte.toString(16).padStart(2, '0'))).join('')
  return [
    ['as it is', secret],
    ['in lower case', secret.toLowerCase()],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded throughout', each(hex => `%${hex}`)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['escaped in JSON throughout', each(hex => `\\u00${hex}`)],
    ['in hex', bytes.toString('hex')],
    ...[0, 1, 2].flatMap(before => [
      ['in base64', inner(bytes, before).toString('base64').replace(/=+$/, '')] as const,
      ['in base64url', inner(bytes, before).toString('base64url')] as const
    ])
  ]
}

/** The part that fills whole groups of base64 where so many bytes stand before it. */
function inner(bytes: Buffer, before: number): Buffer {
  const start = (3 - before) % 3
  return bytes.subarray(start, start + 3 * Math.floor((bytes.length - start) / 3))
}
