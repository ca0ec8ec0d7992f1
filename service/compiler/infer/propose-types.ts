import type { JsonObject } from '../../base/json.ts'
import { deepFreeze, isJsonObject, member } from '../../base/json.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { TakeName } from '../../base/unique-names.ts'
import { uniqueNames } from '../../base/unique-names.ts'
import type { OperationPatterns } from '../../model/compile-options.ts'
import { USUAL_OPTIONS } from '../../model/compile-options.ts'
import { splitLocation } from '../../parse/links.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { chooseOperations } from '../choose-operations.ts'
import type { Compilation } from '../compilation.ts'
import { createCompilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import type { Annotations } from './read-annotations.ts'
import { readAnnotations } from './read-annotations.ts'
import type { BuiltResource } from './build-resource.ts'
import { buildResource } from './build-resource.ts'
import { SCORE_MIN } from './role.ts'
import type { KeyedResource } from './keyed-resource.ts'
import { keyedResource } from './keyed-resource.ts'
import { gatherGroups } from './gather-groups.ts'
import { joinGroups } from './join-groups.ts'
import type { Judgement } from './judge-writes.ts'
import { listPaging } from './list-paging.ts'
import type { Proposal, ProposedPaging, ProposedResource, SkippedOperation } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'
import { reachedTypes } from './reached-types.ts'
import { readOperations } from './read-operations.ts'
import { componentOf, coreWords } from './resource-words.ts'
import { writeKeys } from './write-keys.ts'

/**
 * Proposes types and mappings for a document (docs/x-flow.md#inference): from what it declares, its paths, methods,
 * schemas and names. Nothing is added to the document. Pure; the proposal is frozen JSON.
 */
export function proposeTypes(
  document: ParsedDocument,
  options: OperationPatterns = USUAL_OPTIONS
): Proposal {
  // Of what is wrong in the document the compiler tells, where something uses it.
  const compilation = createCompilation(document)
  const annotated = readAnnotations(compilation)
  const isChosen = chooseOperations(options)
  const operations = readOperations(
    compilation,
    target => isChosen(target) && !annotated.uses(target.method, target.path)
  )
  const left = new Map<ReadOperation, Judgement>()
  const leave = (operation: ReadOperation, judgement: Judgement): void => {
    left.set(operation, judgement)
  }
  const built = joinGroups(gatherGroups(compilation, operations))
    .flatMap(group => buildResource(compilation, group, leave) ?? [])
    .filter(({ view }) => !annotated.isTyped(view.at))
    .map(resource => keyedResource(compilation, resource, leave))
  const schemas = member(member(document.root, 'components'), 'schemas')
  const names = createNames(isJsonObject(schemas) ? Object.keys(schemas) : [], annotated)
  const resources = built.map(resource => toProposed(compilation, resource, names))
  const typed = new Set(resources.map(({ at }) => at))
  const views = built.map(({ view }) => view)
  const isTyped = (at: Pointer): boolean => typed.has(at) || annotated.isTyped(at)
  const reached = reachedTypes(compilation, views, isTyped)
  const nested = [...reached].map(([at, name]) => ({ at, name: names.take(name) }))
  const used = new Set(built.flatMap(operationsOf))
  const skipped = operations
    .filter(operation => !used.has(operation))
    .map(operation => toSkipped(operation, left.get(operation)))
  return deepFreeze({ resources, nested, skipped })
}

function operationsOf(resource: BuiltResource): ReadOperation[] {
  const { query, load, save, update, otherQueries, otherLoads } = resource
  const roles = [query, load, save, update, resource.delete, ...otherQueries, ...otherLoads]
  return roles.flatMap(role => (role === null ? [] : [role.operation]))
}

function toProposed(
  compilation: Compilation,
  resource: KeyedResource,
  names: Names
): ProposedResource {
  const { view, id, list, query, load, save, update, otherQueries, otherLoads } = resource
  const place = names.place(view, resource)
  const records = query?.use.records ?? ''
  const path = id === null ? null : `${records}[-1].${id.path}`
  const paging = list === null ? null : listPaging(compilation, list.operation, path)
  return {
    type: place.name,
    id: id?.path ?? null,
    query: query?.use ?? null,
    load: load?.use ?? null,
    save: save?.use ?? null,
    update: update?.use ?? null,
    delete: resource.delete?.use ?? null,
    pagination: paging && pagingOf(paging),
    others: {
      query: otherQueries.map(({ use }) => use),
      load: otherLoads.map(({ use }) => use)
    },
    at: place.at,
    schema: place.schema,
    keys: writeKeys(compilation, resource, paging, place.name)
  }
}

function pagingOf({ type, limitParam, positionParam, nextField }: ProposedPaging): ProposedPaging {
  return { type, limitParam, positionParam, nextField }
}

function toSkipped(
  { target: { method, path } }: ReadOperation,
  judgement: Judgement | undefined
): SkippedOperation {
  const score = Math.max(0, Math.min(judgement?.score ?? 0, SCORE_MIN - 0.01))
  const reason = judgement?.reasons.join('; ') ?? 'it is no operation on the objects of a list'
  return { method, path, score: Math.round(score * 100) / 100, reason }
}

/** Where the keys of a type go, and what it is called. */
type Place = Pick<ProposedResource, 'at' | 'schema'> & { readonly name: string }

type Names = {
  readonly take: TakeName
  place(view: SchemaView, resource: BuiltResource): Place
}

/** Gives each resource a name of its own and a schema of its own. */
function createNames(components: readonly string[], annotated: Annotations): Names {
  const takeName = uniqueNames()
  for (const name of annotated.names) takeName(name)
  const used = new Set<string>()
  const known = new Set(components.map(name => name.toLowerCase()))
  return {
    take: takeName,
    place(view, { group, list, query, load }) {
      // A list has the plain form of its objects, a load often `PetDetails`.
      const component = componentOf(list?.list.item ?? view) ?? componentOf(view)
      const path = query?.use.path ?? load?.use.path ?? ''
      const isOwn = splitLocation(view.at).name === ''
      if (isOwn && !used.has(view.at)) {
        used.add(view.at)
        const name = component ?? pathName(group.words, path, known)
        return { at: view.at, schema: null, name: takeName(name) }
      }
      const name = freeName(takeName, known, pathName(group.words, path, known))
      const at = pointer('/components/schemas', name)
      return {
        at,
        schema: isOwn ? { allOf: [{ $ref: `#${view.at}` }] } : writtenSchema(view),
        name
      }
    }
  }
}

/** A name that no component schema has. */
function freeName(takeName: TakeName, known: ReadonlySet<string>, wanted: string): string {
  for (;;) {
    const name = takeName(wanted)
    if (!known.has(name.toLowerCase())) return name
  }
}

/** The words of a path as a name: `Pet` for `/pets`; with the word around it if a schema has that name. */
function pathName(words: readonly string[], path: string, known: ReadonlySet<string>): string {
  const own = titleOf(words) || 'Item'
  if (!known.has(own.toLowerCase())) return own
  const around = path
    .split('/')
    .filter(part => part !== '' && !part.includes('{'))
    .slice(0, -1)
    .at(-1)
  return around === undefined ? own : titleOf([...coreWords(around), ...words])
}

function titleOf(words: readonly string[]): string {
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** A schema of what an example shows. */
function writtenSchema({ properties }: SchemaView): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries([...properties].map(([key, { schema }]) => [key, schema]))
  }
}
