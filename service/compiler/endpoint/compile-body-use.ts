import { splitPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary } from '../../base/json.ts'
import type { BodyRefusal, BodyShape, BodyUse } from '../../model/body-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { Placing, Position } from './choose-position.ts'
import { choosePosition, hasBodyValues, plainSteps } from './choose-position.ts'
import { propertyNamed } from './compile-source.ts'
import { bodyRoot, pathOf } from './find-wrapper.ts'
import type { Difference } from './join-shape.ts'
import { fillersOf, isOpen, joinShape } from './join-shape.ts'
import type { MappingContext } from './types.ts'

export type CompiledBodyUse = {
  /** Null for no body; a refusal, with a diagnostic, where a save or an update can write none. */
  readonly body: BodyUse | BodyRefusal | null
  /** What fills further members of the body. */
  readonly implied: readonly BindingRecord[]
}

/**
 * Decides how a mapping's object becomes the body (docs/x-flow.md#request-bodies): where it goes, and what of
 * it is sent under which names. A read sends only a declared body.
 *
 * @param bindings Those of the mapping.
 */
export function compileBodyUse(
  context: MappingContext,
  bindings: readonly BindingRecord[]
): CompiledBodyUse {
  const without = (body: BodyUse | BodyRefusal | null): CompiledBodyUse => ({ body, implied: [] })
  const { compilation, endpoint, mapping, types, draft } = context
  const { record, schema, unsupported } = endpoint.body
  const { verb, extension } = mapping
  const isSave = verb === 'save' || verb === 'update'
  if (unsupported !== null && isSave) {
    return without({ refused: 'BODY_UNSUPPORTED', given: unsupported })
  }
  const isUnasked = isRead(verb) && record?.isDeclared === false && !hasBodyValues(bindings)
  if (record === null || isUnasked) return without(null)
  const exclude = excludedMembers(context)
  const view = schema && viewSchema(compilation, schema)
  if (view === undefined) {
    return without({ wrap: plainSteps(splitPath(extension.body ?? '')), exclude, shape: null })
  }
  const placing: Placing = { context, bindings, fillers: fillersOf(types, [draft]), isSave }
  const choice = choosePosition(placing, bodyRoot(compilation, view))
  if ('reason' in choice) {
    const { method, path } = endpoint.record
    const holes = { key: mapping.key, type: draft.name, method, path, reason: choice.reason }
    compilation.report.add('BODY_UNMATCHED', mapping.at, holes)
    return without({ refused: 'BODY_REQUIRED', reason: choice.reason })
  }
  const implied = verb === 'update' ? idBeside(placing, choice) : []
  if (isSave) reportUnfilled(placing, [...bindings, ...implied], choice.unfilled)
  const [first, ...inner] = choice.wrap
  // A form has members only, and no array around them.
  const isFormList = record.encoding !== 'json' && first?.form === 'list'
  const wrap = isFormList ? inner : choice.wrap
  return { body: { wrap, exclude, shape: shapeAt(placing, choice, exclude) }, implied }
}

/** The id of an updated object belongs beside its `attributes` (JSON:API 1.1, 9.2). */
function idBeside(
  { context: { compilation }, bindings }: Placing,
  { wrap, beside }: Position
): BindingRecord[] {
  const path = pathOf(wrap)
  const located = path.at(-1) === 'attributes' ? beside?.get('id') : undefined
  const view = located && viewSchema(compilation, located)
  if (view === undefined || view.readOnly) return []
  const place = { path: [...path.slice(0, -1), 'id'], allowed: null, list: false }
  if (bindings.some(binding => isBelow(binding.place?.path ?? [], place.path))) return []
  return [
    {
      in: 'body',
      name: `body.${place.path.join('.')}`,
      place: { ...place, kind: scalarForm(view, 'id').kind },
      sources: [{ from: 'id', part: null }],
      encodeTwice: false,
      fromHeaders: false
    }
  ]
}

function shapeAt(
  { context, bindings, fillers, isSave }: Placing,
  { view, wrap }: Position,
  exclude: readonly string[]
): BodyShape | null {
  const { compilation, types, mapping } = context
  if (view === null || view.choices.length > 0) return null
  if (isOpen(view)) return { members: null }
  const { shape, differences } = joinShape(compilation, types, view, fillers)
  // A read has no object, only what is constant.
  if (isRead(mapping.verb)) return { ...shape, members: {} }
  const at = pathOf(wrap)
  const isBound = (key: string): boolean => {
    const inBody = shape.members[key]?.as ?? key
    return bindings.some(({ place }) => isBelow(place?.path ?? [], [...at, inBody]))
  }
  const left = new Set<string>()
  for (const difference of differences) {
    const [key = ''] = difference.path
    if (exclude.includes(key)) continue
    if (isSave && !isBound(key)) reportDifference(context, difference)
    else if (difference.misfit !== null && difference.path.length === 1) left.add(key)
  }
  if (left.size === 0) return shape
  const members = Object.entries(shape.members).filter(([key]) => !left.has(key))
  return { ...shape, members: dictionary(members) }
}

function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length >= above.length && above.every((key, index) => path[index] === key)
}

function reportDifference(
  { compilation, draft, mapping, endpoint }: MappingContext,
  { property, misfit }: Difference
): void {
  const { method, path } = endpoint.record
  const holes = { property, type: draft.name, method, path }
  if (misfit === null) compilation.report.add('BODY_BY_ID', mapping.at, holes)
  else compilation.report.add('BODY_MISFIT', mapping.at, { ...holes, expected: misfit })
}

/** Reports what a body requires around the object, and nothing fills. */
function reportUnfilled(
  { context }: Placing,
  bindings: readonly BindingRecord[],
  unfilled: readonly (readonly string[])[]
): void {
  const { compilation, mapping, endpoint } = context
  const { method, path } = endpoint.record
  for (const place of unfilled) {
    if (bindings.some(binding => isBelow(binding.place?.path ?? [], place))) continue
    const holes = { method, path, member: place.join('.') }
    compilation.report.add('BODY_MEMBER_UNFILLED', mapping.at, holes)
  }
}

/** The JSON members that `exclude` names. */
function excludedMembers({ compilation, draft, mapping }: MappingContext): string[] {
  return Object.entries(mapping.extension.exclude ?? {}).flatMap(([given, isExcluded]) => {
    if (!isExcluded) return []
    const found = propertyNamed(draft.properties, given)
    if (found !== undefined) return found.key ?? []
    const names = (): string[] => draft.properties.map(({ name }) => name)
    const holes = { type: draft.name, given, suggestion: compilation.suggest(given, names) }
    compilation.report.add('EXCLUDE_UNKNOWN', pointer(mapping.at, 'exclude', given), holes)
    return []
  })
}
