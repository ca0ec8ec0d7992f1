import type { PartCriterion } from './filter-columns.ts'
import { FOLDED_MAX, folded } from './compare-values.ts'

/** Folding may join or split characters: a part has at most so many times as many in the text. */
const SPREAD = 4
/** Characters that may belong to the one before them, at the edge of a piece. */
const EDGE = 64

const IS_MARK = /^[\p{M}\udc00-\udfff]/u

/** Looks for a part in long texts, piece by piece. */
export type PartFinder = {
  /** Whether the text has the part; undefined if more of it must be searched. Then it is called again. */
  find(text: string): boolean | undefined
}

/**
 * Creates a finder for texts that are too long to be folded at once. Pieces overlap by as much as the part may
 * take.
 *
 * @param part Folded.
 */
export function createPartFinder(criterion: PartCriterion, part: string): PartFinder {
  const reach = part.length * SPREAD + EDGE
  let from = 0
  return {
    find(text) {
      if (criterion === 'STARTS_WITH') return piece(text, 0, reach).startsWith(part)
      if (criterion === 'ENDS_WITH')
        return piece(text, text.length - reach, text.length).endsWith(part)
      const end = from + Math.max(FOLDED_MAX - reach, reach)
      const isFound = piece(text, from, end + reach).includes(part)
      from = isFound || end >= text.length ? 0 : end
      if (isFound) return true
      return from === 0 ? false : undefined
    }
  }
}

/** A piece of a text, folded. It does not end inside of a character. */
function piece(text: string, from: number, to: number): string {
  let end = to
  while (end < to + EDGE && end < text.length && IS_MARK.test(text.charAt(end))) end++
  return folded(text.slice(Math.max(0, from), end))
}
