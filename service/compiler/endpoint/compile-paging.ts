import { joinPath } from '../../base/dotted-path.ts'
import type { Static } from '../../base/form.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { BindingRecord, RecordsLocation } from '../../model/mapping-record.ts'
import { bareName } from '../../base/plain-name.ts'
import type { PaginationExtension } from '../../parse/mapping-forms.ts'
import { compileIdentity } from '../schema/compile-identity.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { answerFields } from './answer-fields.ts'
import type { PagingFacts } from './infer-paging.ts'
import { byOffset, countFields, inferPaging, sizeParameter } from './infer-paging.ts'
import { countsFrom } from './parameter-range.ts'
import type { PagingParameter } from './paging-parameters.ts'
import { freeParameters, pagingParameter, sizedBy } from './paging-parameters.ts'
import type { MappingContext } from './types.ts'

export type Pagination = Static<typeof PaginationExtension>

/** What decides about the paging of a mapping. */
export type PagingScope = {
  /** The closest declaration; undefined for none. */
  readonly declared: Pagination | undefined
  readonly bindings: readonly BindingRecord[]
  readonly parameters: readonly BoundParameter[]
  /** The dotted path of the id of a page's last object; null where it is not known. */
  readonly lastId: string | null
}

/**
 * Decides how the list of a mapping is paged: as declared; else by the parameter that is mapped from `offset`;
 * else inferred from the names of parameters and of the answer's members (docs/x-flow.md#inferred-paging).
 * Where nothing is found the first answer may show it.
 */
export function compilePaging(
  { compilation, endpoint }: Pick<MappingContext, 'compilation' | 'endpoint'>,
  { declared, bindings, parameters, lastId }: PagingScope
): PagingRecord {
  const { schema } = endpoint.primary ?? {}
  const filled = new Set(bindings.flatMap(({ name, fromHeaders }) => (fromHeaders ? [] : [name])))
  const known = (found: BoundParameter | undefined): PagingParameter | undefined =>
    found && pagingParameter(compilation, endpoint, found)
  const limit = known(mappedFrom(parameters, 'limit'))
  const facts: PagingFacts = {
    free: freeParameters(
      compilation,
      endpoint,
      parameters.filter(({ name }) => !filled.has(name))
    ),
    names: new Set(parameters.map(({ name }) => bareName(name))),
    limit,
    fields: answerFields(compilation, endpoint.primary),
    isBare: schema !== undefined && viewSchema(compilation, schema)?.kind === 'array',
    lastId
  }
  const offset = known(mappedFrom(parameters, 'offset'))
  if (declared !== undefined) {
    const named = (name: string | null): PagingParameter | undefined =>
      known(parameters.find(parameter => parameter.name === name))
    return completePaging(declared, named, facts, offset)
  }
  if (offset !== undefined) {
    return {
      ...sizedBy(sizeParameter(facts)),
      ...countFields(facts.fields),
      ...byOffset(offset, facts),
      origin: 'mapped'
    }
  }
  const headers = endpoint.primary?.headers ?? []
  const hasLinkHeader = headers.some(name => name.toLowerCase() === 'link')
  const inferred = inferPaging(facts, hasLinkHeader)
  const isFrontOnly =
    limit !== undefined &&
    facts.isBare &&
    inferred.origin === 'answer' &&
    inferred.positionParam === null
  return isFrontOnly ? { ...inferred, type: 'offset', origin: 'mapped' } : inferred
}

/** A declaration, completed by the usual names, the mapped parameters and what the document says of them. */
function completePaging(
  given: Pagination,
  named: (name: string | null) => PagingParameter | undefined,
  facts: PagingFacts,
  offset: PagingParameter | undefined
): PagingRecord {
  const types = ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'] as const
  const word: unknown = given.type
  const known = types.find(type => type === word)
  const type = known ?? (given.linkField === undefined ? 'offset' : 'next_link')
  const own = { offset: given.offsetParam, page: given.pageParam, cursor: given.cursorParam }
  const usual = { offset: offset?.name ?? 'offset', page: 'page', cursor: 'cursor' }
  const byPosition = type === 'offset' || type === 'page' || type === 'cursor'
  const positionParam = byPosition ? (own[type] ?? usual[type]) : null
  const inferred = type === 'none' ? facts.limit : sizeParameter(facts)
  const sizeName =
    given.pageSizeParam ??
    inferred?.name ??
    (byPosition && given.pageSize !== undefined ? 'limit' : null)
  const sized = sizedBy(named(sizeName), given.pageSize)
  const position = named(positionParam)
  const from = position === undefined ? null : countsFrom(position.range)
  const nextField = type === 'cursor' ? given.cursorField : given.linkField
  return {
    ...sized,
    type,
    pageSizeParam: sizeName,
    positionParam,
    firstPage: given.firstPage ?? (type === 'page' ? from : null) ?? 1,
    firstPageIsGuessed: given.firstPage === undefined && (type !== 'page' || from === null),
    firstOffset: type === 'offset' ? (from ?? 0) : 0,
    nextField:
      nextField ?? (type === 'next_link' ? 'next' : type === 'cursor' ? 'next_cursor' : null),
    totalField: given.totalField ?? null,
    hasMoreField: given.hasMoreField ?? null,
    maxPages: given.maxPages ?? null,
    pauseMs: given.pauseMs ?? 0,
    origin: 'declared'
  }
}

/** The dotted path of the id of the last object in an answer; null where it is not known. */
export function lastIdPath(
  { compilation, draft }: MappingContext,
  records: RecordsLocation
): string | null {
  if (records.at !== 'path' || records.areEntries === true) return null
  const { path, item } = records
  const [id] = compileIdentity(compilation, draft, []).candidates
  if (id === undefined) return null
  const inside = [...(item === undefined ? [] : [item]), ...id]
  return `${path}[-1].${joinPath(inside)}`
}

function mappedFrom(
  parameters: readonly BoundParameter[],
  word: 'limit' | 'offset'
): BoundParameter | undefined {
  return parameters.find(({ sources }) => sources.some(({ from }) => from === word))
}
