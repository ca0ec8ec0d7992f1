import type { Form } from '../../base/form.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import { canonicalJson, dictionary, isJsonArray, isJsonObject, member } from '../../base/json.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import { isRead, MAPPINGS_MAX, VERBS } from '../../model/mapping-record.ts'
import { MappingExtension, TypeExtension } from '../../parse/mapping-forms.ts'
import { knownMembers, misfit } from '../../parse/extensions.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import type { TypedSchema } from './find-typed-schemas.ts'

/** One mapping of a type, as the document declares it. */
export type DeclaredMapping = {
  readonly verb: MappingVerb
  /** The mapping's key, `x-flow-<verb>`; one of a list with its index: `x-flow-query[1]`. */
  readonly key: string
  /** Its index in a list; 0 for a single one. */
  readonly index: number
  readonly extension: MappingExtension
  readonly at: Pointer
}

/** A schema that is a flow type, as the document declares it. */
export type NamedType = {
  readonly name: string
  readonly extension: TypeExtension
  readonly schema: JsonObject
  readonly at: Pointer
  readonly mappings: readonly DeclaredMapping[]
}

export type NamedTypes = {
  readonly types: readonly NamedType[]
  /** Type names by the pointers of their schemas; equal schemas of one name are one type. */
  readonly nameAt: ReadonlyMap<Pointer, string>
}

/**
 * Collects the flow types that the schemas with a flow key name, in their order. Two different schemas that claim
 * one name are an error, and the first keeps it; two equal ones are one type.
 */
export function collectNamedTypes(
  compilation: Compilation,
  typed: readonly TypedSchema[]
): NamedTypes {
  const byName = new Map<string, NamedType>()
  /** Schemas as text, of types whose name is claimed again. */
  const texts = new Map<NamedType, string>()
  const textOf = (type: NamedType): string => {
    const text = texts.get(type) ?? canonicalJson(type.schema)
    texts.set(type, text)
    return text
  }
  const nameAt = new Map<Pointer, string>()
  for (const { schema, at } of typed) {
    const extension = readTypeExtension(compilation, schema, at)
    if (extension === undefined) continue
    const { name } = extension
    const known = byName.get(name.toLowerCase())
    if (known === undefined) {
      const mappings = readMappings(compilation, schema, at)
      byName.set(name.toLowerCase(), { name, extension, schema, at, mappings })
      nameAt.set(at, name)
    } else if (textOf(known) === canonicalJson(schema)) {
      nameAt.set(at, known.name)
    } else {
      const holes = { name, other: locationText(known.at) }
      compilation.report.add('TYPE_NAME_CLAIMED', pointer(at, 'x-flow-type', 'name'), holes)
    }
  }
  return { types: [...byName.values()], nameAt }
}

function readTypeExtension(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): TypeExtension | undefined {
  const key = 'x-flow-type'
  const value = schema[key]
  if (value !== undefined) {
    const where = { key, section: key, at: pointer(at, key) }
    return readExtension(compilation, TypeExtension, value, where)
  }
  for (const verb of VERBS) {
    const key = `x-flow-${verb}`
    if (schema[key] === undefined) continue
    compilation.report.add('MAPPING_WITHOUT_TYPE', pointer(at, key), { key })
  }
  return undefined
}

function readMappings(
  compilation: Compilation,
  schema: JsonObject,
  at: Pointer
): DeclaredMapping[] {
  return VERBS.flatMap(verb => {
    const value = schema[`x-flow-${verb}`]
    if (value === undefined) return []
    return writtenMappings(compilation, verb, value, at).flatMap(written => {
      const { value, ...where } = written
      const place = { ...where, section: 'mappings' }
      const extension = readExtension(compilation, MappingExtension, value, place)
      if (extension === undefined) return []
      const isAnswered = compilation.responses === 'example' && !extension.example
      const answered = isAnswered ? { ...extension, example: true } : extension
      return [{ ...where, verb, extension: answered }]
    })
  })
}

type WrittenMapping = Pick<DeclaredMapping, 'key' | 'index' | 'at'> & { readonly value: JsonValue }

/** The mappings under a key of a schema; a read may have several (docs/x-flow.md#several-mappings-of-one-type). */
function writtenMappings(
  { report }: Compilation,
  verb: MappingVerb,
  value: JsonValue,
  schemaAt: Pointer
): WrittenMapping[] {
  const key = `x-flow-${verb}`
  const at = pointer(schemaAt, key)
  if (!isJsonArray(value)) return [{ key, index: 0, at, value }]
  const refuse = (reason: string): void =>
    report.add('EXTENSION_MALFORMED', at, { key, reason, section: 'several-mappings-of-one-type' })
  if (!isRead(verb)) {
    refuse('must be one mapping, as only `x-flow-load` and `x-flow-query` may be lists')
    return []
  }
  if (value.length === 0) refuse('must have a mapping')
  if (value.length > MAPPINGS_MAX) refuse(`must have at most ${MAPPINGS_MAX} mappings`)
  return value.slice(0, MAPPINGS_MAX).map((each, index) => {
    return { key: `${key}[${index}]`, index, at: pointer(at, index), value: each }
  })
}

/** Members with entries under names of the author, each of which can be left out alone. */
const ENTRY_MEMBERS = new Set(['customProperties', 'parameters', 'exclude', 'headers'])

/**
 * Reads the value of a key. A member that does not fit is an error and is left out, so that it does
 * not sink the others; undefined when what remains is not enough.
 *
 * @param where.section Heading of docs/x-flow.md that describes the key, as an anchor.
 * @param where.at The value.
 */
function readExtension<T>(
  compilation: Compilation,
  schema: Form<T>,
  value: JsonValue,
  where: { readonly key: string; readonly section: string; readonly at: Pointer }
): T | undefined {
  const { key, section, at } = where
  const reject = (path: readonly string[], reason: string): void => {
    const holes = { key, reason, section }
    compilation.report.add('EXTENSION_MALFORMED', pointerTo(at, path), holes)
  }
  let remaining = withoutBadEntries(schema, value, reject)
  for (;;) {
    if (fits(schema, remaining)) return remaining
    const missing = (schema.required ?? []).filter(name => member(remaining, name) === undefined)
    // What was told to be wrong is not told to be missing, too.
    const isTold = missing.length > 0 && missing.every(name => member(value, name) !== undefined)
    if (isTold) return undefined
    const wrong = misfit(schema, remaining)
    const [name] = wrong?.path ?? []
    reject(name === undefined ? [] : [name], wrong?.reason ?? '')
    if (!isJsonObject(remaining) || name === undefined || member(remaining, name) === undefined) {
      return undefined
    }
    const { [name]: _, ...kept } = remaining
    remaining = kept
  }
}

/** Checks entries one by one, so that many bad ones cost no more than many good ones. */
function withoutBadEntries(
  schema: Form,
  value: JsonValue,
  reject: (path: readonly string[], reason: string) => void
): JsonValue {
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([name, held]): [string, JsonValue] => {
    const form = ENTRY_MEMBERS.has(name) ? knownMembers(schema)?.[name] : undefined
    if (form === undefined || !isJsonObject(held)) return [name, held]
    const entries = Object.entries(held).filter(([inner, entry]) => {
      const wrong = misfit(form, dictionary([[inner, entry]]))
      if (wrong !== undefined) reject([name, inner], `${name}.${wrong.reason}`)
      return wrong === undefined
    })
    return [name, dictionary(entries)]
  })
  return dictionary(members)
}
