import { nameWords, singularWords, slugOf } from '../../base/name-words.ts'
import type { NounClass } from './noun-class.ts'
import { nounClass, nounWords } from './noun-class.ts'
import type { Place } from './place.ts'
import { inTurn, numberAt } from './place.ts'
import type { City } from './word-lists.ts'
import { CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, STREETS } from './word-lists.ts'

/**
 * An object, as far as its values depend on each other. A value follows from the place of its object and not from
 * other values, so that a property more changes no other.
 */
export type Subject = {
  readonly place: Place
  /** The words of what it is: `delivery`, `window`. */
  readonly noun: readonly string[]
  readonly nounClass: NounClass
  /** The words of the property that has it, `shipping`, `address`; none for a row. */
  readonly within: readonly string[]
  /** Its properties in lower case, without what joins their words. */
  readonly keys: ReadonlySet<string>
}

export type Person = {
  readonly first: string
  readonly last: string
  readonly email: string
  readonly login: string
}

/** Amounts of one sale, in whole units, of which the total is never below a part. */
export type Sale = {
  readonly price: number
  readonly quantity: number
  readonly net: number
  readonly discount: number
  readonly tax: number
  readonly shipping: number
  readonly total: number
}

/** Moments of one object in their order (ms since 1970). */
export type Course = {
  readonly created: number
  readonly published: number
  readonly paid: number
  readonly shipped: number
  readonly delivered: number
  readonly updated: number
  readonly start: number
  readonly end: number
  readonly due: number
  readonly expires: number
  readonly born: number
}

/** Around which all moments are; it never changes, as made examples never do. */
const FIXED_MOMENT = Date.UTC(2026, 5, 15, 9)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Members that only people have, or what is written to. */
const PERSONAL_KEYS =
  'firstname lastname givenname surname email phone emailaddress phonenumber'.split(' ')

const PRICES = [12, 25, 49, 80, 35, 120, 18, 60]

/** Describes an object by the name of its schema, the property that has it, and its members. */
export function subjectOf(
  place: Place,
  name: string | undefined,
  within: string,
  keys: readonly string[]
): Subject {
  const own = nounWords(name ?? '')
  const held = singularWords(nameWords(within))
  const plain = new Set(keys.map(key => nameWords(key).join('')))
  const known = [own, held].find(words => nounClass(words) !== 'thing')
  const noun = known ?? (own.length > 0 ? own : held.slice(-2))
  const isPerson = known === undefined && PERSONAL_KEYS.some(key => plain.has(key))
  return {
    ...{ place, noun, within: held, keys: plain },
    nounClass: isPerson ? 'person' : nounClass(noun)
  }
}

/** The place of one part of an object, in which values agree; blank for the object itself. */
function partOf({ place }: Subject, part: string): Place {
  return { ...place, path: `${place.path}~${part}` }
}

/** An entry of a list that is another in each row. */
export function entryOf<T>(list: readonly T[], place: Place): T {
  const entry = list[inTurn(place, list.length)]
  if (entry === undefined) throw new RangeError('an empty list')
  return entry
}

/** @param part The words before `first name`: of the billing, the customer. */
export function personOf(subject: Subject, part: string): Person {
  const place = partOf(subject, part)
  const first = entryOf(FIRST_NAMES, { ...place, path: `${place.path}~first` })
  const last = entryOf(LAST_NAMES, { ...place, path: `${place.path}~last` })
  const login = `${slugOf(first)}.${slugOf(last)}`
  return { first, last, login, email: `${login}@example.com` }
}

export function companyOf(subject: Subject, part: string): string {
  return entryOf(COMPANIES, partOf(subject, part))
}

export function cityOf(subject: Subject, part: string): City {
  return entryOf(CITIES, partOf(subject, part))
}

export function streetOf(subject: Subject, part: string): string {
  const place = partOf(subject, part)
  return `${1 + numberAt(place, 98)} ${entryOf(STREETS, place)}`
}

export function saleOf(subject: Subject): Sale {
  const place = partOf(subject, 'sale')
  const price = entryOf(PRICES, place)
  const quantity = 1 + inTurn(place, 4)
  const net = price * quantity
  const discount = Math.floor(net / 10)
  const tax = Math.floor(net / 5)
  const shipping = 5
  return { price, quantity, net, discount, tax, shipping, total: net + tax + shipping }
}

const MEETINGS = new Set(
  'meeting appointment call webinar lesson shift session slot interview visit booking'.split(' ')
)

/** Whether an object takes less than a day. */
export function isMeeting({ noun }: Subject): boolean {
  return noun.some(word => MEETINGS.has(word))
}

export function courseOf(subject: Subject): Course {
  const place = partOf(subject, 'course')
  const created =
    FIXED_MOMENT - (20 + numberAt(place, 140)) * DAY + numberAt(place, 36) * 15 * MINUTE
  const isPast = subject.noun.some(word => /^(past|previous|finished|completed)$/.test(word))
  const start = FIXED_MOMENT + (isPast ? -1 : 1) * (3 + numberAt(place, isPast ? 16 : 60)) * DAY
  const length = isMeeting(subject) ? HOUR : 2 * DAY + 4 * HOUR
  return {
    ...{ created, published: created + HOUR, paid: created + 2 * HOUR, shipped: created + DAY },
    delivered: created + 3 * DAY,
    updated: created + (4 + numberAt(place, 14)) * DAY + 95 * MINUTE,
    ...{ start, end: start + length },
    due: created + 30 * DAY,
    expires: FIXED_MOMENT + (90 + numberAt(place, 200)) * DAY,
    born: Date.UTC(1965 + numberAt(place, 35), numberAt(place, 12), 1 + numberAt(place, 28))
  }
}
