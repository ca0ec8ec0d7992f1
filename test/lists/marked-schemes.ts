import type { JsonValue } from '../../service/base/json.ts'
import type { NextLink, Position, Total } from './list-api.ts'
import type { Dice } from './make-size.ts'
import type { Scheme } from './scheme.ts'
import { path, PLAIN, SAME, witnesses } from './scheme.ts'

/** A cursor that answers hand on. */
export function cursorScheme(dice: Dice): Scheme {
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
    hides: dice.chance(0.06)
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

/** A next link among the members of an answer. */
export function bodyLinkScheme(dice: Dice): Scheme {
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
  const form = dice.of<'absolute' | 'path' | 'query' | 'name'>(
    [10, 'absolute'],
    [6, 'path'],
    [2, 'query'],
    [1, 'name']
  )
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

/** A next link in the header `Link`. */
export function linkHeaderScheme(dice: Dice): Scheme {
  const quote = dice.of([8, '"'], [1, "'"], [1, ''])
  const beside = dice.of<'nothing' | 'others' | 'commas'>(
    [3, 'nothing'],
    [5, 'others'],
    [2, 'commas']
  )
  const scheme = linkedScheme(dice, { at: 'header', quote, beside })
  return { ...scheme, envelope: dice.chance(0.8) ? '' : null }
}
