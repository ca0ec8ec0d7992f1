import { plainName } from '../../base/plain-name.ts'
import { ownPart } from '../../model/own-part.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { IdentityRecord } from '../../model/type-record.ts'
import { singular } from '../../model/usual-identity.ts'
import type { TypeDraft } from './compile-types.ts'

/** Names of keys that mean something else where an answer is no object of the type. */
const AMBIGUOUS = new Set(['code', 'href', 'key', 'self'])

/** What precedes the id of an object that a call created, as in `insertId`. */
const CREATED =
  'new created create inserted insert lastinsert lastinserted saved added generated object record resource entity row'.split(
    ' '
  )

/** Words in the name of a type that say what it is for, not what it is. */
const PURPOSES = new Set(
  'add body create data dto form info input model new payload post put request resource response save update write'.split(
    ' '
  )
)

/**
 * Names of the members by which an answer that is no object of a type tells the id of one
 * (docs/x-flow.md#what-a-save-returns), as `plainName` writes them, the likeliest first: the names of the id
 * and of path parameters that it fills, with the name of the type before them, as `thingId` for Thing; these
 * names alone; then with a word for what was created. None for a type that is not saved.
 */
export function toldNames(
  draft: Pick<TypeDraft, 'name' | 'named' | 'properties'>,
  identity: IdentityRecord,
  mappings: readonly MappingRecord[]
): string[] {
  if (!mappings.some(({ verb }) => verb === 'save' || verb === 'update')) return []
  const declared = draft.named?.extension.id
  const part = ownPart({ identity, properties: draft.properties })
  const keys = [...(part === undefined ? [] : [part.path]), ...identity.candidates].flatMap(
    ([key = '', ...inner]) => {
      const isSure = key === declared || !AMBIGUOUS.has(key.toLowerCase())
      return inner.length === 0 && isSure ? [plainName(key)] : []
    }
  )
  const own = new Set([...keys, ...idParameters(mappings, part?.part ?? null)])
  // What ends like an id may be called that alone, and a type without any has no better name.
  if (own.size === 0 || [...own].some(name => name.endsWith('id'))) own.add('id')
  const stems = stemsOf(draft.name)
  const ofType = [...own].flatMap(name =>
    stems.flatMap(stem => (name.startsWith(stem) ? [] : [stem + name]))
  )
  const ofCreated = [...own, ...ofType].flatMap(name => CREATED.map(word => word + name))
  // An `id` beside `thingId` is that of something else.
  return [...new Set([...ofType, ...own, ...ofCreated])]
}

/** The path parameters that the external id fills, or a part of it. */
function idParameters(mappings: readonly MappingRecord[], part: string | null): string[] {
  return mappings
    .flatMap(({ bindings }) => bindings)
    .filter(({ in: place, sources }) => {
      const [first] = sources
      return place === 'path' && first?.from === 'id' && first.part === part
    })
    .map(({ name }) => plainName(name))
}

/** What an id of a type may be prefixed with: its name, without words of purpose, and the last word of it. */
function stemsOf(typeName: string): string[] {
  const name = typeName.split(':').at(-1) ?? typeName
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+|\d+/g) ?? [name]
  const plain = words.map(word => word.toLowerCase())
  const isPurpose = (word: string | undefined): boolean => PURPOSES.has(word ?? '')
  while (plain.length > 1 && isPurpose(plain[0])) plain.shift()
  while (plain.length > 1 && isPurpose(plain.at(-1))) plain.pop()
  const stems = [plainName(name), plain.join(''), plain.at(-1) ?? '']
  return [...new Set(stems.flatMap(stem => [stem, singular(stem)]))].filter(stem => stem !== '')
}
