import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { FoundList } from './find-list.ts'
import { findList } from './find-list.ts'
import type { FoundRecord } from './find-record.ts'
import { findRecord } from './find-record.ts'
import type { FoundPaging } from './list-paging.ts'
import { declaredList, listPaging } from './list-paging.ts'
import type { ReadOperation } from './read-operations.ts'
import { isReading } from './read-operations.ts'
import { componentOf, coreWords } from './resource-words.ts'

/** An operation that answers a list of objects. */
export type ListOperation = {
  readonly operation: ReadOperation
  readonly list: FoundList
  readonly paging: FoundPaging | null
}

/** An operation that answers one object by its id. */
export type LoadOperation = {
  readonly operation: ReadOperation
  readonly record: FoundRecord
  readonly idParam: string
  readonly isDescribed: boolean
}

/** The operations on a collection and on its items. */
export type Group = {
  readonly key: string
  /** Words of the path's resource, in the singular. */
  readonly words: readonly string[]
  readonly parents: number
  readonly lists: ListOperation[]
  readonly loads: LoadOperation[]
  /** POST on the collection. */
  readonly posts: ReadOperation[]
  /** Reads whose answers the document does not describe. */
  readonly undescribed: ReadOperation[]
  /** Writes on an item. */
  readonly itemWrites: ReadOperation[]
}

/** Parameters at the end of a path that choose among objects, and name none. */
const NO_ID =
  /^(status|state|type|format|lang|language|locale|page|limit|date|from|to|year|month|day|version|query|q|term|keyword|sort|order|action|command|method)$/i

