import { joinPath, splitPath } from '../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, member } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { isSecret } from '../objects/row-shape.ts'
import type { Types } from '../objects/type-lookup.ts'
import { findProperty, typeNamed } from '../objects/type-lookup.ts'

/** A column of rows: the JSON names of the members that lead to its value. */
export type RowColumn = readonly [string, ...string[]]

/** Most columns that nested objects of one type may take; past it they are JSON text. */
const NESTED_MAX = 500

/** A column as it is typed, and shown in a header. */
export function columnName(column: RowColumn): string {
  return joinPath(column)
}

/** The value of a column in a row; undefined for none. */
export function columnValue(row: JsonObject, column: RowColumn): JsonValue | undefined {
  const [first, ...rest] = column
  let value = member(row, first)
  for (const name of rest) value = member(value, name)
  return value
}

/**
 * The columns that a user names: JSON names or names of properties, dotted for members of nested objects.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN` with the nearest name.
 */
export function namedColumns(
  types: Types,
  type: TypeRecord,
  names: readonly string[]
): readonly RowColumn[] {
  return names.map(name => {
    const found = findColumn(types, type, name)
    if (found !== undefined) return found
    const known = allColumns(types, type).map(columnName)
    const [first = ''] = splitPath(name)
    const near = nearest(name, known) ?? keyOf(type, first) ?? nearest(first, known)
    throw new ConnectorError('COLUMN_UNKNOWN', {
      type: type.name,
      column: name,
      clause: 'columns',
      suggestion: suggestion(near)
    })
  })
}

/** A column of which rows are read, and what its text is: a scalar, the JSON of a list or object, or either. */
export type WrittenColumn = {
  readonly column: RowColumn
  readonly holds: 'text' | 'json' | 'anything'
}

/**
 * The columns of a header, as `namedColumns`.
 *
 * @param types With secrets, as `typesWithSecrets` makes them.
 */
export function writtenColumns(
  types: Types,
  type: TypeRecord,
  names: readonly string[]
): readonly WrittenColumn[] {
  return namedColumns(types, type, names).map(column => ({
    column,
    holds: heldBy(types, type, column)
  }))
}

function heldBy(
  types: Types,
  type: TypeRecord,
  [first, ...rest]: RowColumn
): WrittenColumn['holds'] {
  const [property, another] = readable(type).get(first) ?? []
  const [next, ...others] = rest
  if (property === undefined || another !== undefined) return 'anything'
  const { value } = property
  if (next === undefined && value.form !== 'scalar') return 'json'
  if (value.form === 'object' && next !== undefined) {
    return heldBy(types, typeNamed(types, value.type), [next, ...others])
  }
  const isKnown = value.form === 'scalar' && value.kind !== 'json' && value.kind !== 'any'
  return isKnown ? 'text' : 'anything'
}

/** The columns of a type in its order: nested objects give one for each of their members, lists and maps one. */
export function allColumns(types: Types, type: TypeRecord): readonly RowColumn[] {
  return columnsBelow(types, type, [], new Set())
}

function columnsBelow(
  types: Types,
  type: TypeRecord,
  path: readonly string[],
  open: ReadonlySet<string>
): RowColumn[] {
  const columns: RowColumn[] = []
  const around = new Set([...open, type.name])
  for (const [key, properties] of readable(type)) {
    const [property, another] = properties
    const nested = property === undefined || another !== undefined ? null : objectType(property)
    const below =
      nested === null || around.has(nested)
        ? []
        : columnsBelow(types, typeNamed(types, nested), [...path, key], around)
    if (below.length === 0 || columns.length + below.length > NESTED_MAX) {
      columns.push(columnAt(path, key))
    } else for (const column of below) columns.push(column)
  }
  return columns
}

/** The properties that answers have, by their JSON names; the options of a choice share one. */
function readable({ properties }: TypeRecord): ReadonlyMap<string, readonly PropertyRecord[]> {
  const byKey = new Map<string, PropertyRecord[]>()
  for (const property of properties) {
    const { key, custom } = property
    if (key === null || custom || isSecret(property)) continue
    byKey.set(key, [...(byKey.get(key) ?? []), property])
  }
  return byKey
}

function columnAt(path: readonly string[], key: string): RowColumn {
  const [first, ...rest] = [...path, key]
  return first === undefined ? [key] : [first, ...rest]
}

function objectType({ value }: PropertyRecord): string | null {
  return value.form === 'object' ? value.type : null
}

function findColumn(types: Types, type: TypeRecord, name: string): RowColumn | undefined {
  const literal = keyOf(type, name)
  if (literal !== undefined) return [literal]
  const [first = '', ...rest] = splitPath(name)
  const key = keyOf(type, first)
  if (key === undefined || rest.length === 0) return undefined
  const properties = readable(type).get(key) ?? []
  for (const property of properties) {
    const below = columnIn(types, property, rest)
    if (below !== undefined) return [key, ...below]
  }
  return undefined
}

/** The rest of a path below a property. Of JSON of which nothing is known any member may be asked for. */
function columnIn(
  types: Types,
  { value }: PropertyRecord,
  rest: readonly string[]
): readonly string[] | undefined {
  switch (value.form) {
    case 'object':
      return findColumn(types, typeNamed(types, value.type), joinPath(rest))
    case 'map':
      return rest
    case 'scalar':
      return value.kind === 'json' || value.kind === 'any' ? rest : undefined
    default:
      return undefined
  }
}

/** The JSON name of a readable property that has it, or whose developer name it is. */
function keyOf(type: TypeRecord, name: string): string | undefined {
  const members = readable(type)
  if (members.has(name)) return name
  const key = findProperty(type, name)?.key
  return key !== null && key !== undefined && members.has(key) ? key : undefined
}

/** Makes rows of some columns. Nested ones stay in their objects; a member that a row lacks stays absent. */
export function columnPicker(columns: readonly RowColumn[]): (row: JsonObject) => JsonObject {
  return row => {
    const picked: Record<string, JsonValue> = {}
    for (const column of columns) {
      const value = columnValue(row, column)
      if (value !== undefined) putColumn(picked, column, value)
    }
    return picked
  }
}

/** Sets the value of a column in a row. Nested ones come into their objects. */
export function putColumn(
  row: Record<string, JsonValue>,
  [first, ...rest]: RowColumn,
  value: JsonValue
): void {
  const [next, ...others] = rest
  if (next === undefined) {
    row[first] = value
    return
  }
  const held = Object.hasOwn(row, first) ? row[first] : undefined
  const inner: Record<string, JsonValue> = isJsonObject(held) ? { ...held } : {}
  putColumn(inner, [next, ...others], value)
  row[first] = inner
}
