import fc from 'fast-check'

import { isExactNumber, isJsonArray } from '../../../service/base/json.ts'
import type { JsonValue } from '../../../service/base/json.ts'
import type { Criterion } from '../../../service/model/mapping-record.ts'
import { CRITERIA } from '../../../service/model/mapping-record.ts'
import type { FilterCondition, FilterGroup } from '../../../service/plan/types.ts'
import { objectType, scalar } from '../../support/type-record.ts'

/** A type with a column of each kind that has an order of its own. */
export const ROW_TYPE = objectType('Row', [
  scalar('text'),
  scalar('number', 'number'),
  scalar('boolean', 'boolean'),
  scalar('date', 'date'),
  scalar('moment', 'date-time')
])

export const COLUMNS = ['text', 'number', 'boolean', 'date', 'moment'] as const
type Column = (typeof COLUMNS)[number]

/** What one object holds, as texts of a flow. */
export type Row = { readonly [column in Column]: string | null }

/** Words in alphabetical order; those of one line are the same without case. */
const WORDS: readonly (readonly string[])[] = [
  ['😀'],
  ['10'],
  ['2'],
  ['apfel', 'Apfel', 'APFEL'],
  ['äpfel', 'ÄPFEL', 'a\u0308pfel'],
  ['apfelsaft', 'ApfelSaft'],
  ['strasse', 'Straße', 'STRASSE'],
  ['zebra'],
  ['οδος', 'ΟΔΟΣ', 'οδοσ'],
  ['ёлка', 'Ёлка'],
  ['日本']
]

/** Parts of words, and words, each as the first of its line has it. */
const PARTS: { readonly [part: string]: string } = {
  ...Object.fromEntries(WORDS.flatMap(line => line.map(word => [word, line[0] ?? '']))),
  SAFT: 'saft',
  aPF: 'apf',
  SS: 'ss',
  ß: 'ss',
  ΟΔ: 'οδ',
  本: '本',
  A: 'a',
  '0': '0'
}

const word = fc.constantFrom(...WORDS.flat())

/** A decimal as an answer is read: up to 40 digits, often one that others have too. */
const decimal = fc
  .oneof(
    fc.tuple(fc.bigInt({ min: -12n, max: 12n }), fc.nat(1)),
    fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(10)),
    fc.tuple(fc.bigInt({ min: 2n ** 53n - 1n, max: 2n ** 53n + 2n }), fc.constant(0))
  )
  .map(([digits, scale]) => plainText(digits, scale))

const day = fc
  .oneof(fc.constantFrom('1969-12-31', '2024-02-29', '2024-03-01'), anyDay())
  .map(text => `${text}T00:00:00Z`)

/** A moment with up to seven digits of a second, at one of some offsets. */
const moment = fc
  .record({
    second: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -1e9, max: 2e9 })),
    fraction: fc.constantFrom('', '.5', '.50', '.0000001', '.9999999'),
    offset: fc.constantFrom(0, 330, -480)
  })
  .map(({ second, fraction, offset }) => {
    const local = new Date((second + offset * 60) * 1000).toISOString().slice(0, 19)
    const name = { 0: 'Z', 330: '+05:30', [-480]: '-08:00' }[offset]
    return `${local}${fraction}${name}`
  })

const VALUES: { readonly [column in Column]: fc.Arbitrary<string> } = {
  text: word,
  number: decimal,
  boolean: fc.constantFrom('true', 'false'),
  date: day,
  moment
}

const held = (column: Column): fc.Arbitrary<string | null> =>
  fc.oneof({ weight: 5, arbitrary: VALUES[column] }, fc.constantFrom(null, ''))

export const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  text: held('text'),
  number: held('number'),
  boolean: held('boolean'),
  date: held('date'),
  moment: held('moment')
})

/** What a flow may write for a value: other case, an exponent, zeros, a date alone. */
const COMPARANDS: { readonly [column in Column]: fc.Arbitrary<string> } = {
  ...VALUES,
  number: fc.tuple(decimal, fc.constantFrom('', 'e0', 'E+2', 'e-3')).map(parts => parts.join('')),
  boolean: fc.constantFrom('True', 'FALSE', 'true'),
  date: fc.oneof(
    day,
    day.map(text => text.slice(0, 10))
  )
}

const FRAGMENTS: { readonly [column in Column]: fc.Arbitrary<string> } = {
  text: fc.constantFrom(...Object.keys(PARTS)),
  number: fc.constantFrom('1', '0', '.', '-', '12'),
  boolean: fc.constantFrom('T', 'rue', 'e'),
  date: fc.constantFrom('2024', '-03-', 'z', 't00'),
  moment: fc.constantFrom('1970', ':00', 'Z', '+05:30')
}

const conditionArbitrary: fc.Arbitrary<FilterCondition> = fc
  .tuple(fc.constantFrom(...COLUMNS), fc.constantFrom(...CRITERIA))
  .chain(([column, criterion]) =>
    comparandFor(column, criterion).map(value => ({ column, criterion, value }))
  )

