import { splitPath } from '../../base/dotted-path.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { bareName } from '../../base/plain-name.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { answerFields } from '../endpoint/answer-fields.ts'
import type { PagingFacts } from '../endpoint/infer-paging.ts'
import { inferPaging, sizeParameter } from '../endpoint/infer-paging.ts'
import { freeParameters } from '../endpoint/paging-parameters.ts'
import type { ProposedPaging } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'
import { extensionOf } from './read-operations.ts'

/** How a list is paged, and whether somebody has declared it. */
export type FoundPaging = ProposedPaging & { readonly isDeclared: boolean }

/**
 * How an operation pages its list: as a vendor's extension declares; by a declared header `Link`; else from the names
 * of parameters and members, as for a mapping that declares nothing (docs/x-flow.md#inferred-paging).
 *
 * @param lastId Dotted path of the id of a page's last object; null where it is not known.
 * @returns Null where nothing says that there are pages.
 */
export function listPaging(
  compilation: Compilation,
  operation: ReadOperation,
  lastId: string | null
): FoundPaging | null {
  const facts = pagingFacts(compilation, operation, lastId)
  const size = sizeParameter(facts)?.name ?? null
  const declared = declaredByMicrosoft(operation, size) ?? declaredBySpeakeasy(operation)
  if (declared !== undefined) return declared
  const inferred = inferPaging(facts, false)
  const headers = operation.answer?.headers ?? []
  if (headers.some(name => name.toLowerCase() === 'link')) {
    const positionParam = isFound(inferred) ? inferred.positionParam : null
    return {
      type: 'link_header',
      limitParam: size,
      positionParam,
      nextField: null,
      isDeclared: true
    }
  }
  if (!isFound(inferred)) return null
  const { type, pageSizeParam, positionParam, nextField } = inferred
  if (type === 'none') return null
  return { type, limitParam: pageSizeParam, positionParam, nextField, isDeclared: false }
}

function isFound({ type, origin }: PagingRecord): boolean {
  return type !== 'none' && origin === 'inferred'
}

function pagingFacts(
  compilation: Compilation,
  { parameters, given, body, answer, answered }: ReadOperation,
  lastId: string | null
): PagingFacts {
  const bound = boundParameters({ parameters }, [])
  return {
    free: freeParameters(compilation, { given, body }, bound),
    names: new Set(parameters.map(({ name }) => bareName(name))),
    limit: undefined,
    fields: answerFields(compilation, answer),
    isBare: answered?.kind === 'array',
    lastId
  }
}

/** `x-ms-pageable`: a next link, or null for a list in one answer. */
function declaredByMicrosoft(
  operation: ReadOperation,
  size: string | null
): FoundPaging | null | undefined {
  const pageable = extensionOf(operation, 'x-ms-pageable')
  if (pageable === undefined) return undefined
  const nextField = textMember(pageable, 'nextLinkName')
  return nextField === undefined
    ? null
    : { type: 'next_link', limitParam: size, positionParam: null, nextField, isDeclared: true }
}

/** The member of an answer that `x-ms-pageable` or `x-speakeasy-pagination` names for the objects. */
export function declaredList(operation: ReadOperation): string | null {
  const pageable = extensionOf(operation, 'x-ms-pageable')
  if (pageable !== undefined) return textMember(pageable, 'itemName') ?? 'value'
  const outputs = member(extensionOf(operation, 'x-speakeasy-pagination'), 'outputs')
  return withoutRoot(textMember(outputs, 'results')) ?? null
}

const SPEAKEASY_TYPES: { readonly [type: string]: FoundPaging['type'] } = {
  offset: 'offset',
  page: 'page',
  cursor: 'cursor'
}

/** `x-speakeasy-pagination`: inputs by their meaning, outputs by JSONPath. */
function declaredBySpeakeasy(operation: ReadOperation): FoundPaging | undefined {
  const pagination = extensionOf(operation, 'x-speakeasy-pagination')
  if (pagination === undefined) return undefined
  const { inputs } = pagination
  const named = (type: string): string | undefined =>
    (isJsonArray(inputs) ? inputs : [])
      .filter(isJsonObject)
      .filter(input => input.type === type)
      .map(input => textMember(input, 'name'))
      .find(name => name !== undefined)
  const outputs = member(pagination, 'outputs')
  const limitParam = named('limit') ?? null
  const url = withoutRoot(textMember(outputs, 'nextUrl'))
  if (url !== undefined) {
    return { type: 'next_link', limitParam, positionParam: null, nextField: url, isDeclared: true }
  }
  const kind = Object.keys(SPEAKEASY_TYPES).find(type => named(type) !== undefined)
  if (kind === undefined) return undefined
  return {
    type: SPEAKEASY_TYPES[kind] ?? 'offset',
    limitParam,
    positionParam: named(kind) ?? null,
    nextField: withoutRoot(textMember(outputs, 'nextCursor')) ?? null,
    isDeclared: true
  }
}

/** A simple JSONPath as a dotted path; undefined for any other. */
function withoutRoot(path: string | undefined): string | undefined {
  const inner = path === undefined ? undefined : /^\$\.([\w.-]+)$/.exec(path)?.[1]
  return inner === undefined ? undefined : splitPath(inner).join('.')
}
