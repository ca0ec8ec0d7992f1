import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { canonicalJson } from '../../base/json.ts'
import { MappingExtension, TypeExtension } from '../../parse/extensions.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import { findTypedSchemas } from './find-typed-schemas.ts'
import { readExtension } from '../read-extension.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import { VERBS } from '../../model/mapping-record.ts'

/** One mapping of a type, as the document says it. */
export type DeclaredMapping = {
  readonly verb: MappingVerb
  readonly extension: MappingExtension
  readonly at: Pointer
}

/** A schema that is a flow type, as the document says it. */
export type NamedType = {
  readonly name: string
  readonly extension: TypeExtension
  readonly schema: JsonObject
  readonly at: Pointer
  readonly mappings: readonly DeclaredMapping[]
}

export type NamedTypes = {
  readonly types: readonly NamedType[]
  /** Name of the type that stands at a place; equal schemas of one name stand at several. */
  readonly nameAt: ReadonlyMap<Pointer, string>
}

/**
 * Collects the flow types that the document names, in document order (x-flow 3). Two different
 * schemas that claim one name are an error, and the first keeps it; two equal ones are one type.
 */
export function collectNamedTypes(compilation: Compilation): NamedTypes {
  const byName = new Map<string, NamedType>()
  /** Of types whose name is claimed again, the schema as text. */
  const texts = new Map<NamedType, string>()
  const textOf = (type: NamedType): string => {
    const text = texts.get(type) ?? canonicalJson(type.schema)
    texts.set(type, text)
    return text
  }
  const nameAt = new Map<Pointer, string>()
  for (const { schema, at } of findTypedSchemas(compilation)) {
    const extension = readTypeExtension(compilation, schema, at)
    if (extension === undefined) continue
    const known = byName.get(extension.name.toLowerCase())
    if (known === undefined) {
      const mappings = readMappings(compilation, schema, at)
      const type = { name: extension.name, extension, schema, at, mappings }
      byName.set(extension.name.toLowerCase(), type)
      nameAt.set(at, type.name)
    } else if (textOf(known) === canonicalJson(schema)) {
      nameAt.set(at, known.name)
    } else {
      compilation.report.add('TYPE_NAME_CLAIMED', pointer(at, 'x-flow-type', 'name'), {
        name: extension.name,
        other: locationText(known.at)
      })
    }
  }
  return { types: [...byName.values()], nameAt }
}

function readTypeExtension(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): TypeExtension | undefined {
  const value: JsonValue | undefined = schema['x-flow-type']
  if (value === undefined) {
    for (const verb of VERBS) {
      const key = `x-flow-${verb}`
      if (schema[key] !== undefined) {
        compilation.report.add('MAPPING_WITHOUT_TYPE', pointer(at, key), { key })
      }
    }
    return undefined
  }
  const place = { key: 'x-flow-type', section: 'x-flow-type', at: pointer(at, 'x-flow-type') }
  return readExtension(compilation, TypeExtension, value, place)
}

function readMappings(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): DeclaredMapping[] {
  return VERBS.flatMap(verb => {
    const key = `x-flow-${verb}`
    const value = schema[key]
    if (value === undefined) return []
    const place = { key, section: 'mappings', at: pointer(at, key) }
    const extension = readExtension(compilation, MappingExtension, value, place)
    return extension === undefined ? [] : [{ verb, extension, at: place.at }]
  })
}
