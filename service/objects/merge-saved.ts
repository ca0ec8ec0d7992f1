import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, member } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type { DecodeWarning } from './decode-objects.ts'
import { decodeObjects } from './decode-objects.ts'
import { createIdGenerator, isGeneratedId, ownId } from './external-id.ts'
import { flowText } from './scalar-text.ts'
import { choiceOf, findValue, isHelper, typeNamed, type Types } from './type-lookup.ts'
import { emptyProperty, flowProperty } from './type-reading.ts'
import type { FlowObject, FlowProperty } from './types.ts'
import { unseenAfterSave } from './unseen-after-save.ts'

/** The API's answer to a save. */
export type SavedAnswer = {
  /** The object in the answer; undefined for 204 or an empty body. Anything but an object is ignored. */
  readonly value: JsonValue | undefined
  /** The id in the last segment of `Location`; null for none. */
  readonly newId: string | null
}

/** One object as it was sent, and as the API returned it. */
type Saved = {
  readonly sent: FlowObject
  readonly returned: FlowObject | undefined
  readonly json: JsonObject | undefined
}

type Merging = {
  readonly types: Types
  readonly generateId: (typeName: string, value: JsonValue) => string
  readonly views: Map<FlowObject, JsonObject>
}

/**
 * The object that a save returns: the answer's values over the sent ones
 * (docs/x-flow.md#what-a-save-returns). Nested objects are merged by member, lists are replaced. Custom
 * properties keep the sent value, passwords have none, `internalId` and `order` are echoed. What the flow has
 * not seen of the object is noted (`unseen`).
 *
 * The external id is the answer's; else, for an update, that of the sent object; else `newId`, or the
 * sent key property; else a generated one. It fills an empty key property.
 *
 * @throws ConnectorError `TYPE_UNKNOWN` when `types` lacks the type.
 */
export function mergeSaved(
  types: Types,
  typeName: string,
  sent: FlowObject,
  answer: SavedAnswer
): { readonly object: FlowObject; readonly warnings: readonly DecodeWarning[] } {
  const type = typeNamed(types, typeName)
  const merging: Merging = { types, generateId: createIdGenerator(), views: new Map() }
  const json = isJsonObject(answer.value) ? answer.value : undefined
  const knownId = (json && ownId(type.identity, json)) ?? sentId(merging, type, sent, answer.newId)
  const { objects, warnings } = decodeObjects(types, typeName, json === undefined ? [] : [json], {
    pointerOf: () => '',
    notes: 'unseen',
    ...(knownId !== undefined && { knownId })
  })
  const saved = { sent, returned: objects[0], json }
  return { object: mergeObject(merging, type, saved, knownId), warnings }
}

function mergeObject(
  merging: Merging,
  type: TypeRecord,
  saved: Saved,
  knownId: string | undefined
): FlowObject {
  const { sent, returned } = saved
  const externalId =
    knownId ?? returned?.externalId ?? merging.generateId(type.name, view(merging, type, sent))
  const key = missingKey(merging, type, saved)
  const properties = type.properties
    .filter(property => !property.writeOnly)
    .map(property => {
      const isId = property === key && !isGeneratedId(externalId)
      return isId || (type.form === 'item' && property.name === 'ID')
        ? scalarProperty(property, externalId)
        : mergeProperty(merging, type, property, saved, externalId)
    })
  const unseen = unseenAfterSave(merging.types, type, {
    sent,
    returned,
    isReturned: property => isReturned(type, property, saved)
  })
  return {
    externalId,
    internalId: sent.internalId,
    developerName: type.name,
    order: sent.order,
    properties: properties.length > 0 ? properties : type.properties.map(emptyProperty),
    ...(unseen !== undefined && { unseen })
  }
}

function mergeProperty(
  merging: Merging,
  type: TypeRecord,
  property: PropertyRecord,
  saved: Saved,
  externalId: string
): FlowProperty {
  if (property.content === 'ContentPassword') return emptyProperty(property)
  const sent = findValue(saved.sent, property)
  const returned = isReturned(type, property, saved)
    ? saved.returned && findValue(saved.returned, property)
    : undefined
  const { value } = property
  if (value.form === 'scalar') {
    return returned ?? scalarProperty(property, sent?.contentValue ?? null)
  }
  const objects = sent?.objectData ?? []
  const inAnswer = returned?.objectData?.[0]
  // Only an object on both sides is merged.
  const both = value.form === 'object' && objects.length > 0 && inAnswer !== undefined
  if (returned !== undefined && !both) return returned
  const nested = typeNamed(merging.types, value.type)
  const held = property.key === null ? saved.json : member(saved.json, property.key)
  const json = both && isJsonObject(held) ? held : undefined
  const merged = objects.map((object, index) => {
    const helperId = isHelper(nested) ? `${externalId}-${index}` : undefined
    const knownId =
      (json && ownId(nested.identity, json)) ?? sentId(merging, nested, object, null) ?? helperId
    return mergeObject(merging, nested, { sent: object, returned: inAnswer, json }, knownId)
  })
  return flowProperty(property, null, merged)
}

function scalarProperty(property: PropertyRecord, text: string | null): FlowProperty {
  const { value } = property
  return flowProperty(property, value.form === 'scalar' ? flowText(value.kind, text) : null, null)
}

/** Whether the answer has a property, if only as null. */
function isReturned(type: TypeRecord, property: PropertyRecord, saved: Saved): boolean {
  if (saved.json === undefined || property.custom) return false
  if (property.key !== null) return Object.hasOwn(saved.json, property.key)
  const names = choiceOf(type, property)?.options.map(option => option.property) ?? []
  return (saved.returned?.properties ?? []).some(
    ({ developerName, contentValue, objectData }) =>
      names.includes(developerName) && (contentValue !== null || (objectData ?? []).length > 0)
  )
}

/** The id of an object for which the answer has none; undefined where one must be generated. */
function sentId(
  merging: Merging,
  type: TypeRecord,
  sent: FlowObject,
  newId: string | null
): string | undefined {
  const given = sent.externalId?.trim() ? sent.externalId : undefined
  if (given !== undefined && !isGeneratedId(given)) return given
  return newId ?? ownId(type.identity, view(merging, type, sent)) ?? given
}

/** The key property of the type, where it is empty. */
function missingKey(merging: Merging, type: TypeRecord, saved: Saved): PropertyRecord | undefined {
  const { composite, candidates } = type.identity
  if (composite !== null || (saved.json && ownId(type.identity, saved.json)) !== undefined) return
  if (ownId(type.identity, view(merging, type, saved.sent)) !== undefined) return
  const key = candidates.find(path => path.length === 1)?.[0]
  return key === undefined ? undefined : type.properties.find(property => property.key === key)
}

/** The sent object under the API's names: it has the key, and is the content of a generated id. */
function view(merging: Merging, type: TypeRecord, sent: FlowObject): JsonObject {
  const known = merging.views.get(sent)
  if (known !== undefined) return known
  const members = type.properties.flatMap((property): [string, JsonValue][] => {
    const given = findValue(sent, property)
    if (given === undefined || property.custom || property.content === 'ContentPassword') return []
    const { value, key, name } = property
    if (value.form === 'scalar') return [[key ?? name, flowText(value.kind, given.contentValue)]]
    const nested = typeNamed(merging.types, value.type)
    const objects = (given.objectData ?? []).map(object => view(merging, nested, object))
    return [[key ?? name, value.form === 'object' ? (objects[0] ?? null) : objects]]
  })
  const made = Object.fromEntries(members)
  merging.views.set(sent, made)
  return made
}
