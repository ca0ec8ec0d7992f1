import type { JsonValue } from '../../service/base/json.ts'
import type { ListApi, NextLink, Position, Total } from './list-api.ts'
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

const PLAIN: Omit<Scheme, 'position' | 'sizeParam'> = {
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

const path = (text: string): readonly string[] => text.split('.')

export function chooseScheme(dice: Dice): Scheme {
  const choose = dice.of(
    [26, offsetScheme],
    [24, pageScheme],
    [22, cursorScheme],
    [10, bodyLinkScheme],
    [7, linkHeaderScheme],
    [7, wholeScheme],
    [3, frontScheme]
  )
  return choose(dice)
}

function offsetScheme(dice: Dice): Scheme {
  const [param, size, position, echo] = dice.of<readonly [string, string, 0 | 1, string | null]>(
    [8, ['offset', 'limit', 0, null]],
    [2, ['offset', 'limit', 0, 'meta.offset meta.limit']],
    [3, ['skip', 'limit', 0, null]],
    [2, ['skip', 'take', 0, null]],
    [2, ['$skip', '$top', 0, null]],
    [3, ['startAt', 'maxResults', 0, 'startAt maxResults']],
    [2, ['startIndex', 'count', 1, 'startIndex itemsPerPage']],
    [2, ['from', 'size', 0, null]],
    [1, ['start', 'limit', 0, 'start limit']],
    [1, ['startElement', 'pageSize', 0, null]],
    [1, ['offset', 'count', 0, null]],
    [1, ['start', 'rows', 0, null]],
    [1, ['page[offset]', 'page[limit]', 0, null]]
  )
  const [at, stated] = echo?.split(' ') ?? []
  const scheme: Scheme = {
    ...PLAIN,
    ...witnesses(dice),
    position: { by: 'offset', param, first: position },
    sizeParam: size,
    echo: {
      position: at === undefined ? null : path(at),
      size: stated === undefined ? null : path(stated)
    }
  }
  if (param === '$skip') {
    const total: Total | null = dice.chance(0.5) ? { at: ['@odata.count'], of: 'list' } : null
    return { ...scheme, envelope: 'value', total }
  }
  if (position === 1) {
    return { ...scheme, envelope: 'object', total: { at: ['totalResults'], of: 'list' } }
  }
  return echo === null ? scheme : { ...scheme, envelope: 'object', hides: dice.chance(0.2) }
}

function pageScheme(dice: Dice): Scheme {
  const [param, sizeParam] = dice.of<readonly [string, string | null]>(
    [6, ['page', 'per_page']],
    [3, ['page', 'limit']],
    [3, ['page', 'pageSize']],
    [3, ['page', 'size']],
    [2, ['pageNumber', 'pageSize']],
    [1, ['PageNumber', 'PageSize']],
    [1, ['pageIndex', 'pageSize']],
    [1, ['page[number]', 'page[size]']],
    [2, ['page', 'page_size']],
    [2, ['page', null]]
  )
  const isUsualZero = sizeParam === 'size' || param === 'pageIndex'
  const isZero = dice.chance(isUsualZero ? 0.7 : 0.15)
  const position: Position = { by: 'page', param, first: isZero ? 0 : 1 }
  const scheme: Scheme = { ...PLAIN, ...witnesses(dice), position, sizeParam }
  if (isZero && dice.chance(0.4)) {
    return {
      ...scheme,
      zeroClue: 'flag',
      envelope: 'content',
      total: { at: ['totalElements'], of: 'list' },
      flag: { at: ['last'], of: 'last' },
      pages: ['totalPages'],
      echo: { position: ['number'], size: ['size'] }
    }
  }
  const zeroClue = isZero
    ? dice.of<ListApi['zeroClue']>(
        [3, 'minimum'],
        [4, 'default'],
        [1, 'text'],
        [2, 'example'],
        [2, 'words']
      )
    : null
  const echo = dice.chance(0.4) ? { position: ['page'], size: ['per_page'] } : PLAIN.echo
  return { ...scheme, zeroClue, echo, hides: scheme.total?.of === 'list' && dice.chance(0.04) }
}

function cursorScheme(dice: Dice): Scheme {
  if (dice.chance(0.2)) return afterScheme(dice)
  if (dice.chance(0.05)) return connectionScheme(dice)
  const [param, sizeParam, mark] = dice.of<readonly [string, string | null, string]>(
    [4, ['cursor', 'limit', 'next_cursor']],
    [3, ['cursor', 'limit', 'meta.next_cursor']],
    [2, ['cursor', 'limit', 'nextCursor']],
    [2, ['cursor', 'limit', 'response_metadata.next_cursor']],
    [1, ['cursor', 'per_page', 'pagination.next_cursor']],
    [4, ['pageToken', 'pageSize', 'nextPageToken']],
    [2, ['page_token', 'page_size', 'next_page_token']],
    [1, ['next_page_token', 'page_size', 'next_page_token']],
    [2, ['continuationToken', 'maxResults', 'continuationToken']],
    [2, ['marker', 'limit', 'nextMarker']],
    [2, ['after', 'limit', 'paging.cursors.after']],
    [1, ['nextToken', 'maxResults', 'nextToken']],
    [1, ['offset', 'pageSize', 'offset']],
    [1, ['cursor', null, 'next_cursor']],
    [1, ['cursor', 'limit', 'cursor']],
    [1, ['start_cursor', 'page_size', 'next_cursor']],
    [1, ['offset', 'limit', 'next_page.offset']],
    [1, ['after', 'limit', 'paging.next.after']],
    [1, ['starting_after', 'per_page', 'pages.next.starting_after']],
    [1, ['page', 'limit', 'next_page']],
    [1, ['continue', 'limit', 'metadata.continue']]
  )
  const end = dice.of<JsonValue | undefined>(
    [30, undefined],
    [30, null],
    [14, ''],
    [4, '0'],
    [4, 0],
    [2, 'null'],
    [2, -1],
    [4, false],
    [4, SAME]
  )
  return {
    ...PLAIN,
    ...witnesses(dice, true),
    position: { by: 'cursor', param, mark: path(mark) },
    sizeParam,
    end,
    envelope: 'object',
    hides: dice.chance(0.03)
  }
}

function afterScheme(dice: Dice): Scheme {
  const param = dice.of([4, 'starting_after'], [1, 'after_id'])
  return {
    ...PLAIN,
    position: { by: 'after', param },
    sizeParam: 'limit',
    flag: { at: [dice.of([4, 'has_more'], [1, 'hasMore'])], of: 'more' },
    total: dice.chance(0.2) ? { at: ['count'], of: 'page' } : null,
    envelope: dice.of([4, 'data'], [1, 'object'])
  }
}

/** Connections as GraphQL has them: a cursor of the last object, also on the last page, beside a flag. */
function connectionScheme(dice: Dice): Scheme {
  return {
    ...PLAIN,
    position: { by: 'cursor', param: 'after', mark: path('pageInfo.endCursor') },
    sizeParam: 'first',
    flag: { at: path('pageInfo.hasNextPage'), of: 'more' },
    total: dice.chance(0.5) ? { at: ['totalCount'], of: 'list' } : null,
    end: null,
    isEager: 'always',
    envelope: dice.of([2, 'edges'], [1, 'object'])
  }
}

/** Next links beside the parameters that they fill. */
function linkedScheme(dice: Dice, link: NextLink): Scheme {
  const [by, param, sizeParam] = dice.of<readonly ['offset' | 'page' | 'cursor', string, string]>(
    [5, ['page', 'page', 'per_page']],
    [4, ['offset', 'offset', 'limit']],
    [3, ['cursor', 'cursor', 'limit']]
  )
  // The mark of the cursor stands in the link alone.
  const position: Position =
    by === 'cursor' ? { by, param, mark: [] } : { by, param, first: by === 'page' ? 1 : 0 }
  return {
    ...PLAIN,
    ...witnesses(dice, true),
    position,
    sizeParam: dice.chance(0.8) ? sizeParam : null,
    link,
    isDeclared: dice.chance(0.6)
  }
}

function bodyLinkScheme(dice: Dice): Scheme {
  const place = dice.of(
    [4, 'next'],
    [4, 'links.next'],
    [3, '_links.next.href'],
    [1, 'links.next.href'],
    [2, 'nextLink'],
    [2, '@odata.nextLink'],
    [1, 'next_url'],
    [1, 'next_page_uri'],
    [1, 'paging.next'],
    [1, 'links.pages.next'],
    [1, 'next_page'],
    [1, 'nextRecordsUrl'],
    [1, 'meta.next_page_url'],
    [1, 'pagination.next']
  )
  const form = dice.of<'absolute' | 'path' | 'query'>([5, 'absolute'], [3, 'path'], [1, 'query'])
  const scheme = linkedScheme(dice, { at: 'body', place: path(place), form })
  const end = dice.of<JsonValue | undefined>([40, undefined], [45, null], [8, ''], [2, false])
  if (dice.chance(0.06)) {
    const place = dice.of([1, ['links']], [1, ['link']])
    return { ...scheme, link: { at: 'body', place, form: 'relations' }, envelope: 'object' }
  }
  const isDjango = place === 'next' && dice.chance(0.5)
  const total: Total | null = isDjango ? { at: ['count'], of: 'list' } : scheme.total
  return { ...scheme, end, total, envelope: isDjango ? 'results' : 'object' }
}

function linkHeaderScheme(dice: Dice): Scheme {
  const quote = dice.of([8, '"'], [1, "'"], [1, ''])
  const beside = dice.of<'nothing' | 'others' | 'commas'>(
    [3, 'nothing'],
    [5, 'others'],
    [2, 'commas']
  )
  const scheme = linkedScheme(dice, { at: 'header', quote, beside })
  return { ...scheme, envelope: dice.chance(0.8) ? '' : null }
}

function wholeScheme(dice: Dice): Scheme {
  const total: Total | null = dice.chance(0.3) ? { at: path(totalName(dice)), of: 'list' } : null
  return { ...PLAIN, position: { by: 'whole' }, sizeParam: null, total }
}

/** A limit alone: what is behind the first page can only be told. */
function frontScheme(dice: Dice): Scheme {
  const sizeParam = dice.of([3, 'limit'], [1, 'per_page'], [1, 'maxResults'])
  const total: Total = { at: ['total'], of: 'list' }
  return { ...PLAIN, position: { by: 'front' }, sizeParam, total, envelope: 'object' }
}

/**
 * What answers tell besides the next page. They lie only where something else is right.
 *
 * @param isMarked Whether a next cursor or link tells of more.
 */
function witnesses(dice: Dice, isMarked = false): Pick<Scheme, 'total' | 'flag' | 'pages'> {
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

function totalName(dice: Dice): string {
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
