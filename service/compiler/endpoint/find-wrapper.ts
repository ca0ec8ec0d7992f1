import type { JsonValue } from '../../base/json.ts'
import { dictionary } from '../../base/json.ts'
import type { WrapStep } from '../../model/body-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/view-schema.ts'
import { onlyValue, viewItems, viewSchema } from '../schema/view-schema.ts'
import { walkMembers } from '../schema/walk-members.ts'

/** A place in a body where an object can go. */
export type BodyPosition = {
  readonly wrap: readonly WrapStep[]
  readonly view: SchemaView
  /** The members of the innermost object around; null for the whole body. */
  readonly beside: SchemaView['properties'] | null
  /** Required members beside the levels that have no value of their own, as paths from the whole body. */
  readonly unfilled: readonly (readonly string[])[]
}

/** Whether a schema is the type's own, or one that takes mostly members of the type. */
export type Likeness = 'own' | 'alike' | 'other'

/** The whole body; of an array its items. */
export function bodyRoot(compilation: Compilation, view: SchemaView): BodyPosition {
  return insideList(compilation, { wrap: [], view, beside: null, unfilled: [] })
}

/** The position under a member; undefined where the schema has no such member. */
export function stepInto(
  compilation: Compilation,
  { wrap, view, unfilled }: BodyPosition,
  key: string
): BodyPosition | undefined {
  const located = view.properties.get(key)
  const held = located && viewSchema(compilation, located)
  if (held === undefined) return undefined
  const constants = dictionary<JsonValue>()
  const required = new Set(view.required)
  const missing: (readonly string[])[] = []
  for (const [name, beside] of view.properties) {
    if (name === key) continue
    const other = viewSchema(compilation, beside)
    const only = onlyValue(other)
    if (other?.readOnly === true) continue
    if (only !== undefined) constants[name] = only
    else if (required.has(name)) missing.push([...pathOf(wrap), name])
  }
  const step = { form: 'member', key, constants } as const
  return insideList(compilation, {
    wrap: [...wrap, step],
    view: held,
    beside: view.properties,
    unfilled: [...unfilled, ...missing]
  })
}

/** The members from the whole body to the object. */
export function pathOf(wrap: readonly WrapStep[]): string[] {
  return wrap.flatMap(step => (step.form === 'member' ? [step.key] : []))
}

function insideList(compilation: Compilation, position: BodyPosition): BodyPosition {
  const view = viewItems(compilation, position.view)
  return view === undefined
    ? position
    : { ...position, view, wrap: [...position.wrap, { form: 'list' }] }
}

/**
 * The positions below the whole body that take an object, the least nested first: those of the type's own
 * schema, else those of schemas that are alike.
 *
 * @param isFree Whether a member of the whole body may hold the object.
 */
export function findWrappers(
  compilation: Compilation,
  root: BodyPosition,
  likeness: (view: SchemaView, key: string) => Likeness,
  isFree: (key: string) => boolean
): readonly BodyPosition[] {
  const found = { own: [] as BodyPosition[], alike: [] as BodyPosition[] }
  walkMembers(compilation, [root], (position, key, located) => {
    if (position === root && !isFree(key)) return []
    const view = objectIn(compilation, located, held => likeness(held, key))
    const inside = view && stepInto(compilation, position, key)
    if (view === undefined || inside === undefined) return []
    const below = { ...inside, view }
    const like = likeness(view, key)
    if (like !== 'other') found[like].push(below)
    return like === 'other' ? [below] : []
  })
  return found.own.length > 0 ? found.own : found.alike
}

/** The schema of a member that may hold an object or a list of them; of a choice the type's own one. */
function objectIn(
  compilation: Compilation,
  located: LocatedSchema,
  likeness: (view: SchemaView) => Likeness
): SchemaView | undefined {
  const held = viewSchema(compilation, located)
  const view = held && (viewItems(compilation, held) ?? held)
  if (view?.kind !== 'object' || held?.readOnly === true) return undefined
  if (view.choices.length === 0) return view
  const choices = view.choices.flatMap(choice => viewSchema(compilation, choice) ?? [])
  return choices.find(choice => likeness(choice) === 'own')
}
