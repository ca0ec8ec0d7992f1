import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import { singular } from '../../base/name-words.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import { templateNames } from '../endpoint/template-names.ts'
import type { ReadOperation } from './read-operations.ts'

/** The type whose mapping it is. */
export type FilledType = {
  /** Names of its properties. */
  readonly properties: readonly string[]
  /** What takes the id in the path, and what fills it; null for a mapping without an id. */
  readonly id: { readonly parameter: string; readonly source: string } | null
  /** Gets the custom properties that are needed, with their kinds. */
  readonly custom: Record<string, string>
}

/** Names that each object has of its own: those in a path are of the object around it. */
const ANYBODYS = new Set(['id', 'name', 'key', 'uuid', 'guid', 'code', 'slug'])

/**
 * What fills the required parameters of an operation: the id; a value that the document has; a property with the name of
 * the parameter; else a custom property, which is added to `custom`.
 */
export function fillParameters(
  { target: { path }, parameters, given }: ReadOperation,
  { properties, id, custom }: FilledType
): JsonObject {
  const inPath = templateNames(path)
  const entries = parameters.flatMap((record): [string, JsonValue][] => {
    const { name, required } = record
    if (!required || record.default !== undefined) return []
    if (record.in === 'path' && !inPath.includes(name)) return []
    if (record.in === 'path' && name === id?.parameter) return [[name, id.source]]
    const value = shownValue(record, given.get(`${record.in} ${name}`)?.value)
    if (value !== undefined && record.in !== 'path') return [[name, { default: value }]]
    const isOwn = !ANYBODYS.has(plainName(name)) || record.in !== 'path'
    const property = properties.find(each => plainName(each) === plainName(name))
    if (property !== undefined && isOwn) return [[name, property]]
    const plain = name.replace(/[^\p{L}\d_-]+/gu, '_')
    const word = isOwn ? plain : `${ownerOf(path, name)}_${plain}`
    const same = properties.find(each => plainName(each) === plainName(word))
    if (same !== undefined) return [[name, same]]
    custom[word] = record.kind === 'integer' || record.kind === 'number' ? record.kind : 'string'
    return [[name, word]]
  })
  return Object.fromEntries(entries)
}

/** The word before a name in a path, in the singular: `patient` for `/patients/{id}/archive`. */
function ownerOf(path: string, name: string): string {
  const parts = path.split('/')
  const at = parts.findIndex(part => part.includes(`{${name}}`))
  const word = parts.slice(0, at).findLast(part => /^[a-z]{3,}$/i.test(part))
  return word === undefined ? 'parent' : singular(word.toLowerCase())
}

/** An example, or the first value of an `enum`. */
function shownValue(record: ParameterRecord, given: JsonObject | undefined): JsonValue | undefined {
  const named = member(given, 'examples')
  const [first] = isJsonObject(named) ? Object.values(named) : []
  const schema = member(given, 'schema')
  const own = given?.example ?? member(first, 'value') ?? member(given, 'x-ms-test-value')
  const example = own ?? member(schema, 'example')
  const value = record.allowed?.[0] ?? example
  return value === null || isJsonObject(value) || isJsonArray(value) ? undefined : value
}
