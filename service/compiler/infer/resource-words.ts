import { pointerParts } from '../../base/json-pointer.ts'
import { nameWords, singular, singularWords } from '../../base/name-words.ts'
import type { SchemaView } from '../schema/schema-view.ts'

/** Words of a schema's name that say what it is for, not what it is. */
const BEFORE = new Set(
  (
    'api base basic compact complete create delete detailed expanded extended get lite list mini minimal model new partial patch put ' +
    'read simple simplified update write'
  ).split(' ')
)
const AFTER = new Set(
  (
    'api base basic body collection compact create data details detail dto entity envelope full get in info input item json list listing model ' +
    'object out output page paged paginated payload read representation req request resource resp response result results ' +
    'schema short summary type update view vm wrapper write collection array set'
  ).split(' ')
)

/** What the schema of a resource is called, without words of purpose: `pet` for `CreatePetRequest`, `PetListDTO`. */
export function coreWords(name: string): readonly string[] {
  const plain = name.split(/[.$/]/).findLast(part => /[a-z]/i.test(part)) ?? name
  const words = nameWords(plain).filter(word => !/^\d+$/.test(word))
  while (words.length > 1 && BEFORE.has(words[0] ?? '')) words.shift()
  while (words.length > 1 && AFTER.has(words.at(-1) ?? '')) words.pop()
  return singularWords(words)
}

/** Whether a name is that of a resource, or ends with it: `userAccounts` for `account`. */
export function endsLikeResource(name: string, resource: readonly string[]): boolean {
  const own = resource.join('')
  const joined = singular(nameWords(name).join(''))
  if (own.length < 3) return joined === own
  return joined.endsWith(own) || (joined.length > 3 && own.endsWith(joined))
}

/** Whether a name has the last word of a resource: `category_groups` for `category`. */
export function containsResource(name: string, resource: readonly string[]): boolean {
  const last = resource.at(-1)
  return last !== undefined && last.length > 2 && nameWords(name).map(singular).includes(last)
}

/** The words of a name that are not among those of a resource at its beginning: `id` of `userId` for `user`. */
export function withoutResource(name: string, resource: readonly string[]): string | null {
  const words = nameWords(name)
  const joined = resource.join('')
  for (let count = words.length - 1; count > 0; count--) {
    const head = words.slice(0, count)
    const isOwn =
      singular(head.join('')) === joined || head.every(word => resource.includes(singular(word)))
    if (isOwn) return words.slice(count).join('')
  }
  return null
}

/** The key of a component schema; undefined for any other. */
export function componentOf(view: SchemaView | null): string | undefined {
  const [first, second, name, ...inner] = pointerParts(view?.at ?? '') ?? []
  const isComponent = first === 'components' && second === 'schemas' && inner.length === 0
  return isComponent ? name : undefined
}
