import { flagOf } from './flag-meaning.ts'
import type { Meaning, Property, Role } from './meaning.ts'
import { boundMeaning, momentMeaning } from './moment-meaning.ts'
import { labelOf, nameWords, singular, singularWords } from '../../base/name-words.ts'
import { nameMeaning } from './name-meaning.ts'
import { nounClass } from './noun-class.ts'
import { NUMBER_ROLES, SALE_ROLES } from './number-roles.ts'
import { partyMeaning, PEOPLE_ROLES } from './people-roles.ts'
import { PLACE_ROLES } from './place-roles.ts'
import type { Place } from './place.ts'
import { inTurn } from './place.ts'
import type { Subject } from './subject.ts'
import { TEXT_ROLES } from './text-roles.ts'

type Roles = ReadonlyMap<string, Role>

/** What a kind of values is likely to mean by a name that has several meanings: `number`, `level`. */
const OF_TEXTS = byPhrase([
  ...PEOPLE_ROLES,
  ...PLACE_ROLES,
  ...TEXT_ROLES,
  ...SALE_ROLES,
  ...NUMBER_ROLES
])
const OF_NUMBERS = byPhrase([
  ...SALE_ROLES,
  ...NUMBER_ROLES,
  ...PEOPLE_ROLES,
  ...PLACE_ROLES,
  ...TEXT_ROLES
])

/** No phrase of a role has more words. */
const PHRASE_WORDS = 4

/** Names of which nothing is the likely value. */
const BLANK_WORDS = new Set(
  'deleted deletion removed archived trashed cancelled canceled cancellation revoked error errors suspended banned blocked failed failure locked disabled expired rejected deactivated terminated voided refunded exception'.split(
    ' '
  )
)
const BLANK_NAMES = new Set(
  'next,next page,next page token,next cursor,next url,next link,next token,next uri,previous,prev,previous page,prev page,previous url,prev url,previous link,cursor next,page token,continuation token,continuation,parent,parent id,error message,error code,error description,error details,failure reason,failure code,failure message,cancel reason,cancellation reason,cancel at,canceled at,ended at,next href'.split(
    ','
  )
)

/** Words alone that mean more with the name of the object that has them: `number` of `phone`. */
const WEAK = new Set(
  'first last middle code value number type key address text url uri link href sign symbol given family code'.split(
    ' '
  )
)

/** Words behind a name that say how its value is written. */
const FILLING = new Set(
  'decimal formatted string str value values raw cents usd eur gbp in text txt for display human full list info data detail details long short attribute field html plain default original normalized local utc current primary secondary main 1 2 3'.split(
    ' '
  )
)

/** Words of a number that is an amount of money, whatever stands beside them. */
const AMOUNT_WORDS = new Set('amount price cost fee charge value payment paid money'.split(' '))

const LOW = new Set('min minimum low lowest lower least from'.split(' '))
const HIGH = new Set('max maximum high highest upper most'.split(' '))
const BETWEEN = new Set('average avg mean median'.split(' '))

/** What a store of something has of it, as a share of all. */
const SHARES: ReadonlyMap<string, number> = new Map([
  ...['used', 'consumed', 'allocated'].map(word => [word, 0.6] as const),
  ...['free', 'remaining', 'available', 'left'].map(word => [word, 0.4] as const),
  ...['total', 'max', 'maximum'].map(word => [word, 1] as const)
])
const STORED = new Set('capacity space storage memory disk quota byte seat slot credit'.split(' '))

/**
 * What a property's name says of its value, word by word: `customerFirstName`, `billing_city`, `created-at`.
 *
 * @param key The name; blank for a value without one.
 */
export function findMeaning(
  subject: Subject,
  key: string,
  place: Place,
  kind: 'text' | 'number' | 'flag'
): Meaning {
  const words = nameWords(key)
  if (kind === 'flag') return { flag: flagOf(place, words) }
  const roles = kind === 'number' ? OF_NUMBERS : OF_TEXTS
  const told = meaningOf(subject, words, place, roles)
  if (told !== undefined) return told
  const telling = words.filter((word, index) => index === 0 || !FILLING.has(word))
  const rest = telling.length < words.length ? meaningOf(subject, telling, place, roles) : undefined
  return rest ?? fallback(telling, subject, place, kind)
}

/** Whether nothing is the likely value of a property: of `deletedAt`, `error`, `next`. */
export function isBlankName(subject: Subject, key: string): boolean {
  const words = nameWords(key)
  const isBlank = (word: string): boolean =>
    BLANK_WORDS.has(word) && !subject.noun.includes(singular(word))
  return words.some(isBlank) || BLANK_NAMES.has(words.join(' '))
}

/** Whether a name of an id means something else than an object: `taxId`, `countryId`. */
export function isKnownPhrase(words: readonly string[]): boolean {
  return words.some(
    (_, start) => start < words.length - 1 && OF_TEXTS.has(words.slice(start).join(' '))
  )
}

