import { splitPath } from '../../base/dotted-path.ts'
import { listFirst } from '../../base/list-first.ts'
import { plainName } from '../../base/plain-name.ts'
import type { WrapStep } from '../../model/body-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import { singular } from '../../model/usual-identity.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { isType } from './compile-answer.ts'
import type { BodyPosition, Likeness } from './find-wrapper.ts'
import { findWrappers, pathOf, stepInto } from './find-wrapper.ts'
import type { Fillers } from './join-shape.ts'
import { countShared, isOpen } from './join-shape.ts'
import type { MappingContext } from './types.ts'

/** How many members a reason lists. */
const NAMES_MAX = 5

/** A mapping with its bindings, and the place of its object in the body. */
export type Placing = {
  readonly context: MappingContext
  /** Those of the mapping. */
  readonly bindings: readonly BindingRecord[]
  readonly fillers: Fillers
  /** Saves and updates must send something of the object; deletes and reads need not. */
  readonly isSave: boolean
}

/** Where the object goes; without a schema where the document declares none. */
export type Position = Omit<BodyPosition, 'view'> & { readonly view: SchemaView | null }

/**
 * The place that `body` names; else the whole body where it is the type or takes at least half of its members
 * from it; else the only place of the type's schema, or of one that is alike, below a body that takes nothing
 * of the type.
 */
export function choosePosition(
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
  if (only === undefined) return { reason: strangeness(context, view) }
  const places = wrappers.map(({ wrap }) => `"${pathOf(wrap).join('.')}"`).join(', ')
  return { reason: `its body has several places for one: ${places}` }
}

/** Why a body takes nothing of a type, with the members that it has and declares as `readOnly`. */
function strangeness({ compilation, draft }: MappingContext, { properties }: SchemaView): string {
  const names = new Set(draft.properties.map(({ name }) => plainName(name)))
  const readOnly = [...properties].flatMap(([key, located]) => {
    const isShared = names.has(plainName(key))
    return isShared && viewSchema(compilation, located)?.readOnly === true ? [`"${key}"`] : []
  })
  return readOnly.length === 0
    ? "its body takes none of the type's properties"
    : `its body declares ${listFirst(readOnly, NAMES_MAX)} as \`readOnly\`, which is never sent`
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

export function plainSteps(keys: readonly string[]): WrapStep[] {
  return keys.map(key => ({ form: 'member', key, constants: {} }))
}

/** Whether a mapping fills members of the body by sources of their own. */
export function hasBodyValues(bindings: readonly BindingRecord[]): boolean {
  return bindings.some(({ in: location }) => location === 'body')
}
