import { createHash } from 'node:crypto'

/** A whole number, as an id. */
const WHOLE = /^\d+$/

/** A number at the end of a text. */
const LAST_NUMBER = /\d{1,15}$/

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Hexadecimal digits of a UUID without its version and variant, which stay. */
const KEPT_DIGITS: ReadonlySet<number> = new Set([12, 16])

/**
 * Another id of the same kind as a given one: a number or the number at the end of a text counted up, with as many
 * digits at least; another UUID of the same version; anything else with a number at its end.
 *
 * @param by Whole number from 1; each yields another id.
 */
export function varyId(like: string, by: number): string {
  if (WHOLE.test(like)) return (BigInt(like) + BigInt(by)).toString().padStart(like.length, '0')
  if (UUID.test(like)) return otherUuid(like, by)
  const [digits] = LAST_NUMBER.exec(like) ?? ['']
  const head = like.slice(0, like.length - digits.length)
  if (digits === '') return `${head}-${by}`
  return head + String(Number(digits) + by).padStart(digits.length, '0')
}

function otherUuid(like: string, by: number): string {
  const digits = like.replaceAll('-', '')
  const other = createHash('sha256').update(`${like}\n${by}`).digest('hex')
  const isUpper = like === like.toUpperCase()
  const mixed = [...digits].map((digit, at) => (KEPT_DIGITS.has(at) ? digit : other.charAt(at)))
  const text = mixed.join('')
  const parts = [0, 8, 12, 16, 20].map((start, index, all) => text.slice(start, all[index + 1]))
  return isUpper ? parts.join('-').toUpperCase() : parts.join('-')
}
