import { uniqueNames } from '../../base/unique-names.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member } from '../../base/json.ts'
import { splitLocation } from '../../parse/links.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import type { Compilation } from '../compilation.ts'
import { createCompilation } from '../compilation.ts'
import { singular } from '../../model/usual-identity.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { exampleProperties } from './example-properties.ts'
import { fillParameters } from './fill-parameters.ts'
import type { SurveyedOperation } from './survey-operations.ts'
import { collectionOf, surveyOperations, withoutSlash } from './survey-operations.ts'

/** A type that a document could have. */
export type SuggestedType = {
  readonly name: string
  /** The Schema Object that the keys belong to. */
  readonly at: Pointer
  /** The Schema Object to write there; null where the document has it. */
  readonly schema: JsonObject | null
  /** The keys of its mappings, in the order of the docs. */
  readonly mappings: readonly string[]
  /** `x-flow-type` and mappings, as they can be written into the document. */
  keys(): JsonObject
}

/** What a document has that types could be made of. */
export type Survey = {
  readonly operations: readonly SurveyedOperation[]
  readonly schemas: number
  /** The most useful first: with a list, without other parameters to fill. */
  readonly types: readonly SuggestedType[]
}

type Draft = {
  readonly name: string
  readonly at: Pointer
  readonly schema: JsonObject | null
  readonly view: SchemaView | null
  readonly operations: Record<string, SurveyedOperation>
}

/** Looks at a document without keys of ours, and suggests the types that could be made of it. */
export function surveyDocument(document: ParsedDocument): Survey {
  // Of what is wrong elsewhere nothing is told, since nothing of it is used yet.
  const compilation = createCompilation(document)
  const operations = surveyOperations(compilation)
  const schemas = member(member(document.root, 'components'), 'schemas')
  const drafts = [...draftsOf(operations).values()]
  return {
    operations,
    schemas: isJsonObject(schemas) ? Object.keys(schemas).length : 0,
    types: drafts
      .map((draft, index) => ({ draft, index, rank: rankOf(draft) }))
      .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
      .map(({ draft }) => {
        const { name, at, schema, operations: used } = draft
        const mappings = MAPPING_KEYS.filter(key => used[key] !== undefined)
        return { name, at, schema, mappings, keys: () => keysOf(compilation, draft) }
      })
  }
}

/** Types with a list come first, then with a load, then with a schema; of these, with the least to fill. */
function rankOf({ operations, schema }: Draft): number {
  const { 'x-flow-query': query, 'x-flow-load': load } = operations
  const blanks = (query ?? load)?.target.path.split('{').length ?? 1
  const use = query !== undefined ? 0 : load !== undefined ? 1_000 : 4_000
  return use + (schema === null ? 0 : 2_000) + blanks
}

function draftsOf(operations: readonly SurveyedOperation[]): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>()
  const takeName = uniqueNames()
  const draftAt = (key: string, make: () => Omit<Draft, 'operations' | 'name'>, name: string) => {
    const known = drafts.get(key)
    if (known !== undefined) return known
    const draft = { ...make(), name: takeName(name), operations: {} }
    drafts.set(key, draft)
    return draft
  }
  const ofView = (view: SchemaView, path: string): Draft | undefined =>
    // The keys would have to be written into another document.
    splitLocation(view.at).name !== ''
      ? undefined
      : draftAt(view.at, () => ({ at: view.at, schema: null, view }), nameOf(view, path))
  const ofPath = (operation: SurveyedOperation): Draft | undefined => {
    // A schema that shows no objects says that there are none.
    if (operation.answer?.schema !== undefined) return undefined
    const { path } = operation.target
    const collection = collectionOf(path) ?? withoutSlash(path)
    const name = wordOf(path)
    const at = pointer('/components/schemas', name)
    return draftAt(
      `path ${collection}`,
      () => ({ at, schema: writtenSchema(operation), view: null }),
      name
    )
  }
  const add = (draft: Draft | undefined, key: string, operation: SurveyedOperation): void => {
    if (draft !== undefined) draft.operations[key] ??= operation
  }
  const byBlanks = operations
    .filter(({ isUsable }) => isUsable)
    .toSorted((a, b) => blanksOf(a) - blanksOf(b))
  for (const operation of byBlanks.filter(({ kind }) => kind === 'list')) {
    const { shown, target } = operation
    add(
      shown === null ? ofPath(operation) : ofView(shown.view, target.path),
      'x-flow-query',
      operation
    )
  }
  for (const operation of byBlanks.filter(({ kind }) => kind === 'load')) {
    const { shown, target } = operation
    const known = shown === null ? drafts.get(`path ${collectionOf(target.path)}`) : undefined
    add(
      known ?? (shown === null ? undefined : ofView(shown.view, target.path)),
      'x-flow-load',
      operation
    )
  }
  const byPath = new Map<string, Draft>()
  for (const draft of drafts.values()) {
    for (const { target } of Object.values(draft.operations))
      byPath.set(withoutSlash(target.path), draft)
  }
  for (const operation of byBlanks) {
    const { kind, target, taken, shown } = operation
    const { path } = target
    const known =
      byPath.get(withoutSlash(path)) ??
      byPath.get(collectionOf(path) ?? '') ??
      [taken, shown?.view].flatMap(view => drafts.get(view?.at ?? '') ?? [])[0]
    if (kind === 'create') add(known ?? lone(taken, path), 'x-flow-save', operation)
    // An update needs an id in its path.
    if (collectionOf(path) === undefined) continue
    if (kind === 'update') add(known, 'x-flow-update', operation)
    if (kind === 'delete') add(known, 'x-flow-delete', operation)
  }
  if (drafts.size > 0) return drafts
  for (const operation of byBlanks) {
    const { kind, taken, shown, target } = operation
    if (kind === 'read') {
      add(
        shown === null ? ofPath(operation) : ofView(shown.view, target.path),
        'x-flow-query',
        operation
      )
    }
    if (kind === 'other') add(lone(taken, target.path), 'x-flow-save', operation)
  }
  return drafts

  /** The type of what is sent to an operation that nothing reads. */
  function lone(view: SchemaView | null, path: string): Draft | undefined {
    return view?.kind === 'object' && view.properties.size > 0 ? ofView(view, path) : undefined
  }
}

