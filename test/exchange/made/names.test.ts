import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, JsonValue } from '../../../service/base/json.ts'
import { isJsonObject } from '../../../service/base/json.ts'
import { madeRows } from '../../support/made-rows.ts'

const TEXT = { type: 'string' }
const NUMBER = { type: 'number' }
const WHOLE = { type: 'integer' }
const FLAG = { type: 'boolean' }
const MOMENT = { type: 'string', format: 'date-time' }

/** The made rows of a schema. */
function rowsOf(name: string, properties: JsonObject): readonly JsonObject[] {
  const schemas = { [name]: { type: 'object', properties } }
  const document = { openapi: '3.0.3', info: { title: 'A', version: '1' }, paths: {} }
  const [table] = madeRows(JSON.stringify({ ...document, components: { schemas } }))
  assert.equal(table?.rows.length, 5, name)
  return table.rows
}

/** The schemas of properties that all have one. */
function all(schema: JsonObject, names: string): JsonObject {
  return Object.fromEntries(names.split(' ').map(name => [name, schema]))
}

const STYLES: readonly ((words: readonly string[]) => string)[] = [
  words => words.map((word, at) => (at === 0 ? word : capital(word))).join(''),
  words => words.join('_'),
  words => words.join('-'),
  words => words.map(capital).join(''),
  words => words.join('_').toUpperCase()
]

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

