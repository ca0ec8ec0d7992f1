import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { Compilation } from '../compilation.ts'
import { ownExample } from '../schema/schema-keywords.ts'
import type { LocatedSchema } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { LocatedObject } from './types.ts'

/** What a Parameter Object says about positions and sizes. */
export type ParameterRange = {
  readonly minimum: number | null
  /** Of the schema, else in the words of the description. */
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
export function rangeOfParameter(
  compilation: Compilation,
  given: LocatedObject | undefined
): ParameterRange {
  const { schema } = given?.value ?? {}
  if (given === undefined || schema === undefined) return UNKNOWN
  return readRange(compilation, { schema, at: pointer(given.at, 'schema') }, given.value)
}

/** Reads a schema, and the Parameter Object that has it, if any. */
export function readRange(
  compilation: Compilation,
  located: LocatedSchema,
  parameter: JsonObject = {}
): ParameterRange {
  const view = viewSchema(compilation, located)
  if (view === undefined) return UNKNOWN
  const { schema } = located
  // What stands beside a reference wins.
  const node: JsonObject = { ...view.node, ...(isJsonObject(schema) && schema) }
  const { multipleOf } = node
  const sizes = (view.allowed ?? []).map(wholeOf).filter(size => size !== null)
  const words = [textMember(parameter, 'description'), view.description].join(' ')
  const description = words.slice(0, DESCRIPTION_MAX).toLowerCase()
  return {
    minimum: bound(node, 'minimum', 'exclusiveMinimum', 1),
    maximum: bound(node, 'maximum', 'exclusiveMaximum', -1) ?? largestIn(description),
    step: typeof multipleOf === 'number' && multipleOf >= 1 ? Math.floor(multipleOf) : 1,
    allowed: sizes.length > 0 ? sizes.toSorted((a, b) => a - b) : null,
    usual: wholeOf(node.default),
    example: wholeOf(exampleOf(parameter) ?? ownExample(node)),
    description
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
export function wholeOf(value: JsonValue | undefined): number | null {
  if (value === undefined || value === null || isJsonArray(value)) return null
  const text = plainText(value).trim()
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

const [FROM_0, FROM_1] = [countsFromWords('0|zero'), countsFromWords('1|one')]

/** Words that say from which number something counts: `zero-based`, `starting from 0`, `first page is 0`. */
function countsFromWords(number: string): RegExp {
  const verbs = 'starts?|starting|begins?|beginning|counts?|counted|counting|indexed|numbered'
  return new RegExp(
    [
      `\\b(${number})[ -]?(based|indexed|index|origin)\\b`,
      `\\b(${verbs}) (at|from|with) (page )?(${number})\\b`,
      `\\bfirst page (is|has|=|being) (number |index )?(${number})\\b`,
      `\\b(${number}) (is|=|being|for|means) (the )?first\\b`,
      `\\((${number})\\.\\.`
    ].join('|')
  )
}

/** A largest size in words: `max 100`, `maximum is 100`, `up to 100`, `between 1 and 100`. */
const LARGEST =
  /\b(?:max|maximum|up to|at most|no more than|not exceed)(?: (?:value|size|limit|is|of|allowed|page))*[ :=]{1,2}(\d{1,6})\b|\b1 ?(?:-|–|to|and) ?(\d{1,6})\b/

function largestIn(words: string): number | null {
  const [, named, ofRange] = LARGEST.exec(words) ?? []
  const found = Number(named ?? ofRange ?? 0)
  return found > 0 ? found : null
}

/**
 * The number from which a position counts (docs/x-flow.md#inferred-paging): the default, which is the first
 * page; the minimum; an example of 0; the words of the description. Null where nothing says it.
 */
export function countsFrom(range: ParameterRange): 0 | 1 | null {
  const { minimum, usual, example, description } = range
  if (usual === 0 || usual === 1) return usual
  if (minimum === 0 || minimum === 1) return minimum
  if (example === 0) return 0
  if (FROM_0.test(description)) return 0
  return FROM_1.test(description) ? 1 : null
}
