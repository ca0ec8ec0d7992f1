import type { JsonValue } from '../../base/json.ts'
import { member, plainText } from '../../base/json.ts'
import { fitsNothing } from './fits-nothing.ts'
import { completeView, mergePart, spreadChoices } from './merge-keywords.ts'
import type { SchemaKind } from './schema-kind.ts'
import { EVERY_TYPE } from './schema-kind.ts'
import { addsNothing, listedSchemas } from './schema-keywords.ts'
import type { LocatedSchema, SchemaView, Walk } from './schema-view.ts'

const SCALARS: readonly SchemaKind[] = ['string', 'number', 'integer', 'boolean']

/**
 * Resolves `oneOf` and `anyOf`: null choices make the value nullable, empty text beside others clears it, and choices
 * that nothing fits are none; a single remaining choice is the schema; several scalars are their common kind, else text.
 */
export function resolveChoices(walk: Walk, own: SchemaView): SchemaView {
  const first = resolveKeyword(walk, own, 'oneOf')
  return resolveKeyword(walk, first, 'anyOf')
}

function resolveKeyword(walk: Walk, own: SchemaView, keyword: 'oneOf' | 'anyOf'): SchemaView {
  const listed = listedSchemas(own.node, keyword, own.at)
  if (listed.length === 0) return own
  const offered = listed.filter(choice => !fitsNothing(walk.compilation, choice))
  if (offered.some(choice => isAround(walk, choice))) {
    walk.cuts++
    return own
  }
  walk.choices++
  const seen = offered.flatMap(located => {
    const view = walk.view(located)
    return view === undefined ? [] : [{ located, view }]
  })
  walk.choices--
  const valued = seen.filter(({ view }) => !view.onlyNull)
  const filled = valued.filter(({ view }) => !isOnlyBlank(view))
  const solid = filled.length > 0 ? filled : valued
  const nullChoice = own.nullChoice || seen.some(({ view }) => view.nullable)
  const blankChoice =
    own.blankChoice || solid.length < valued.length || seen.some(({ view }) => view.blankChoice)
  const [only, another] = solid
  const alternatives = solid.map(({ located }) => located)
  if (only === undefined) {
    if (seen.length === 0) return own
    return completeView({ ...own, keywords: { ...own.keywords, type: 'null' } })
  }
  const isAlike = nullChoice === own.nullChoice && blankChoice === own.blankChoice
  const allowing = isAlike ? own : completeView({ ...own, nullChoice, blankChoice })
  if (another === undefined) {
    // A schema that is nothing but one choice is that choice, unless it says something itself.
    const isNothingElse = addsNothing(own.node, ['oneOf', 'anyOf', 'discriminator'])
    const { at, node } = isNothingElse ? only.view : own
    return { ...mergePart(walk, only.view, allowing), at, node }
  }
  return combine(
    walk,
    allowing,
    alternatives,
    solid.map(({ view }) => view)
  )
}

function isOnlyBlank({ allowed }: SchemaView): boolean {
  return allowed?.length === 1 && allowed[0] === ''
}

/** A schema whose values fit one of several alternatives. */
function combine(
  walk: Walk,
  own: SchemaView,
  alternatives: readonly LocatedSchema[],
  views: readonly SchemaView[]
): SchemaView {
  const formats = new Set(views.map(view => view.format))
  const [format = ''] = formats.size === 1 ? formats : []
  const restricted = withAllowed({ ...own, format: own.format || format }, views)
  // Choices that restrict a scalar or repeat `required` rules add nothing to what the schema holds.
  const restricts =
    SCALARS.includes(own.kind) ||
    alternatives.every(({ schema }) => addsNothing(schema)) ||
    views.every(({ kind, properties }) => kind === 'any' && properties.size === 0)
  if (restricts) return restricted
  const kinds = [...new Set(views.map(({ kind }) => kind))]
  if (kinds.length === 1 && kinds[0] === 'object') {
    const chosen = withType(own, 'object')
    if (own.choices.length === 0) return { ...chosen, choices: alternatives, alternatives }
    return spreadChoices(walk, chosen, [...own.choices, ...alternatives])
  }
  const areScalars = kinds.every(kind => SCALARS.includes(kind))
  const type = areScalars ? kinds : EVERY_TYPE
  return { ...withType(areScalars ? restricted : own, type), alternatives }
}

function withType(view: SchemaView, type: JsonValue): SchemaView {
  return completeView({ ...view, keywords: { ...view.keywords, type } })
}

/** Values that are listed one by one, each with a title, are a list of values. */
function withAllowed(own: SchemaView, views: readonly SchemaView[]): SchemaView {
  if (views.some(({ allowed }) => allowed === null)) return own
  const titles = views.flatMap(({ allowed: values, title, titles: inner }) => {
    const [only, another] = values ?? []
    const isOne = only !== undefined && another === undefined && title !== null
    return [...inner, ...(isOne ? [[plainText(only), title] as const] : [])]
  })
  return completeView({
    ...own,
    keywords:
      own.allowed === null
        ? { ...own.keywords, enum: views.flatMap(({ allowed }) => allowed ?? []) }
        : own.keywords,
    titles: new Map(titles)
  })
}

/** Whether a choice is being resolved: a parent that its choices extend. */
function isAround(walk: Walk, { schema, at }: LocatedSchema): boolean {
  const ref = member(schema, '$ref') ?? member(schema, '$dynamicRef')
  const target = ref === undefined ? undefined : walk.compilation.resolve({ $ref: ref }, at)
  return target !== undefined && walk.around.has(target.at)
}
