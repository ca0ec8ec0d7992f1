import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, member, ownMember } from '../base/json.ts'
import type { IdentityRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isEmptyProperty } from './as-came.ts'
import type { DecodeWarnings } from './decoding.ts'
import { decodeObjects } from './decode-objects.ts'
import type { IdGenerator } from './external-id.ts'
import { compositeParts, createIdGenerator, isGeneratedId, ownId, savedId } from './external-id.ts'
import { flowText } from './scalar-text.ts'
import {
  choiceOf,
  findValue,
  isHelper,
  typeNamed,
  type Types,
  valuesByName
} from './type-lookup.ts'
import { emptyProperty, flowProperty } from './type-reading.ts'
import type { FlowObject, FlowProperty } from './types.ts'
import { unseenAfterSave } from './unseen-after-save.ts'

/** The API's answer to a save. */
export type SavedAnswer = {
  /** The object in the answer; undefined for 204 or an empty body. Anything but an object is ignored. */
  readonly value: JsonValue | undefined
  /** The id of a created object where its values have none; null for none. */
  readonly newId: string | null
  /** It is an example of a create or an update, over which what was sent wins. Default: the API knows better. */
  readonly example?: 'create' | 'update'
}

/** One object as it was sent, and as the API returned it. */
type Saved = {
  readonly sent: FlowObject
  readonly returned: FlowObject | undefined
  readonly json: JsonObject | undefined
  /** A key in one of them is that of the object. Default: it is. */
  readonly isKnownByKey?: boolean
}

type Merging = {
  readonly types: Types
  readonly generateId: IdGenerator
  readonly views: Map<FlowObject, JsonObject>
  /** What was sent wins over the answer, blank properties of an update too. */
  readonly example: SavedAnswer['example']
}

/**
 * The object that a save returns: the answer's values over the sent ones
 * (docs/x-flow.md#what-a-save-returns). Nested objects are merged by member, lists are replaced. Custom
 * properties keep the sent value, passwords have none, `internalId` and `order` are echoed. What the flow has
 * not seen of the object is noted (`unseen`).
 *
 * The external id is the answer's; else, for an update, that of the sent object; else `newId`, or the
 * sent key property; else a generated one with the mark that the object was saved. It fills an empty key
 * property. Over an example what was sent wins, and the external id is `newId`.
 *
 * @param generateId Shared by the objects of a request, so that generated ids are unique. Default a new one.
 * @throws ConnectorError `TYPE_UNKNOWN` when `types` lacks the type.
 */
export function mergeSaved(
  types: Types,
  typeName: string,
  sent: FlowObject,
  answer: SavedAnswer,
  generateId: IdGenerator = createIdGenerator()
): DecodeWarnings & { readonly object: FlowObject } {
  const type = typeNamed(types, typeName)
  const { example, newId } = answer
  const isExample = example !== undefined
  const json = isJsonObject(answer.value) ? answer.value : undefined
  const merging: Merging = { types, generateId, views: new Map(), example }
  const ownOrSent =
    (isExample ? newId : null) ??
    (json && ownId(type.identity, json, sentCustoms(type, sent))) ??
    sentId(merging, type, sent, newId)
  const isReal = ownOrSent !== undefined && (isExample || !isGeneratedId(ownOrSent))
  const externalId = isReal
    ? ownOrSent
    : savedId(ownOrSent ?? generateId(type.name, contentOf(merging, type, sent, json)))
  const { objects, warnings, warningCount } = decodeObjects(
    types,
    typeName,
    json === undefined ? [] : [json],
    {
      pointerOf: () => '',
      notes: 'unseen',
      knownId: externalId
    }
  )
  const saved = { sent, returned: objects[0], json, isKnownByKey: !isExample }
  return { object: mergeObject(merging, type, saved, externalId), warnings, warningCount }
}