const READ: readonly (readonly [name: string, schema: JsonObject, isRight: RegExp])[] = [
  ['first name', TEXT, /^[A-Z][a-z]+$/],
  ['contact email address', TEXT, /^[a-z]+\.[a-z]+@example\.com$/],
  ['billing city', TEXT, /^[A-Z][a-z]+$/],
  ['phone number', TEXT, /^\+1 \d{3}-555-01\d\d$/],
  ['postal code', TEXT, /^\d{5}$/],
  ['country code', TEXT, /^US$/],
  ['created at', TEXT, /^2026-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ['website url', TEXT, /^https:\/\/example\.com\//],
  ['unit price', NUMBER, /^\d{2,3}$/],
  ['birth date', TEXT, /^(19|20)\d\d-\d\d-\d\d$/]
]

test('E16 a name means the same however its words are joined', () => {
  for (const [name, schema, isRight] of READ) {
    for (const style of STYLES) {
      const key = style(name.split(' '))
      for (const row of rowsOf('Record', { [key]: schema })) {
        assert.match(String(row[key]), isRight, key)
      }
    }
  }
})

test('E16 words are read as wholes: a word within another one says nothing', () => {
  const names =
    'estate monthly capacitor telescope priceless namely emailer pageant ageless datatype'
  for (const row of rowsOf('Record', all(TEXT, names))) {
    for (const name of names.split(' ')) {
      assert.ok(String(row[name]).toLowerCase().startsWith(name), `${name}: ${row[name]}`)
    }
  }
})

test('E16 the names, the login and the address of mail of one row are of one person', () => {
  for (const name of ['Customer', 'user_profile', 'Employee', 'Thing']) {
    const people = rowsOf(name, all(TEXT, 'firstName last_name email login'))
    for (const { firstName, last_name, email, login } of people) {
      const wanted = `${firstName}.${last_name}`.toLowerCase()
      assert.deepEqual([email, login], [`${wanted}@example.com`, wanted])
    }
    assert.equal(new Set(people.map(({ email }) => email)).size, people.length)
  }
})

const IN_ORDER = [
  'createdAt updatedAt',
  'date_created date_modified',
  'creationTime lastModifiedTime',
  'startDate endDate',
  'starts_at ends_at',
  'checkInDate checkOutDate',
  'activityRunStart activityRunEnd',
  'created_at startedAt completedAt',
  'pullStartedAt pullStoppedAt',
  'validFrom validTo',
  'issued_at expiresAt',
  'first_seen_at last_seen_at',
  'sentAt readAt',
  'birthDate createdAt'
]

test('E16 moments of one row are in their order', () => {
  for (const names of IN_ORDER) {
    for (const row of rowsOf('Record', all(MOMENT, names))) {
      const moments = names.split(' ').map(name => Date.parse(String(row[name])))
      for (const [index, moment] of moments.slice(1).entries()) {
        assert.ok((moments[index] ?? Number.NaN) < moment, `${names}: ${JSON.stringify(row)}`)
      }
    }
  }
})

const NOT_LESS: readonly (readonly [less: string, more: string])[] = [
  ['tax', 'total'],
  ['totalTax', 'GrandTotal'],
  ['subtotal', 'total_amount'],
  ['discount', 'subtotal'],
  ['minimum', 'maximum'],
  ['minimum', 'average'],
  ['average', 'maximum'],
  ['minWeight', 'maxWeight'],
  ['lowerLimit', 'upperLimit'],
  ['usedCapacity', 'totalCapacity'],
  ['freeStorage', 'totalStorage']
]

test('E16 amounts of one row go together', () => {
  for (const [less, more] of NOT_LESS) {
    for (const row of rowsOf('Record', all(NUMBER, `${less} ${more}`))) {
      assert.ok(Number(row[less]) <= Number(row[more]), JSON.stringify(row))
    }
  }
})

test('E16 numbers with a known meaning are within its bounds', () => {
  const bounds = {
    lat: 90,
    longitude: 180,
    month: 12,
    day: 31,
    percentage: 100,
    age: 120,
    hour: 23
  }
  for (const row of rowsOf('Record', all(NUMBER, Object.keys(bounds).join(' ')))) {
    for (const [name, most] of Object.entries(bounds)) {
      assert.ok(Math.abs(Number(row[name])) <= most, `${name}: ${row[name]}`)
    }
  }
})

test('E16 what was deleted, failed, or comes next is blank where it may be, and an enum never is', () => {
  const maybe = { type: 'string', nullable: true }
  const names = 'deletedAt deleted_by error errorMessage next nextPageToken exception'
  for (const row of rowsOf('Record', { name: TEXT, ...all(maybe, names) })) {
    for (const name of names.split(' ')) assert.equal(row[name] ?? null, null, name)
  }
  const chosen = { type: 'string', enum: ['spam', 'wish'] }
  const kept = rowsOf('Record', { ...all(chosen, 'deletedReason error'), next: WHOLE })
  for (const { deletedReason, error } of kept) {
    assert.ok([deletedReason, error].every(value => value === 'spam' || value === 'wish'))
  }
  const flags = rowsOf('Record', all(FLAG, 'deleted isArchived has_failed'))
  assert.ok(flags.every(row => Object.values(row).every(value => value === false)))
})

test('E16 the usual values of an enum come first, and those that mean a failure last', () => {
  const codes = 'AED AFN ALL AMD ANG AOA ARS AUD EUR USD XAF XCD XOF XPF YER ZAR'.split(' ')
  const of = (values: readonly JsonValue[]): JsonValue[] =>
    rowsOf('Record', { it: { enum: values, type: 'string', nullable: true } }).map(
      ({ it }) => it ?? null
    )
  assert.deepEqual(of([...codes, null]).slice(0, 2), ['USD', 'EUR'])
  assert.deepEqual(of(['Failed', 'New', 'Deleted', 'Running']).slice(0, 4), [
    'New',
    'Running',
    'Failed',
    'Deleted'
  ])
  assert.deepEqual(of(['b', 'a', 'c']).slice(0, 3), ['b', 'a', 'c'])
})

const NO_STREETS: readonly (readonly [noun: string, name: string, isRight: RegExp])[] = [
  ['Endpoint', 'Address', /^https:\/\/example\.com/],
  ['Listener', 'sourceAddress', /^192\.0\.2\.\d+$/],
  ['Server', 'address', /^192\.0\.2\.\d+$/],
  ['Wallet', 'address', /^0x[0-9a-f]{40}$/],
  ['Customer', 'address', /^\d+ [A-Z]/],
  ['Message', 'from', /^\+1 \d{3}-555-01\d\d$/],
  ['EmailMessage', 'to', /@example\.com$/],
  ['Instance', 'availabilityZone', /^us-east-1[abc]$/],
  ['User', 'phoneNumberExtension', /^\d{3}$/],
  ['Network', 'IpV6Cidr', /^2001:db8:/],
  ['Message', 'priceUnit', /^USD$/],
  ['Domain', 'name', /^[a-z]+\.example\.com$/],
  ['Record', 'percentDone', /^\d+$/],
  ['Plan', 'start', /^2026-/]
]

test('E16 what an object is decides what a name with several meanings says', () => {
  for (const [noun, name, isRight] of NO_STREETS) {
    for (const row of rowsOf(noun, { [name]: TEXT })) {
      assert.match(String(row[name]), isRight, `${noun}.${name}`)
    }
  }
})

test('E16 a text that only its pattern describes is readable where the pattern leaves it open', () => {
  for (const pattern of ['^s3://\\S{5,12}$', '^[^/]{3}/[^/]{4}$', '^\\S{8}$']) {
    for (const row of rowsOf('Record', { it: { type: 'string', pattern, minLength: 6 } })) {
      assert.match(String(row.it), new RegExp(pattern))
      assert.match(String(row.it), /^[\w\s.:/@+-]+$/)
    }
  }
})

test('E6 ids that may be any number are whole', () => {
  for (const bounds of [{}, { maximum: 99.5 }, { minimum: 0 }, { format: 'double' }]) {
    const rows = rowsOf('Record', { id: { ...NUMBER, ...bounds } })
    assert.deepEqual(
      rows.map(({ id }) => id),
      [1, 2, 3, 4, 5]
    )
  }
})

test('E16 what is in an object agrees within itself', () => {
  const properties = { customer: { type: 'object', properties: all(TEXT, 'firstName email') } }
  for (const { customer } of rowsOf('Order', properties)) {
    assert.ok(isJsonObject(customer))
    const { email, firstName } = customer
    assert.ok(String(email).startsWith(`${firstName}.`.toLowerCase()))
  }
})
