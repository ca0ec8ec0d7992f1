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
  ['paid', 'paid payment charged captured authorized sent sending assigned'],
  ['shipped', 'shipped shipping dispatch dispatched processed picked pickup responded'],
  [
    'delivered',
    'delivered delivery arrived completed complete completion finished closed resolved fulfilled arrival'
  ],
  [
    'updated',
    'updated update modified modification changed change edited edit last latest synced sync seen accessed checked refreshed used activity verified visited'
  ],
  [
    'start',
    'start starts started starting begin begins beginning from scheduled departure effective check checkin opens open valid_from'
  ],
  ['end', 'end ends ended ending finish finishes to until till stop checkout return'],
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

/** Whether a name is that of a moment; `created` alone is one too. */
function namesMoment(words: readonly string[]): boolean {
  const [first = ''] = words
  const last = words.at(-1) ?? ''
  if (words.length === 1)
    return ALONE.has(last) || /^(date|datetime|timestamp|when|time)$/.test(last)
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
  // `last` and `valid` say less than the word beside them.
  const telling = words.includes('valid') && words.includes('to') ? 'end' : named[0]
  const isLast = words[0] === 'last' && !words.includes('name')
  return course[isLast ? 'updated' : (telling ?? 'created')]
}

/** What a name means that is that of a moment; undefined for any other. */
export function momentMeaning(subject: Subject, words: readonly string[]): Meaning | undefined {
  return namesMoment(words) ? { moment: momentNamed(subject, words) } : undefined
}
