import { plainName } from '../base/plain-name.ts'
import type { IdentityRecord, PropertyRecord } from './type-record.ts'

/** Names that usually identify, the last two by a link. */
const KNOWN_KEYS = ['uuid', 'guid', 'gid', 'sid', 'key', 'code', 'slug', 'self', 'href']

/**
 * Where the external ids are by the names of properties.
 *
 * @param filled Names of the path parameters that the id fills, as `plainName` writes them.
 * @param named The key that is known to be named for the type. Default: none.
 */
export function usualIdentity(
  typeName: string,
  properties: readonly PropertyRecord[],
  filled: readonly string[],
  named?: string
): IdentityRecord {
  const scalarKeys = identifyingKeys(properties)
  const own = plainName(typeName.split(':').at(-1) ?? typeName)
  const words = [own, singular(own)]
  const ownIds = words.map(word => `${word}id`)
  const tests: ((key: string) => boolean)[] = [
    key => filled.includes(plainName(key)),
    key => words.some(word => filled.includes(word + plainName(key))),
    key => key === 'id',
    key => key.toLowerCase() === 'id',
    key => ownIds.includes(plainName(key)),
    key => key === named,
    ...KNOWN_KEYS.map(word => (key: string) => key.toLowerCase() === word)
  ]
  const found = new Set(tests.flatMap(test => scalarKeys.filter(test)))
  return { composite: null, candidates: [...found].map(key => [key]) }
}

/** The keys of properties that can be an id. */
export function identifyingKeys(properties: readonly PropertyRecord[]): string[] {
  return properties.flatMap(({ value, key, writeOnly }) =>
    value.form === 'scalar' && key !== null && !writeOnly ? [key] : []
  )
}

/** The singular of an English plural in lower case, by its ending. */
export function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word
}
