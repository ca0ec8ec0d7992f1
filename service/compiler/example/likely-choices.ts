import type { JsonValue } from '../../base/json.ts'
import { nameWords } from '../../base/name-words.ts'

/** Codes that a demonstration rather has than the first of all currencies, countries or languages. */
const USUAL =
  'USD EUR GBP CAD CHF JPY US DE FR GB ES IT en de fr es it en-US en_US de-DE fr-FR USA DEU FRA'
const USUAL_CODES: ReadonlyMap<string, number> = new Map(
  USUAL.split(' ').map((code, index) => [code.toLowerCase(), index])
)

/** From so many codes on a list is that of all currencies, countries or languages. */
const CODES_MIN = 15

/** Longest code: of a language with its country. */
const CODE_MAX = 5

/** Words of values that a demonstration would rather not begin with. */
const UNLIKELY = new Set(
  'invalid unknown undefined unspecified none null other deleted deleting failed failure failing error errored cancelled canceled rejected suspended expired blocked banned unhealthy critical aborted removed terminated revoked archived'.split(
    ' '
  )
)

/**
 * The values of an `enum` in the order in which rows have them: of long lists of codes the usual ones first, of
 * others those that mean a failure, or nothing, last.
 */
export function likelyFirst(values: readonly JsonValue[]): readonly JsonValue[] {
  const isCodes = values.length >= CODES_MIN && values.every(isCode)
  const placed = values.map(value => ({
    value,
    place: isCodes ? usualPlace(value) : badness(value)
  }))
  return placed.toSorted((a, b) => a.place - b.place).map(({ value }) => value)
}

function isCode(value: JsonValue): boolean {
  return value === null || (typeof value === 'string' && value.length <= CODE_MAX)
}

function usualPlace(value: JsonValue): number {
  const place = typeof value === 'string' ? USUAL_CODES.get(value.toLowerCase()) : undefined
  return place ?? USUAL_CODES.size
}

function badness(value: JsonValue): number {
  return typeof value === 'string' && nameWords(value).some(word => UNLIKELY.has(word)) ? 1 : 0
}
