import { splitPath } from '../../base/dotted-path.ts'
import { pointer } from '../../base/json-pointer.ts'
import { plainName } from '../../base/plain-name.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { IdentityRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from './compile-types.ts'

/** Names that usually identify, the last two by a link. */
const KNOWN_KEYS = ['uuid', 'guid', 'gid', 'sid', 'key', 'code', 'slug', 'self', 'href']

/**
 * Decides where the external ids of a type's objects are (docs/x-flow.md#external-ids): the declared id;
 * the property named like the path parameter that the id fills, or like it without the type's name; `id`; the
 * type's name with `id`; and the names that usually identify. Only scalars of the schema count.
 */
export function compileIdentity(
  compilation: Compilation,
  draft: TypeDraft,
  mappings: readonly MappingRecord[]
): IdentityRecord {
  const declared = draft.named?.extension.id
  const composite = Array.isArray(declared)
    ? declared.map(part => ({ part, path: partPath(compilation, draft, part) }))
    : null
  const scalarKeys = draft.properties.flatMap(({ value, key, writeOnly }) =>
    value.form === 'scalar' && key !== null && !writeOnly ? [key] : []
  )
  const bindings = mappings.flatMap(mapping => mapping.bindings)
  const filled = bindings.flatMap(({ in: location, name, sources }) => {
    const isId = sources.some(source => source.from === 'id' && source.part === null)
    return location === 'path' && isId ? [plainName(name)] : []
  })
  const own = plainName(draft.name.split(':').at(-1) ?? draft.name)
  const words = [own, singular(own)]
  const ownIds = words.map(word => `${word}id`)
  const tests: ((key: string) => boolean)[] = [
    key => filled.includes(plainName(key)),
    key => words.some(word => filled.includes(word + plainName(key))),
    key => key === 'id',
    key => key.toLowerCase() === 'id',
    key => ownIds.includes(plainName(key)),
    ...KNOWN_KEYS.map(word => (key: string) => key.toLowerCase() === word)
  ]
  const found = tests.flatMap(test => scalarKeys.filter(test).map(key => [key]))
  const paths =
    typeof declared === 'string' ? [pathOf(compilation, draft, declared), ...found] : found
  const distinct = new Map(paths.map(path => [JSON.stringify(path), path]))
  return { composite, candidates: [...distinct.values()] }
}

/** The place of a part of a composite id; a custom property has a value where it fed a parameter of the load. */
function partPath(compilation: Compilation, draft: TypeDraft, part: string): string[] {
  const isCustom = draft.properties.some(({ custom, name }) => custom && name === part)
  return isCustom ? [part] : pathOf(compilation, draft, part)
}

/** A declared id as a list of member names; the first is a property of the type. */
function pathOf(compilation: Compilation, draft: TypeDraft, given: string): string[] {
  const keys = draft.properties.flatMap(property => property.key ?? [])
  if (keys.includes(given)) return [given]
  const path = splitPath(given)
  if (!keys.includes(path[0] ?? '')) {
    const holes = {
      type: draft.name,
      given,
      suggestion: compilation.suggest(given, () => keys)
    }
    compilation.report.add(
      'ID_PROPERTY_UNKNOWN',
      pointer(draft.pointer, 'x-flow-type', 'id'),
      holes
    )
  }
  return path
}

/** The singular of an English plural in lower case, by its ending. */
export function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word
}