/** Gathers the operations of a document by the collections that their paths mean. */
export function gatherGroups(
  compilation: Compilation,
  operations: readonly ReadOperation[]
): readonly Group[] {
  const groups = new Map<string, Group>()
  const usable = operations.filter(({ shape, target }) => {
    return !/[?#]/.test(target.path) && (shape.steps.length > 0 || target.path === '/')
  })
  for (const operation of usable) {
    const { key } = operation.shape
    const group = groups.get(key) ?? emptyGroup(operation)
    groups.set(key, group)
    if (!isReading(operation)) addWrite(group, operation)
    else if (operation.shape.itemParameter === null) addRead(compilation, group, operation)
  }
  // By the objects of a list, one of them is found.
  for (const operation of usable) {
    const { key, itemParameter } = operation.shape
    const group = groups.get(key)
    if (group === undefined || itemParameter === null || !isReading(operation)) continue
    addRead(compilation, group, operation)
  }
  moveListsById(groups)
  for (const group of groups.values()) addUndescribed(group)
  for (const group of groups.values()) {
    keep(group.loads, load => namesOne(load, group))
  }
  return [...groups.values()]
}

function emptyGroup({ shape: { key, words, parents } }: ReadOperation): Group {
  return { key, words, parents, lists: [], loads: [], posts: [], undescribed: [], itemWrites: [] }
}

function addRead(compilation: Compilation, group: Group, operation: ReadOperation): void {
  const { answered, shape } = operation
  const { itemParameter, action } = shape
  if (action !== null) return
  if (answered === null) {
    if (isUndescribed(operation)) group.undescribed.push(operation)
    return
  }
  const paging = listPaging(compilation, operation, null)
  const list = findList(compilation, answered, {
    words: shape.words,
    isPaged: paging !== null,
    declared: declaredList(operation),
    isItem: itemParameter !== null
  })
  if (list !== null) {
    group.lists.push({ operation, list, paging })
    return
  }
  if (itemParameter === null) return
  const record = findRecord(compilation, answered, shape.words, likeOf(group))
  if (record === null || record.view.properties.size === 0) return
  group.loads.push({ operation, record, idParam: itemParameter, isDescribed: true })
}

/** Whether nothing is said of an answer, not even that it is no JSON. */
function isUndescribed({ answer }: ReadOperation): boolean {
  if (answer === undefined || answer.isText) return false
  return answer.mediaType !== undefined || Object.keys(answer.content).length === 0
}

/** What the document does not describe is what its path says: beside a list one of its objects, beside an object its list. */
function addUndescribed({ lists, loads, undescribed }: Group): void {
  const [list] = lists
  const [load] = loads
  const reason = 'its answer is not described'
  for (const operation of undescribed) {
    const { itemParameter } = operation.shape
    if (itemParameter !== null && list !== undefined && load === undefined) {
      const record = { path: '', view: list.list.item, reason }
      loads.push({ operation, record, idParam: itemParameter, isDescribed: false })
    }
    if (itemParameter === null && load !== undefined && list === undefined) {
      const found = { path: '', item: load.record.view, score: 0.6, reason }
      lists.push({ operation, list: found, paging: null })
    }
  }
}

function addWrite(group: Group, operation: ReadOperation): void {
  const { target, shape } = operation
  if (shape.action !== null) return
  const isItem = shape.itemParameter !== null
  if (!isItem && target.method === 'POST') group.posts.push(operation)
  if (isItem && ['PUT', 'PATCH', 'POST', 'DELETE'].includes(target.method)) {
    group.itemWrites.push(operation)
  }
}

/** Whether a list has the objects of another one, in the same place. */
function isOneOf(all: FoundList, one: FoundList): boolean {
  if (all.item.at === one.item.at) return true
  const names = [...all.item.properties.keys()]
  const isAlike = names.length > 1 && names.every(name => one.item.properties.has(name))
  return isAlike && all.path === one.path && all.path !== ''
}

/** A POST where a list is makes one of its objects, whatever the path ends with. */
function movePosts(from: Group, to: Group, { target: { path } }: ReadOperation): void {
  const isPost = ({ target }: ReadOperation): boolean =>
    target.method === 'POST' && target.path === path
  for (const operation of from.itemWrites.filter(isPost)) to.posts.push(operation)
  keep(from.itemWrites, operation => !isPost(operation))
}

/** Leaves in a list what fits. */
function keep<T>(list: T[], fits: (item: T) => boolean): void {
  const kept = list.filter(fits)
  list.length = 0
  for (const item of kept) list.push(item)
}

/** The schema of the objects of a collection, where its list is known already. */
function likeOf({ lists }: Group): SchemaView | null {
  return lists[0]?.list.item ?? null
}

/**
 * Whether a parameter names one object, and does not choose among them: what is written by it does, and what is a
 * member of the objects.
 */
function namesOne(
  { operation, idParam, record }: LoadOperation,
  { itemWrites, lists }: Group
): boolean {
  if (!NO_ID.test(idParam)) return true
  const { path } = operation.target
  if (itemWrites.some(({ target }) => target.path === path)) return true
  return lists.length > 0 && record.view.properties.has(idParam)
}

/**
 * What ends with an id and answers a list: the collection of what is below, as `/projects/{owner}` of
 * `/projects/{owner}/{project}`; one object in a list, where the collection answers the same; or a list of its own that
 * is paged.
 */
function moveListsById(groups: Map<string, Group>): void {
  const found = [...groups.values()].flatMap(group => {
    const byId = group.lists.filter(({ operation }) => operation.shape.itemParameter !== null)
    keep(group.lists, each => !byId.includes(each))
    return byId.map(each => ({ group, each }))
  })
  for (const { group, each } of found) {
    const { operation, list, paging } = each
    const key = `${group.key}/{}`
    const below = groups.get(key)
    const isSame = group.lists.some(other => isOneOf(other.list, list))
    if (isSame) {
      const record = {
        path: list.path,
        view: list.item,
        reason: 'the answer is a list of one object'
      }
      group.loads.push({
        ...{ operation, record, isDescribed: true },
        idParam: operation.shape.itemParameter ?? ''
      })
    } else if (below !== undefined) {
      below.lists.push(each)
      movePosts(group, below, operation)
    } else if (paging !== null) {
      const name = componentOf(list.item)
      const words = name === undefined ? group.words : coreWords(name)
      const parents = group.parents + 1
      groups.set(key, { ...emptyGroup(operation), key, words, parents, lists: [each] })
    }
  }
}
