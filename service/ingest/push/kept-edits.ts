import type { JsonArray, JsonObject } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'

/** Texts that people may have changed on the server, of an entity or a field. */
type Edits = {
  readonly displayName?: string
  readonly description?: string
  readonly tags?: JsonArray
}

/** What a run knows of an entity that the server has. */
export type KnownEntity = {
  readonly id: string
  readonly name: string
  readonly fullName: string
  /** Name of the collection of an endpoint; blank for a collection. */
  readonly collection: string
  readonly isDeleted: boolean
  readonly sourceHash: string | null
  readonly own: Edits
  /** Of fields, by the names that lead to them. */
  readonly fields: ReadonlyMap<string, Edits>
}

/** Members of an endpoint that have fields. */
const SCHEMAS = ['requestSchema', 'responseSchema'] as const

/** Separates the names on the way to a field; no name contains it. */
const SEPARATOR = '::'

/** Reads an entity of a list; undefined for what is none. */
export function readKnownEntity(entity: JsonObject): KnownEntity | undefined {
  const [id, name] = [textMember(entity, 'id'), textMember(entity, 'name')]
  const fullName = textMember(entity, 'fullyQualifiedName')
  if (id === undefined || name === undefined || fullName === undefined) return undefined
  const fields = new Map<string, Edits>()
  for (const schema of SCHEMAS) {
    noteFields(member(member(entity, schema), 'schemaFields'), schema, fields)
  }
  return {
    id,
    name,
    fullName,
    collection: textMember(member(entity, 'apiCollection'), 'name') ?? '',
    isDeleted: entity.deleted === true,
    sourceHash: textMember(entity, 'sourceHash') ?? null,
    own: editsOf(entity),
    fields
  }
}

/** A request without what the entity has already, so that the edits of people stay (docs/catalog.md#what-people-edited). */
export function withEdits(body: JsonObject, { own, fields }: KnownEntity): JsonObject {
  const kept = Object.entries(body).flatMap(([name, value]) => {
    if (Object.hasOwn(own, name)) return []
    const inner = isJsonObject(value) && isJsonArray(value.schemaFields) ? value.schemaFields : null
    if (inner === null || !isJsonObject(value)) return [[name, value] as const]
    return [[name, { ...value, schemaFields: editedFields(inner, name, fields) }] as const]
  })
  return Object.fromEntries(kept)
}

function editedFields(
  fields: JsonArray,
  path: string,
  edits: ReadonlyMap<string, Edits>
): JsonArray {
  return fields.map(field => {
    if (!isJsonObject(field)) return field
    const at = path + SEPARATOR + (textMember(field, 'name') ?? '')
    const children = isJsonArray(field.children)
      ? { children: editedFields(field.children, at, edits) }
      : {}
    return { ...field, ...edits.get(at), ...children }
  })
}

function noteFields(fields: unknown, path: string, edits: Map<string, Edits>): void {
  if (!isJsonArray(fields)) return
  for (const field of fields) {
    const name = textMember(field, 'name')
    if (name === undefined || !isJsonObject(field)) continue
    const at = path + SEPARATOR + name
    const own = editsOf(field)
    if (Object.keys(own).length > 0) edits.set(at, own)
    noteFields(field.children, at, edits)
  }
}

function editsOf(entity: JsonObject): Edits {
  const [displayName, description] = [entity.displayName, entity.description]
  const { tags } = entity
  return {
    ...(isText(displayName) && { displayName }),
    ...(isText(description) && { description }),
    ...(isJsonArray(tags) && tags.length > 0 && { tags })
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
