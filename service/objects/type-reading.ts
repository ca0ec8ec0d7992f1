import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isHelper } from './type-lookup.ts'
import type { FlowProperty } from './types.ts'

/** How the values of a type are read, settled once for all of them. */
export type TypeReading = {
  readonly type: TypeRecord
  readonly isHelper: boolean
  /** One for each property that reads show. */
  readonly steps: readonly PropertyReading[]
}

/** How a property is read. */
export type PropertyReading = {
  readonly property: PropertyRecord
  /** The property without value: null for a scalar, no objects for an object or a list. */
  readonly empty: FlowProperty
  /** Where its JSON stands: in the member `key`, or as what its type's form says. */
  readonly held: 'nowhere' | 'in member' | 'as id' | 'as key' | 'as value'
  readonly key: string
}

const readings = new WeakMap<TypeRecord, TypeReading>()

/** The reading of a type, made when it is first asked for. */
export function readingOf(type: TypeRecord): TypeReading {
  const known = readings.get(type)
  if (known !== undefined) return known
  const steps = type.properties
    .filter(property => !property.writeOnly)
    .map(property => propertyReading(type, property))
  const reading = { type, isHelper: isHelper(type), steps }
  readings.set(type, reading)
  return reading
}

/** A property without value: null for a scalar, no objects for an object or a list. */
export function emptyProperty(property: PropertyRecord): FlowProperty {
  return flowProperty(property, null, property.value.form === 'scalar' ? null : [])
}

export function flowProperty(
  { name, content }: PropertyRecord,
  contentValue: string | null,
  objectData: FlowProperty['objectData']
): FlowProperty {
  return { developerName: name, contentType: content, contentValue, objectData }
}

function propertyReading(type: TypeRecord, property: PropertyRecord): PropertyReading {
  return {
    property,
    empty: emptyProperty(property),
    held: placeOf(type, property),
    key: property.key ?? ''
  }
}

function placeOf(type: TypeRecord, property: PropertyRecord): PropertyReading['held'] {
  const { name, key, custom, content } = property
  // What no answer has, or may show.
  if (custom || content === 'ContentPassword') return 'nowhere'
  if (key !== null) return 'in member'
  if (type.form === 'item' && name === 'ID') return 'as id'
  return type.form === 'entry' && name === 'Key' ? 'as key' : 'as value'
}
