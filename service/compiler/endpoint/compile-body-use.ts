import { splitPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import { dictionary } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import type { BodyRefusal, BodyShape, BodyUse, WrapStep } from '../../model/body-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import { singular } from '../schema/compile-identity.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { isType } from './compile-answer.ts'
import { propertyNamed } from './compile-source.ts'
import type { BodyPosition, Likeness } from './find-wrapper.ts'
import { bodyRoot, findWrappers, pathOf, stepInto } from './find-wrapper.ts'
import type { Fillers, Misfit } from './join-shape.ts'
import { countShared, fillersOf, isOpen, joinShape } from './join-shape.ts'
import type { MappingContext } from './types.ts'

/** A mapping with its bindings, and the place of its object in the body. */
type Placing = {
  readonly context: MappingContext
  /** Those of the mapping. */
  readonly bindings: readonly BindingRecord[]
  readonly fillers: Fillers
  /** Saves and updates must send something of the object; deletes and reads need not. */
  readonly isSave: boolean
}

/** Where the object goes; without a schema where the document declares none. */
type Position = Omit<BodyPosition, 'view'> & { readonly view: SchemaView | null }

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

function hasBodyValues(bindings: readonly BindingRecord[]): boolean {
  return bindings.some(({ in: location }) => location === 'body')
}

/**
 * The place that `body` names; else the whole body where it is the type or takes at least half of its members
 * from it; else the only place of the type's schema, or of one that is alike, below a body that takes nothing
 * of the type.
 */
function choosePosition(
  placing: Placing,
  root: BodyPosition
): Position | { readonly reason: string } {
  const { context, fillers, isSave, bindings } = placing
  const { compilation, draft, mapping, endpoint } = context
  const declared = mapping.extension.body
  const position = declared === undefined ? root : declaredPosition(placing, root, declared)
  const { view } = position
  if (view === null || !isSave || isOpen(view) || isType(compilation, draft, view)) return position
  const { own, shared } = countShared(compilation, view, fillers)
  const isFitting = shared > 0 && (declared !== undefined || shared * 2 >= own)
  if (isFitting) return position
  const wrappers =
    declared === undefined
      ? findWrappers(
          compilation,
          root,
          (held, key) => likenessOf(placing, held, key, shared === 0),
          key => shared === 0 || fillers(key, view.properties) === undefined
        )
      : []
  const [only, ...others] = wrappers
  if (only !== undefined && others.length === 0) {
    const place = pathOf(only.wrap).join('.')
    const holes = { key: mapping.key, type: draft.name, place }
    compilation.report.add('BODY_INFERRED', mapping.at, holes)
    return only
  }
  if (shared > 0 || hasBodyValues(bindings)) return position
  // A type of custom properties alone fills parameters, and no body.
  const isCustom = draft.properties.every(({ custom }) => custom)
  if (isCustom && endpoint.body.record?.required === false) return position
  if (only === undefined) return { reason: "its body takes none of the type's properties" }
  const places = wrappers.map(({ wrap }) => `"${pathOf(wrap).join('.')}"`).join(', ')
  return { reason: `its body has several places for one: ${places}` }
}

/** Whether a schema inside of a body is that of the type, or takes mostly members of the type. */
function likenessOf(
  { context, fillers }: Placing,
  view: SchemaView,
  key: string,
  mayBeAlike: boolean
): Likeness {
  const { compilation, draft } = context
  if (isType(compilation, draft, view)) return 'own'
  if (!mayBeAlike) return 'other'
  const { own, shared } = countShared(compilation, view, fillers)
  const typeName = plainName(draft.name)
  const isNamed = [typeName, singular(typeName)].includes(plainName(key))
  const isMost = shared * 2 > own || (shared > 1 && shared * 2 === own)
  return shared > 0 && (isNamed || isMost) ? 'alike' : 'other'
}

/** The place that `body` names; without a schema where the body's declares none there. */
function declaredPosition(
  { context: { compilation } }: Placing,
  root: BodyPosition,
  path: string
): Position {
  const keys = root.view.properties.has(path) ? [path] : splitPath(path)
  let position = root
  for (const [index, key] of keys.entries()) {
    const below = stepInto(compilation, position, key)
    if (below === undefined) {
      return { ...position, wrap: [...position.wrap, ...plainSteps(keys.slice(index))], view: null }
    }
    position = below
  }
  return position
}

function plainSteps(keys: readonly string[]): WrapStep[] {
  return keys.map(key => ({ form: 'member', key, constants: {} }))
}

function shapeAt(
  { context, bindings, fillers, isSave }: Placing,
  { view, wrap }: Position,
  exclude: readonly string[]
): BodyShape | null {
  const { compilation, types, mapping } = context
  if (view === null || view.choices.length > 0) return null
  if (isOpen(view)) return { members: null }
  const { shape, misfits } = joinShape(compilation, types, view, fillers)
  // A read has no object, only what is constant.
  if (isRead(mapping.verb)) return { ...shape, members: {} }
  const at = pathOf(wrap)
  const isBound = (key: string): boolean => {
    const inBody = shape.members[key]?.as ?? key
    return bindings.some(({ place }) => isBelow(place?.path ?? [], [...at, inBody]))
  }
  const left = new Set<string>()
  for (const misfit of misfits) {
    const [key = ''] = misfit.path
    if (exclude.includes(key)) continue
    if (isSave && !isBound(key)) reportMisfit(context, misfit)
    else if (misfit.path.length === 1) left.add(key)
  }
  if (left.size === 0) return shape
  const members = Object.entries(shape.members).filter(([key]) => !left.has(key))
  return { ...shape, members: dictionary(members) }
}

function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length >= above.length && above.every((key, index) => path[index] === key)
}

function reportMisfit(
  { compilation, draft, mapping, endpoint }: MappingContext,
  misfit: Misfit
): void {
  const { method, path } = endpoint.record
  const { property, expected } = misfit
  const holes = { property, type: draft.name, method, path, expected }
  compilation.report.add('BODY_MISFIT', mapping.at, holes)
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
