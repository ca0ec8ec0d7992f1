import { isJsonArray, member } from '../../base/json.ts'
import { mergePart } from './merge-keywords.ts'
import { addsNothing, isNullSchema, listedSchemas } from './schema-keywords.ts'
import type { SchemaKind } from './schema-kind.ts'
import type { LocatedSchema, SchemaView, Walk } from './schema-view.ts'

const SCALARS: readonly SchemaKind[] = ['string', 'number', 'integer', 'boolean']

/**
 * Resolves `oneOf` and `anyOf`: null choices make the value nullable; a single remaining choice is the
 * schema; several scalars are their common kind, else text.
 */
export function resolveChoices(walk: Walk, own: SchemaView): SchemaView {
  const keyword = isJsonArray(own.node.oneOf) ? 'oneOf' : 'anyOf'
  const listed = listedSchemas(own.node, keyword, own.at)
  if (listed.length === 0) return own
  const solid = listed.filter(({ schema }) => !isNullSchema(schema))
  if (solid.some(choice => isAround(walk, choice))) {
    walk.cuts++
    return own
  }
  walk.choices++
  const views = solid.flatMap(choice => walk.view(choice) ?? [])
  walk.choices--
  const nullable = own.nullable || solid.length < listed.length || views.some(v => v.nullable)
  const [only] = views
  if (only === undefined) return { ...own, nullable }
  if (solid.length === 1) {
    // A schema that is nothing but one choice is that choice, unless it says something itself.
    const isNothingElse = addsNothing(own.node, ['oneOf', 'anyOf', 'discriminator'])
    const { at, node } = isNothingElse ? only : own
    return { ...mergePart(walk, only, own), at, node, nullable }
  }
  const formats = new Set(views.map(v => v.format))
  const format = own.format || (formats.size === 1 ? only.format : '')
  // Choices that restrict a scalar or repeat `required` rules add nothing to what the schema holds.
  const restricts =
    SCALARS.includes(own.kind) ||
    solid.every(({ schema }) => addsNothing(schema)) ||
    views.every(v => v.kind === 'any' && v.properties.size === 0)
  if (restricts) return { ...own, nullable, format }
  const kinds = [...new Set(views.map(v => v.kind))]
  const { kind } = only
  if (kinds.length === 1 && kind === 'object') return { ...own, kind, nullable, choices: solid }
  if (kinds.length === 1 && kind !== 'array') return { ...own, kind, nullable, format }
  if (!kinds.every(kind => SCALARS.includes(kind))) return { ...own, kind: 'mixed', nullable }
  const areNumbers = kinds.every(kind => kind === 'integer' || kind === 'number')
  return { ...own, kind: areNumbers ? 'number' : 'string', nullable }
}

/** Whether a choice is being resolved: a parent that its choices extend. */
function isAround(walk: Walk, { schema, at }: LocatedSchema): boolean {
  const refers = member(schema, '$ref') !== undefined
  const target = refers ? walk.compilation.resolve(schema, at) : undefined
  return target !== undefined && walk.around.has(target.at)
}
