import type { JsonValue } from '../../base/json.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { propertyJson } from '../../objects/encode-object.ts'
import type { Types } from '../../objects/type-lookup.ts'
import { findProperty, findValue, typeNamed } from '../../objects/type-lookup.ts'
import type { FlowObject, FlowProperty } from '../../objects/types.ts'
import { shownText } from '../shown-text.ts'

/** Widest cell of a table, and the most columns. */
const CELL_WIDTH = 32
const COLUMNS_MAX = 8

/** Writes objects as JSON: the external id, and the properties under their names. */
export function objectsJson(types: Types, objects: readonly FlowObject[]): string {
  const shown = objects.map(object => {
    const type = typeNamed(types, object.developerName)
    const members = object.properties.flatMap(given => {
      const property = findProperty(type, given.developerName)
      const value = property && propertyJson(types, type, property, given)
      return property === undefined || value === undefined ? [] : [[property.name, value] as const]
    })
    const properties: { [name: string]: JsonValue } = Object.fromEntries(members)
    return { externalId: object.externalId, properties }
  })
  return JSON.stringify(shown, null, 2)
}

/** Writes objects as a table of their first columns that have a value, the external id before them. */
export function objectsTable(type: TypeRecord, objects: readonly FlowObject[]): string {
  if (objects.length === 0) return `No objects of type ${type.name}.`
  const filled = type.properties.filter(property =>
    objects.some(object => cellOf(findValue(object, property)) !== '')
  )
  const shown = filled.slice(0, COLUMNS_MAX)
  const rows = [
    ['id', ...shown.map(({ name }) => name)],
    ...objects.map(object => [
      object.externalId ?? '',
      ...shown.map(property => cellOf(findValue(object, property)))
    ])
  ].map(row => row.map(cut))
  const widths = rows[0]?.map((_, column) => longest(rows.map(row => row[column] ?? '')))
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd()
  )
  const more = filled.length - shown.length
  const hint = more === 0 ? [] : [`and ${more} more columns: see them with --json`]
  return [...lines, ...hint].join('\n')
}

function cellOf(property: FlowProperty | undefined): string {
  if (property === undefined) return ''
  const { contentValue, objectData } = property
  if (contentValue !== null) return shownText(contentValue)
  if (objectData === null || objectData.length === 0) return ''
  return property.contentType === 'ContentObject' ? '{…}' : `[${objectData.length}]`
}

function cut(text: string): string {
  return text.length <= CELL_WIDTH ? text : `${text.slice(0, CELL_WIDTH - 1)}…`
}

function longest(texts: readonly string[]): number {
  return texts.reduce((width, { length }) => Math.max(width, length), 0)
}
