import { singular } from '../../base/name-words.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { Group } from './gather-groups.ts'
import { componentOf, coreWords } from './resource-words.ts'
import { isVerbPath } from './verb-words.ts'

/** The groups of one resource: the one that is used, and others with the same objects. */
export type JoinedGroup = { readonly primary: Group; readonly others: readonly Group[] }

/** Names of schemas that say nothing about their objects. */
const VAGUE = new Set(
  'object item items record resource result response data entity entry row value element generic base node document model'.split(
    ' '
  )
)

/** A group, and what its objects and its path are called. */
type NamedGroup = {
  readonly group: Group
  readonly schema: SchemaView
  /** Key of the component schema; undefined for an inline one. */
  readonly component: string | undefined
  /** That without words of purpose, and the last word of the path, both in the singular. */
  readonly core: string
  readonly word: string
}

/**
 * Joins groups that are one resource: an item without a list and a list without items of the same schema in one
 * namespace; then groups of the same schema whose paths end with the same word.
 */
export function joinGroups(groups: readonly Group[]): readonly JoinedGroup[] {
  const paired = pairLists(groups.flatMap(group => named(group) ?? []))
  const ranked = paired.toSorted(
    (a, b) => Number(isNamedLikeSchema(b)) - Number(isNamedLikeSchema(a)) || rankOf(b) - rankOf(a)
  )
  const joined: NamedGroup[][] = []
  const bySchema = new Map<string, NamedGroup[][]>()
  const byWord = new Map<string, NamedGroup[][]>()
  for (const each of ranked) {
    const known = [...(bySchema.get(each.schema.at) ?? []), ...(byWord.get(each.word) ?? [])]
    const same = known.find(([first]) => first !== undefined && isSameResource(first, each))
    if (same !== undefined) {
      same.push(each)
      continue
    }
    const made = [each]
    joined.push(made)
    push(bySchema, each.schema.at, made)
    push(byWord, each.word, made)
  }
  const order = new Map(paired.map(({ group }, index) => [group.key, index]))
  return joined
    .map(bestFirst)
    .toSorted((a, b) => (order.get(a.primary.key) ?? 0) - (order.get(b.primary.key) ?? 0))
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

/** Undefined for a group without a read. */
function named(group: Group): NamedGroup | undefined {
  const { lists, loads, words } = group
  const schema = loads[0]?.record.view ?? lists[0]?.list.item
  if (schema === undefined) return undefined
  const component = componentOf(schema)
  const core = component === undefined ? '' : singular(coreWords(component).join(''))
  return { group, schema, component, core, word: singular(words.join('')) }
}

/** The group with items that has the name of the schema, else the one with the most, is the one that is used. */
function bestFirst(groups: readonly NamedGroup[]): JoinedGroup {
  const weight = (each: NamedGroup): number =>
    rankOf(each) + (isNamedLikeSchema(each) && each.group.loads.length > 0 ? 1_000 : 0)
  const weighed = groups.map(each => ({ group: each.group, weight: weight(each) }))
  const [best, ...rest] = weighed.toSorted((a, b) => b.weight - a.weight)
  if (best === undefined) throw new Error('groups are joined to one at least')
  return { primary: best.group, others: rest.map(({ group }) => group) }
}

/** Gives items without a list the list of the same objects that fits best; such a list is no group of its own. */
function pairLists(groups: readonly NamedGroup[]): readonly NamedGroup[] {
  const alone = new Map<string, NamedGroup[]>()
  for (const each of groups) {
    if (each.group.loads.length > 0) continue
    for (const key of new Set([each.schema.at, each.core, each.word])) push(alone, key, each)
  }
  const taken = new Set<NamedGroup>()
  const completed = groups.map(each => {
    const { group, schema, core, word } = each
    if (group.lists.length > 0) return each
    const known = new Set([schema.at, core, word].flatMap(key => alone.get(key) ?? []))
    const [best] = [...known]
      .filter(list => !taken.has(list) && hasSameObjects(each, list) && isNear(each, list))
      .toSorted((a, b) => nearness(each, b) - nearness(each, a))
    if (best === undefined) return each
    taken.add(best)
    const { lists, posts } = best.group
    return { ...each, group: { ...group, lists, posts: [...group.posts, ...posts] } }
  })
  return completed.filter(each => !taken.has(each))
}

/** Whether two groups have the same schema, schemas of the same name, or inline ones that are alike. */
function hasSameObjects(one: NamedGroup, other: NamedGroup): boolean {
  const isSameWord = isSame(one.word, other.word)
  if (one.component === undefined && other.component === undefined) {
    return isSameWord && haveSameMembers(one.schema, other.schema)
  }
  if (one.component === undefined || other.component === undefined) return false
  if (one.schema.at === other.schema.at) return isSameWord || !VAGUE.has(one.core)
  return isSame(one.core, other.core) && !VAGUE.has(one.core)
}

/** Whether one of two inline schemas has most members of the other. */
function haveSameMembers(a: SchemaView, b: SchemaView): boolean {
  const shared = [...a.properties.keys()].filter(key => b.properties.has(key)).length
  return shared > 2 && shared >= Math.min(a.properties.size, b.properties.size) * 0.6
}

function isSame(one: string, other: string): boolean {
  return one !== '' && one === other
}

/** Whether two groups are in one namespace: the same first word, the same last word, or a tag of both. */
function isNear(one: NamedGroup, other: NamedGroup): boolean {
  if (isSame(one.word, other.word) || firstOf(one) === firstOf(other)) return true
  const [a, b] = [tagsOf(one.group), tagsOf(other.group)]
  return [...a].some(tag => b.has(tag))
}

function firstOf({ group: { key } }: NamedGroup): string {
  return key.split('/')[0] ?? ''
}

function nearness(one: NamedGroup, list: NamedGroup): number {
  const { lists, posts, parents } = list.group
  const [first] = lists
  const isVerb = first !== undefined && isVerbPath(first.operation)
  return (
    (isSame(one.word, list.word) ? 8 : 0) +
    (firstOf(one) === firstOf(list) ? 2 : 0) -
    parents -
    (isVerb ? 1 : 0) -
    (first?.operation.isDeprecated ? 4 : 0) +
    (posts.length > 0 ? 3 : 0)
  )
}

function isSameResource(one: NamedGroup, other: NamedGroup): boolean {
  const isSameSchema = one.schema.at === other.schema.at
  if (isSame(one.word, other.word)) return isSameSchema || hasSameObjects(one, other)
  // A list of users below a group is one of users, whatever it is called there.
  return isSameSchema && (isNamedLikeSchema(one) || endsAlike(one.word, other.word))
}

/** Whether the path of a group has the name of its schema. */
function isNamedLikeSchema({ word, core }: NamedGroup): boolean {
  return isSame(word, core)
}

function endsAlike(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other].toSorted((a, b) => a.length - b.length)
  return short.length > 3 && long.endsWith(short)
}

/** Groups with a list and items come first, then those with more roles, then those below fewer ids. */
function rankOf({ group }: NamedGroup): number {
  const { lists, loads, itemWrites, posts, parents } = group
  const isWhole = lists.length > 0 && loads.length > 0
  const roles = Math.min(4, itemWrites.length + Number(posts.length > 0))
  return (isWhole ? 100 : 0) + roles * 4 - parents * 6
}

function tagsOf({ lists, loads }: Group): ReadonlySet<string> {
  return new Set([...lists, ...loads].flatMap(({ operation }) => operation.tags))
}