function meaningOf(
  subject: Subject,
  words: readonly string[],
  place: Place,
  roles: Roles
): Meaning | undefined {
  const [only = ''] = words
  if (words.length === 1 && WEAK.has(only)) {
    const whole = roles.get([...subject.within, only].slice(-2).join(' '))
    if (whole !== undefined && subject.within.length > 0) {
      return whole.mean({ subject, part: '', partWords: [], place })
    }
  }
  const stored = roles === OF_NUMBERS ? storedMeaning(subject, words, place) : undefined
  if (stored !== undefined) return stored
  if (words.length === 1 && roles === OF_NUMBERS) {
    const scale = LOW.has(only) ? 0.5 : HIGH.has(only) ? 2 : BETWEEN.has(only) ? 1 : undefined
    if (scale !== undefined && only !== 'from') return boundOf(subject, [], place, scale)
  }
  const bare = words.filter(word => !LOW.has(word) && !HIGH.has(word))
  const isBound = bare.length < words.length && bare.length > 0
  if (isBound) {
    const scale = words.some(word => LOW.has(word)) ? 0.5 : 2
    const common = { ...place, path: `${subject.place.path}.${bare.join('.')}` }
    const inner = roleMeaning(subject, bare, common, roles)
    if (inner?.number !== undefined) return scaled(inner, scale)
    if (roles === OF_NUMBERS) {
      return boundOf(subject, bare, place, scale)
    }
  }
  return roleMeaning(subject, words, place, roles)
}

/** The least, the mean and the most of the same are of one number. */
function boundOf(subject: Subject, bare: readonly string[], place: Place, scale: number): Meaning {
  const path = `${subject.place.path}.${bare.join('.')}`
  return scaled({ number: 2 + inTurn({ ...place, path }, 40) }, scale)
}

/** What is used and free of a store, which together are all of it. */
function storedMeaning(
  subject: Subject,
  words: readonly string[],
  place: Place
): Meaning | undefined {
  const share = words.map(word => SHARES.get(word)).find(each => each !== undefined)
  if (share === undefined || !words.some(word => STORED.has(singular(word)))) return undefined
  const path = `${subject.place.path}.${words.filter(word => !SHARES.has(word)).join('.')}`
  return scaled({ number: 50 * (1 + inTurn({ ...place, path }, 8)) }, share)
}

function scaled({ number = 0 }: Meaning, scale: number): Meaning {
  const value = Math.round(number * scale * 100) / 100
  return { number: value, texts: [String(value)] }
}

function roleMeaning(
  subject: Subject,
  words: readonly string[],
  place: Place,
  roles: Roles
): Meaning | undefined {
  const tried = [words, singularWords(words)]
  const first = Math.max(0, words.length - PHRASE_WORDS)
  for (let start = first; start < words.length; start++) {
    for (const form of tried) {
      const role = roles.get(form.slice(start).join(' '))
      // `at` ends no phrase but those of people and moments.
      if (role === undefined) continue
      const partWords = words.slice(0, start)
      const property: Property = { subject, part: partWords.join(' '), partWords, place }
      return role.mean(property)
    }
    const moment = start === first ? momentMeaning(subject, words) : undefined
    if (moment !== undefined) return moment
  }
  return undefined
}

/** A value of a name that is not known: counted, or as a label with a number. */
function fallback(
  words: readonly string[],
  subject: Subject,
  place: Place,
  kind: 'text' | 'number'
): Meaning {
  const [first = ''] = words
  const isCount = /^(num|number|nb|total|count)$/.test(first) && words.length > 1
  if (kind === 'number' && words.some(word => AMOUNT_WORDS.has(word))) {
    return OF_NUMBERS.get('total')?.mean({ subject, part: '', partWords: [], place }) ?? {}
  }
  if (kind === 'number' || isCount) {
    const number = 1 + inTurn(place, 50)
    return { number, texts: [String(number)] }
  }
  const party = partyMeaning(subject, words)
  if (party !== undefined) return party
  const bound = boundMeaning(subject, words)
  if (bound !== undefined) return bound
  if (words.length === 1 && (LOW.has(first) || HIGH.has(first) || BETWEEN.has(first))) {
    return meaningOf(subject, words, place, OF_NUMBERS) ?? {}
  }
  if (words.some(word => /^(percent|percentage|pct)$/.test(word))) {
    return OF_NUMBERS.get('percent')?.mean({ subject, part: '', partWords: [], place }) ?? {}
  }
  const held = OF_TEXTS.get(subject.within.at(-1) ?? '')
  if (held !== undefined && /^(url|link|image)$/.test(subject.within.at(-1) ?? '')) {
    return held.mean({ subject, part: words.join(' '), partWords: words, place })
  }
  if (subject.within.some(word => AMOUNT_WORDS.has(word))) {
    return OF_TEXTS.get('price')?.mean({ subject, part: '', partWords: [], place }) ?? {}
  }
  const singularName = singularWords(words)
  if (nounClass(singularName) !== 'thing') {
    return nameMeaning({ subject, part: words.join(' '), partWords: singularName, place })
  }
  const name = words.length > 0 ? words : subject.noun
  const label = labelOf(singularWords(name.length > 0 ? name : ['text']))
  return { texts: [`${label} ${place.row + 1}`, label] }
}

/** Phrases with and without the spaces between their words; the first role of a phrase counts. */
function byPhrase(roles: readonly Role[]): Roles {
  const known = new Map<string, Role>()
  for (const role of roles) {
    for (const phrase of role.phrases.split(',')) {
      for (const form of [phrase, phrase.replaceAll(' ', '')]) {
        if (!known.has(form)) known.set(form, role)
      }
    }
  }
  return known
}
