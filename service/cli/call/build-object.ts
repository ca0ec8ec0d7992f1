import { splitPath } from '../../base/dotted-path.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import type { Types } from '../../objects/type-lookup.ts'
import { findProperty, typeNamed } from '../../objects/type-lookup.ts'
import type { FlowObject, FlowProperty } from '../../objects/types.ts'
import { CommandError } from '../terminal.ts'

/** A value as it was typed, below the properties that its name leads through. */
type Assignment = { readonly path: readonly string[]; readonly value: string }

/**
 * Builds a flow object from `NAME=VALUE` texts. A dotted name leads into nested objects. A list of scalars has an item
 * for each time that its name is given.
 *
 * @throws CommandError for a text without a name, an unknown property, and a value for objects as a whole.
 */
export function buildObject(
  types: Types,
  type: TypeRecord,
  externalId: string | null,
  set: readonly string[]
): FlowObject {
  return { ...objectOf(types, type, set.map(readAssignment)), externalId }
}

function readAssignment(text: string): Assignment {
  const split = text.indexOf('=')
  if (split < 1) throw new CommandError(`--set "${text}" is not NAME=VALUE`)
  return { path: splitPath(text.slice(0, split).trim()), value: text.slice(split + 1) }
}

function objectOf(types: Types, type: TypeRecord, assignments: readonly Assignment[]): FlowObject {
  const byProperty = Map.groupBy(assignments, ({ path }) => propertyNamed(type, path))
  const properties = [...byProperty].map(([property, values]) =>
    filledProperty(types, property, values)
  )
  return { externalId: null, internalId: null, developerName: type.name, order: 0, properties }
}

/** The property that a path begins with; one whose name has dots is known by the whole path. */
function propertyNamed(type: TypeRecord, path: readonly string[]): PropertyRecord {
  const [first = ''] = path
  const property = findProperty(type, path.join('.')) ?? findProperty(type, first)
  if (property !== undefined) return property
  const names = type.properties.map(({ name }) => name)
  const near = suggestion(nearest(first, names))
  throw new CommandError(`the type "${type.name}" has no property "${first}"${near}`)
}

function filledProperty(
  types: Types,
  property: PropertyRecord,
  values: readonly Assignment[]
): FlowProperty {
  const { name, content, value } = property
  if (value.form === 'scalar') {
    const [only, second] = values
    if (second !== undefined) throw new CommandError(`--set ${name} is given more than once`)
    const text = only?.value ?? ''
    return { developerName: name, contentType: content, contentValue: text, objectData: null }
  }
  const inner = typeNamed(types, value.type)
  const below = values.map(({ path, value: text }) => ({ path: path.slice(1), value: text }))
  const objectData =
    value.form === 'object'
      ? [objectOf(types, inner, assertNamed(below, property))]
      : inner.form === 'item'
        ? below.map(({ value: text }) => objectOf(types, inner, [{ path: ['Value'], value: text }]))
        : below.map(entry => entryOf(types, inner, entry, property))
  return { developerName: name, contentType: content, contentValue: null, objectData }
}

/** An object has no value of its own. */
function assertNamed(
  values: readonly Assignment[],
  { name }: PropertyRecord
): readonly Assignment[] {
  if (values.every(({ path }) => path.length > 0)) return values
  throw new CommandError(`"${name}" is an object: set its properties, such as --set ${name}.…=…`)
}

/** A member of a map: `--set labels.color=red`. */
function entryOf(
  types: Types,
  inner: TypeRecord,
  { path, value }: Assignment,
  { name }: PropertyRecord
): FlowObject {
  if (inner.form !== 'entry' || path.length === 0) {
    throw new CommandError(`"${name}" is a list of objects, which --set cannot write`)
  }
  return objectOf(types, inner, [
    { path: ['Key'], value: path.join('.') },
    { path: ['Value'], value }
  ])
}
