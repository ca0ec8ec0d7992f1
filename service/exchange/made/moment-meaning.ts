import { nameWords } from '../../base/name-words.ts'
import type { Meaning } from './meaning.ts'
import type { Course, Subject } from './subject.ts'
import { courseOf } from './subject.ts'

/** Words that say that a name is that of a moment: `createdAt`, `dateOfIssue`. */
const MOMENT_WORDS = new Set(
  'at on date time datetime timestamp ts utc since until millis epoch dt day ms when'.split(' ')
)

/** Which moment of an object a word means. */
const MOMENTS: readonly (readonly [keyof Course, string])[] = [
  [
    'created',
    'created creation create inserted added registered registration joined opened ordered order issued issue signup sign submitted requested placed initiated recorded received made uploaded imported installed purchase purchased invoice booking booked transaction hired hire'
  ],
  [
    'published',
    'published publish publication release released posted post pushed push available activated activation approved approval confirmed accepted'
  ],
  [
    'paid',
    'paid payment charged captured authorized sent sending assigned started launched began begun executed'
  ],
  ['shipped', 'shipped shipping dispatch dispatched processed picked pickup responded'],
  [
    'delivered',
    'delivered delivery arrived completed complete completion finished closed resolved fulfilled arrival close read viewed ended stopped stopping'
  ],
  [
    'updated',
    'updated update modified modification changed change edited edit last latest synced sync seen accessed checked refreshed used activity verified visited'
  ],
  [
    'start',
    'start starts starting begin begins beginning from scheduled departure effective check checkin opens open valid_from'
  ],
  ['end', 'end ends ending out finish finishes to until till stop checkout return'],
  ['due', 'due deadline'],
  ['expires', 'expires expiry expiration expired expire expiring exp renewal renews renew']
]

const MOMENT_OF: ReadonlyMap<string, keyof Course> = new Map(
  MOMENTS.flatMap(([moment, words]) => words.split(' ').map(word => [word, moment] as const))
)

/** Words that alone name a moment, whatever the kind of the value. */
const ALONE = new Set(
  'created updated modified expires expiry timestamp datetime published'.split(' ')
)

/** What is done again and again, and was last done at a moment. */
const LAST_DONE = new Set(
  'update modification change activity login access sync refresh visit seen checked run contact set'.split(
    ' '
  )
)

/** Words of how long something takes. */
const LENGTHS = new Set('offset duration delay interval timeout retention'.split(' '))

/** Whether a name is that of a moment; `created` alone is one too. */
function namesMoment(words: readonly string[]): boolean {
  const [first = ''] = words
  const last = words.at(-1) ?? ''
  if (words.some(word => LENGTHS.has(word))) return false
  if (first === 'last' && LAST_DONE.has(last)) return true
  if (words.length === 1)
    return ALONE.has(last) || /^(date|datetime|timestamp|when|time|ts)$/.test(last)
  if (ALONE.has(last) && /^(date|time|last)$/.test(first)) return true
  const isFirst = first === 'date' || first === 'timestamp'
  return (MOMENT_WORDS.has(last) && last !== 'day' && last !== 'ms') || isFirst
}

/** The moment that the name of a property means; that of the creation where it does not say. */
export function momentOf(subject: Subject, key: string): number {
  return momentNamed(subject, nameWords(key))
}

function momentNamed(subject: Subject, words: readonly string[]): number {
  const course = courseOf(subject)
  const named = words.flatMap(word => MOMENT_OF.get(word) ?? [])
  // Where it begins or ends says more than what does: `check out`, `activity run end`, `purchase due`.
  const telling = validityNamed(words) ?? named.findLast(each => BOUNDS.has(each)) ?? named[0]
  const isLast = words[0] === 'last' && !words.includes('name')
  if (words[0] === 'first') return course.created
  return course[isLast ? 'updated' : (telling ?? 'created')]
}

const BOUNDS: ReadonlySet<keyof Course> = new Set(['start', 'end', 'due', 'expires'])

/** What is valid now is so since it was made, until it expires. */
function validityNamed(words: readonly string[]): keyof Course | undefined {
  if (!words.some(word => word === 'valid' || word === 'validity')) return undefined
  const isEnd = words.some(word => MOMENT_OF.get(word) === 'end' || word === 'thru')
  return isEnd ? 'expires' : 'created'
}

/** The moment that a text means which is named by a bound alone: `start`, `end`, `due`. */
export function boundMeaning(subject: Subject, words: readonly string[]): Meaning | undefined {
  const [only = ''] = words
  const isBound = words.length === 1 && BOUND_NAMES.has(only)
  return isBound ? { moment: momentNamed(subject, words) } : undefined
}

const BOUND_NAMES = new Set(
  'start starts begin begins end ends due deadline until since started ended'.split(' ')
)

/** What a name means that is that of a moment; undefined for any other. */
export function momentMeaning(subject: Subject, words: readonly string[]): Meaning | undefined {
  return namesMoment(words) ? { moment: momentNamed(subject, words) } : undefined
}
