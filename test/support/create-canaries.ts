import { randomBytes } from 'node:crypto'

/** Secrets that a test plants and then searches for in output. */
export type Canaries = {
  /** Returns a new secret of letters and digits. */
  plant(name: string): string
  /** Also searches for an existing secret. */
  watch(name: string, secret: string): void
  /** Names of the secrets in an output, each with its encoding there. */
  findIn(written: string | Uint8Array): string[]
}

/**
 * Finds secrets as they are, in base64 and base64url at any offset of the encoded bytes, in hex, and with
 * every character escaped as in URLs and JSON.
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
      // latin1 maps bytes to characters one to one, and the encodings are ASCII.
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

/** The bytes that fill whole groups of base64 when so many bytes precede the secret. */
function inner(bytes: Buffer, before: number): Buffer {
  const start = (3 - before) % 3
  return bytes.subarray(start, start + 3 * Math.floor((bytes.length - start) / 3))
}
