import type { Static } from 'typebox'
import { Value } from 'typebox/value'

import { member } from '../../base/json.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import { PaginationExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from './compile-answer.ts'
import type { LocatedObject } from './find-operation.ts'
import {
  answerFields,
  countFields,
  inferPaging,
  sizeOf,
  sizeParameter,
  usualSizeOf
} from './infer-paging.ts'

type Pagination = Static<typeof PaginationExtension>

/** What paging is read from. */
type PagingScope = {
  /** The closest declaration; undefined for none. */
  readonly declared: Pagination | undefined
  readonly parameters: readonly BoundParameter[]
  /** Names of parameters that the author fills, which are not for paging. */
  readonly filled: ReadonlySet<string>
  readonly primary: DeclaredAnswer | undefined
}

/**
 * Decides how a list is paged: as declared; else by the parameters that are mapped from `limit` and `offset`;
 * else inferred from the names of parameters and of the answer's members. Where nothing is found the first
 * answer may show it.
 */
export function compilePaging(
  compilation: Compilation,
  { declared, parameters, filled, primary }: PagingScope
): PagingRecord {
  const limit = fedBy(parameters, 'limit')
  const offset = fedBy(parameters, 'offset')
  if (declared !== undefined) return completePaging(declared, parameters, limit, offset)
  const fields = answerFields(compilation, primary)
  const facts = countFields(fields)
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
  const free = parameters.filter(({ name }) => !filled.has(name))
  return { ...inferPaging(free, fields, primary), ...facts }
}

/** The closest `x-flow-pagination` that can be read. */
export function declaredPagination(holders: readonly LocatedObject[]): Pagination | undefined {
  return holders
    .map(({ value }) => member(value, 'x-flow-pagination'))
    .find(value => Value.Check(PaginationExtension, value))
}

/** A declaration, whose blanks are filled with the usual names and the mapped parameters. */
function completePaging(
  given: Pagination,
  parameters: readonly BoundParameter[],
  limit: BoundParameter | undefined,
  offset: BoundParameter | undefined
): PagingRecord {
  const type = pagingType(given.type) ?? (given.linkField === undefined ? 'offset' : 'next_link')
  const own = { offset: given.offsetParam, page: given.pageParam, cursor: given.cursorParam }
  const usual = { offset: offset?.name ?? 'offset', page: 'page', cursor: 'cursor' }
  const byPosition = type === 'offset' || type === 'page' || type === 'cursor'
  const sizeName =
    given.pageSizeParam ??
    limit?.name ??
    (type === 'none' ? undefined : sizeParameter(parameters)?.name) ??
    (byPosition && given.pageSize !== undefined ? 'limit' : null)
  const size = parameters.find(({ name }) => name === sizeName)
  const nextField = type === 'cursor' ? given.cursorField : given.linkField
  return {
    type,
    pageSize: given.pageSize ?? (sizeName === null ? null : sizeOf(size)),
    usualSize: usualSizeOf(size),
    pageSizeParam: sizeName,
    positionParam: byPosition ? (own[type] ?? usual[type]) : null,
    firstPage: given.firstPage ?? 1,
    nextField:
      nextField ?? (type === 'next_link' ? 'next' : type === 'cursor' ? 'next_cursor' : null),
    totalField: given.totalField ?? null,
    hasMoreField: given.hasMoreField ?? null,
    maxPages: given.maxPages ?? NO_PAGING.maxPages,
    pauseMs: given.pauseMs ?? 0,
    origin: 'declared'
  }
}

function pagingType(given: unknown): PagingRecord['type'] | undefined {
  const types = ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'] as const
  return types.find(type => type === given)
}

function fedBy(
  parameters: readonly BoundParameter[],
  word: 'limit' | 'offset'
): BoundParameter | undefined {
  return parameters.find(({ sources }) => sources.some(({ from }) => from === word))
}

/** How a list is paged, in words. */
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
