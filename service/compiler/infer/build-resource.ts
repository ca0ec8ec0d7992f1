import { plainName } from '../../base/plain-name.ts'
import { splitPath } from '../../base/dotted-path.ts'
import { textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { chooseWrite } from './choose-write.ts'
import type { FoundId } from './find-id.ts'
import { findId, findUsualId } from './find-id.ts'
import type { Group, ListOperation, LoadOperation } from './gather-groups.ts'
import type { JoinedGroup } from './join-groups.ts'
import type { Judgement } from './judge-writes.ts'
import type { WrittenResource } from './written-resource.ts'
import { isManaged, judgeCreate, judgeDelete, judgePutCreate, judgeUpdate } from './judge-writes.ts'
import { memberNames } from './member-names.ts'
import type { ProposedLoad, ProposedQuery, ProposedWrite } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'
import { componentOf, coreWords } from './resource-words.ts'
import type { Role } from './role.ts'
import { SCORE_MIN } from './role.ts'
import { isWritten, loadOf, queryOf } from './score-reads.ts'

/** A resource before its keys are written. */
export type BuiltResource = {
  readonly group: Group
  /** The schema of its objects: that of a load, else of a list. */
  readonly view: SchemaView
  readonly id: FoundId | null
  readonly list: ListOperation | null
  readonly query: Role<ProposedQuery> | null
  readonly load: Role<ProposedLoad> | null
  readonly save: Role<ProposedWrite> | null
  readonly update: Role<ProposedWrite> | null
  readonly delete: Role<ProposedWrite> | null
  readonly otherQueries: readonly Role<ProposedQuery>[]
  readonly otherLoads: readonly Role<ProposedLoad>[]
}

/** Chooses the operations of a resource; null where no object of it can be read. */
export function buildResource(
  compilation: Compilation,
  { primary, others }: JoinedGroup,
  leave: (operation: ReadOperation, judgement: Judgement) => void
): BuiltResource | null {
  const further = others.flatMap(group => ordered(group.lists, group))
  const own = ordered(primary.lists, primary)
  const isOld = own.length > 0 && own.every(({ operation }) => operation.isDeprecated)
  const lists = isOld ? ordered([...own, ...further], primary) : own
  const loads = ordered(primary.loads, primary)
  const [list] = lists
  const [load] = loads
  const shown = load?.record.view ?? list?.list.item
  if (shown === undefined) return null
  const schemaWords = coreWords(componentOf(shown) ?? '')
  const words = [...primary.words, ...schemaWords]
  const idParam = load?.idParam ?? itemParameterOf(primary)
  const id = idOf(compilation, { list, load, idParam, primary, schemaWords })
  const hasItems = load !== undefined || primary.itemWrites.length > 0
  const query = list === undefined ? null : queryOf(list, primary, hasItems)
  // A load has most members, but not always the id.
  const isIn = id === null || shown.properties.has(splitPath(id.path)[0] ?? '')
  const view = isIn || list === undefined ? shown : list.list.item
  const loaded = load === undefined ? null : loadOf(load, list, id, isWritten(primary, load))
  if ((query?.use.score ?? 0) < SCORE_MIN && (loaded?.use.score ?? 0) < SCORE_MIN) return null
  const views = [load?.record.view, list?.list.item].filter(each => each !== undefined)
  const names = new Set(views.flatMap(each => memberNames(compilation, each)).map(plainName))
  const resource: WrittenResource = { words, pathWords: primary.words, views, names }
  const path = load?.operation.target.path
  const isBelow = load !== undefined && !isAlone(load.operation)
  const apart = isBelow ? others.flatMap(({ loads }) => loads).find(isOfAlone) : undefined
  if (apart !== undefined) for (const operation of primary.itemWrites) leave(operation, LINKS)
  const onItem =
    apart === undefined
      ? itemWritesOf(primary, path)
      : others.flatMap(({ itemWrites }) =>
          itemWrites.filter(({ target }) => target.path === apart.operation.target.path)
        )
  const judged = (
    operations: readonly ReadOperation[],
    judge: (operation: ReadOperation) => Judgement
  ): Role<ProposedWrite> | null => chooseWrite(operations, judge, leave)
  // What is read by the same path is surely the object, even if its id is not known.
  const isItem = loaded !== null || id !== null
  const byMethod = (method: string): ReadOperation[] =>
    isItem ? onItem.filter(({ target }) => target.method === method) : []
  const create = (operation: ReadOperation): Judgement =>
    judgeCreate(compilation, operation, resource)
  const save =
    judged(primary.posts, create) ??
    judged(primary.posts.length > 0 ? [] : others.flatMap(({ posts }) => posts), create) ??
    judged(primary.posts.length > 0 ? [] : byMethod('PUT'), operation =>
      judgePutCreate(compilation, operation, resource)
    )
  const change = (operation: ReadOperation): Judgement =>
    judgeUpdate(compilation, operation, resource)
  const update =
    judged(byMethod('PATCH'), change) ??
    judged(byMethod('PUT'), change) ??
    judged(byMethod('POST'), change)
  const otherLists = [...lists.slice(1), ...further.filter(each => !lists.includes(each))]
  const otherLoads = [...loads.slice(1), ...others.flatMap(group => ordered(group.loads, group))]
  return {
    group: primary,
    view,
    id,
    list: list ?? null,
    query,
    load: loaded,
    save,
    update,
    delete: judged(byMethod('DELETE'), operation =>
      judgeDelete(operation, resource, load?.operation)
    ),
    otherQueries: otherLists.map(each => queryOf(each, primary, false)),
    otherLoads: otherLoads.map(each => loadOf(each, list, id, false))
  }
}

/** What an operation below another object does with objects that have a path of their own. */
const LINKS: Judgement = { score: 0, reasons: ['its objects have a path of their own'] }

/** Whether a path takes no ids of other objects. */
function isAlone({ shape: { parents } }: ReadOperation): boolean {
  return parents === 0
}

function isOfAlone({ operation }: LoadOperation): boolean {
  return isAlone(operation)
}

/** The best first: not deprecated, of the version with the most operations, with the fewest ids of others. */
function ordered<Each extends { readonly operation: ReadOperation }>(
  found: readonly Each[],
  group: Group
): readonly Each[] {
  const prefixes = [
    ...[...group.lists, ...group.loads].map(each => each.operation),
    ...group.posts,
    ...group.itemWrites
  ].map(({ shape }) => shape.prefix)
  const uses = (prefix: string): number => prefixes.filter(each => each === prefix).length
  const rank = ({ operation }: Each): number =>
    (operation.isDeprecated ? -1_000 : 0) +
    uses(operation.shape.prefix) * 10 -
    (operation.shape.steps.some(({ kind }) => kind === 'self') ? 5 : 0)
  return found.toSorted((a, b) => rank(b) - rank(a) || later(a.operation, b.operation))
}

/** The later version first. */
function later(one: ReadOperation, other: ReadOperation): number {
  return other.shape.prefix.localeCompare(one.shape.prefix, 'en', { numeric: true })
}

function itemParameterOf({ itemWrites }: Group): string | null {
  return itemWrites[0]?.shape.itemParameter ?? null
}

/** The writes on the items that the load reads; without a load on those of one path. */
function itemWritesOf({ itemWrites }: Group, path: string | undefined): readonly ReadOperation[] {
  const same = itemWrites.filter(({ target }) => target.path === path)
  if (same.length > 0) return same
  const paths = new Set(itemWrites.map(({ target }) => target.path))
  return path === undefined && paths.size > 1 ? [] : itemWrites
}

function idOf(
  compilation: Compilation,
  {
    list,
    load,
    idParam,
    primary,
    schemaWords
  }: {
    readonly list: ListOperation | undefined
    readonly load: LoadOperation | undefined
    readonly idParam: string | null
    readonly primary: Group
    readonly schemaWords: readonly string[]
  }
): FoundId | null {
  const resources = [primary.words, schemaWords].filter(words => words.length > 0)
  const views = [list?.list.item, load?.record.view].filter(view => view !== undefined)
  if (idParam === null) {
    const usual = views.map(view => findUsualId(compilation, view, resources))
    return usual.find(id => id !== null) ?? null
  }
  const operation = load?.operation ?? primary.itemWrites[0]
  const given = operation?.given.get(`path ${idParam}`)?.value
  const record = operation?.parameters.find(
    ({ in: place, name }) => place === 'path' && name === idParam
  )
  const parameter = {
    name: idParam,
    description: (textMember(given, 'description') ?? '').slice(0, 300).toLowerCase(),
    resources,
    isText: record?.kind === 'text',
    byName: operation !== undefined && isManaged(operation)
  }
  const found = views.map(view => findId(compilation, view, parameter))
  return found.find(id => id !== null) ?? null
}
