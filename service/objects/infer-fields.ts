import type { JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../base/json.ts'
import { uniqueNames } from '../base/unique-names.ts'
import { fieldProperty } from '../model/field-property.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { fieldIdentity } from '../model/field-identity.ts'

/** What the values of a member have been: numbers, objects and so on; `mixed` of several kinds. */
export type InferredKind = 'text' | 'number' | 'boolean' | 'json' | 'mixed'

/** Members of records with their kinds. */
export type InferredFields = { readonly [name: string]: InferredKind }

/** Most fields of a type, and characters of a name. */
const FIELDS_MAX = 1_000
const NAME_MAX = 250

const FORMS = {
  text: { content: 'ContentString', kind: 'text' },
  number: { content: 'ContentNumber', kind: 'number' },
  boolean: { content: 'ContentBoolean', kind: 'boolean' },
  json: { content: 'ContentString', kind: 'json' },
  mixed: { content: 'ContentString', kind: 'any' }
} as const

/**
 * The fields of records, in the order in which they first appear. Objects and lists are JSON text; a field that is null
 * in all records is text. Bounded in the number and the length of names; others are left out.
 */
export function inferFields(records: readonly JsonValue[]): InferredFields {
  const fields = new Map<string, InferredKind | null>()
  for (const record of records) {
    if (!isJsonObject(record)) continue
    for (const name of Object.keys(record)) {
      const before = fields.get(name)
      if (before === undefined && (fields.size === FIELDS_MAX || name.length > NAME_MAX)) continue
      const kind = kindOf(record[name] ?? null)
      const isMixed = before !== undefined && before !== null && kind !== null && kind !== before
      fields.set(name, isMixed ? 'mixed' : (kind ?? before ?? null))
    }
  }
  return Object.fromEntries([...fields].map(([name, kind]) => [name, kind ?? 'text']))
}

function kindOf(value: JsonValue): InferredKind | null {
  if (value === null) return null
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number' || isExactNumber(value)) return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return isJsonArray(value) || isJsonObject(value) ? 'json' : null
}

/** A type of a manifest with the fields of its first page. Those that only its output declares stay. */
export function typeWithFields(type: TypeRecord, fields: InferredFields): TypeRecord {
  const takeName = uniqueNames()
  const declared = type.properties.map(property => ({
    ...property,
    name: takeName(property.name),
    writeOnly: property.key === null || !Object.hasOwn(fields, property.key)
  }))
  const known = new Set(declared.map(({ key }) => key))
  const inferred = Object.entries(fields).flatMap(([key, kind]) =>
    known.has(key)
      ? []
      : // An output takes what it declares.
        fieldProperty(takeName(key), key, { ...FORMS[kind], readOnly: true, writeOnly: false })
  )
  const properties = [...declared, ...inferred]
  return { ...type, properties, identity: fieldIdentity(type.name, properties) }
}
