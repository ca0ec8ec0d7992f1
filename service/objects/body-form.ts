import type {
  BodyMember,
  BodyRecord,
  BodyRefusal,
  BodyShape,
  BodyUse
} from '../model/body-record.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { typeNamed, type Types } from './type-lookup.ts'

/** The members that a body takes. A null `shape` leaves it to the type; `exclude` is never sent. */
export type BodyForm = {
  readonly shape: BodyShape | null
  readonly exclude: readonly string[]
}

/** What a mapping's body takes of an object; null for no body, or one that cannot be written. */
export function bodyForm(
  body: BodyRecord | null,
  use: BodyUse | BodyRefusal | null
): BodyForm | null {
  if (body === null || use === null || 'refused' in use) return null
  return { shape: use.shape, exclude: use.exclude }
}

/** How a body takes one member; undefined where the type decides. */
export type Wanted = BodyMember | undefined

/** Names of the properties of a type that a body takes. */
export function writtenProperties(type: TypeRecord, form: BodyForm | null): ReadonlySet<string> {
  const wanted = form?.shape ? { shape: form.shape } : undefined
  const written = type.properties.filter(
    property => wantedProperty(property, wanted, form?.exclude ?? []) !== null
  )
  return new Set(written.map(({ name }) => name))
}

/** How a body takes a property: undefined where the type decides, null where it does not take it. */
export function wantedProperty(
  { key, custom, readOnly }: PropertyRecord,
  wanted: Wanted,
  exclude: readonly string[]
): Wanted | null {
  if (custom || (key !== null && exclude.includes(key))) return null
  const inner = key === null ? wanted : wantedMember(wanted, key)
  // What the body declares as writable is so, whatever an answer says of it.
  return readOnly && (inner === undefined || key === null) ? null : inner
}

/** Whether a body takes a property in the form that answers have. */
export function isWrittenAlike(types: Types, { value }: PropertyRecord, wanted: Wanted): boolean {
  if (wanted === undefined) return true
  if (wanted.count !== undefined || 'misfit' in wanted) return false
  if ('whole' in wanted) return true
  if ('shape' in wanted) return value.form !== 'scalar'
  if (value.form === 'scalar') return value.kind === wanted.kind
  const item = typeNamed(types, value.type).properties.find(({ name }) => name === 'Value')?.value
  return item?.form === 'scalar' && item.kind === wanted.kind
}

/** How a body takes a member: undefined where the type decides, null where it does not take it. */
export function wantedMember(wanted: Wanted, key: string): Wanted | null {
  const members = shapeMembers(wanted)
  if (members === null) return undefined
  return Object.hasOwn(members, key) ? members[key] : null
}

export function shapeOf(wanted: Wanted): BodyShape | undefined {
  return wanted !== undefined && 'shape' in wanted ? wanted.shape : undefined
}

export function shapeMembers(wanted: Wanted): BodyShape['members'] {
  return shapeOf(wanted)?.members ?? null
}
