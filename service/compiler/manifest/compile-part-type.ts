import { uniqueNames } from '../../base/unique-names.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import { FIELD_FORMS } from '../../model/field-forms.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import { fieldProperty } from '../../model/field-property.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { fieldIdentity } from '../../model/field-identity.ts'
import { toldNames } from '../schema/told-names.ts'
import type { CompiledPart } from './compile-part.ts'

/**
 * The type of the inputs and outputs of one name: the fields of all. A field that only an output declares is not read,
 * one that only an input declares is not written.
 *
 * @returns Null for an output without `schema`, of which no flow could fill a property.
 */
export function compilePartType(
  name: string,
  parts: readonly CompiledPart[],
  mappings: readonly MappingRecord[]
): TypeRecord | null {
  const fieldsOf = (kind: 'input' | 'output'): ReadonlyMap<string, FieldRecord> | null => {
    const fields = parts.find(({ part }) => part.kind === kind)?.fields
    return fields ? new Map(fields.map(field => [field.name, field])) : null
  }
  const [read, written] = [fieldsOf('input'), fieldsOf('output')]
  const isRead = parts.some(({ part }) => part.kind === 'input')
  if (!isRead && written === null) return null
  const takeName = uniqueNames()
  const properties = [...new Map([...(written ?? []), ...(read ?? [])])].map(([key, { type }]) =>
    fieldProperty(takeName(key), key, {
      ...FIELD_FORMS[type],
      readOnly: written?.has(key) === false,
      writeOnly: read?.has(key) === false
    })
  )
  const identity = fieldIdentity(name, properties)
  const draft = { name, named: null, properties }
  const [first] = parts
  return {
    name,
    summary: null,
    form: 'object',
    properties,
    choices: [],
    identity,
    toldIds: toldNames(draft, identity, mappings),
    hasRequired: false,
    mappings: Object.fromEntries(mappings.map(({ verb, key }) => [verb, key])),
    pointer: first?.part.at ?? '',
    ...(isRead && { fields: read === null ? 'first page' : [...read.values()] })
  }
}
