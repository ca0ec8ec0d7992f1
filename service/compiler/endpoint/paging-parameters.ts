import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PageSizes, PagingRecord } from '../../model/endpoint-record.ts'
import { pagingName } from '../../model/paging-names.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { ownExample } from '../schema/schema-keywords.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { LocatedObject } from './types.ts'

/** What a Parameter Object says about positions and sizes. */
export type ParameterRange = {
  readonly minimum: number | null
  readonly maximum: number | null
  readonly step: number
  readonly allowed: readonly number[] | null
  /** The default; null for none, and for one that is no whole number. */
  readonly usual: number | null
  readonly example: number | null
  /** In lower case, cut. */
  readonly description: string
}

const UNKNOWN: ParameterRange = {
  ...{ minimum: null, maximum: null, step: 1, allowed: null, usual: null, example: null },
  description: ''
}

/** How much of a description is read. */
const DESCRIPTION_MAX = 500

/** Reads a Parameter Object; without one nothing is known. */
export function readRange(
  compilation: Compilation,
  given: LocatedObject | undefined
): ParameterRange {
  if (given?.value === undefined) return UNKNOWN
  const { value, at } = given
  const { schema } = value
  const view =
    schema === undefined
      ? undefined
      : viewSchema(compilation, { schema, at: pointer(at, 'schema') })
  if (view === undefined) return UNKNOWN
  // What stands beside a reference wins.
  const node: JsonObject = { ...view.node, ...(isJsonObject(schema) && schema) }
  const { multipleOf } = node
  const sizes = (view.allowed ?? []).map(wholeOf).filter(size => size !== null)
  const words = [textMember(value, 'description'), view.description].join(' ')
  return {
    minimum: bound(node, 'minimum', 'exclusiveMinimum', 1),
    maximum: bound(node, 'maximum', 'exclusiveMaximum', -1),
    step: typeof multipleOf === 'number' && multipleOf >= 1 ? Math.floor(multipleOf) : 1,
    allowed: sizes.length > 0 ? sizes.toSorted((a, b) => a - b) : null,
    usual: wholeOf(node.default),
    example: wholeOf(exampleOf(value) ?? ownExample(node)),
    description: words.slice(0, DESCRIPTION_MAX).toLowerCase()
  }
}

/** A limit and its exclusive form: a number beside it, or in OpenAPI 3.0 a flag for it. */
function bound(
  node: JsonObject,
  keyword: string,
  exclusive: string,
  inside: 1 | -1
): number | null {
  const limit = member(node, keyword)
  const strict = member(node, exclusive)
  const found: number[] = []
  if (typeof limit === 'number') found.push(strict === true ? limit + inside : limit)
  if (typeof strict === 'number') found.push(strict + inside)
  if (found.length === 0) return null
  return inside === 1 ? Math.ceil(Math.max(...found)) : Math.floor(Math.min(...found))
}

function exampleOf(parameter: JsonObject): JsonValue | undefined {
  const { example, examples } = parameter
  const [first] = isJsonObject(examples) ? Object.values(examples) : []
  return example ?? member(first, 'value')
}

/** A whole number, also as text. */
function wholeOf(value: JsonValue | undefined): number | null {
  if (value === undefined || value === null || isJsonArray(value)) return null
  const text = plainText(value).trim()
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const COUNTS_FROM_0 =
  /\b(zero|0)[ -]?(based|indexed)|\b(starts?|starting|begins?|beginning|counts?|counted|counting) (at|from|with) (0|zero)\b|\(0\.\./
const COUNTS_FROM_1 =
  /\b(one|1)[ -]?(based|indexed)|\b(starts?|starting|begins?|beginning|counts?|counted|counting) (at|from|with) (1|one)\b|\(1\.\./

/**
 * The number from which a position counts (docs/x-flow.md#inferred-paging): the default, which is the first
 * page; the minimum; an example of 0; the words of the description. Null where nothing says it.
 */
export function countsFrom(range: ParameterRange): 0 | 1 | null {
  const { minimum, usual, example, description } = range
  if (usual === 0 || usual === 1) return usual
  if (minimum === 0 || minimum === 1) return minimum
  if (example === 0) return 0
  if (COUNTS_FROM_0.test(description)) return 0
  return COUNTS_FROM_1.test(description) ? 1 : null
}

/**
 * Pages whose size a parameter takes: at most its maximum, and its default when it is not sent.
 *
 * @param most A declared limit.
 */
export function sizedBy(
  size: BoundParameter | undefined,
  range: ParameterRange,
  most: number | null = null
): PagingRecord {
  if (size === undefined) return { ...NO_PAGING, pageSize: most }
  const { minimum, maximum, step, allowed } = range
  const usual = wholeOf(size.fallback) ?? range.usual
  const limits = [most, maximum ?? size.maximum].filter(limit => limit !== null && limit >= 1)
  const limit = limits.length === 0 ? null : Math.floor(Math.min(...limits.map(Number)))
  const sizes: PageSizes | null =
    allowed === null && step === 1 && (minimum ?? 0) <= 1
      ? null
      : { minimum: Math.max(1, minimum ?? 1), step, allowed }
  return {
    ...NO_PAGING,
    pageSize: limit === null && allowed === null ? null : largest(limit, sizes),
    usualSize: usual === null || usual < 1 ? null : usual,
    sizes,
    pageSizeParam: size.name
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

/** Kinds of parameters that take a size, a position or a cursor. */
const PAGING_KINDS: readonly BoundParameter['kind'][] = ['text', 'integer', 'number', 'json']

/** The parameters of a query that nothing fills, and that may be for paging. */
export function freeParameters(parameters: readonly BoundParameter[]): BoundParameter[] {
  return parameters.filter(
    ({ in: location, sources, kind }) =>
      location === 'query' && sources.length === 0 && PAGING_KINDS.includes(kind)
  )
}

/** The parameter of the first name that fits. */
export function parameterNamed(
  parameters: readonly BoundParameter[],
  names: readonly string[]
): BoundParameter | undefined {
  const found = names.map(name => parameters.find(given => pagingName(given.name) === name))
  return found.find(parameter => parameter !== undefined)
}
