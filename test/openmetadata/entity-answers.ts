import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, textMember } from '../../service/base/json.ts'
import type { EntityKind, EntityStore } from './entity-store.ts'
import type { RequestJudge, RequestKind } from './request-schemas.ts'

/** A call of the server as it came. */
export type MetadataCall = {
  readonly method: string
  /** Below `/api/v1/`, with its query. */
  readonly path: string
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: JsonValue
}

export type MetadataAnswer = { readonly status: number; readonly body: JsonValue }

/** What a server does with what people and bots write. */
export type EntityHabits = {
  /** Keeps texts of entities when a bot puts others, as newer servers do. */
  readonly keepsTexts: boolean
  /** Brings back what was deleted when it is put again. */
  readonly restoresOnPut: boolean
}

/** An answer with a status other than 200. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What `fields` may ask for. */
const FIELDS = ['owners', 'tags', 'sourceHash', 'domains', 'extension', 'apiEndpoints']

type Kind = {
  readonly kind: EntityKind
  readonly request: RequestKind
  /** The member that names what an entity is in. */
  readonly parent: {
    readonly member: string
    readonly kind: EntityKind
    readonly type: string
  } | null
}

const KINDS: { readonly [path: string]: Kind } = {
  'services/apiServices': { kind: 'apiServices', request: 'service', parent: null },
  apiCollections: {
    kind: 'apiCollections',
    request: 'collection',
    parent: { member: 'service', kind: 'apiServices', type: 'apiService' }
  },
  apiEndpoints: {
    kind: 'apiEndpoints',
    request: 'endpoint',
    parent: { member: 'apiCollection', kind: 'apiCollections', type: 'apiCollection' }
  }
}

/** Answers a call for entities. Returns undefined for other calls. @throws Refusal */
export function answerEntityCall(
  store: EntityStore,
  judge: RequestJudge,
  habits: EntityHabits,
  { method, path, body }: MetadataCall
): MetadataAnswer | undefined {
  const { pathname, searchParams } = new URL(path, 'http://server/')
  const prefix = Object.keys(KINDS).find(known => `${pathname}/`.startsWith(`/${known}/`))
  const of = KINDS[prefix ?? '']
  if (prefix === undefined || of === undefined) return undefined
  const { kind } = of
  const rest = decodeURIComponent(pathname.slice(prefix.length + 2))
  const [first = ''] = rest.split('/', 1)
  switch (`${method} ${first}`) {
    case 'PUT ':
      return putEntity(store, of, judged(judge, of.request, body), habits)
    case 'PUT restore':
      return found(store.mark(kind, textMember(body, 'id') ?? '', false))
    case 'GET ':
      return listEntities(store, kind, searchParams)
    case 'GET name': {
      const entity = store.find(kind, rest.slice('name/'.length))
      const isShown = entity?.deleted !== true || searchParams.get('include') === 'all'
      return found(isShown ? entity : undefined)
    }
    case `PATCH ${rest}`:
      return patchEntity(store, kind, rest, body)
    case `DELETE ${rest}`:
      if (searchParams.get('hardDelete') === 'false') return found(store.mark(kind, rest, true))
  }
  return undefined
}

/** The body of a request that is valid. @throws Refusal */
export function judged(judge: RequestJudge, kind: RequestKind, body: JsonValue): JsonObject {
  const fault = judge(kind, body)
  if (fault !== undefined || !isJsonObject(body)) throw new Refusal(400, fault ?? 'no object')
  return body
}

function found(entity: JsonObject | undefined): MetadataAnswer {
  if (entity === undefined) throw new Refusal(404, 'instance not found')
  return { status: 200, body: entity }
}

function putEntity(
  store: EntityStore,
  { kind, parent }: Kind,
  body: JsonObject,
  { keepsTexts, restoresOnPut }: EntityHabits
): MetadataAnswer {
  const above = parent && store.find(parent.kind, textMember(body, parent.member) ?? '')
  if (parent !== null && (above === undefined || above?.deleted === true)) {
    throw new Refusal(404, `${parent.member} instance for ${body[parent.member]} not found`)
  }
  const name = quoted(String(body.name))
  const fullName = above ? `${above.fullyQualifiedName}.${name}` : name
  const known = store.find(kind, fullName)
  if (known?.deleted === true && restoresOnPut) store.mark(kind, String(known.id), false)
  const members = {
    ...body,
    ...(above && parent && { [parent.member]: referenceTo(above, parent.type) }),
    ...(keepsTexts && textsOf(known))
  }
  const { entity, isNew } = store.put(kind, fullName, members)
  return { status: isNew ? 201 : 200, body: entity }
}

/** A name as it is in a full one. */
function quoted(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

function referenceTo(entity: JsonObject, type: string): JsonObject {
  const { id = '', name = '', fullyQualifiedName = '' } = entity
  return { id, type, name, fullyQualifiedName }
}

function textsOf({ description, displayName }: JsonObject = {}): JsonObject {
  return { ...(description && { description }), ...(displayName && { displayName }) }
}

function listEntities(
  store: EntityStore,
  kind: EntityKind,
  query: URLSearchParams
): MetadataAnswer {
  const unknown = query
    .get('fields')
    ?.split(',')
    .find(field => !FIELDS.includes(field))
  if (unknown !== undefined) throw new Refusal(400, `Invalid field name ${unknown}`)
  const limit = Number(query.get('limit') ?? 10)
  if (!(limit >= 0 && limit <= 1_000_000)) throw new Refusal(400, 'limit is out of range')
  const include = query.get('include') ?? 'non-deleted'
  if (include !== 'non-deleted' && include !== 'deleted' && include !== 'all') {
    throw new Refusal(400, 'include is none of non-deleted, deleted, all')
  }
  const cursor = query.get('after')
  const { data, total, after } = store.list(kind, {
    parent: query.get('apiCollection') ?? query.get('service'),
    include,
    limit,
    after: cursor === null ? null : Buffer.from(cursor, 'base64').toString()
  })
  const paging = { total, ...(after !== null && { after: Buffer.from(after).toString('base64') }) }
  return { status: 200, body: { data, paging } }
}

/** Adds and replaces members of an entity (RFC 6902). */
function patchEntity(
  store: EntityStore,
  kind: EntityKind,
  id: string,
  operations: JsonValue
): MetadataAnswer {
  const entity = store.findById(kind, id)
  if (entity === undefined) throw new Refusal(404, 'instance not found')
  const members = (isJsonArray(operations) ? operations : []).map(operation => {
    const [op = '', path = ''] = [textMember(operation, 'op'), textMember(operation, 'path')]
    if (op !== 'add' && op !== 'replace') throw new Refusal(400, `no operation "${op}"`)
    return [path.slice(1), isJsonObject(operation) ? (operation.value ?? null) : null]
  })
  return found(store.change(kind, String(entity.fullyQualifiedName), Object.fromEntries(members)))
}
