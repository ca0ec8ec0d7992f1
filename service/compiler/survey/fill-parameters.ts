import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import { plainParameter } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { declaredParameters } from '../endpoint/compile-parameters.ts'
import { singular } from '../../model/usual-identity.ts'
import { templateNames } from '../endpoint/template-names.ts'
import type { SurveyedOperation } from './survey-operations.ts'
import { collectionOf } from './survey-operations.ts'

/** Keys whose last path parameter is the id, with the source that is usual there. */
const IDS: { readonly [key: string]: string } = {
  'x-flow-load': 'id',
  'x-flow-update': 'externalId',
  'x-flow-delete': 'externalId'
}

/** Names that each object has of its own: those in a path are of the object around it. */
const ANYBODYS = new Set(['id', 'name', 'key', 'uuid', 'guid', 'code', 'slug'])

/** The word before a name in a path, in the singular: `patient` for `/patients/{id}/archive`. */
function ownerOf(path: string, name: string): string {
  const parts = path.split('/')
  const at = parts.findIndex(part => part.includes(`{${name}}`))
  const word = parts.slice(0, at).findLast(part => /^[a-z]{3,}$/i.test(part))
  return word === undefined ? 'parent' : singular(word.toLowerCase())
}

/**
 * What fills the required parameters of an operation: the id where the path ends with it; a value that the document
 * has; a property with the name of the parameter; else a custom property, which is added to `custom`.
 *
 * @param type.key The key of the mapping.
 */
export function fillParameters(
  compilation: Compilation,
  { target }: SurveyedOperation,
  type: {
    readonly key: string
    readonly properties: readonly string[]
    readonly custom: Record<string, string>
  }
): JsonObject {
  const { items, operation, at, path } = target
  const own = { value: operation, at }
  const declared = declaredParameters(compilation, [...items.toReversed(), own])
  const known = [...declared.values()].map(({ record, given }) => ({ record, given: given.value }))
  const inPath = new Set(known.flatMap(({ record }) => (record.in === 'path' ? [record.name] : [])))
  const undeclared = templateNames(path)
    .filter(name => !inPath.has(name))
    .map(name => ({ record: plainParameter(name, 'path'), given: undefined }))
  const idName = collectionOf(path) === undefined ? undefined : templateNames(path).at(-1)
  const entries = [...known, ...undeclared].flatMap(({ record, given }): [string, JsonValue][] => {
    const { name, required } = record
    if (!required || record.default !== undefined) return []
    if (record.in === 'path' && !templateNames(path).includes(name)) return []
    if (record.in === 'path' && name === idName && type.key in IDS)
      return [[name, IDS[type.key] ?? '']]
    const value = shownValue(record, given)
    if (value !== undefined && record.in !== 'path') return [[name, { default: value }]]
    const isOwn = !ANYBODYS.has(plainName(name)) || record.in !== 'path'
    const property = type.properties.find(each => plainName(each) === plainName(name))
    if (property !== undefined && isOwn) return [[name, property]]
    const plain = name.replace(/[^\p{L}\d_-]+/gu, '_')
    const word = isOwn ? plain : `${ownerOf(path, name)}_${plain}`
    const same = type.properties.find(each => plainName(each) === plainName(word))
    if (same !== undefined) return [[name, same]]
    type.custom[word] =
      record.kind === 'integer' || record.kind === 'number' ? record.kind : 'string'
    return [[name, word]]
  })
  return Object.fromEntries(entries)
}

/** An example, or the first value of an `enum`. */
function shownValue(record: ParameterRecord, given: JsonObject | undefined): JsonValue | undefined {
  const named = member(given, 'examples')
  const [first] = isJsonObject(named) ? Object.values(named) : []
  const schema = member(given, 'schema')
  const example = given?.example ?? member(first, 'value') ?? member(schema, 'example')
  const value = record.allowed?.[0] ?? example
  return value === null || isJsonObject(value) || isJsonArray(value) ? undefined : value
}
