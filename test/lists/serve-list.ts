import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { ListApi, Path, Row } from './list-api.ts'
import { sortedRows, withValue } from './list-api.ts'
import { SAME } from './scheme.ts'

export type ListAnswer = {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: JsonValue
  readonly isRefusal?: boolean
}

/** Where a page of the list begins and ends, as indexes of rows. */
type Page = { readonly start: number; readonly size: number }

const refused = (status: number, message: string): ListAnswer => ({
  status,
  headers: {},
  body: { message }
})

/** Answers a request for the list. */
export function serveList(whole: ListApi, url: URL): ListAnswer {
  const api = listedRows(whole, url)
  const page = requestedPage(api, url)
  if (typeof page === 'string') return refused(400, page)
  const { start } = page
  const { rows, refusal, behind } = api
  if (start > 0 && start >= rows.length && behind !== 200)
    return refused(behind, 'There is no such page.')
  if (refusal !== null && start >= refusal.from) {
    return { status: 200, headers: {}, body: refusal.body, isRefusal: true }
  }
  return { status: 200, headers: headersOf(api, page, url), body: bodyOf(api, page, url) }
}

/** The API with the rows that a request filters and sorts. */
function listedRows(api: ListApi, { searchParams }: URL): ListApi {
  const { filter, sorting, rows, hidden } = api
  if (filter === null && sorting === null) return api
  const status = filter === null ? null : (searchParams.get('status') ?? filter.fallback)
  const hiddenRows = new Set(rows.filter((_, index) => hidden.has(index)))
  let listed = rows.filter(row => status === null || status === 'all' || row.status === status)
  const sort = sorting === null ? null : searchParams.get('sort')
  if (sort !== null) {
    const isDown = sort.startsWith('-') || searchParams.get('order') === 'desc'
    listed = [...sortedRows(listed, sort.replace('-', ''), isDown ? 'DESC' : 'ASC')]
  }
  const indexes = listed.flatMap((row, index) => (hiddenRows.has(row) ? [index] : []))
  return { ...api, rows: listed, hidden: new Set(indexes) }
}

/** The page of a request, or why it is none. */
function requestedPage(api: ListApi, { searchParams }: URL): Page | string {
  const { size, position, rows } = api
  const given = size.param === null ? null : searchParams.get(size.param)
  const asked = given === null ? size.usual : Number(given)
  if (!Number.isInteger(asked) || (given !== null && !size.isTaken(asked)))
    return `The size ${given} is invalid.`
  if (asked > size.cap && size.excess === 'refused') return `The size ${given} is too large.`
  const length = Math.min(asked, size.cap)
  if (!('param' in position)) return { start: 0, size: length }
  const mark = searchParams.get(position.param)
  if (mark === null) return { start: 0, size: length }
  switch (position.by) {
    case 'offset':
    case 'page': {
      const number = Number(mark) - position.first
      if (!Number.isInteger(number) || number < 0)
        return `The ${position.param} ${mark} is invalid.`
      return { start: position.by === 'page' ? number * length : number, size: length }
    }
    case 'cursor': {
      const start = startOfMark(mark)
      return start === null ? `The ${position.param} ${mark} is unknown.` : { start, size: length }
    }
    case 'after': {
      const index = rows.findIndex(({ id }) => String(id) === mark)
      return index < 0 ? `There is no object ${mark}.` : { start: index + 1, size: length }
    }
    default:
      return position satisfies never
  }
}

const FACTOR = 7_919

/** A cursor that says nothing to a reader. */
function markOf(start: number, isNumber: boolean): JsonValue {
  return isNumber ? start * FACTOR : Buffer.from(`row:${start}`).toString('base64url')
}

function startOfMark(mark: string): number | null {
  if (/^\d+$/.test(mark)) return Number(mark) % FACTOR === 0 ? Number(mark) / FACTOR : null
  const [, start] = /^row:(\d+)$/.exec(Buffer.from(mark, 'base64url').toString()) ?? []
  return start === undefined ? null : Number(start)
}

