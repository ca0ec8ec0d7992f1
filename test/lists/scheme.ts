import type { ListApi, Total } from './list-api.ts'
import type { Dice } from './make-size.ts'

/** How an API pages its list, and what its answers tell of it. */
export type Scheme = Pick<
  ListApi,
  'position' | 'link' | 'isDeclared' | 'zeroClue' | 'total' | 'flag' | 'pages' | 'echo' | 'end'
> & {
  readonly sizeParam: string | null
  /** The envelope that belongs to it; `object` for any but a bare array, null for any. */
  readonly envelope: string | null
  /** As `ListApi.isEager`, where the scheme decides it. */
  readonly isEager?: ListApi['isEager']
  /** Some rows are not for the caller. */
  readonly hides: boolean
}

/** A next mark or link that is repeated on the empty page behind the last. */
export const SAME = '(same)'

export const PLAIN: Omit<Scheme, 'position' | 'sizeParam'> = {
  link: null,
  isDeclared: true,
  zeroClue: null,
  total: null,
  flag: null,
  pages: null,
  echo: { position: null, size: null },
  end: undefined,
  envelope: null,
  hides: false
}

export const path = (text: string): readonly string[] => text.split('.')

/**
 * What answers tell besides the next page. They lie only where something else is right.
 *
 * @param isMarked Whether a next cursor or link tells of more.
 */
export function witnesses(dice: Dice, isMarked = false): Pick<Scheme, 'total' | 'flag' | 'pages'> {
  const hasFlag = dice.chance(isMarked ? 0.15 : 0.2)
  const flag = hasFlag
    ? dice.of<NonNullable<ListApi['flag']>>(
        [3, { at: ['has_more'], of: 'more' }],
        [2, { at: ['hasMore'], of: 'more' }],
        [1, { at: path('meta.hasNext'), of: 'more' }],
        [1, { at: path('pagination.has_next_page'), of: 'more' }],
        [1, { at: ['isLast'], of: 'last' }],
        [1, { at: ['last'], of: 'last' }]
      )
    : null
  const pages = dice.chance(0.15) ? path(dice.of([1, 'total_pages'], [1, 'meta.last_page'])) : null
  if (dice.chance(0.45)) return { total: null, flag, pages }
  const isKnown = isMarked || flag !== null
  if (dice.chance(0.1)) return { total: { at: ['count'], of: 'page' }, flag, pages }
  const of = isKnown && dice.chance(0.2) ? dice.of<Total['of']>([2, 'page'], [1, 'part']) : 'list'
  const header = dice.of([3, 'X-Total-Count'], [1, 'X-WP-Total'])
  const at = of === 'list' && dice.chance(0.25) ? header : path(totalName(dice))
  return { total: { at, of }, flag, pages }
}

export function totalName(dice: Dice): string {
  return dice.of(
    [5, 'total'],
    [3, 'totalCount'],
    [2, 'total_count'],
    [3, 'meta.total'],
    [2, 'pagination.total'],
    [1, 'page.totalElements'],
    [1, 'hits.total.value'],
    [1, 'response.numFound'],
    [1, 'total_items'],
    [1, 'totalResults'],
    [2, 'count']
  )
}
