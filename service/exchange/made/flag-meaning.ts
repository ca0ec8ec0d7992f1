import { singularWords } from '../../base/name-words.ts'
import { inTurn } from './place.ts'
import type { Place } from './place.ts'

/** Words that a demonstration would rather not be true of everything. */
const UNLIKELY = new Set(
  'deleted removed archived archive disabled blocked banned suspended locked spam error errored expired cancelled canceled revoked failed failure hidden fork deprecated obsolete truncated incomplete refunded disputed voided void overdue rejected invalid inactive test sandbox debug draft anonymous bot more next trashed muted nsfw adult explicit sensitive blacklisted flagged fraud fraudulent missing lost closed abandoned stale broken duplicate terminated retired discontinued withdrawn private redacted template over18 livemode'.split(
    ' '
  )
)

/** Words of what is so in the usual case. */
const LIKELY = new Set(
  'active enabled enable valid verified success successful succeeded ok available public visible published confirmed approved open online ready current in accepted email'.split(
    ' '
  )
)

/** Whether a property of that name is true. */
export function flagOf(place: Place, given: readonly string[]): boolean {
  const words = singularWords(given)
  const isNegated = words.includes('not') || words.includes('no')
  if (words.some(word => UNLIKELY.has(word))) return isNegated
  if (words.some(word => LIKELY.has(word))) return !isNegated
  return inTurn(place, 2) === 0
}
