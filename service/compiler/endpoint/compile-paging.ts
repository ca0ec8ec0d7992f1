import type { Static } from '../../base/form.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import type { ScalarKind } from '../../model/type-record.ts'
import type { PaginationExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { DeclaredAnswer } from './types.ts'

export type Pagination = Static<typeof PaginationExtension>

/** Names of query parameters, in lower case without separators. */
const PARAMETER_NAMES = {
  size: 'limit perpage pagesize size maxresults pagelimit top count'.split(' '),
  offset: 'offset skip start startindex'.split(' '),
  page: 'page pagenumber pageno pagenum'.split(' '),
  cursor:
    'cursor after pagetoken nextpagetoken nexttoken nextcursor continuationtoken marker'.split(' ')
}

/** Names of members of an answer, in lower case without separators. */
const FIELD_NAMES = {
  nextCursor: 'nextcursor nextpagetoken nexttoken continuationtoken nextmarker'.split(' '),
  nextLink: 'next nexturl nextlink nextpageurl @odata.nextlink nexthref'.split(' '),
  total: 'total totalcount totalrecords totalitems totalresults'.split(' '),
  more: 'hasmore hasnext hasnextpage more'.split(' ')
}

/** Kinds of parameters that take a size, a position or a cursor. */
const PAGING_KINDS: readonly ScalarKind[] = ['text', 'integer', 'number', 'json']

/** How deep into an answer's schema paging fields are searched. */
const FIELD_DEPTH = 3

/** A scalar member of an answer: its dotted path, its plain name, its kind. */
type Field = { readonly path: string; readonly name: string; readonly kind: string }

type PagingScope = {
  /** The closest declaration; undefined for none. */
  readonly declared: Pagination | undefined
  readonly parameters: readonly BoundParameter[]
  /** Names of parameters that the author fills, which are not for paging. */
  readonly filled: ReadonlySet<string>
  readonly primary: DeclaredAnswer | undefined
}

/**
 * Decides how a list is paged: as declared; else by the parameters that are mapped from `limit` and
 * `offset`; else inferred from the names of parameters and of the answer's members
 * (docs/x-flow.md#inferred-paging). Where nothing is found the first answer may show it.
 */
export function compilePaging(
  compilation: Compilation,
  { declared, parameters, filled, primary }: PagingScope
): PagingRecord {
  const limit = mappedFrom(parameters, 'limit')
  const offset = mappedFrom(parameters, 'offset')
  if (declared !== undefined) return completePaging(declared, parameters, limit, offset)
  const fields = answerFields(compilation, primary)
  const counts = {
    totalField: fieldNamed(fields, FIELD_NAMES.total, ['integer', 'number']) ?? null,
    hasMoreField: fieldNamed(fields, FIELD_NAMES.more, ['boolean']) ?? null
  }
  if (limit !== undefined || offset !== undefined) {
    const positionParam = offset?.name ?? null
    return { ...sizedBy(limit), ...counts, type: 'offset', positionParam, origin: 'mapped' }
  }
  const free = parameters.filter(({ name }) => !filled.has(name))
  return { ...inferPaging(free, fields, primary), ...counts }
}

/** A declaration, completed by the usual names and the mapped parameters. */
function completePaging(
  given: Pagination,
  parameters: readonly BoundParameter[],
  limit: BoundParameter | undefined,
  offset: BoundParameter | undefined
): PagingRecord {
  const types = ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'] as const
  const word: unknown = given.type
  const known = types.find(type => type === word)
  const type = known ?? (given.linkField === undefined ? 'offset' : 'next_link')
  const own = { offset: given.offsetParam, page: given.pageParam, cursor: given.cursorParam }
  const usual = { offset: offset?.name ?? 'offset', page: 'page', cursor: 'cursor' }
  const byPosition = type === 'offset' || type === 'page' || type === 'cursor'
  const inferred = type === 'none' ? undefined : parameterNamed(parameters, PARAMETER_NAMES.size)
  const sizeName =
    given.pageSizeParam ??
    limit?.name ??
    inferred?.name ??
    (byPosition && given.pageSize !== undefined ? 'limit' : null)
  const sized = sizedBy(parameters.find(({ name }) => name === sizeName))
  const nextField = type === 'cursor' ? given.cursorField : given.linkField
  return {
    ...sized,
    type,
    pageSize: given.pageSize ?? sized.pageSize,
    pageSizeParam: sizeName,
    positionParam: byPosition ? (own[type] ?? usual[type]) : null,
    firstPage: given.firstPage ?? 1,
    firstPageIsGuessed: given.firstPage === undefined,
    nextField:
      nextField ?? (type === 'next_link' ? 'next' : type === 'cursor' ? 'next_cursor' : null),
    totalField: given.totalField ?? null,
    hasMoreField: given.hasMoreField ?? null,
    maxPages: given.maxPages ?? NO_PAGING.maxPages,
    pauseMs: given.pauseMs ?? 0,
    origin: 'declared'
  }
}

/** Paging by the names of parameters and of the answer's members: the first scheme that fits. */
function inferPaging(
  parameters: readonly BoundParameter[],
  fields: readonly Field[],
  primary: DeclaredAnswer | undefined
): PagingRecord {
  const size = parameterNamed(parameters, PARAMETER_NAMES.size)
  const base: PagingRecord = { ...sizedBy(size), origin: 'inferred' }
  const cursor = parameterNamed(parameters, PARAMETER_NAMES.cursor)
  const cursorNames = cursor ? [...FIELD_NAMES.nextCursor, plain(cursor.name), 'next'] : []
  const nextCursor = fieldNamed(fields, cursorNames, ['string', 'integer'])
  if (cursor !== undefined && nextCursor !== undefined) {
    return { ...base, type: 'cursor', positionParam: cursor.name, nextField: nextCursor }
  }
  const offset = parameterNamed(parameters, PARAMETER_NAMES.offset)
  if (offset !== undefined && size !== undefined) {
    return { ...base, type: 'offset', positionParam: offset.name }
  }
  const page = parameterNamed(parameters, PARAMETER_NAMES.page)
  if (page !== undefined) {
    const firstPage = page.fallback === 0 ? 0 : 1
    return { ...base, type: 'page', positionParam: page.name, firstPage }
  }
  const link = fieldNamed(fields, FIELD_NAMES.nextLink, ['string'])
  if (link !== undefined) return { ...base, type: 'next_link', nextField: link }
  if (primary?.headers.some(name => name.toLowerCase() === 'link')) {
    return { ...base, type: 'link_header' }
  }
  // The first answer may still show a next link, or a cursor for a parameter that takes one.
  return { ...NO_PAGING, positionParam: cursor?.name ?? null }
}

/** Pages whose size a parameter takes: at most its maximum, and its default when it is not sent. */
function sizedBy(size: BoundParameter | undefined): PagingRecord {
  const whole = (value: unknown): number | null =>
    typeof value === 'number' && value >= 1 ? Math.floor(value) : null
  return {
    ...NO_PAGING,
    pageSize: whole(size?.maximum),
    usualSize: whole(size?.fallback),
    pageSizeParam: size?.name ?? null
  }
}

function mappedFrom(
  parameters: readonly BoundParameter[],
  word: 'limit' | 'offset'
): BoundParameter | undefined {
  return parameters.find(({ sources }) => sources.some(({ from }) => from === word))
}

/** The parameter of the first name that fits, unless a flow fills it or it takes a date. */
function parameterNamed(
  parameters: readonly BoundParameter[],
  names: readonly string[]
): BoundParameter | undefined {
  const free = parameters.filter(
    ({ in: location, sources, kind }) =>
      location === 'query' && sources.length === 0 && PAGING_KINDS.includes(kind)
  )
  const found = names.map(name => free.find(parameter => plain(parameter.name) === name))
  return found.find(parameter => parameter !== undefined)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-[\]]/g, '')
}

