import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { Records } from '../model/connector-model.ts'
import type { ChoiceRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type { FlowObject, FlowProperty } from './types.ts'

/** The type records of a model, by name. */
export type Types = Records<TypeRecord>

/**
 * The record of a type.
 *
 * @throws ConnectorError `TYPE_UNKNOWN` when the model has none of that name.
 */
export function typeNamed(types: Types, name: string): TypeRecord {
  const type = types.get(name)
  if (type !== undefined) return type
  const near = nearest(name, [...types.keys()])
  throw new ConnectorError('TYPE_UNKNOWN', { type: name, suggestion: suggestion(near) })
}

type PropertyNames = {
  readonly exact: ReadonlyMap<string, PropertyRecord>
  readonly folded: ReadonlyMap<string, PropertyRecord>
}

const propertyNames = new WeakMap<TypeRecord, PropertyNames>()

function namesOf(type: TypeRecord): PropertyNames {
  const known = propertyNames.get(type)
  if (known !== undefined) return known
  // The first of equal names wins.
  const reversed = type.properties.toReversed()
  const names = {
    exact: new Map(reversed.map(property => [property.name, property])),
    folded: new Map(reversed.map(property => [property.name.toLowerCase(), property]))
  }
  propertyNames.set(type, names)
  return names
}

/** The property of a type with that developer name: spelled so, else without regard to case. */
export function findProperty(type: TypeRecord, name: string): PropertyRecord | undefined {
  const { exact, folded } = namesOf(type)
  return exact.get(name) ?? folded.get(name.toLowerCase())
}

/** An object of more properties is looked up by an index of their names. */
const FEW_PROPERTIES = 32

/** The value of a property in a flow object, found without regard to the case of its name. */
export function findValue(object: FlowObject, { name }: PropertyRecord): FlowProperty | undefined {
  const { properties } = object
  const folded = name.toLowerCase()
  if (properties.length > FEW_PROPERTIES) return valuesByName(object).get(folded)
  return properties.findLast(({ developerName }) => developerName.toLowerCase() === folded)
}

const indexes = new WeakMap<FlowObject['properties'], ReadonlyMap<string, FlowProperty>>()

/** The values of a flow object by the names of their properties in lower case; the last of equal ones. */
export function valuesByName({ properties }: FlowObject): ReadonlyMap<string, FlowProperty> {
  const known = indexes.get(properties)
  if (known !== undefined) return known
  const index = new Map(
    properties.map(property => [property.developerName.toLowerCase(), property])
  )
  indexes.set(properties, index)
  return index
}

/** The choice that a property is an option of; undefined for any other property. */
export function choiceOf(type: TypeRecord, property: PropertyRecord): ChoiceRecord | undefined {
  return type.choices.find(({ options }) => options.some(o => o.property === property.name))
}

/**
 * Whether a type's objects are helpers without an id in the document: scalars of a list, members of a
 * map, and the wrappers of items that are a choice. Their ids are made from their parent's.
 */
export function isHelper(type: TypeRecord): boolean {
  if (type.form !== 'object') return true
  return (
    type.choices.length > 0 && type.properties.every(({ key, custom }) => key === null && !custom)
  )
}
