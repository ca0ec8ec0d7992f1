import type { JsonObject } from '../base/json.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import { nearest } from '../base/nearest.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mayBeEmpty } from '../model/type-record.ts'
import type { DecodedObjects } from './decode-objects.ts'
import { decodeObjects } from './decode-objects.ts'
import { ownId } from './external-id.ts'
import { hasAny, membersOf } from './type-members.ts'
import type { Types } from './type-lookup.ts'
import { typeNamed } from './type-lookup.ts'
import type { FlowObject } from './types.ts'

/**
 * Reads a row, as `read` writes it, as an object to be saved (docs/pipelines.md#writing). What the row lacks is unseen,
 * so that an update leaves it as it is. Members that the type does not have are left out.
 *
 * @param types With secrets, as `typesWithSecrets` makes them.
 * @throws ConnectorError `ROW_MISFIT` for a row without any member of the type, or with a value that does not fit.
 */
export function objectOfRow(types: Types, typeName: string, row: JsonObject): FlowObject {
  const type = typeNamed(types, typeName)
  if (!hasAny(row, membersOf(type).names) && !mayBeEmpty(type)) throw withoutMembers(type, row)
  const decoded = decodedRow(types, typeName, row)
  const [object] = decoded.objects
  const [warning] = decoded.warnings
  if (object === undefined || warning !== undefined) {
    const reason = `${warning?.message ?? 'it has no object'} at ${warning?.pointer || '/'}`
    throw new ConnectorError('ROW_MISFIT', { type: typeName, reason })
  }
  return { ...object, externalId: ownId(type.identity, row) ?? null }
}

function decodedRow(types: Types, typeName: string, row: JsonObject): DecodedObjects {
  try {
    return decodeObjects(types, typeName, [row], { notes: 'unseen', pointerOf: () => '' })
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'RECORD_MISFIT') throw error
    const { field, given, expected } = error.holes
    const reason = `"${field}" is ${given}, not ${expected}`
    throw new ConnectorError('ROW_MISFIT', { type: typeName, reason })
  }
}

/** The members of a row that its type does not have. */
export function unknownNames(type: TypeRecord, row: JsonObject): readonly string[] {
  const { names } = membersOf(type)
  return Object.keys(row).filter(name => !names.has(name))
}

/** The types with the values that no reader sees: passwords, and what is write-only. */
export function typesWithSecrets(types: Types): Types {
  const known = new Map<string, TypeRecord>()
  return {
    keys: () => types.keys(),
    get(name) {
      const type = known.get(name) ?? types.get(name)
      if (type === undefined || known.has(name)) return type
      const properties = type.properties.map(property => ({
        ...property,
        writeOnly: false,
        content: property.content === 'ContentPassword' ? 'ContentString' : property.content
      }))
      const open: TypeRecord = { ...type, properties }
      known.set(name, open)
      return open
    }
  }
}

function withoutMembers(type: TypeRecord, row: JsonObject): ConnectorError {
  const [given] = Object.keys(row)
  const near = given === undefined ? undefined : nearest(given, [...membersOf(type).names])
  const reason = `it has none of the members of the type${suggestion(near)}`
  return new ConnectorError('ROW_MISFIT', { type: type.name, reason })
}
