import { plainText } from '../../base/json.ts'
import type { RowsPlan } from '../../operations/plan-rows.ts'
import { criterionWords } from '../../plan/filter/filter-columns.ts'
import type { RemainingFilter } from '../../plan/filter/split-filter.ts'
import type { FilterGroup } from '../../plan/types.ts'
import { shownText } from '../shown-text.ts'

/** Width of the words before the texts. */
const WIDTH = 16

/** A line of an explanation: its word, and what it says. */
export function explanationLine(word: string, text: string): string {
  return `${word.padEnd(WIDTH)}${shownText(text)}`
}

/**
 * What of the filter of a list the API is asked for, and what is evaluated here (docs/x-flow.md#filters-order-and-search),
 * each a word and its text.
 *
 * @param plan Null for a type whose properties are those of its first page, which is not asked for.
 */
export function filterLines(plan: RowsPlan | null): (readonly [word: string, text: string])[] {
  if (plan === null) {
    return [['evaluated here', 'all conditions; the columns are those of the first page']]
  }
  const pushed = [...plan.pushed].map(([{ name }, value]) => `${name}=${plainText(value)}`)
  const here = plan.remaining === null ? [] : remainingWords(plan.remaining)
  const chosen = plan.preferred === null ? [] : groupWords(plan.preferred)
  return [
    ['pushed down', pushed.join(', ') || 'nothing'],
    ['evaluated here', [...here, ...chosen].join(', ') || 'nothing'],
    ...(plan.order.length === 0
      ? []
      : [['order', 'made here, over the whole list, which SCAN_MAX_RECORDS bounds'] as const])
  ]
}

function remainingWords({ where, search, order }: RemainingFilter): string[] {
  return [
    ...groupWords(where),
    ...(search === null ? [] : [`the search for "${search.text}"`]),
    ...order.map(({ column, direction }) => `the order by ${column} ${direction}`)
  ]
}

function groupWords({ conditions, groups }: FilterGroup): string[] {
  return [
    ...conditions.map(condition => {
      const value = condition.value === null ? '' : ` "${condition.value}"`
      return `${condition.column} ${criterionWords(condition)}${value}`
    }),
    ...groups.flatMap(groupWords)
  ]
}
