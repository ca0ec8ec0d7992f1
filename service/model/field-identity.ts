import { plainName } from '../base/plain-name.ts'
import type { IdentityRecord, PropertyRecord } from './type-record.ts'
import { identifyingKeys, singular, usualIdentity } from './usual-identity.ts'

/** Words beside the name of what a list has: `customer_data` and `raw_customers` are customers. */
const FILLERS = new Set(
  'all api data dataset dump export extract feed full input latest list output raw record records row rows source stream sync table'.split(
    ' '
  )
)

/** Words of a name that are looked at. */
const WORDS_MAX = 8

/**
 * Where the external ids of a manifest's type are (docs/pipelines.md#external-id): as of any type, and in the field that is
 * named for the objects.
 */
export function fieldIdentity(
  typeName: string,
  properties: readonly PropertyRecord[]
): IdentityRecord {
  return usualIdentity(typeName, properties, [], namedId(typeName, identifyingKeys(properties)))
}

/**
 * Finds the field that is named for the objects of a type: `customer_id` of `customer_data` and of `crm_customers`. Of a
 * name of several words it is the last ones that say what an object is, so `order_id` does not identify `order_items`;
 * and fields for several of its words identify an object only together, as in `user_roles`.
 */
function namedId(typeName: string, keys: readonly string[]): string | undefined {
  const words = entityWords(typeName)
  const runs = words.flatMap((_, from) =>
    words.slice(from).map((_, more) => words.slice(from, from + more + 1))
  )
  const matches = keys.flatMap(key => {
    const run = runs.find(each => isIdOf(each, plainName(key)))
    return run === undefined ? [] : [{ key, run }]
  })
  const whole = matches.find(({ run }) => run.length === words.length)
  if (whole !== undefined) return whole.key
  const [only, another] = matches
  const isOfLast = only !== undefined && only.run.at(-1) === words.at(-1)
  return isOfLast && another === undefined ? only.key : undefined
}

/** The words of a name in lower case, without fillers and numbers around them. */
function entityWords(typeName: string): string[] {
  const words = typeName
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter(word => word !== '')
    .slice(0, WORDS_MAX)
  const isTelling = (word: string): boolean => !FILLERS.has(word) && !/^\d+$/.test(word)
  return words.slice(words.findIndex(isTelling), words.findLastIndex(isTelling) + 1)
}

function isIdOf(run: readonly string[], key: string): boolean {
  const last = run.at(-1) ?? ''
  const start = run.slice(0, -1).join('')
  return [last, singular(last)].some(word => key === `${start}${word}id`)
}
