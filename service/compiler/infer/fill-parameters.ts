import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import { bareName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import { templateNames } from '../endpoint/template-names.ts'
import type { LocatedObject } from '../endpoint/types.ts'
import { exampleOfParameter } from '../example/read-example.ts'
import { isGiven } from './item-key.ts'
import type { TypeFields } from './parameter-property.ts'
import { parameterProperty } from './parameter-property.ts'
import type { ReadOperation } from './read-operations.ts'

/** The type whose mapping it is, and how the mapping knows its objects. */
export type FilledType = {
  readonly fields: TypeFields
  /** What takes the id in the path, and what fills it; null for a mapping without an id. */
  readonly id: {
    readonly parameter: string
    readonly source: string
    /** Whether the object does not exist yet, so that it has none of the only value that is allowed. */
    readonly isNew: boolean
  } | null
  /** Sources of properties that are parts of the id, by their names. */
  readonly parts: ReadonlyMap<string, string>
  /** The version that the document has, for a parameter that asks for it. */
  readonly version: string | undefined
}

/**
 * What fills the required parameters of an operation: the id; a value that the document has; a property with the name of
 * the parameter; else a custom property, which is added to `custom`.
 */
export function fillParameters(
  compilation: Compilation,
  { target: { path }, parameters, given }: ReadOperation,
  { fields, id, parts, version }: FilledType
): JsonObject {
  const inPath = templateNames(path)
  const entries = parameters.flatMap((record): [string, JsonValue][] => {
    const { name, required } = record
    if (record.in === 'path' && !inPath.includes(name)) return []
    const isId = record.in === 'path' && name === id?.parameter
    if (isId && !(id.isNew && record.allowed?.length === 1)) return [[name, id.source]]
    if (!required || isGiven(record)) return []
    const isVersion = bareName(name) === 'apiversion'
    const shown = shownValue(compilation, record, given.get(`${record.in} ${name}`))
    const value = shown ?? (isVersion ? version : undefined)
    if (value !== undefined && record.in !== 'path') return [[name, { default: value }]]
    const property = parameterProperty(fields, record, path)
    return [[name, parts.get(property) ?? property]]
  })
  return Object.fromEntries(entries)
}

/** The first value of an `enum`, or an example. */
function shownValue(
  compilation: Compilation,
  { allowed }: ParameterRecord,
  given: LocatedObject | undefined
): JsonValue | undefined {
  const value =
    allowed?.[0] ?? (given?.value && exampleOfParameter(compilation, given.value, given.at))
  return value === null || isJsonObject(value) || isJsonArray(value) ? undefined : value
}
