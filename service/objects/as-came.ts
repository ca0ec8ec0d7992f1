import type { JsonValue } from '../base/json.ts'
import { dictionary, isJsonArray, jsonEqual } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { decodeObjects } from './decode-objects.ts'
import { typeNamed, type Types } from './type-lookup.ts'
import type { FlowObject, FlowProperty } from './types.ts'
import { isAsShown, isNoValue, writeLike } from './value-forms.ts'

/** Whether a property of a flow has no value: blank text, or no objects. */
export function isEmptyProperty({ value }: PropertyRecord, sent: FlowProperty): boolean {
  if (value.form === 'scalar') return isNoValue(value.kind, sent.contentValue)
  return (sent.objectData ?? []).length === 0
}

/**
 * Whether a flow sends a property as it got it for a value that was kept as it came.
 *
 * @param given.encode Writes the property in the schema's own form; undefined for no value.
 */
export function isUnchanged(
  types: Types,
  type: TypeRecord,
  property: PropertyRecord,
  given: {
    readonly came: JsonValue
    readonly sent: FlowProperty
    readonly encode: (property: FlowProperty) => JsonValue | undefined
  }
): boolean {
  const { came, sent, encode } = given
  const { value } = property
  if (value.form === 'scalar') return isAsShown(value.kind, came, sent.contentValue)
  const shown = shownFor(types, type, property, came)
  return shown !== undefined && jsonEqual(encode(shown), encode(sent))
}

/** Whether a flow gets no value for a value that was kept as it came. */
export function showsNothing(
  types: Types,
  type: TypeRecord,
  property: PropertyRecord,
  came: JsonValue
): boolean {
  const shown = shownFor(types, type, property, came)
  return shown === undefined || isEmptyProperty(property, shown)
}

/** The property that a flow gets for a member of an answer. */
function shownFor(
  types: Types,
  type: TypeRecord,
  { key, name }: PropertyRecord,
  came: JsonValue
): FlowProperty | undefined {
  const answer = dictionary([[key ?? '', came]])
  const [object] = decodeObjects(types, type.name, [answer], { notes: 'unseen' }).objects
  return object?.properties.find(({ developerName }) => developerName === name)
}

/** A changed value in the form in which it came. What could not be read of a list stays in its place. */
export function inFormOf(
  types: Types,
  { value: form }: PropertyRecord,
  value: JsonValue,
  came: JsonValue
): JsonValue {
  if (form.form === 'scalar') return writeLike(form.kind, value, came)
  if (form.form !== 'list' || !isJsonArray(value)) return value
  if (!isJsonArray(came)) return value.length === 1 ? (value[0] ?? null) : value
  const items = [...value]
  for (const [index, item] of came.entries()) {
    const isUnread = item !== null && decodeObjects(types, form.type, [item]).objects.length === 0
    if (isUnread) items.splice(index, 0, item)
  }
  return items
}

/** The members of the API's object that its type does not know, where the whole object was kept. */
export function unknownMembers(
  types: Types,
  type: TypeRecord,
  { unseen }: FlowObject
): readonly (readonly [name: string, value: JsonValue])[] {
  if (unseen?.whole === undefined) return []
  const known = new Set(
    type.properties.flatMap(({ key, value }) => {
      if (key !== null) return key
      // An alternative without a member of its own shares those of the object.
      return value.form === 'object' ? memberNames(typeNamed(types, value.type)) : []
    })
  )
  return Object.entries(unseen.whole).filter(([name]) => !known.has(name))
}

function memberNames({ properties }: TypeRecord): string[] {
  return properties.flatMap(({ key }) => key ?? [])
}
