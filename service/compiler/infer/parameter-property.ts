import { nameWords, singularWords } from '../../base/name-words.ts'
import { plainName } from '../../base/plain-name.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'

/** The properties of a type whose keys are being written. */
export type TypeFields = {
  /** Names of its members. */
  readonly members: readonly string[]
  /** Those that hold one value, by their names as `plainName` writes them. */
  readonly scalars: ReadonlyMap<string, string>
  /** Gets the custom properties that are needed, with their kinds. */
  readonly custom: Record<string, string>
}

/** Names that each object has of its own: those in a path are of the object around it. */
const ANYBODYS = new Set(['id', 'name', 'key', 'uuid', 'guid', 'code', 'slug'])

/**
 * The property that fills a parameter of a path: the one that it names, else a custom property, which is added to
 * `custom`.
 */
export function parameterProperty(
  { members, scalars, custom }: TypeFields,
  { name, in: place, kind }: Pick<ParameterRecord, 'name' | 'in' | 'kind'>,
  path: string
): string {
  const isOwn = place !== 'path' || !ANYBODYS.has(plainName(name))
  const plain = name.replace(/[^\p{L}\d_-]+/gu, '_')
  const word = isOwn ? plain : `${ownerOf(path, name)}_${plain}`
  const same = (isOwn ? scalars.get(plainName(name)) : undefined) ?? scalars.get(plainName(word))
  if (same !== undefined) return same
  const known = Object.keys(custom).find(each => plainName(each) === plainName(word))
  if (known !== undefined) return known
  // An object of that name is no value of a path.
  const isTaken = members.some(each => plainName(each) === plainName(word))
  const free = isTaken ? `parent_${word}` : word
  custom[free] = kind === 'integer' || kind === 'number' ? kind : 'string'
  return free
}

/** The word before a name in a path, in the singular: `patient` for `/patients/{id}/archive`. */
function ownerOf(path: string, name: string): string {
  const parts = path.split('/')
  const at = parts.findIndex(part => part.includes(`{${name}}`))
  const word = parts.slice(0, at).findLast(part => /^[a-z][\w.-]*$/i.test(part))
  return word === undefined ? 'parent' : singularWords(nameWords(word)).join('_')
}
