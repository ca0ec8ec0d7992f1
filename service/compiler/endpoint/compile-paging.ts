import { Value } from 'typebox/value'

import type { JsonObject, JsonValue } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { PaginationExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from './compile-answer.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { PagingRecord, ParameterRecord } from '../../model/endpoint-record.ts'
import type { ScalarKind } from '../../model/type-record.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** Requests of one flow load at the most, unless declared (x-flow 7). */
const MAX_PAGES = 100

/** Names of query parameters, in lower case without separators (features 3.3). */
const SIZE_NAMES = [
  'limit',
  'perpage',
  'pagesize',
  'size',
  'maxresults',
  'pagelimit',
  'top',
  'count'
]
const OFFSET_NAMES = ['offset', 'skip', 'start', 'startindex']
const PAGE_NAMES = ['page', 'pagenumber', 'pageno', 'pagenum']
const CURSOR_NAMES = [
  'cursor',
  'after',
  'pagetoken',
  'nextpagetoken',
  'nexttoken',
  'nextcursor',
  'continuationtoken',
  'marker'
]

/** Names of members of an answer, likewise. */
const NEXT_CURSOR_NAMES = [
  'nextcursor',
  'nextpagetoken',
  'nexttoken',
  'continuationtoken',
  'nextmarker'
]
const NEXT_LINK_NAMES = [
  'next',
  'nexturl',
  'nextlink',
  'nextpageurl',
  '@odata.nextlink',
  'nexthref'
]
const TOTAL_NAMES = ['total', 'totalcount', 'totalrecords', 'totalitems', 'totalresults']
const MORE_NAMES = ['hasmore', 'hasnext', 'hasnextpage', 'more']

/** Kinds of parameters that take a size, a position or a cursor. */
const PAGING_KINDS: readonly ScalarKind[] = ['text', 'integer', 'number', 'json']

/** How far into an answer's schema paging values are looked for. */
const FIELD_DEPTH = 3

/** What paging is read from. */
export type PagingScope = {
  readonly mapping: DeclaredMapping
  /** Holders of `x-flow-pagination`, the closest first. */
  readonly holders: readonly (JsonObject | undefined)[]
  readonly parameters: readonly ParameterRecord[]
  readonly primary: DeclaredAnswer | undefined
}

/**
 * Decides how a list is paged (x-flow 7): as declared, the closest declaration first; else by the
 * parameters that are mapped from `limit` and `offset`; else inferred from the names of parameters and
 * of the answer's members, which is a diagnostic. Where nothing is found the first answer may show it.
 */
export function compilePaging(compilation: Compilation, scope: PagingScope): PagingRecord {
  const { mapping, parameters } = scope
  if (mapping.verb !== 'load' && mapping.verb !== 'query') return NO_PAGING
  const fields = answerFields(compilation, scope.primary)
  const limit = fedBy(parameters, 'limit')
  const offset = fedBy(parameters, 'offset')
  const declared = declaredPaging(scope)
  if (declared !== undefined) return declared(parameters, limit, offset)
  const total = fieldNamed(fields, TOTAL_NAMES, ['integer', 'number'])
  const more = fieldNamed(fields, MORE_NAMES, ['boolean'])
  const facts = { totalField: total ?? null, hasMoreField: more ?? null }
  if (limit !== undefined || offset !== undefined) {
    return {
      ...NO_PAGING,
      ...facts,
      type: 'offset',
      pageSize: sizeOf(limit),
      usualSize: usualSizeOf(limit),
      pageSizeParam: limit?.name ?? null,
      positionParam: offset?.name ?? null,
      origin: 'mapped'
    }
  }
  // A parameter that the author fills is not for paging.
  const mapped = mapping.extension.parameters ?? {}
  const free = parameters.filter(({ name }) => !Object.hasOwn(mapped, name))
  const inferred = { ...inferredPaging(free, fields, scope.primary), ...facts }
  if (mapping.verb === 'query' && inferred.type !== 'none') {
    compilation.report.add('PAGING_INFERRED', mapping.at, {
      key: `x-flow-${mapping.verb}`,
      place: pagingWords(inferred)
    })
  }
  return inferred
}

/** A list of which nothing says how it is paged. */
export const NO_PAGING: PagingRecord = {
  type: 'none',
  pageSize: null,
  usualSize: null,
  pageSizeParam: null,
  positionParam: null,
  firstPage: 1,
  nextField: null,
  totalField: null,
  hasMoreField: null,
  maxPages: MAX_PAGES,
  pauseMs: 0,
  origin: 'answer'
}

type Completion = (
  parameters: readonly ParameterRecord[],
  limit: ParameterRecord | undefined,
  offset: ParameterRecord | undefined
) => PagingRecord

/** The closest declaration, whose blanks are filled with the usual names and the mapped parameters. */
function declaredPaging({ mapping, holders }: PagingScope): Completion | undefined {
  const values: (JsonValue | undefined)[] = [
    isJsonValue(mapping.extension.pagination) ? mapping.extension.pagination : undefined,
    ...holders.map(holder => member(holder, 'x-flow-pagination'))
  ]
  const given = values.find(value => Value.Check(PaginationExtension, value))
  if (given === undefined) return undefined
  return (parameters, limit, offset) => {
    const type = pagingType(given.type) ?? (given.linkField === undefined ? 'offset' : 'next_link')
    const own = { offset: given.offsetParam, page: given.pageParam, cursor: given.cursorParam }
    const usual = { offset: offset?.name ?? 'offset', page: 'page', cursor: 'cursor' }
    const byPosition = type === 'offset' || type === 'page' || type === 'cursor'
    const sizeName =
      given.pageSizeParam ??
      limit?.name ??
      (type === 'none' ? undefined : parameterNamed(parameters, SIZE_NAMES)?.name) ??
      (byPosition && given.pageSize !== undefined ? 'limit' : null)
    const sizeParameter = parameters.find(({ name }) => name === sizeName)
    const nextField = type === 'cursor' ? given.cursorField : given.linkField
    return {
      type,
      pageSize: given.pageSize ?? (sizeName === null ? null : sizeOf(sizeParameter)),
      usualSize: usualSizeOf(sizeParameter),
      pageSizeParam: sizeName,
      positionParam: byPosition ? (own[type] ?? usual[type]) : null,
      firstPage: given.firstPage ?? 1,
      nextField:
        nextField ?? (type === 'next_link' ? 'next' : type === 'cursor' ? 'next_cursor' : null),
      totalField: given.totalField ?? null,
      hasMoreField: given.hasMoreField ?? null,
      maxPages: given.maxPages ?? MAX_PAGES,
      pauseMs: given.pauseMs ?? 0,
      origin: 'declared'
    }
  }
}

function pagingType(given: unknown): PagingRecord['type'] | undefined {
  const types = ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'] as const
  return types.find(type => type === given)
}

/** An extension's member is read from JSON and is JSON; its schema's type only says more about it. */
function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined
}

