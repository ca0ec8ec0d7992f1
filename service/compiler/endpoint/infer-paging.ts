import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import type { ScalarKind } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { DeclaredAnswer } from './compile-answer.ts'

/** Names of query parameters, in lower case without separators. */
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

/** A scalar member of an answer: its dotted path, its name, its kind. */
type Field = { readonly path: string; readonly name: string; readonly kind: string }

/** Paging by the names of parameters and of the answer's members: the first scheme that fits. */
export function inferPaging(
  parameters: readonly BoundParameter[],
  fields: readonly Field[],
  primary: DeclaredAnswer | undefined
): PagingRecord {
  const size = sizeParameter(parameters)
  const base: PagingRecord = {
    ...NO_PAGING,
    pageSize: sizeOf(size),
    usualSize: usualSizeOf(size),
    pageSizeParam: size?.name ?? null,
    origin: 'inferred'
  }
  const cursor = parameterNamed(parameters, CURSOR_NAMES)
  const cursorNames = cursor === undefined ? [] : [...NEXT_CURSOR_NAMES, plain(cursor.name), 'next']
  const nextCursor = fieldNamed(fields, cursorNames, ['string', 'integer'])
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

/** Where an answer says how many objects there are, and whether more follow. */
export function countFields(
  fields: readonly Field[]
): Pick<PagingRecord, 'totalField' | 'hasMoreField'> {
  return {
    totalField: fieldNamed(fields, TOTAL_NAMES, ['integer', 'number']) ?? null,
    hasMoreField: fieldNamed(fields, MORE_NAMES, ['boolean']) ?? null
  }
}

/** The parameter that takes the size of a page, by its name. */
export function sizeParameter(parameters: readonly BoundParameter[]): BoundParameter | undefined {
  return parameterNamed(parameters, SIZE_NAMES)
}

/** What a size parameter gives when it is not sent: its default; null for none. */
export function usualSizeOf(parameter: BoundParameter | undefined): number | null {
  const fallback = parameter?.fallback
  return typeof fallback === 'number' && fallback >= 1 ? Math.floor(fallback) : null
}

/** The most that a size parameter takes: its maximum; null for no bound. */
export function sizeOf(parameter: BoundParameter | undefined): number | null {
  const maximum = parameter?.maximum ?? 0
  return maximum >= 1 ? Math.floor(maximum) : null
}

/** The parameter of the first name that fits. One that a flow fills, or that takes a date, is another's. */
function parameterNamed(
  parameters: readonly BoundParameter[],
  names: readonly string[]
): BoundParameter | undefined {
  const free = parameters.filter(
    ({ in: place, sources, kind }) =>
      place === 'query' && sources.length === 0 && PAGING_KINDS.includes(kind)
  )
  const found = names.map(name => free.find(parameter => plain(parameter.name) === name))
  return found.find(parameter => parameter !== undefined)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-[\]]/g, '')
}

/** The scalar members of an answer, the least nested first. */
export function answerFields(
  compilation: Compilation,
  answer: DeclaredAnswer | undefined
): Field[] {
  const fields: Field[] = []
  const open = answer?.schema === undefined ? [] : [{ place: answer.schema, path: '', depth: 0 }]
  for (const next of open) {
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
