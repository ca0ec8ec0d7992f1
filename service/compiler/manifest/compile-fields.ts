import { pointer } from '../../base/json-pointer.ts'
import { ownMember } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import { FIELD_TYPES } from '../../model/field-record.ts'
import type { SchemaForm } from '../../vocabulary/manifest-forms.ts'
import type { ManifestPart, ManifestScope } from './manifest-scope.ts'
import { sectionOf } from './manifest-scope.ts'

/** Other names of the types, as databases and formats of files have them. */
const SYNONYMS: { readonly [name: string]: FieldRecord['type'] } = {
  str: 'string',
  text: 'string',
  char: 'string',
  varchar: 'string',
  uuid: 'string',
  int: 'integer',
  int32: 'integer',
  smallint: 'integer',
  bigint: 'long',
  int64: 'long',
  float32: 'float',
  real: 'float',
  float64: 'double',
  decimal: 'double',
  numeric: 'double',
  number: 'double',
  bool: 'boolean',
  datetime: 'timestamp',
  bytes: 'binary',
  blob: 'binary'
}

/** The fault of a part whose fields are all left out. */
export const NO_FIELDS = 'its `schema` has no field of a known type'

/**
 * The fields that `schema` declares, in its order. A field of an unknown type is left out, with a diagnostic; of two
 * with the same name the first counts.
 */
export function compileFields(
  { report }: ManifestScope,
  part: ManifestPart,
  schema: SchemaForm
): readonly FieldRecord[] {
  const fields = new Map<string, FieldRecord>()
  for (const [index, { name, type }] of schema.entries()) {
    const at = pointer(part.at, 'schema', index)
    const member = `schema[${index}]`
    const ignore = (reason: string): void =>
      report.add('MANIFEST_MEMBER_IGNORED', at, {
        member,
        part: part.path,
        reason,
        section: sectionOf(part)
      })
    const known = FIELD_TYPES.find(word => word === type.trim().toLowerCase())
    if (fields.has(name)) ignore(`the field "${name}" is there already`)
    else if (known !== undefined) fields.set(name, { name, type: known })
    else
      ignore(
        `"${type}" is no type${suggestion(likely(type))}, but one of ${FIELD_TYPES.join(', ')}`
      )
  }
  return [...fields.values()]
}

function likely(type: string): string | undefined {
  const [word = ''] = type.trim().toLowerCase().split(/[(<]/, 1)
  return ownMember(SYNONYMS, word) ?? nearest(type, FIELD_TYPES)
}
