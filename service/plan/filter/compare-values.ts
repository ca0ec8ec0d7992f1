import type { ScalarKind } from '../../model/type-record.ts'

/** One alphabet for every host, whatever its locale. */
const ALPHABET = new Intl.Collator('en')

/** A text without regard to case, and to how its accents are encoded. */
export function folded(text: string): string {
  // Upper case, because lower case is not one: a sigma has two, of which one ends a word.
  return text.normalize('NFC').toUpperCase()
}

/**
 * Orders two values of a kind, given as `flowText` writes them (protocol 7.3): numbers by all their
 * digits, dates by the instant and those without time by the day, `false` before `true`, text and
 * JSON text alphabetically without case. 0 exactly for what is equal.
 */
export function compareValues(kind: ScalarKind, a: string, b: string): number {
  switch (kind) {
    case 'number':
    case 'integer':
      return compareDecimals(a, b)
    case 'date-time':
      return compareInstants(a, b)
    case 'date':
    case 'boolean':
      return compareUnits(a, b)
    case 'text':
    case 'json': {
      const [left, right] = [folded(a), folded(b)]
      return ALPHABET.compare(left, right) || compareUnits(left, right)
    }
    default:
      return kind satisfies never
  }
}

/** Plain decimals without leading and trailing zeros, so that digits compare as text. */
function compareDecimals(a: string, b: string): number {
  const isNegative = a.startsWith('-')
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1
  const [smaller, larger] = isNegative ? [b.slice(1), a.slice(1)] : [a, b]
  const [whole = '', fraction = ''] = smaller.split('.')
  const [otherWhole = '', otherFraction = ''] = larger.split('.')
  return (
    whole.length - otherWhole.length ||
    compareUnits(whole, otherWhole) ||
    compareUnits(fraction, otherFraction)
  )
}

/** Compared by the second, then by all digits of its fraction, of which a `Date` keeps three. */
function compareInstants(a: string, b: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(a) ?? []
  const [, otherFraction = ''] = /\.(\d+)/.exec(b) ?? []
  const digits = Math.max(fraction.length, otherFraction.length)
  return (
    secondOf(a) - secondOf(b) ||
    compareUnits(fraction.padEnd(digits, '0'), otherFraction.padEnd(digits, '0'))
  )
}

function secondOf(moment: string): number {
  return Date.parse(moment.replace(/\.\d+/, ''))
}

function compareUnits(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
