import { followPath, splitPath } from '../../base/dotted-path.ts'
import type { JsonValue } from '../../base/json.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { PAGING_MEMBERS, pagingName } from '../../model/paging-names.ts'
import type { NextPage } from './read-next.ts'
import { readNext } from './read-next.ts'
import type { FoundMember, UsualMember, UsualMembers } from './usual-members.ts'
import { usualMembers } from './usual-members.ts'

/**
 * What an answer says of the rest of its list (docs/x-flow.md#the-end-of-a-list): its witnesses of more. What it
 * does not say is undefined.
 */
export type Witnesses = {
  /** Objects in the page. */
  readonly count: number
  readonly next: NextPage
  /** A flag says that more follow, or not. */
  readonly hasMore: boolean | undefined
  /** Objects in the whole list. */
  readonly total: number | undefined
  /** Objects in the whole list, or in the page alone. */
  readonly totalOrCount: number | undefined
  /** Pages in the whole list. */
  readonly pages: number | undefined
  /** Flag and totals were found by usual names only, so that they may mean something else. */
  readonly isGuessed: boolean
  /** Most objects in a page. */
  readonly pageSize: number | undefined
  /** Number or offset of the page. */
  readonly position: number | undefined
  /** The number counts from 0, whatever number was asked for. */
  readonly isIndex: boolean
  readonly isFirst: boolean | undefined
}

/** The parts of an answer that paging reads. */
export type PageAnswer = {
  readonly body: JsonValue | undefined
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** The URL that was called: the base of a relative next link. Blank for an example, which is a whole list. */
  readonly url: string
  /** Objects in the page. */
  readonly count: number
  /** Dotted path of the list. Default: not known. */
  readonly place?: string
  /** The only object of an answer that is no list. */
  readonly single?: JsonValue
}

const NOTHING: UsualMembers = new Map()
const NO_NEXT: NextPage = { isThere: false, position: null }

/** Flags that may tell of the end of the request alone: they count only for more. */
const WEAK_ENDS: ReadonlySet<string> = new Set(['done', 'end'])

/** Headers with the number of objects or pages in the list. */
const TOTAL_HEADERS = [
  'x-total-count',
  'x-wp-total',
  'x-total',
  'total-count',
  'x-pagination-total-count'
]
const PAGES_HEADERS = ['x-total-pages', 'x-wp-totalpages', 'x-pagination-page-count']

/** An object that is the whole body says nothing of pages. */
export function readWitnesses(paging: PagingRecord, answer: PageAnswer): Witnesses {
  const { body, headers, count, single, place = '' } = answer
  const isAlone = single !== undefined && single === body
  const isOff = answer.url === '' || (paging.type === 'none' && paging.origin === 'declared')
  const isCounted = paging.type === 'offset' || paging.type === 'page'
  const usual =
    isAlone || isOff
      ? NOTHING
      : usualMembers(body, splitPath(place), single, paging.positionParam, isCounted)
  const declared = declaredCounts(paging, body)
  const guessed = isOff ? NO_COUNTS : usualCounts(usual, headers)
  const isGuessed =
    declared.hasMore === undefined &&
    declared.total === undefined &&
    declared.totalOrCount === undefined
  return {
    count,
    next: isAlone || isOff ? NO_NEXT : readNext(paging, answer, usual),
    ...(isGuessed ? guessed : declared),
    pages: declared.pages ?? guessed.pages,
    isGuessed,
    ...pageFacts(paging, body, usual)
  }
}

const NO_COUNTS: Counts = {
  hasMore: undefined,
  total: undefined,
  totalOrCount: undefined,
  pages: undefined
}

type Counts = Pick<Witnesses, 'hasMore' | 'total' | 'totalOrCount' | 'pages'>

function declaredCounts(
  { totalField, pagesField, hasMoreField, lastField }: PagingRecord,
  body: JsonValue | undefined
): Counts {
  const at = (field: string | null) => (field === null ? undefined : followPath(body, field))
  const total = wholeNumber(at(totalField))
  const isSure = !hasNameOf('counts', totalField)
  return {
    hasMore: hasMore(flag(at(hasMoreField)), lastFlag(memberAt(body, lastField))),
    total: isSure ? total : undefined,
    totalOrCount: isSure ? undefined : total,
    pages: wholeNumber(at(pagesField))
  }
}

function usualCounts(usual: UsualMembers, headers: PageAnswer['headers']): Counts {
  const of = (about: UsualMember) => usual.get(about)?.value
  const counts = usual.get('counts')
  const ofHeaders = (names: readonly string[]): number | undefined =>
    wholeNumber(names.map(name => headers[name]).find(value => value !== undefined))
  return {
    hasMore: hasMore(flag(of('more')), lastFlag(usual.get('last'))),
    total:
      wholeNumber(of('total')) ??
      ofHeaders(TOTAL_HEADERS) ??
      wholeNumber(headers['content-range']?.split('/')[1]),
    totalOrCount: counts?.name === 'size' ? undefined : wholeNumber(counts?.value),
    pages: wholeNumber(of('pages')) ?? ofHeaders(PAGES_HEADERS)
  }
}

function pageFacts(
  { type, sizeField, positionField, totalField }: PagingRecord,
  body: JsonValue | undefined,
  usual: UsualMembers
): Pick<Witnesses, 'pageSize' | 'position' | 'isIndex' | 'isFirst'> {
  const size = memberAt(body, sizeField) ?? usual.get('size')
  const position = memberAt(body, positionField) ?? usual.get(type === 'page' ? 'page' : 'offset')
  const total = memberAt(body, totalField) ?? usual.get('total')
  const isFirst = flag(usual.get('first')?.value)
  const hasPrevious = usual.get('previous')?.value === true
  return {
    // Outside of numbered pages, `size` may be that of the list.
    pageSize: size?.name === 'size' && type !== 'page' ? undefined : wholeNumber(size?.value),
    position: wholeNumber(position?.value),
    isIndex: position?.name === 'number' && total?.name === 'totalelements',
    isFirst: isFirst ?? (hasPrevious ? false : undefined)
  }
}

function memberAt(body: JsonValue | undefined, field: string | null): FoundMember | undefined {
  const value = field === null ? undefined : followPath(body, field)
  return value === undefined ? undefined : { name: lastName(field), value }
}

function lastName(field: string | null): string {
  return field === null ? '' : pagingName(splitPath(field).at(-1) ?? '')
}

function hasNameOf(group: keyof typeof PAGING_MEMBERS, field: string | null): boolean {
  return PAGING_MEMBERS[group].includes(lastName(field))
}

function lastFlag(found: FoundMember | undefined): boolean | undefined {
  const isLast = flag(found?.value)
  return isLast === true && WEAK_ENDS.has(found?.name ?? '') ? undefined : isLast
}

/** Either flag is enough for more. */
function hasMore(more: boolean | undefined, last: boolean | undefined): boolean | undefined {
  if (more === true || last === false) return true
  return more === undefined && last === undefined ? undefined : false
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined
}

function flag(value: JsonValue | undefined): boolean | undefined {
  const word = String(value ?? '')
    .trim()
    .toLowerCase()
  if (['true', '1', 'yes'].includes(word)) return true
  return ['false', '0', 'no'].includes(word) ? false : undefined
}
