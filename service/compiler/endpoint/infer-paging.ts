import type { PagingRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import { PAGING_MEMBERS } from '../../model/paging-names.ts'
import type { AnswerField } from './answer-fields.ts'
import { fieldNamed } from './answer-fields.ts'
import { countsFrom } from './parameter-range.ts'
import type { PagingParameter } from './paging-parameters.ts'
import { parameterNamed, sizedBy } from './paging-parameters.ts'

/** Names of query parameters as `bareName` writes them, the surest first. */
const PARAMETERS = {
  /** Of these a list without anything else for paging has one, too. */
  sureSize: words(
    'limit perpage pagesize maxresults pagelimit top resultsperpage itemsperpage recordsperpage ' +
      'maxresultcount pagelength'
  ),
  otherSize: words(
    'size maxkeys maxitems maxrecords maxrows pagelen take rows numresults hitsperpage batchsize ' +
      'rpp count'
  ),
  offset: words(
    'offset skip startat startindex startelement startrow startrecord startposition startoffset ' +
      'firstresult skipcount pageoffset'
  ),
  /** These are a position only beside a size. */
  start: words('start from'),
  page: words('page pagenumber pageno pagenum pageindex currentpage'),
  cursor: words(
    'cursor pagetoken nextpagetoken nexttoken nextcursor continuationtoken paginationtoken marker ' +
      'iterator bookmark resumptiontoken pagingtoken scrollid continue cursormark pagecursor startcursor pageafter after startingafter exclusivestartkey nextkey'
  ),
  /** These take the id of the last object of a page. */
  lastId: words('startingafter afterid startafter startafterid')
}

const SIZES = [...PARAMETERS.sureSize, ...PARAMETERS.otherSize]

/** Names of parameters that take a number, although an answer may tell the next one. */
const POSITIONS = new Set([
  ...[...PARAMETERS.offset, ...PARAMETERS.start, ...PARAMETERS.page],
  ...['link', 'url', 'uri', 'href']
])

/** What a document says about the paging of a list. */
export type PagingFacts = {
  /** The parameters that may be for paging. */
  readonly free: readonly PagingParameter[]
  /** Names of all parameters, as `bareName` writes them. */
  readonly names: ReadonlySet<string>
  /** The parameter that is mapped from `limit`. */
  readonly limit: PagingParameter | undefined
  readonly fields: readonly AnswerField[]
  /** The answer is an array, which has no member that could show a next page. */
  readonly isBare: boolean
  /** The dotted path of the id of a page's last object; null where it is not known. */
  readonly lastId: string | null
}

/** The parameter for the size of a page: the mapped one, else the first of the usual names. */
export function sizeParameter({ free, limit }: PagingFacts): PagingParameter | undefined {
  return limit ?? parameterNamed(free, SIZES)
}

/** The members of an answer that say how many objects there are, and where a page stands. */
export function countFields(fields: readonly AnswerField[]): Partial<PagingRecord> {
  const { total, counts, pages, more, last, size } = PAGING_MEMBERS
  const numbers = ['integer', 'number'] as const
  return {
    totalField: fieldNamed(fields, total, numbers) ?? fieldNamed(fields, counts, numbers),
    pagesField: fieldNamed(fields, pages, numbers),
    hasMoreField: fieldNamed(fields, more, ['boolean']),
    lastField: fieldNamed(fields, last, ['boolean']),
    sizeField: fieldNamed(fields, size, numbers)
  }
}

/**
 * Infers paging from the names of parameters and of the answer's members: the first scheme that fits
 * (docs/x-flow.md#inferred-paging).
 */
export function inferPaging(facts: PagingFacts, hasLinkHeader: boolean): PagingRecord {
  const { free, fields } = facts
  const size = sizeParameter(facts)
  const base: PagingRecord = {
    ...sizedBy(size),
    ...countFields(fields),
    origin: 'inferred'
  }
  const cursor = parameterNamed(free, PARAMETERS.cursor)
  const page = parameterNamed(free, PARAMETERS.page)
  const link = fieldNamed(fields, ['odatanextlink'], ['string', 'link'])
  const stated = statedOffset(base, facts)
  if (stated !== null) return stated
  const next =
    inferCursor(base, facts) ?? (link === null ? null : { ...base, ...nextLink(link, cursor) })
  if (next !== null) return next
  const offset = offsetParameter(facts, size)
  // Only the answer can tell whether a text is a number, or a mark of the API's own.
  const mayBeMark = offset !== undefined && isMark(offset) && !facts.isBare && !isCounted(base)
  if (offset !== undefined && !mayBeMark) return { ...base, ...byOffset(offset, facts) }
  const nextField =
    fieldNamed(fields, PAGING_MEMBERS.nextLink, ['link', 'mixed']) ??
    fieldNamed(fields, PAGING_MEMBERS.nextCursor, ['link']) ??
    fieldNamed(fields, PAGING_MEMBERS.nextLink, ['string'])
  // The first request has no link, and must have a page where the document requires one.
  if (nextField !== null && page?.mustBeSent !== true) {
    return { ...base, ...nextLink(nextField, cursor ?? page) }
  }
  if (page !== undefined) return { ...base, ...byPage(page, facts) }
  if (hasLinkHeader) return { ...base, type: 'link_header' }
  // The first answer may still show a next link, a cursor for a parameter that takes one, or a flag for more.
  const isSure = parameterNamed(free, PARAMETERS.sureSize) === size || facts.limit === size
  const open = isSure ? base : { ...NO_PAGING, ...countFields(fields) }
  const after = parameterNamed(free, PARAMETERS.lastId)
  const lastId = after === undefined ? null : facts.lastId
  const mark = mayBeMark ? offset : cursor
  const positionParam = (lastId === null ? mark : after)?.name ?? null
  return { ...open, positionParam, nextField: lastId, origin: 'answer' }
}

/** Whether an offset is a text of which nothing says that it is a number. */
function isMark({ word, kind, range }: PagingParameter): boolean {
  const { usual, minimum, maximum, example } = range
  const isNumber = [usual, minimum, maximum, example].some(number => number !== null)
  return word === 'offset' && kind === 'text' && !isNumber
}

/** Whether the document shows members by which a list of positions ends. */
function isCounted({ totalField, pagesField, lastField }: PagingRecord): boolean {
  return totalField !== null || pagesField !== null || lastField !== null
}

/**
 * Paging by an offset that the answer states as a number beside a total, whatever the parameter is declared as. Where the
 * list has a cursor too, it is a second way, which an API may have to be asked for.
 */
function statedOffset(base: PagingRecord, facts: PagingFacts): PagingRecord | null {
  const offset = offsetParameter(facts, sizeParameter(facts))
  if (offset === undefined || base.totalField === null) return null
  const paging = byOffset(offset, facts)
  return paging.positionField === null ? null : { ...base, ...paging }
}

/** Paging by a mark of the answer, or by the id of its last object. */
function inferCursor(base: PagingRecord, facts: PagingFacts): PagingRecord | null {
  const { free, fields, lastId } = facts
  const cursors = PARAMETERS.cursor.flatMap(name => parameterNamed(free, [name]) ?? [])
  // An offset in text is a mark of the API's own.
  const texts = free.filter(({ kind }) => kind === 'text')
  for (const { name, word } of [parameterNamed(texts, ['offset']) ?? [], cursors].flat()) {
    const names = [...PAGING_MEMBERS.nextCursor, `next${word}`, word]
    const nextField =
      fieldNamed(fields, names, ['string', 'integer', 'header']) ??
      fieldNamed(fields, ['next', 'nextpage'], ['integer'])
    if (nextField !== null) return { ...base, type: 'cursor', positionParam: name, nextField }
  }
  // A parameter `batch` takes what the answer has as `next_batch`, if it is no position.
  const told = new Set(fields.map(field => field.name))
  for (const { name, word } of free) {
    if (POSITIONS.has(word) || !told.has(`next${word}`)) continue
    const nextField = fieldNamed(fields, [`next${word}`], ['string', 'integer'])
    if (nextField !== null) return { ...base, type: 'cursor', positionParam: name, nextField }
  }
  const after = parameterNamed(free, PARAMETERS.lastId) ?? parameterNamed(free, ['after'])
  if (after === undefined || base.hasMoreField === null) return null
  const ofLast = fieldNamed(fields, ['lastid'], ['string', 'integer'])
  const isPlain = after.word === 'after'
  const nextField = ofLast ?? (isPlain ? null : lastId)
  if (nextField === null) return null
  return { ...base, type: 'cursor', positionParam: after.name, nextField }
}

/** A next link; a value that is none goes into the parameter. */
function nextLink(
  nextField: string,
  parameter: PagingParameter | undefined
): Partial<PagingRecord> {
  return { type: 'next_link', nextField, positionParam: parameter?.name ?? null }
}

function offsetParameter(
  { free, names }: PagingFacts,
  size: PagingParameter | undefined
): PagingParameter | undefined {
  const numbers = free.filter(({ word, kind }) => kind !== 'text' || word !== 'from')
  const found = parameterNamed(numbers, PARAMETERS.offset)
  if (found !== undefined || size === undefined) return found
  const start = parameterNamed(numbers, PARAMETERS.start)
  if (start === undefined || start.word !== 'from') return start
  const isRange = names.has('to') || names.has('until')
  return isRange || !size.word.endsWith('size') ? undefined : start
}

/** Paging by the offset of the first object. */
export function byOffset(
  { name, word, range }: PagingParameter,
  { fields, names }: PagingFacts
): Partial<PagingRecord> {
  // SCIM and OpenSearch count from 1 (RFC 7644, 3.4.2.4).
  const isScim =
    word === 'startindex' &&
    (names.has('count') || fields.some(field => field.name === 'resources'))
  return {
    type: 'offset',
    positionParam: name,
    firstOffset: countsFrom(range) ?? (isScim ? 1 : 0),
    positionField: fieldNamed(fields, PAGING_MEMBERS.offset, ['integer', 'number'])
  }
}

/** Paging by the number of the page. */
function byPage({ name, range }: PagingParameter, { fields }: PagingFacts): Partial<PagingRecord> {
  const from = countsFrom(range)
  return {
    type: 'page',
    positionParam: name,
    firstPage: from ?? 1,
    // A default of 1 beside a minimum of 0 says both.
    firstPageIsGuessed: from === null || (from === 1 && range.minimum === 0),
    nextField: fieldNamed(fields, PAGING_MEMBERS.nextPage, ['integer', 'header']),
    positionField: fieldNamed(fields, PAGING_MEMBERS.page, ['integer', 'number'])
  }
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
