import { joinPath } from '../../base/dotted-path.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PageSizes, PagingRecord, ParameterRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import { bareName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { LocatedSchema } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { ParameterRange } from './parameter-range.ts'
import { rangeOfParameter, readRange, wholeOf } from './parameter-range.ts'
import type { CompiledEndpoint, LocatedObject } from './types.ts'

/** A parameter, or a member of one or of the body, that may be for paging. */
export type PagingParameter = {
  /** As a page is asked for: that of the query, or `body.` and a dotted path. */
  readonly name: string
  /** As `bareName` writes it, without what is around a member. */
  readonly word: string
  readonly kind: ParameterRecord['kind']
  /** A request without a value for it fails. */
  readonly mustBeSent: boolean
  readonly range: ParameterRange
  /** The default of the mapping, else of the schema; null for none. */
  readonly usual: number | null
}

/** Kinds of parameters that take a size, a position or a cursor. */
const PAGING_KINDS: readonly PagingParameter['kind'][] = [
  'text',
  'integer',
  'number',
  'json',
  'any'
]

/** How many members of a parameter or body are looked at, and how deep into a body. */
const MEMBERS_MAX = 100
const BODY_DEPTH_MAX = 2

/** The parameter that pages use, as its declaration describes it. */
export function pagingParameter(
  compilation: Compilation,
  { given }: Pick<CompiledEndpoint, 'given'>,
  { name, in: location, kind, required, fallback, maximum }: BoundParameter
): PagingParameter {
  const range = rangeOfParameter(compilation, given.get(`${location} ${name}`))
  return {
    name,
    word: bareName(name),
    kind,
    mustBeSent: required && fallback === undefined,
    range: { ...range, maximum: range.maximum ?? maximum },
    usual: wholeOf(fallback) ?? range.usual
  }
}

/**
 * What may be for paging, and is filled by nothing else: parameters of the query, members of objects there,
 * and members of the body of an operation that has one.
 */
export function freeParameters(
  compilation: Compilation,
  endpoint: Pick<CompiledEndpoint, 'given' | 'body'>,
  parameters: readonly BoundParameter[]
): PagingParameter[] {
  const inQuery = parameters.filter(
    ({ in: location, sources }) => location === 'query' && sources.length === 0
  )
  const found = inQuery.flatMap(parameter => {
    const members = membersOf(compilation, endpoint.given.get(`query ${parameter.name}`))
    if (members.length === 0) return [pagingParameter(compilation, endpoint, parameter)]
    const { style, explode, name } = parameter
    if (style !== 'deepObject' && !explode) return []
    return members.map(([key, schema]) => {
      const sent = style === 'deepObject' ? `${name}[${key}]` : key
      return memberParameter(compilation, schema, sent, bareName(sent))
    })
  })
  const ofBody = endpoint.body.schema
  const inBody = ofBody === undefined ? [] : bodyMembers(compilation, ofBody, 'body', 0)
  return [...found, ...inBody].filter(({ kind }) => PAGING_KINDS.includes(kind))
}

/** The members of a parameter whose schema is an object. */
function membersOf(
  compilation: Compilation,
  given: LocatedObject | undefined
): (readonly [string, LocatedSchema])[] {
  const schema = given?.value?.schema
  if (given === undefined || schema === undefined) return []
  const view = viewSchema(compilation, { schema, at: `${given.at}/schema` })
  return view?.kind === 'object' ? [...view.properties].slice(0, MEMBERS_MAX) : []
}

function bodyMembers(
  compilation: Compilation,
  located: LocatedSchema,
  path: string,
  depth: number
): PagingParameter[] {
  const { properties } = viewSchema(compilation, located) ?? {}
  return [...(properties ?? [])].slice(0, MEMBERS_MAX).flatMap(([key, schema]) => {
    const inner = `${path}.${joinPath([key])}`
    const isObject = viewSchema(compilation, schema)?.kind === 'object'
    if (!isObject) return [memberParameter(compilation, schema, inner, bareName(key))]
    return depth + 1 < BODY_DEPTH_MAX ? bodyMembers(compilation, schema, inner, depth + 1) : []
  })
}

function memberParameter(
  compilation: Compilation,
  schema: LocatedSchema,
  name: string,
  word: string
): PagingParameter {
  const view = viewSchema(compilation, schema)
  const kind = view === undefined ? 'any' : scalarForm(view, '').kind
  const range = readRange(compilation, schema)
  return { name, word, kind, mustBeSent: false, range, usual: range.usual }
}

/**
 * Pages whose size a parameter takes: at most its maximum, and its default when it is not sent.
 *
 * @param most A declared limit.
 */
export function sizedBy(
  size: PagingParameter | undefined,
  most: number | null = null
): PagingRecord {
  if (size === undefined) return { ...NO_PAGING, pageSize: most }
  const { name, usual, range } = size
  const { minimum, maximum, step, allowed } = range
  const limits = [most ?? 0, maximum ?? 0].filter(limit => limit >= 1)
  const limit = limits.length === 0 ? null : Math.floor(limits.reduce((a, b) => Math.min(a, b)))
  const sizes: PageSizes | null =
    allowed === null && step === 1 && (minimum ?? 0) <= 1
      ? null
      : { minimum: Math.max(1, minimum ?? 1), step, allowed }
  return {
    ...NO_PAGING,
    pageSize: limit === null && allowed === null ? null : largest(limit, sizes),
    usualSize: usual === null || usual < 1 ? null : usual,
    sizes,
    pageSizeParam: name
  }
}

/** The largest allowed size within a limit; the limit itself where it allows none. */
function largest(limit: number | null, sizes: PageSizes | null): number | null {
  const { allowed = null, step = 1 } = sizes ?? {}
  if (allowed !== null) {
    return allowed.findLast(size => limit === null || size <= limit) ?? limit
  }
  return limit === null ? null : Math.floor(limit / step) * step || limit
}

/** The parameter of the first name that fits. */
export function parameterNamed(
  parameters: readonly PagingParameter[],
  names: readonly string[]
): PagingParameter | undefined {
  const found = names.map(name => parameters.find(({ word }) => word === name))
  return found.find(parameter => parameter !== undefined)
}
