import type { JsonValue } from '../base/json.ts'
import { dictionary, ownMember } from '../base/json.ts'
import type { BlankRule } from '../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isEmptyProperty, showsNothing } from './as-came.ts'
import { isGeneratedId, isOfSameContent } from './external-id.ts'
import { choiceOf, typeNamed, type Types, valuesByName } from './type-lookup.ts'
import type { FlowObject, FlowProperty } from './types.ts'

/**
 * Lays what a flow sends over the object that the API has, for an update that replaces the whole
 * (docs/x-flow.md#merged-updates). The flow's properties win, but for those that it lacks or never saw.
 * Nested objects are laid over likewise, as are objects of lists with the same id and entries of maps with
 * the same key.
 *
 * @param sent With what the flow has not seen (`unseen`).
 * @param held What the API has, decoded with `notes: 'whole'`.
 * @param blank What the update does with blank properties.
 */
export function layOver(
  types: Types,
  type: TypeRecord,
  sent: FlowObject,
  held: FlowObject,
  blank: BlankRule | null
): FlowObject {
  const [given, present] = [valuesByName(sent), valuesByName(held)]
  const isGiven = (property: PropertyRecord): boolean => {
    const own = given.get(property.name.toLowerCase())
    return own !== undefined && !isLeftToApi(types, type, property, { sent, own, blank })
  }
  const asCame = dictionary<JsonValue>()
  const properties = type.properties.flatMap((property): FlowProperty[] => {
    const { name } = property
    // The alternatives of a choice replace each other.
    const isSent = alternatives(type, property).some(isGiven)
    const { unseen } = isSent ? sent : held
    const came = unseen && ownMember(unseen.asCame, name)
    if (came !== undefined) asCame[name] = came
    const [own, under] = [given, present].map(values => values.get(name.toLowerCase()))
    const isAbsent = under === undefined || held.unseen?.absent.includes(name) === true
    if (!isSent) return isAbsent ? [] : [under]
    if (own === undefined) return []
    return [under === undefined ? own : layOverProperty(types, property, own, under, blank)]
  })
  return { ...sent, properties, unseen: { ...held.unseen, absent: [], asCame } }
}

/** The properties of the choice that a property is an option of; else itself. */
function alternatives(type: TypeRecord, property: PropertyRecord): readonly PropertyRecord[] {
  const options = choiceOf(type, property)?.options.map(option => option.property)
  return options === undefined
    ? [property]
    : type.properties.filter(({ name }) => options.includes(name))
}

/** Whether a flow leaves a value to the API: a list that it does not provide, or a blank that it may keep. */
function isLeftToApi(
  types: Types,
  type: TypeRecord,
  property: PropertyRecord,
  given: { readonly sent: FlowObject; readonly own: FlowProperty; readonly blank: BlankRule | null }
): boolean {
  const { sent, own, blank } = given
  const { form } = property.value
  if ((form === 'list' || form === 'map') && own.objectData === null) return true
  if (!isEmptyProperty(property, own) || blank === 'clear') return false
  if (blank === 'keep' || sent.unseen?.absent.includes(property.name) === true) return true
  const came = sent.unseen && ownMember(sent.unseen.asCame, property.name)
  return came !== undefined && showsNothing(types, type, property, came)
}

function layOverProperty(
  types: Types,
  { value }: PropertyRecord,
  own: FlowProperty,
  under: FlowProperty,
  blank: BlankRule | null
): FlowProperty {
  if (value.form === 'scalar' || own.objectData === null) return own
  const nested = typeNamed(types, value.type)
  const objects = own.objectData.map(object => {
    const held = counterpart(nested, value.form === 'object', object, under.objectData ?? [])
    return held === undefined ? object : layOver(types, nested, object, held, blank)
  })
  return { ...own, objectData: objects }
}

/**
 * The nested object of the API that a flow's one is: the one with its id; where there is no list also one
 * whose type has no ids.
 */
function counterpart(
  type: TypeRecord,
  isOnly: boolean,
  object: FlowObject,
  held: readonly FlowObject[]
): FlowObject | undefined {
  if (type.form === 'entry') {
    const key = entryKey(object)
    return held.find(each => entryKey(each) === key)
  }
  const id = object.externalId?.trim() || null
  if (isOnly && (id === null || isGeneratedId(id))) return held[0]
  return held.find(({ externalId }) => isOfSameContent(externalId ?? '', id ?? ''))
}

function entryKey({ properties }: FlowObject): string | null | undefined {
  return properties.find(({ developerName }) => developerName.toLowerCase() === 'key')?.contentValue
}
