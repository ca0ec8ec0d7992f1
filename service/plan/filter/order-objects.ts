import type { PropertyRecord, ScalarKind, TypeRecord } from '../../model/type-record.ts'
import { flowText } from '../../objects/scalar-text.ts'
import { findValue } from '../../objects/type-lookup.ts'
import type { FlowObject } from '../../objects/types.ts'
import type { ListFilter } from '../types.ts'
import { columnOf, isBlank } from './filter-columns.ts'

/**
 * Sorts objects by columns, the first one first, as `compareValues` does. Objects without value come
 * last ascending and first descending. The sort is stable.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`
 */
export function orderObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  order: ListFilter['order']
): readonly FlowObject[] {
  const columns = order.map(({ column, direction }) => {
    const property = columnOf(type, column, 'order')
    return { property, sign: direction === 'ASC' ? 1 : -1 }
  })
  return objects
    .map(object => ({ object, values: columns.map(({ property }) => valueText(property, object)) }))
    .toSorted((a, b) => {
      for (const [index, { property, sign }] of columns.entries()) {
        const difference = compareTexts(property, a.values[index] ?? null, b.values[index] ?? null)
        if (difference !== 0) return sign * difference
      }
      return 0
    })
    .map(({ object }) => object)
}

function compareTexts({ value: form }: PropertyRecord, a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return form.form === 'scalar' ? compareValues(form.kind, a, b) : 0
}

/** The normalized text of a scalar; null for no value, blank text, objects and lists. */
export function valueText(property: PropertyRecord, object: FlowObject): string | null {
  return textOf(property, findValue(object, property)?.contentValue ?? null)
}

/** Normalizes a text to the kind of a property; null as for `valueText`. */
export function textOf({ value: form }: PropertyRecord, given: string | null): string | null {
  const text = form.form === 'scalar' ? flowText(form.kind, given) : null
  return isBlank(text) ? null : text
}

/** The same order on every host, whatever its locale. */
const ALPHABET = new Intl.Collator('en')

/** Folds case and the encoding of accents. */
export function folded(text: string): string {
  // Upper case, because a sigma has two lower cases.
  return text.normalize('NFC').toUpperCase()
}

/**
 * Compares two values of a kind as `flowText` writes them: numbers by all their digits, date-times by
 * the instant, dates by the day, `false` before `true`, text and JSON text alphabetically without case.
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
    case 'json':
    case 'any': {
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

/** By the second, then by all digits of the fraction, of which a `Date` keeps three. */
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
