import type { ListApi, Position, Total } from './list-api.ts'
import type { Dice } from './make-size.ts'
import { bodyLinkScheme, cursorScheme, linkHeaderScheme } from './marked-schemes.ts'
import type { Scheme } from './scheme.ts'
import { path, PLAIN, totalName, witnesses } from './scheme.ts'

/** Chooses how an API pages its list; what is ordinary is frequent. */
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
  return { ...scheme, zeroClue, echo, hides: echo.size !== null && dice.chance(0.04) }
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