function comparandFor(column: Column, criterion: Criterion): fc.Arbitrary<string | null> {
  const blank = fc.constantFrom(null, '', ' ')
  if (criterion === 'IS_EMPTY') return fc.oneof(fc.constantFrom('true', 'True', 'false'), blank)
  const values = isPart(criterion) ? FRAGMENTS[column] : COMPARANDS[column]
  return fc.oneof({ weight: 6, arbitrary: values }, blank)
}

/** Groups up to four levels deep, empty ones among them. */
export const groupArbitrary: fc.Arbitrary<FilterGroup> = groupOf(4)

function groupOf(depth: number): fc.Arbitrary<FilterGroup> {
  return fc.record({
    join: fc.constantFrom('AND', 'OR'),
    conditions: fc.array(conditionArbitrary, { maxLength: 3 }),
    groups: depth === 1 ? fc.constant([]) : fc.array(groupOf(depth - 1), { maxLength: 2 })
  })
}

/** Whether a row meets a group; undefined for one that says nothing. */
export function holds({ join, conditions, groups }: FilterGroup, row: Row): boolean | undefined {
  const members = [
    ...conditions.map(condition => holdsCondition(condition, row)),
    ...groups.map(group => holds(group, row))
  ].filter(member => member !== undefined)
  if (members.length === 0) return undefined
  return join === 'AND' ? !members.includes(false) : members.includes(true)
}

/** Whether a row meets a condition, as an API of one's own would evaluate it. */
export function holdsCondition({ column, criterion, value }: FilterCondition, row: Row): boolean {
  const name = columnNamed(column)
  const own = row[name] || null
  const asked = value?.trim() || null
  if (criterion === 'IS_EMPTY') return (own === null) === (asked?.toLowerCase() === 'true')
  if (asked === null) {
    if (isPart(criterion)) return true
    return criterion === 'EQUAL' ? own === null : criterion === 'NOT_EQUAL' && own !== null
  }
  if (own === null) return criterion === 'NOT_EQUAL'
  if (isPart(criterion)) return holdsPart(name, criterion, own, asked)
  const [a, b] = [measure(name, own), measure(name, asked)]
  if (criterion === 'EQUAL') return a === b
  if (criterion === 'NOT_EQUAL') return a !== b
  if (criterion === 'GREATER_THAN') return a > b
  if (criterion === 'GREATER_THAN_OR_EQUAL') return a >= b
  return criterion === 'LESS_THAN' ? a < b : a <= b
}

/** Order of two rows by one column: what is empty comes after everything else. */
export function compareRows(column: string, a: Row, b: Row): number {
  const name = columnNamed(column)
  const [left, right] = [a[name] || null, b[name] || null]
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
  const difference = measure(name, left) - measure(name, right)
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** The text of a value that was given to an API's parameter. */
export function sentText(value: JsonValue): string {
  if (isJsonArray(value)) return value.map(sentText).join()
  return isExactNumber(value) ? value.rawJSON : String(value)
}

function columnNamed(column: string): Column {
  const found = COLUMNS.find(name => name === column.toLowerCase())
  if (found === undefined) throw new Error(`no column ${column}`)
  return found
}

function isPart(criterion: Criterion): boolean {
  return ['CONTAINS', 'STARTS_WITH', 'ENDS_WITH'].includes(criterion)
}

function holdsPart(column: Column, criterion: Criterion, own: string, asked: string): boolean {
  const [whole, part] = [own, asked].map(text =>
    column === 'text' ? folded(text) : text.toLowerCase()
  )
  if (whole === undefined || part === undefined) return false
  const at = whole.indexOf(part)
  if (criterion === 'CONTAINS') return at !== -1
  return criterion === 'STARTS_WITH' ? at === 0 : whole.slice(-part.length) === part
}

/** What a word or a part of one is without case; the test must know it. */
function folded(text: string): string {
  const known = PARTS[text]
  if (known === undefined) throw new Error(`no such word: ${text}`)
  return known
}

/** A whole number that is greater for what comes later. */
function measure(column: Column, text: string): bigint {
  switch (column) {
    case 'text':
      return BigInt(WORDS.findIndex(line => line.includes(text)))
    case 'number':
      return scaled(text)
    case 'boolean':
      return text.toLowerCase() === 'true' ? 1n : 0n
    case 'date':
      return BigInt(Date.parse(text.slice(0, 10)))
    case 'moment': {
      const [, start = '', fraction = '', offset = ''] =
        /^(.{19})(?:\.(\d+))?(.*)$/.exec(text) ?? []
      return BigInt(Date.parse(start + offset)) * 10_000n + BigInt(fraction.padEnd(7, '0'))
    }
  }
}

/** A decimal in units of its sixtieth decimal place. */
function scaled(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const places = 60 - fraction.length + Number(exponent)
  const size = BigInt(whole + fraction) * 10n ** BigInt(places)
  return sign === '-' ? -size : size
}

function plainText(digits: bigint, scale: number): string {
  const size = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = size.slice(0, size.length - scale)
  const fraction = size.slice(size.length - scale).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return digits < 0n && text !== '0' ? `-${text}` : text
}

function anyDay(): fc.Arbitrary<string> {
  return fc
    .integer({ min: -300_000, max: 100_000 })
    .map(days => new Date(days * 86_400_000).toISOString().slice(0, 10))
}
