import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import type { Types } from './type-lookup.ts'
import { typeNamed } from './type-lookup.ts'

/** Makes the row of a record. */
export type RowShape = (record: JsonObject) => JsonObject

/**
 * What rows of a type have (docs/pipelines.md#rows): the fields that a manifest declares, in their order; else the
 * record as it came, without what the type marks as secret or write-only, also in nested objects.
 *
 * @returns Null where a row is the record as it came.
 */
export function rowShape(types: Types, type: TypeRecord): RowShape | null {
  const { fields } = type
  if (typeof fields === 'object') return record => fieldsOf(fields, record)
  const hiding = typesThatHide(types, type)
  if (!hiding.has(type.name)) return null
  const show = (name: string, value: JsonValue): JsonValue =>
    hiding.has(name) ? shown(typeNamed(types, name), value, show) : value
  return record => {
    const row = show(type.name, record)
    return isJsonObject(row) ? row : record
  }
}

/** Whether no reader sees the value of a property. */
export function isSecret({ content, writeOnly }: PropertyRecord): boolean {
  return writeOnly || content === 'ContentPassword'
}

function fieldsOf(fields: readonly { readonly name: string }[], record: JsonObject): JsonObject {
  const row: Record<string, JsonValue> = {}
  for (const { name } of fields) {
    if (Object.hasOwn(record, name)) row[name] = record[name] ?? null
  }
  return row
}

/** The types from this one down that hide a property, or have one that does below. */
function typesThatHide(types: Types, root: TypeRecord): ReadonlySet<string> {
  const holders = new Map<string, Set<string>>()
  const hiding: string[] = []
  const reached = new Set([root.name])
  for (const name of reached) {
    const { properties } = typeNamed(types, name)
    if (properties.some(property => isMember(property) && isSecret(property))) hiding.push(name)
    for (const { value } of properties) {
      if (value.form === 'scalar') continue
      reached.add(value.type)
      holders.set(value.type, (holders.get(value.type) ?? new Set()).add(name))
    }
  }
  const all = new Set(hiding)
  for (const name of all) for (const holder of holders.get(name) ?? []) all.add(holder)
  return all
}

function isMember({ custom, key }: PropertyRecord): boolean {
  return !custom && key !== null
}

/** A value without what its type hides. */
function shown(
  { properties }: TypeRecord,
  value: JsonValue,
  show: (type: string, value: JsonValue) => JsonValue
): JsonValue {
  let result = value
  for (const property of properties) {
    const { key, custom, value: form } = property
    if (custom || (key === null && form.form === 'scalar')) continue
    if (key === null) {
      // A choice, or the value of a map's member: it is the value itself.
      result = form.form === 'scalar' ? result : inForm(form, result, show)
      continue
    }
    if (!isJsonObject(result) || !Object.hasOwn(result, key)) continue
    if (isSecret(property)) {
      const { [key]: _secret, ...rest } = result
      result = rest
    } else if (form.form !== 'scalar') {
      result = { ...result, [key]: inForm(form, result[key] ?? null, show) }
    }
  }
  return result
}

function inForm(
  { form, type }: Exclude<PropertyRecord['value'], { readonly form: 'scalar' }>,
  value: JsonValue,
  show: (type: string, value: JsonValue) => JsonValue
): JsonValue {
  if (form === 'list' && isJsonArray(value)) return value.map(item => show(type, item))
  if (form === 'map' && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(type, item)]))
  }
  return show(type, value)
}