function bodyOf(api: ListApi, page: Page, url: URL): JsonValue {
  const { list, beside, total, flag, pages, echo, position, link, zeroClue, rows } = api
  const shown = rows.filter(
    (_, index) => index >= page.start && index < page.start + page.size && !api.hidden.has(index)
  )
  const json = ({ id, ...rest }: Row): JsonObject => (api.hasId ? { id, ...rest } : rest)
  const items = shown.map(row =>
    list.wrapper === null ? json(row) : { [list.wrapper]: json(row), key: 'k' }
  )
  const { place } = list
  if (place.length === 0) return items
  const set: [Path, JsonValue][] = []
  const written = (count: number): JsonValue => (api.writesText ? String(count) : count)
  const isLast = page.start + page.size >= rows.length
  if (total !== null && typeof total.at !== 'string')
    set.push([total.at, written(totalOf(api, shown.length))])
  if (flag !== null) set.push([flag.at, flag.of === 'more' ? !isLast : isLast])
  if (pages !== null) set.push([pages, Math.ceil(rows.length / page.size)])
  if (echo.position !== null) set.push([echo.position, positionNumber(api, page)])
  if (echo.size !== null) set.push([echo.size, written(page.size)])
  if (zeroClue === 'flag') set.push([['first'], page.start === 0])
  if (position.by === 'cursor' && position.mark.length > 0) {
    const isNumber = typeof api.end === 'number'
    const mark = hasNext(api, page)
      ? markOf(page.start + page.size, isNumber)
      : endMark(api, position.param, url)
    if (mark !== undefined) set.push([position.mark, mark])
  }
  if (link?.at === 'body') {
    const next = hasNext(api, page) ? nextAddress(api, page, url, link.form) : api.end
    if (link.form === 'relations') set.push([link.place, relations(next, url)])
    else if (next !== undefined) set.push([link.place, next])
  }
  if (items.length > 0 || list.empty !== 'missing') {
    const held = list.isMap
      ? Object.fromEntries(shown.map(row => [`k-${row.id}`, json(row)]))
      : items
    set.push([place, items.length === 0 && list.empty === 'null' ? null : held])
  }
  return set.reduce<JsonObject>((body, [path, value]) => withValue(body, path, value), beside)
}

function totalOf({ total, rows, size }: ListApi, shown: number): number {
  if (total?.of === 'page') return shown
  return total?.of === 'part' ? Math.min(rows.length, size.usual + 2) : rows.length
}

function positionNumber({ position }: ListApi, { start, size }: Page): number {
  const first = 'first' in position ? position.first : 0
  return (position.by === 'page' ? Math.floor(start / size) : start) + first
}

function hasNext({ rows, isEager, end }: ListApi, { start, size }: Page): boolean {
  if (isEager === 'always') return start < rows.length
  if (start >= rows.length) return false
  return end === SAME || start + size < rows.length || (isEager && start + size === rows.length)
}

function endMark({ end }: ListApi, param: string, url: URL): JsonValue | undefined {
  return end === SAME ? url.searchParams.get(param) : end
}

function nextAddress(
  api: ListApi,
  page: Page,
  { origin, pathname, searchParams }: URL,
  form: string
): string {
  const { position, size } = api
  const next = page.start + page.size
  const query = new URLSearchParams(searchParams)
  if (size.param !== null) query.set(size.param, String(page.size))
  if ('param' in position) {
    const number = positionNumber(api, { start: next, size: page.size })
    query.set(position.param, String(position.by === 'cursor' ? markOf(next, false) : number))
  }
  if (form === 'relations') return `${origin}${pathname}?${query}`
  const places = { absolute: origin + pathname, path: pathname, name: 'things' }
  const before = form === 'absolute' || form === 'path' || form === 'name' ? places[form] : ''
  return `${before}?${query}`
}

/** Links as HATEOAS writes them. */
function relations(next: JsonValue | undefined, { href }: URL): JsonValue {
  const links = [{ rel: 'self', href }]
  return typeof next === 'string' && next !== '' ? [...links, { rel: 'next', href: next }] : links
}

function headersOf(api: ListApi, page: Page, url: URL): { readonly [name: string]: string } {
  const { total, link, rows } = api
  const headers: Record<string, string> = {}
  if (total !== null && typeof total.at === 'string')
    headers[total.at] = String(totalOf(api, rows.length))
  if (link?.at !== 'header') return headers
  const rel = (target: string, word: string, more = ''): string =>
    `<${target}>; rel=${link.quote}${word}${link.quote}${more}`
  const links: string[] = []
  if (link.beside !== 'nothing') links.push(rel(`${url.origin}${url.pathname}`, 'first'))
  if (link.beside === 'commas') {
    links.push(
      rel(
        `${url.origin}${url.pathname}?fields=id,name`,
        'self',
        '; title="all, but rel=next is not here"'
      )
    )
  }
  if (hasNext(api, page)) links.push(rel(nextAddress(api, page, url, 'absolute'), 'next'))
  if (links.length > 0) headers.Link = links.join(', ')
  return headers
}
