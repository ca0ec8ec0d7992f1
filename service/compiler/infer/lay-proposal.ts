import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import type { MappingOrigin } from '../../model/mapping-record.ts'
import { VERBS } from '../../model/mapping-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import type { Proposal, ProposedResource, ProposedUse } from './proposal.ts'

/** A document with the keys of a proposal, and where each inferred mapping comes from, by the pointer of its key. */
export type LaidDocument = {
  readonly document: ParsedDocument
  readonly origins: ReadonlyMap<Pointer, MappingOrigin>
}

/** Members that are added to the object at a pointer. */
export type Addition = { readonly at: Pointer; readonly members: JsonObject }

/** Adds the keys of a proposal to a copy of the document, as its overlay would. */
export function layProposal(document: ParsedDocument, proposal: Proposal): LaidDocument {
  const root = additionsOf(proposal).reduce<JsonObject>(
    (tree, { at, members }) => addAt(tree, pointerParts(at) ?? [], members),
    document.root
  )
  const origins = proposal.resources.flatMap(originsOf)
  return { document: { ...document, root }, origins: new Map(origins) }
}

/** What a proposal adds to a document: the keys of its resources, then the names of the types that these refer to. */
export function additionsOf({ resources, nested }: Proposal): readonly Addition[] {
  return [
    ...resources.map(({ at, schema, keys }) => ({ at, members: { ...keys, ...schema } })),
    ...nested.map(({ at, name }) => ({ at, members: { 'x-flow-type': { name } } }))
  ]
}

function originsOf(resource: ProposedResource): (readonly [Pointer, MappingOrigin])[] {
  return VERBS.flatMap(verb => {
    const use: ProposedUse | null = resource[verb]
    if (use === null) return []
    const key = pointer(resource.at, `x-flow-${verb}`)
    const others: readonly ProposedUse[] =
      verb === 'query' || verb === 'load' ? resource.others[verb] : []
    const isList = isJsonArray(resource.keys[`x-flow-${verb}`])
    return [use, ...(isList ? others : [])].map((each, index) => {
      const at = isList ? pointer(key, index) : key
      return [at, { from: 'inferred', score: each.score, reasons: each.reasons }] as const
    })
  })
}

/** A copy of a tree with further members in one object; objects on the way that are missing are made. */
function addAt(
  tree: JsonObject,
  [part, ...rest]: readonly string[],
  members: JsonObject
): JsonObject {
  if (part === undefined) return { ...tree, ...members }
  const held = member(tree, part)
  return { ...tree, [part]: changed(held ?? {}, rest, members) }
}

function changed(value: JsonValue, rest: readonly string[], members: JsonObject): JsonValue {
  if (isJsonObject(value)) return addAt(value, rest, members)
  const [index = '', ...inner] = rest
  if (!isJsonArray(value)) return value
  return value.map((item, at) => (String(at) === index ? changed(item, inner, members) : item))
}