/** Paging by the names of parameters and members (features 3.3): the first scheme that fits. */
function inferredPaging(
  parameters: readonly ParameterRecord[],
  fields: readonly Field[],
  primary: DeclaredAnswer | undefined
): PagingRecord {
  const size = parameterNamed(parameters, SIZE_NAMES)
  const base: PagingRecord = {
    ...NO_PAGING,
    pageSize: sizeOf(size),
    usualSize: usualSizeOf(size),
    pageSizeParam: size?.name ?? null,
    origin: 'inferred'
  }
  const cursor = parameterNamed(parameters, CURSOR_NAMES)
  const nextCursor =
    cursor === undefined
      ? undefined
      : fieldNamed(
          fields,
          [...NEXT_CURSOR_NAMES, plain(cursor.name), 'next'],
          ['string', 'integer']
        )
  if (cursor !== undefined && nextCursor !== undefined) {
    return { ...base, type: 'cursor', positionParam: cursor.name, nextField: nextCursor }
  }
  const offset = parameterNamed(parameters, OFFSET_NAMES)
  if (offset !== undefined && size !== undefined) {
    return { ...base, type: 'offset', positionParam: offset.name }
  }
  const page = parameterNamed(parameters, PAGE_NAMES)
  if (page !== undefined) {
    const firstPage = page.fallback === 0 ? 0 : 1
    return { ...base, type: 'page', positionParam: page.name, firstPage }
  }
  const link = fieldNamed(fields, NEXT_LINK_NAMES, ['string'])
  if (link !== undefined) return { ...base, type: 'next_link', nextField: link }
  if (primary?.headers.some(name => name.toLowerCase() === 'link')) {
    return { ...base, type: 'link_header' }
  }
  // The first answer may still show a next link, or a cursor for a parameter that takes one.
  return { ...NO_PAGING, positionParam: cursor?.name ?? null }
}

/** What a size parameter gives when it is not sent: its default; null for none. */
function usualSizeOf(parameter: ParameterRecord | undefined): number | null {
  const fallback = parameter?.fallback
  return typeof fallback === 'number' && fallback >= 1 ? Math.floor(fallback) : null
}

/** The most that a size parameter takes: its maximum; null for no bound. */
function sizeOf(parameter: ParameterRecord | undefined): number | null {
  if (parameter === undefined) return null
  if (parameter.maximum !== null && parameter.maximum >= 1) return Math.floor(parameter.maximum)
  return null
}

function fedBy(
  parameters: readonly ParameterRecord[],
  word: 'limit' | 'offset'
): ParameterRecord | undefined {
  return parameters.find(({ sources }) => sources.some(({ from }) => from === word))
}

/** The parameter of the first name that fits. One that a flow fills, or that takes a date, is another's. */
function parameterNamed(
  parameters: readonly ParameterRecord[],
  names: readonly string[]
): ParameterRecord | undefined {
  const free = parameters.filter(
    ({ in: place, sources, kind }) =>
      place === 'query' && sources.length === 0 && PAGING_KINDS.includes(kind)
  )
  for (const name of names) {
    const found = free.find(parameter => plain(parameter.name) === name)
    if (found !== undefined) return found
  }
  return undefined
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-[\]]/g, '')
}

/** A scalar member of an answer: its dotted path, its name, its kind. */
type Field = { readonly path: string; readonly name: string; readonly kind: string }

function answerFields(compilation: Compilation, answer: DeclaredAnswer | undefined): Field[] {
  const fields: Field[] = []
  const open = answer?.schema === undefined ? [] : [{ place: answer.schema, path: '', depth: 0 }]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const view = viewSchema(compilation, next.place)
    if (view === undefined || view.kind !== 'object') continue
    for (const [key, place] of view.properties) {
      const held = viewSchema(compilation, place)
      const name = key.replaceAll('.', '\\.')
      const path = next.path === '' ? name : `${next.path}.${name}`
      if (held === undefined) continue
      if (held.kind === 'object' && next.depth + 1 < FIELD_DEPTH) {
        open.push({ place, path, depth: next.depth + 1 })
      } else {
        fields.push({ path, name: plain(key), kind: held.kind })
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

function pagingWords({ type, positionParam, nextField }: PagingRecord): string {
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