/** The custom properties of the sent object, which may be parts of a composite id. */
function sentCustoms(type: TypeRecord, sent: FlowObject): ReadonlyMap<string, string> | undefined {
  if (type.identity.composite === null) return undefined
  const values = valuesByName(sent)
  return new Map(
    type.properties.flatMap(({ name, custom }) => {
      const text = custom ? values.get(name.toLowerCase())?.contentValue : null
      return text ? [[name, text] as const] : []
    })
  )
}

/** What an id is generated from: the answer if it shows the object, else the sent object. */
function contentOf(
  merging: Merging,
  type: TypeRecord,
  sent: FlowObject,
  json: JsonObject | undefined
): JsonObject {
  const isShown = type.properties.some(({ key }) => key !== null && member(json, key) !== undefined)
  return json !== undefined && isShown ? json : view(merging, type, sent)
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
  const keys = missingKeys(merging, type, saved, externalId)
  const properties = type.properties
    .filter(property => !property.writeOnly)
    .map(property => {
      const isItemId = type.form === 'item' && property.name === 'ID'
      const key = isItemId ? externalId : keys.get(property)
      return key === undefined
        ? mergeProperty(merging, type, property, saved, externalId)
        : scalarProperty(property, key)
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
  const isOver = winsOver(merging, type, property, saved.sent)
  const returned = isReturned(type, property, saved)
    ? saved.returned && findValue(saved.returned, property)
    : undefined
  const { value } = property
  if (value.form === 'scalar') {
    return (isOver ? undefined : returned) ?? scalarProperty(property, sent?.contentValue ?? null)
  }
  const objects = sent?.objectData ?? []
  const inAnswer = returned?.objectData?.[0]
  // Only an object on both sides is merged.
  const both = value.form === 'object' && objects.length > 0 && inAnswer !== undefined
  if (returned !== undefined && !both && !isOver) return returned
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

/** Whether what was sent of a property wins over an example, if only by another choice in its place. */
function winsOver(
  { example }: Merging,
  type: TypeRecord,
  property: PropertyRecord,
  sent: FlowObject
): boolean {
  if (example === undefined) return false
  const given = findValue(sent, property)
  if (given !== undefined && !isEmptyProperty(property, given)) return true
  const names = choiceOf(type, property)?.options.map(option => option.property) ?? []
  const isOtherChoice = type.properties.some(other => {
    const chosen = names.includes(other.name) ? findValue(sent, other) : undefined
    return chosen !== undefined && !isEmptyProperty(other, chosen)
  })
  return isOtherChoice || (example === 'update' && given !== undefined && !property.readOnly)
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

/** The key properties that are empty, with the part of the external id that each gets. */
function missingKeys(
  merging: Merging,
  type: TypeRecord,
  saved: Saved,
  externalId: string
): ReadonlyMap<PropertyRecord, string> {
  const { identity } = type
  const isKnown = (json: JsonObject): boolean => ownId(identity, json) !== undefined
  const own = view(merging, type, saved.sent)
  const isTold = isKnown(own) || (saved.json !== undefined && isKnown(saved.json))
  if (isGeneratedId(externalId) || (isTold && saved.isKnownByKey !== false)) return new Map()
  const texts = keyTexts(identity, externalId)
  return new Map(
    type.properties.flatMap(property => {
      const { key } = property
      const text = key === null || (member(own, key) ?? null) !== null ? undefined : texts.get(key)
      return text === undefined ? [] : [[property, text] as const]
    })
  )
}

/** What an external id holds, by the JSON members that have it. */
function keyTexts(identity: IdentityRecord, externalId: string): ReadonlyMap<string, string> {
  const { composite, candidates } = identity
  if (composite === null) {
    const key = candidates.find(path => path.length === 1)?.[0]
    return new Map(key === undefined ? [] : [[key, externalId]])
  }
  const parts = compositeParts(externalId, identity) ?? {}
  return new Map(
    composite.flatMap(({ part, path: [key = '', ...inner] }) => {
      const text = inner.length === 0 ? ownMember(parts, part) : undefined
      return text === undefined ? [] : [[key, text] as const]
    })
  )
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
