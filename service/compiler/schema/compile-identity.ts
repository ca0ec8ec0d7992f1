import { pointer } from '../../base/json-pointer.ts'
import { splitPath } from '../../base/dotted-path.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from './compile-types.ts'
import type { IdentityRecord, PropertyRecord } from '../../model/type-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'

const KNOWN_KEYS = ['uuid', 'guid', 'key', 'code', 'slug']
const LINK_KEYS = ['self', 'href']

/**
 * Decides where the external ids of a type's objects are found (x-flow 3.2): the declared id; the
 * property named like the path parameter that the id feeds; `id`; the type's name with `id`; and the
 * names that usually identify. Only scalars of the schema count.
 */
export function compileIdentity(
  compilation: Compilation,
  draft: TypeDraft,
  mappings: readonly MappingRecord[]
): IdentityRecord {
  const declared = draft.named?.extension.id
  const composite = Array.isArray(declared)
    ? declared.map(part => ({ part, path: pathOf(compilation, draft, part) }))
    : null
  const scalars = draft.properties.filter(
    property => property.value.form === 'scalar' && property.key !== null && !property.writeOnly
  )
  const fed = new Set(
    mappings
      .flatMap(({ bindings }) => bindings)
      .filter(
        ({ in: place, sources }) =>
          place === 'path' && sources.some(s => s.from === 'id' && s.part === null)
      )
      .map(({ name }) => plain(name))
  )
  const tests: ((name: string) => boolean)[] = [
    name => fed.has(plain(name)),
    name => name === 'id',
    name => name.toLowerCase() === 'id',
    ownIdTest(draft.name),
    ...[...KNOWN_KEYS, ...LINK_KEYS].map(word => (name: string) => name.toLowerCase() === word)
  ]
  const found = tests.flatMap(test => scalars.filter(({ key }) => test(key ?? '')).map(keyPath))
  const paths =
    typeof declared === 'string' ? [pathOf(compilation, draft, declared), ...found] : found
  const distinct = new Map(paths.map(path => [JSON.stringify(path), path]))
  return { composite, candidates: [...distinct.values()] }
}

function keyPath(property: PropertyRecord): string[] {
  return [property.key ?? '']
}

/** A declared id as a list of member names; the first is a property of the type. */
function pathOf(compilation: Compilation, draft: TypeDraft, declared: string): string[] {
  const keys = draft.properties.flatMap(property => property.key ?? [])
  if (keys.includes(declared)) return [declared]
  const path = splitPath(declared)
  if (!keys.includes(path[0] ?? '')) {
    compilation.report.add('ID_PROPERTY_UNKNOWN', pointer(draft.pointer, 'x-flow-type', 'id'), {
      type: draft.name,
      given: declared,
      suggestion: compilation.suggest(declared, () => keys)
    })
  }
  return path
}

/** Whether a name is the type's own, as it is or in the singular, followed by `id`. */
function ownIdTest(typeName: string): (name: string) => boolean {
  const own = plain(typeName.split(':').at(-1) ?? typeName)
  const wanted = new Set([`${own}id`, `${singular(own)}id`])
  return name => wanted.has(plain(name))
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '')
}

/** The singular of an English plural in lower case, by its ending. */
export function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word
}