/** The scalar members of an answer, the least nested first. */
function answerFields(compilation: Compilation, answer: DeclaredAnswer | undefined): Field[] {
  const fields: Field[] = []
  const open = answer?.schema === undefined ? [] : [{ located: answer.schema, path: '', depth: 0 }]
  for (const next of open) {
    const view = viewSchema(compilation, next.located)
    if (view?.kind !== 'object') continue
    for (const [key, located] of view.properties) {
      const kind = viewSchema(compilation, located)?.kind
      const name = key.replaceAll('.', '\\.')
      const path = next.path === '' ? name : `${next.path}.${name}`
      if (kind === undefined) continue
      if (kind === 'object' && next.depth + 1 < FIELD_DEPTH) {
        open.push({ located, path, depth: next.depth + 1 })
      } else {
        fields.push({ path, name: plain(key), kind })
      }
    }
  }
  return fields
}

/** The field of one of the names, the least nested first, then the first name. */
function fieldNamed(
  fields: readonly Field[],
  names: readonly string[],
  kinds: readonly string[]
): string | undefined {
  const fitting = fields.filter(({ kind, name }) => kinds.includes(kind) && names.includes(name))
  const depth = (path: string): number => path.split(/(?<!\\)\./).length
  const [found] = fitting.toSorted(
    (a, b) => depth(a.path) - depth(b.path) || names.indexOf(a.name) - names.indexOf(b.name)
  )
  return found?.path
}

/** Describes how a list is paged. */
export function pagingWords({ type, positionParam, nextField }: PagingRecord): string {
  switch (type) {
    case 'offset':
    case 'page':
      return `${type} in parameter "${positionParam}"`
    case 'cursor':
      return `cursor "${nextField}" of the answer in parameter "${positionParam}"`
    case 'next_link':
      return `next link "${nextField}" of the answer`
    case 'link_header':
      return 'header Link of the answer'
    case 'none':
      return 'nothing'
    default:
      return type satisfies never
  }
}
