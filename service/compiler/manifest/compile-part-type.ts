import type { FieldRecord } from '../../model/field-record.ts'
import { FIELD_FORMS } from '../../model/field-forms.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import { usualIdentity } from '../../model/usual-identity.ts'
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
  const fieldsOf = (kind: 'input' | 'output'): readonly FieldRecord[] | null =>
    parts.find(({ part }) => part.kind === kind)?.fields ?? null
  const [read, written] = [fieldsOf('input'), fieldsOf('output')]
  const isRead = parts.some(({ part }) => part.kind === 'input')
  if (!isRead && written === null) return null
  const fields = new Map([...(written ?? []), ...(read ?? [])].map(field => [field.name, field]))
  const names = new Set<string>()
  const properties = [...fields.values()].map(field => {
    const isReadOnly = written !== null && !written.some(({ name }) => name === field.name)
    const isWriteOnly = read !== null && !read.some(({ name }) => name === field.name)
    return fieldProperty(field, uniqueName(field.name, names), isReadOnly, isWriteOnly)
  })
  const identity = usualIdentity(name, properties, [])
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
    ...(isRead && { fields: read ?? 'first page' })
  }
}

/** The property of a field. */
export function fieldProperty(
  { name: key, type }: FieldRecord,
  name: string,
  readOnly: boolean,
  writeOnly: boolean
): PropertyRecord {
  const { content, kind } = FIELD_FORMS[type]
  return {
    name,
    content,
    key,
    value: { form: 'scalar', kind },
    custom: false,
    readOnly,
    writeOnly,
    nullable: true,
    emptyAllowed: kind === 'text'
  }
}

/** Developer names differ by more than the case of letters. */
function uniqueName(name: string, taken: Set<string>): string {
  let unique = name
  for (let count = 2; taken.has(unique.toLowerCase()); count++) unique = `${name}${count}`
  taken.add(unique.toLowerCase())
  return unique
}
