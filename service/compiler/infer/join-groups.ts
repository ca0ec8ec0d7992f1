import type { SchemaView } from '../schema/schema-view.ts'
import type { Group } from './gather-groups.ts'
import type { ReadOperation } from './read-operations.ts'
import { componentOf, coreWords, sameResource } from './resource-words.ts'
import { isVerbPath } from './verb-words.ts'

/** The groups of one resource: the one that is used, and others with the same objects. */
export type JoinedGroup = { readonly primary: Group; readonly others: readonly Group[] }

/** Names of schemas that say nothing about their objects. */
const VAGUE = new Set(
  'object item items record resource result response data entity entry row value element generic base node document model'.split(
    ' '
  )
)

/**
 * Joins groups that are one resource: an item without a list and a list without items of the same schema in one
 * namespace; then groups of the same schema whose paths end with the same word.
 */
export function joinGroups(groups: readonly Group[]): readonly JoinedGroup[] {
  const useful = groups.filter(({ lists, loads }) => lists.length > 0 || loads.length > 0)
  const paired = pairLists(useful)
  const joined: { primary: Group; others: Group[] }[] = []
  const ranked = paired.toSorted(
    (a, b) => Number(isNamedLikeSchema(b)) - Number(isNamedLikeSchema(a)) || rankOf(b) - rankOf(a)
  )
  for (const group of ranked) {
    const same = joined.find(({ primary }) => isSameResource(primary, group))
    if (same === undefined) joined.push({ primary: group, others: [] })
    else same.others.push(group)
  }
  const order = new Map(paired.map((group, index) => [group.key, index]))
  return joined.map(bestFirst).toSorted(
    (a, b) => (order.get(a.primary.key) ?? 0) - (order.get(b.primary.key) ?? 0)
  )
}

/** The group with items that has the name of the schema, else the one with the most, is the one that is used. */
function bestFirst({ primary, others }: JoinedGroup): JoinedGroup {
  const weight = (group: Group): number =>
    rankOf(group) + (isNamedLikeSchema(group) && group.loads.length > 0 ? 1_000 : 0)
  const [best = primary, ...rest] = [primary, ...others].toSorted((a, b) => weight(b) - weight(a))
  return { primary: best, others: rest }
}

/** The schema of a group's objects; null for none. */
export function schemaOf({ lists, loads }: Group): SchemaView | null {
  return loads[0]?.record.view ?? lists[0]?.list.item ?? null
}

/** Gives items without a list the list of the same objects that fits best; such a list is no group of its own. */
function pairLists(groups: readonly Group[]): readonly Group[] {
  const alone = groups.filter(({ lists, loads }) => lists.length > 0 && loads.length === 0)
  const taken = new Set<string>()
  const completed = groups.map(group => {
    if (group.lists.length > 0) return group
    const fitting = alone
      .filter(list => !taken.has(list.key) && hasSameObjects(group, list) && isNear(group, list))
      .toSorted((a, b) => nearness(group, b) - nearness(group, a))
    const [best] = fitting
    if (best === undefined) return group
    taken.add(best.key)
    return { ...group, lists: best.lists, posts: [...group.posts, ...best.posts] }
  })
  return completed.filter(({ key, loads }) => loads.length > 0 || !taken.has(key))
}

/** Whether two groups have the same schema, or schemas of the same name. */
function hasSameObjects(one: Group, other: Group): boolean {
  const views = [one, other].map(schemaOf)
  const [a, b] = views
  if (a == null || b == null) return false
  const names = views.map(view => componentOf(view))
  if (names.every(name => name === undefined)) {
    return sameResource(one.words, other.words) && haveSameMembers(a, b)
  }
  if (names.some(name => name === undefined)) return false
  if (a.at === b.at) return !isVague(names[0]) || sameResource(one.words, other.words)
  const [first = [], second = []] = names.map(name => coreWords(name ?? ''))
  return sameResource(first, second) && !isVague(first.join(''))
}

/** Whether one of two inline schemas has most members of the other. */
function haveSameMembers(a: SchemaView, b: SchemaView): boolean {
  const shared = [...a.properties.keys()].filter(key => b.properties.has(key)).length
  return shared > 2 && shared >= Math.min(a.properties.size, b.properties.size) * 0.6
}

function isVague(name: string | undefined): boolean {
  return name === undefined || VAGUE.has(name.toLowerCase())
}

/** Whether two groups are in one namespace: the same first word, the same last word, or a tag of both. */
function isNear(one: Group, other: Group): boolean {
  if (sameResource(one.words, other.words)) return true
  if (one.key.split('/')[0] === other.key.split('/')[0]) return true
  const [a, b] = [tagsOf(one), tagsOf(other)]
  return [...a].some(tag => b.has(tag))
}

function nearness(one: Group, list: Group): number {
  const [first] = list.lists
  const isVerb = first !== undefined && isVerbPath(first.operation)
  return (
    (sameResource(one.words, list.words) ? 8 : 0) +
    (one.key.split('/')[0] === list.key.split('/')[0] ? 2 : 0) -
    list.parents -
    (isVerb ? 1 : 0) -
    (first?.operation.isDeprecated ? 4 : 0) +
    (list.posts.length > 0 ? 3 : 0)
  )
}

function isSameResource(one: Group, other: Group): boolean {
  const [a, b] = [schemaOf(one), schemaOf(other)]
  if (a === null || b === null) return false
  if (sameResource(one.words, other.words)) return a.at === b.at || hasSameObjects(one, other)
  // A list of users below a group is one of users, whatever it is called there.
  return a.at === b.at && (isNamedLikeSchema(one) || endsAlike(one.words, other.words))
}

/** Whether the path of a group has the name of its schema. */
function isNamedLikeSchema(group: Group): boolean {
  return sameResource(group.words, coreWords(componentOf(schemaOf(group)) ?? ''))
}

function endsAlike(one: readonly string[], other: readonly string[]): boolean {
  const [a = '', b = ''] = [one.join(''), other.join('')].toSorted((x, y) => x.length - y.length)
  return a.length > 3 && b.endsWith(a)
}

/** Groups with a list and items come first, then those with more roles, then those below fewer ids. */
function rankOf({ lists, loads, itemWrites, posts, parents }: Group): number {
  const isWhole = lists.length > 0 && loads.length > 0
  const roles = Math.min(4, itemWrites.length + Number(posts.length > 0))
  return (isWhole ? 100 : 0) + roles * 4 - parents * 6
}

function tagsOf({ lists, loads }: Group): ReadonlySet<string> {
  const operations: readonly ReadOperation[] = [...lists, ...loads].map(each => each.operation)
  return new Set(operations.flatMap(({ tags }) => tags))
}
