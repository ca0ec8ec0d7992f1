import { trimTrailing } from '../../base/trim-trailing.ts'
import type { ScalarKind } from '../../model/type-record.ts'

/** What a value is compared by, computed once: text, and for a date-time the second before it. */
export type SortKey = { readonly text: string; readonly second: number }

/** The same order on every host, whatever its locale. */
const ALPHABET = new Intl.Collator('en')

/** Characters of a text that are folded; folding more takes too long at once. */
export const FOLDED_MAX = 256 * 1024

/** Folds case and the encoding of accents, but for what comes after the first 262,144 characters. */
export function folded(text: string): string {
  if (text.length > FOLDED_MAX) return folded(text.slice(0, FOLDED_MAX)) + text.slice(FOLDED_MAX)
  // Upper case, because a sigma has two lower cases.
  return text.normalize('NFC').toUpperCase()
}

/** The key of a value of a kind, as `flowText` writes it. */
export function sortKey(kind: ScalarKind, text: string): SortKey {
  switch (kind) {
    case 'date-time': {
      // A `Date` keeps three digits of the fraction.
      const [, fraction = ''] = /\.(\d+)/.exec(text) ?? []
      const second = Date.parse(text.replace(/\.\d+/, ''))
      return { text: trimTrailing(fraction, '0'), second }
    }
    case 'text':
    case 'json':
    case 'any':
      return { text: folded(text), second: 0 }
    default:
      return { text, second: 0 }
  }
}

/**
 * Compares two values of a kind: numbers by all their digits, date-times by the instant, dates by the day,
 * `false` before `true`, text and JSON text alphabetically without case.
 */
export function compareKeys(kind: ScalarKind, a: SortKey, b: SortKey): number {
  switch (kind) {
    case 'number':
    case 'integer':
      return compareDecimals(a.text, b.text)
    case 'date-time':
      return a.second - b.second || compareUnits(a.text, b.text)
    case 'date':
    case 'boolean':
      return compareUnits(a.text, b.text)
    case 'text':
    case 'json':
    case 'any':
      return ALPHABET.compare(a.text, b.text) || compareUnits(a.text, b.text)
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

function compareUnits(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
