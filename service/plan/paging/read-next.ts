import { followPath, passesLastItem } from '../../base/dotted-path.ts'
import { numberText } from '../../base/exact-number.ts'
import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { pagingName } from '../../model/paging-names.ts'
import { linkTargets } from './link-header.ts'
import type { PagePosition } from './page-position.ts'
import type { UsualMembers } from './usual-members.ts'

/** What an answer says of the page after it. */
export type NextPage = {
  /** Whether there is one; undefined where nothing says so. */
  readonly isThere: boolean | undefined
  /** Where it begins; null where nothing says so. */
  readonly position: PagePosition | null
}

/** The parts of an answer that may name the next page. */
export type NextScope = {
  readonly body: JsonValue | undefined
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** The base of a relative link. */
  readonly url: string
}

const UNSAID: NextPage = { isThere: undefined, position: null }
const NONE: NextPage = { isThere: false, position: null }

/** Texts that APIs send in place of null. */
const ENDS: ReadonlySet<string> = new Set([
  '',
  '0',
  '-1',
  'null',
  'none',
  'nil',
  'undefined',
  'false'
])

const ADDRESS = /^https?:\/\//i
/** An address, also a relative one with a query: `things?page=2`. */
const LINK = /^(https?:\/\/|\/|[\w.~-]*\?)/i

/**
 * Reads where the next page is: as the paging says; if that does not say it, by a `Link` header or a usual member
 * (docs/x-flow.md#inferred-paging).
 *
 * @throws ConnectorError `PAGING_UNREADABLE` for a cursor or link that cannot be read.
 */
export function readNext(paging: PagingRecord, scope: NextScope, usual: UsualMembers): NextPage {
  const { type, origin } = paging
  if (type === 'none') return answerNext(paging, scope, usual)
  const isSequential = type === 'cursor' || type === 'next_link' || type === 'link_header'
  const told = type === 'link_header' ? headerNext(scope) : fieldNext(paging, scope)
  if (told.isThere !== undefined || told.position !== null) return told
  const shown = isSequential && origin === 'declared' ? NONE : shownNext(paging, scope, usual)
  if (shown.isThere === undefined && isSequential) return NONE
  // Only what the author of the document declares ends a list that is declared.
  return shown.isThere === false && !isSequential && origin === 'declared' ? UNSAID : shown
}

/** What the answer shows; beside a flag for more, a parameter may take the id of the last object. */
function answerNext(paging: PagingRecord, scope: NextScope, usual: UsualMembers): NextPage {
  const shown = shownNext(paging, scope, usual)
  const { nextField } = paging
  if (nextField === null || shown.isThere === true) return shown
  const isMore = usual.get('more')?.value ?? usual.get('last')?.value === false
  const id = markText(followPath(scope.body, nextField) ?? null)
  if (isMore !== true || typeof id !== 'string') return shown
  return { isThere: true, position: { at: 'cursor', value: id } }
}

/** What the declared or inferred member or header says. */
function fieldNext(paging: PagingRecord, { body, headers, url }: NextScope): NextPage {
  const { type, nextField: field, positionParam } = paging
  if (field === null) return UNSAID
  const header = /^header:(.+)$/i.exec(field)?.[1]
  const value =
    header === undefined ? followPath(body, field) : headers[header.trim().toLowerCase()]
  if (value === undefined) return UNSAID
  const text = markText(member(value, 'href') ?? value)
  if (text === undefined) throw new ConnectorError('PAGING_UNREADABLE', { field })
  if (text === null) return NONE
  const isLink = LINK.test(text)
  if (type === 'cursor' || (type === 'next_link' && !isLink && positionParam !== null)) {
    // The last object of a page has an id whether or not more follow.
    const isThere = passesLastItem(field) ? undefined : true
    return { isThere, position: { at: 'cursor', value: text } }
  }
  if (type !== 'next_link') return { isThere: true, position: isLink ? link(text, url) : null }
  const position = link(text, url)
  if (position === null) throw new ConnectorError('PAGING_UNREADABLE', { field })
  return { isThere: true, position }
}

/** @throws ConnectorError `PAGING_UNREADABLE` for a `Link` header in which there is no link. */
function headerNext({ headers, url }: NextScope): NextPage {
  const targets = linkTargets(headers.link)
  const target = targets.get('next')
  if (target !== undefined) return { isThere: true, position: link(target, url) }
  if (targets.size === 0 && (headers.link ?? '').trim() !== '') {
    throw new ConnectorError('PAGING_UNREADABLE', { field: 'header:Link' })
  }
  return headers.link === undefined ? UNSAID : NONE
}

/** What an answer shows without that the document says where. */
function shownNext(
  paging: PagingRecord,
  { headers, url }: NextScope,
  usual: UsualMembers
): NextPage {
  const targets = linkTargets(headers.link)
  const target = targets.get('next')
  if (target !== undefined) return { isThere: true, position: link(target, url) }
  const { type, positionParam } = paging
  const takesCursor = (type === 'none' || type === 'cursor') && positionParam !== null
  let isEnd = targets.has('prev') || targets.has('first') || targets.has('last')
  for (const about of ['nextLink', 'nextCursor', 'nextPage'] as const) {
    const found = usual.get(about)
    if (found === undefined) continue
    const text = markText(found.value)
    if (text === null) isEnd = true
    if (text === null || text === undefined) continue
    const isLink = about === 'nextLink' ? LINK.test(text) : ADDRESS.test(text)
    if (isLink) return { isThere: true, position: link(text, url) }
    const isNamed = positionParam !== null && found.name === pagingName(positionParam)
    return {
      isThere: true,
      position: takesCursor || isNamed ? { at: 'cursor', value: text } : null
    }
  }
  const number = headers['x-next-page']
  if (number !== undefined && markText(number) !== null) return { isThere: true, position: null }
  return isEnd || number !== undefined ? NONE : UNSAID
}

/**
 * A cursor or link as text; null for the end: null, blank, false, 0, -1, or a text of one of these. Undefined for
 * what is neither.
 */
function markText(value: JsonValue): string | null | undefined {
  if (value === null || value === false) return null
  if (isJsonArray(value) || isJsonObject(value)) {
    return Object.keys(value).length === 0 ? null : undefined
  }
  const text = typeof value === 'number' || isExactNumber(value) ? numberText(value) : String(value)
  if (text === undefined || value === true) return undefined
  return ENDS.has(text.trim().toLowerCase()) ? null : text
}

function link(target: string, base: string): PagePosition | null {
  const url = URL.parse(target, base)
  return url === null ? null : { at: 'link', value: url.href }
}
