import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerParts } from '../../base/json-pointer.ts'
import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
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
  const copies: Copies = { objects: new Map(), arrays: new Map() }
  const root = copyOf(copies, document.root)
  for (const { at, members } of additionsOf(proposal)) {
    addAt(copies, root, pointerParts(at) ?? [], members)
  }
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

/** Copies of what is changed in a tree, made once each. */
type Copies = {
  readonly objects: Map<JsonObject, Record<string, JsonValue>>
  readonly arrays: Map<JsonArray, JsonValue[]>
}

function copyOf(copies: Copies, object: JsonObject): Record<string, JsonValue> {
  const known = copies.objects.get(object)
  if (known !== undefined) return known
  const copy = { ...object }
  copies.objects.set(copy, copy)
  return copy
}

function arrayCopyOf(copies: Copies, array: JsonArray): JsonValue[] {
  const known = copies.arrays.get(array)
  if (known !== undefined) return known
  const copy = [...array]
  copies.arrays.set(copy, copy)
  return copy
}

/** Adds members to one object below a copy; objects on the way that are missing are made. */
function addAt(
  copies: Copies,
  tree: Record<string, JsonValue>,
  [part, ...rest]: readonly string[],
  members: JsonObject
): void {
  if (part === undefined) {
    for (const [name, value] of Object.entries(members)) setMember(tree, name, value)
    return
  }
  setMember(tree, part, changed(copies, member(tree, part) ?? {}, rest, members))
}

/** A value with the members that are added in it or below. */
function changed(
  copies: Copies,
  value: JsonValue,
  rest: readonly string[],
  members: JsonObject
): JsonValue {
  if (isJsonObject(value)) {
    const copy = copyOf(copies, value)
    addAt(copies, copy, rest, members)
    return copy
  }
  if (!isJsonArray(value)) return value
  const [index = '', ...inner] = rest
  const at = value.findIndex((_, place) => String(place) === index)
  const item = value[at]
  if (item === undefined) return value
  const copy = arrayCopyOf(copies, value)
  copy[at] = changed(copies, item, inner, members)
  return copy
}

/** Sets a member of its own, also one named `__proto__`. */
function setMember(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  const options = { writable: true, enumerable: true, configurable: true }
  Object.defineProperty(object, name, { value, ...options })
}
