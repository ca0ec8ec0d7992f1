import type { BodyShape, BodyUse } from '../model/body-record.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type { ComparedModel } from './compared-model.ts'

/** What a mapping sends of an object, and what the body requires of it. Paths are dotted names of properties. */
export type BodyNeeds = {
  /** Properties of the type itself that are sent. */
  readonly sent: ReadonlySet<string>
  /** Properties that the body requires, at any depth. */
  readonly required: ReadonlySet<string>
  /** Dotted paths of required members that the type does not have. */
  readonly missing: ReadonlySet<string>
}

type Search = {
  readonly types: ComparedModel['types']
  readonly sent: Set<string>
  readonly required: Set<string>
  readonly missing: Set<string>
  /** Objects that may still be looked into. */
  left: number
}

/** An object in a body: its type, how the body takes it, and where it is. */
type Held = {
  readonly type: TypeRecord
  readonly shape: BodyShape | null
  readonly path: readonly string[]
  /** Members that are not sent, or come from elsewhere. */
  readonly without: ReadonlySet<string>
}

const DEPTH_MAX = 10
const OBJECTS_MAX = 500

/** What the body of a mapping needs; null where it sends no object. */
export function bodyNeeds(
  { types }: Pick<ComparedModel, 'types'>,
  type: TypeRecord,
  { body, bindings }: Pick<MappingRecord, 'body' | 'bindings'>
): BodyNeeds | null {
  if (body === null || 'refused' in body) return null
  const above = wrapPath(body)
  const bound = bindings.flatMap(({ place }) => place?.path[above.length] ?? [])
  const without = new Set([...body.exclude, ...bound])
  const search: Search = {
    types,
    sent: new Set(),
    required: new Set(),
    missing: new Set(),
    left: OBJECTS_MAX
  }
  look(search, { type, shape: body.shape, path: [], without })
  return search
}

function wrapPath({ wrap }: BodyUse): string[] {
  return wrap.flatMap(step => (step.form === 'member' ? [step.key] : []))
}

function look(search: Search, { type, shape, path, without }: Held): void {
  if (search.left-- <= 0 || path.length > DEPTH_MAX) return
  for (const name of shape?.missing ?? []) {
    if (!without.has(name)) search.missing.add([...path, name].join('.'))
  }
  for (const property of type.properties) {
    const { key, name, custom } = property
    if (custom || key === null || without.has(key)) continue
    const member = shape?.members?.[key]
    const isSent = shape?.members ? member !== undefined : !property.readOnly
    if (!isSent || (member !== undefined && 'misfit' in member)) continue
    const inner = [...path, name]
    if (path.length === 0) search.sent.add(name)
    const { required } = member ?? property
    if (required === true) search.required.add(inner.join('.'))
    const held = heldType(search, property)
    if (held === undefined || (member !== undefined && !('shape' in member))) continue
    const innerShape = member !== undefined && 'shape' in member ? member.shape : null
    look(search, { type: held, shape: innerShape, path: inner, without: NONE })
  }
}

const NONE: ReadonlySet<string> = new Set()

function heldType({ types }: Search, { value }: PropertyRecord): TypeRecord | undefined {
  const isNested = value.form === 'object' || value.form === 'list'
  return isNested ? types.get(value.type) : undefined
}
