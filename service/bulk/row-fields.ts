import type { FieldRecord } from '../model/field-record.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'

/**
 * The fields of a type of a manifest: those that `schema` declares, else what its first page shows, where numbers are
 * `double`, and objects, lists and all other values are text.
 */
export function rowFields({ fields, properties }: TypeRecord): readonly FieldRecord[] {
  if (typeof fields === 'object') return fields
  return properties.flatMap(property =>
    property.key === null || property.writeOnly ? [] : [fieldOf(property.key, property)]
  )
}

function fieldOf(name: string, { value }: PropertyRecord): FieldRecord {
  const kind = value.form === 'scalar' ? value.kind : 'any'
  if (kind === 'number') return { name, type: 'double' }
  return { name, type: kind === 'boolean' ? kind : 'string' }
}