function keysOf(compilation: Compilation, { name, view, schema, operations }: Draft): JsonObject {
  const properties = view === null ? schemaNames(schema) : [...view.properties.keys()]
  const custom: Record<string, string> = {}
  const mappings = MAPPING_KEYS.flatMap((key): [string, JsonValue][] => {
    const operation = operations[key]
    if (operation === undefined) return []
    const parameters = fillParameters(compilation, operation, { properties, key, custom })
    const { path, method } = operation.target
    const usual = USUAL_METHODS[key] ?? []
    const isUsual = usual.includes(method)
    return [
      [
        key,
        {
          path,
          ...(!isUsual && { operation: method.toLowerCase() }),
          ...(Object.keys(parameters).length > 0 && { parameters })
        }
      ]
    ]
  })
  const type = { name, ...(Object.keys(custom).length > 0 && { customProperties: custom }) }
  return { 'x-flow-type': type, ...Object.fromEntries(mappings) }
}

/** The methods that need no `operation`, by mapping in the order of the docs. */
const USUAL_METHODS: { readonly [key: string]: readonly string[] } = {
  'x-flow-query': ['GET', 'QUERY'],
  'x-flow-load': ['GET', 'QUERY'],
  'x-flow-save': ['POST'],
  'x-flow-update': ['PUT'],
  'x-flow-delete': ['DELETE']
}
const MAPPING_KEYS = Object.keys(USUAL_METHODS)

/** A schema for objects of which the document has none: with the members of an example, if it has one. */
function writtenSchema({ answer }: SurveyedOperation): JsonObject {
  return {
    type: 'object',
    properties: exampleProperties(answer?.media) ?? { id: { type: 'string' } }
  }
}

function schemaNames(schema: JsonObject | null): string[] {
  return isJsonObject(schema?.properties) ? Object.keys(schema.properties) : []
}

/** The name of a component, else the title, else the last word of the path. */
function nameOf(view: SchemaView, path: string): string {
  const [first, second, name, ...inner] = pointerParts(view.at) ?? []
  if (first === 'components' && second === 'schemas' && name && inner.length === 0) return name
  const title = view.title?.trim() ?? ''
  return /^[\p{L}\d][\p{L}\d ._-]{0,60}$/u.test(title) ? title : wordOf(path)
}

/** Words of a path that say what is done. */
const VERBS = new Set(
  'get list all create add new search query find send update delete post set v1 v2 v3 api json'.split(
    ' '
  )
)

/** `Pet` for `/v1/pets/{petId}` and for `/pets.list`. */
function wordOf(path: string): string {
  const parts = path.split('/').filter(part => !part.includes('{'))
  const named = parts.map(part => {
    const words = part.match(/\p{Lu}?[\p{Ll}\d]+|\p{Lu}+/gu) ?? []
    return words.filter(word => !VERBS.has(word.toLowerCase()) && /\p{L}/u.test(word))
  })
  const words = named.findLast(each => each.length > 0) ?? ['Item']
  const joined = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  const one = singular(joined.toLowerCase())
  return joined.toLowerCase().startsWith(one)
    ? joined.slice(0, one.length)
    : `${joined.slice(0, -3)}y`
}

function blanksOf({ target }: SurveyedOperation): number {
  return target.path.split('{').length
}
