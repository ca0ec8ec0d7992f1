import { dictionary, ownMember } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isEmptyProperty } from './as-came.ts'
import { findProperty, typeNamed, type Types, valuesByName } from './type-lookup.ts'
import type { FlowObject, FlowProperty, Unseen } from './types.ts'

/**
 * What a flow has not seen of an object, apart from the object itself, as it is remembered: of the object
 * and of those nested in it. Empty members are left out.
 */
export type SeenView = {
  readonly absent?: readonly string[]
  readonly asCame?: Unseen['asCame']
  /** By property, the nested objects by their external ids. */
  readonly inside?: { readonly [property: string]: { readonly [externalId: string]: SeenView } }
}

/**
 * What a flow has not seen of an object that it gets; undefined for nothing.
 *
 * @param names The properties of the object that matter; by default all.
 */
export function viewOf(
  { unseen, properties }: FlowObject,
  names?: ReadonlySet<string>
): SeenView | undefined {
  const matters = (name: string): boolean => names?.has(name) ?? true
  const inside = properties.flatMap(({ developerName, objectData }) => {
    const views = (objectData ?? []).flatMap(object => {
      const view = viewOf(object)
      return view === undefined || object.externalId === null
        ? []
        : [[object.externalId, view] as const]
    })
    const isEmpty = views.length === 0 || !matters(developerName)
    return isEmpty ? [] : [[developerName, dictionary(views)] as const]
  })
  const absent = unseen?.absent.filter(matters) ?? []
  const asCame = Object.entries(unseen?.asCame ?? {}).filter(([name]) => matters(name))
  const view = {
    ...(absent.length > 0 && { absent }),
    ...(asCame.length > 0 && { asCame: dictionary(asCame) }),
    ...(inside.length > 0 && { inside: dictionary(inside) })
  }
  return Object.keys(view).length === 0 ? undefined : view
}

/** An object that a flow sends, with what the flow has not seen of it. */
export function withView(
  types: Types,
  type: TypeRecord,
  object: FlowObject,
  view: SeenView | undefined
): FlowObject {
  if (view === undefined) return object
  const { absent = [], asCame = {}, inside = {} } = view
  const seen = withNested(types, type, object, (nested, property, given) => {
    const views = ownMember(inside, property.name) ?? {}
    const id = given.externalId?.trim() || null
    // A flow may send a nested object without its id where there is only one.
    const [only] = id === null && property.value.form === 'object' ? Object.values(views) : []
    return withView(types, nested, given, only ?? ownMember(views, id ?? ''))
  })
  return { ...seen, unseen: { absent, asCame } }
}

/**
 * A new object of a flow, with the blank properties as those that the flow has not seen: a create leaves
 * them to the API.
 */
export function withBlanksUnseen(types: Types, type: TypeRecord, object: FlowObject): FlowObject {
  const given = valuesByName(object)
  const absent = type.properties.flatMap(property => {
    const sent = given.get(property.name.toLowerCase())
    return sent !== undefined && isEmptyProperty(property, sent) ? [property.name] : []
  })
  const seen = withNested(types, type, object, (nested, _property, inner) =>
    withBlanksUnseen(types, nested, inner)
  )
  return { ...seen, unseen: { absent, asCame: {} } }
}

/** An object with others in place of its nested ones. */
function withNested(
  types: Types,
  type: TypeRecord,
  object: FlowObject,
  change: (nested: TypeRecord, property: PropertyRecord, given: FlowObject) => FlowObject
): FlowObject {
  const properties = object.properties.map((sent): FlowProperty => {
    const { developerName, objectData } = sent
    const property = objectData === null ? undefined : findProperty(type, developerName)
    if (objectData === null || property === undefined || property.value.form === 'scalar')
      return sent
    const nested = typeNamed(types, property.value.type)
    return { ...sent, objectData: objectData.map(given => change(nested, property, given)) }
  })
  return { ...object, properties }
}
