import { ownPart } from '../model/own-part.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { compositeParts, isGeneratedId } from './external-id.ts'
import { findValue, isHelper, typeNamed, type Types } from './type-lookup.ts'
import type { FlowObject } from './types.ts'

/**
 * The id by which an API knows a flow object (docs/x-flow.md#external-ids): its external id, unless that is
 * generated; else the first of the type's id properties that is filled. Of a composite key it is the only part
 * that is a member of the object: custom properties say where the object is. Undefined for none, and for a key of
 * several members, which is no value of the API.
 */
export function idOfObject(types: Types, type: TypeRecord, object: FlowObject): string | undefined {
  if (type.identity.composite !== null) {
    const own = ownPart(type)
    if (own === undefined) return undefined
    const told = compositeParts(object.externalId ?? '', type.identity)
    return told?.[own.part] ?? textAt(types, type, object, own.path)
  }
  if (isHelper(type)) {
    // The wrapper of a choice has its parent's id; the chosen object has its own.
    for (const property of type.properties) {
      const [chosen] = findValue(object, property)?.objectData ?? []
      if (chosen === undefined || property.value.form !== 'object') continue
      return idOfObject(types, typeNamed(types, property.value.type), chosen)
    }
    return undefined
  }
  const { externalId } = object
  if (externalId !== null && externalId.trim() !== '' && !isGeneratedId(externalId)) {
    return externalId
  }
  for (const path of type.identity.candidates) {
    const text = textAt(types, type, object, path)
    if (text !== undefined) return text
  }
  return undefined
}

/** The text of a property, by JSON member names from the outside in. */
function textAt(
  types: Types,
  type: TypeRecord,
  object: FlowObject,
  [key, ...inner]: readonly string[]
): string | undefined {
  const property = type.properties.find(candidate => candidate.key === key)
  const given = property && findValue(object, property)
  if (property === undefined || given === undefined) return undefined
  if (inner.length === 0) return given.contentValue?.trim() || undefined
  const [nested] = given.objectData ?? []
  if (nested === undefined || property.value.form !== 'object') return undefined
  return textAt(types, typeNamed(types, property.value.type), nested, inner)
}
