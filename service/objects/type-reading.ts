import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isHelper } from './type-lookup.ts'
import type { FlowProperty } from './types.ts'

/** How the values of a type are read; computed once for each type. */
export type TypeReading = {
  readonly type: TypeRecord
  readonly isHelper: boolean
  /** One for each property that is not write-only. */
  readonly steps: readonly PropertyReading[]
  /** Names of the write-only properties, apart from passwords: no flow sees their values. */
  readonly hidden: readonly string[]
}

/** How a property is read. */
export type PropertyReading = {
  readonly property: PropertyRecord
  /** The property without value: null for a scalar, no objects for an object or a list. */
  readonly empty: FlowProperty
  /** Where its JSON is: in the member `key`, or as the type's form says. */
  readonly source: 'nowhere' | 'in member' | 'as id' | 'as key' | 'as value'
  readonly key: string
}

const readings = new WeakMap<TypeRecord, TypeReading>()

export function readingOf(type: TypeRecord): TypeReading {
  const known = readings.get(type)
  if (known !== undefined) return known
  const steps = type.properties
    .filter(property => !property.writeOnly)
    .map(property => propertyReading(type, property))
  const hidden = type.properties.filter(isHidden).map(({ name }) => name)
  const reading = { type, isHelper: isHelper(type), steps, hidden }
  readings.set(type, reading)
  return reading
}

/** Whether no flow sees the value of a property that it may send; a blank password means "unchanged" anyway. */
export function isHidden({ writeOnly, custom, content }: PropertyRecord): boolean {
  return writeOnly && !custom && content !== 'ContentPassword'
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
    source: sourceOf(type, property),
    key: property.key ?? ''
  }
}

function sourceOf(type: TypeRecord, property: PropertyRecord): PropertyReading['source'] {
  const { name, key, custom, content } = property
  // No answer has these, or may show them.
  if (custom || content === 'ContentPassword') return 'nowhere'
  if (key !== null) return 'in member'
  if (type.form === 'item' && name === 'ID') return 'as id'
  return type.form === 'entry' && name === 'Key' ? 'as key' : 'as value'
}
