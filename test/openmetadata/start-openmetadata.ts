import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import type { JsonArray, JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonObject, textMember } from '../../service/base/json.ts'
import { startUpstream } from '../support/start-upstream.ts'
import type { EntityKind, EntityStore, StoredEntity } from './entity-store.ts'
import { createEntityStore } from './entity-store.ts'
import type { RequestJudge, RequestKind, ServerAge } from './request-schemas.ts'
import { createRequestJudge } from './request-schemas.ts'

/** A call of the server as it came. */
export type MetadataCall = {
  readonly method: string
  /** Below `/api/v1/`, with its query. */
  readonly path: string
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: JsonValue
}

export type StartedMetadata = {
  /** `hostPort` of a workflow file. */
  readonly url: string
  readonly store: EntityStore
  /** All calls, in order. */
  readonly calls: readonly MetadataCall[]
  /** Calls that write, as `METHOD path name`, since they were last taken. */
  takeWrites(): string[]
  /** Statuses that pipelines were told, in order. */
  readonly statuses: readonly JsonObject[]
  /** Answers calls in place of the server, where it returns true. */
  intercept(answer: (call: MetadataCall, response: ServerResponse) => boolean): void
}

export type MetadataOptions = Partial<ServerAge> & {
  readonly version?: string
  /** The token of its bot; null takes anybody. */
  readonly token?: string | null
  /** Full names of its pipelines. */
  readonly pipelines?: readonly string[]
  /** Keeps texts of entities when a bot puts others, as newer servers do. */
  readonly keepsTexts?: boolean
  /** Brings back what was deleted when it is put again. */
  readonly restoresOnPut?: boolean
}

/** What `fields` may ask for. */
const FIELDS = ['owners', 'tags', 'sourceHash', 'domains', 'extension', 'apiEndpoints']

const KINDS: { readonly [path: string]: { kind: EntityKind; request: RequestKind } } = {
  'services/apiServices': { kind: 'apiServices', request: 'service' },
  apiCollections: { kind: 'apiCollections', request: 'collection' },
  apiEndpoints: { kind: 'apiEndpoints', request: 'endpoint' }
}

export const BOT_TOKEN = 'bot-token-of-the-tests'

/** An answer with a status other than 200. */
class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Starts a server of OpenMetadata, until the test ends: the paths that the connector calls, with validation by the published
 * schemas, versions, soft deletion and lists in pages. It keeps its state in SQLite.
 */
export async function startOpenMetadata(
  t: TestContext,
  options: MetadataOptions = {}
): Promise<StartedMetadata> {
  const { version = '1.12.0', token = BOT_TOKEN, pipelines = [], keepsTexts = false } = options
  const { restoresOnPut = true } = options
  const { isNew = true, connection = 'openAPISchemaURL' } = options
  const store = createEntityStore()
  t.after(() => store.close())
  const judge = createRequestJudge({ isNew, connection })
  const calls: MetadataCall[] = []
  const statuses: JsonObject[] = []
  const interceptors: ((call: MetadataCall, response: ServerResponse) => boolean)[] = []
  let taken = 0

  const answer = (call: MetadataCall): { status: number; body: JsonValue } => {
    const url = new URL(call.path, 'http://server/')
    const path = decodeURI(url.pathname.slice(1))
    const { method, body } = call
    if (path === 'system/version') {
      return { status: 200, body: { version, revision: 'test', timestamp: 1 } }
    }
    if (token !== null && call.headers.authorization !== `Bearer ${token}`) {
      throw new Refusal(401, 'Not Authorized! Invalid Token')
    }
    const status = /^services\/ingestionPipelines\/(.+)\/pipelineStatus$/.exec(path)
    if (method === 'PUT' && status !== null) {
      const name = decodeURIComponent(status[1] ?? '')
      if (!pipelines.includes(name)) {
        throw new Refusal(404, `ingestionPipeline instance for ${name} not found`)
      }
      statuses.push(checked(judge, 'status', body))
      return { status: 200, body }
    }
    for (const [prefix, { kind, request }] of Object.entries(KINDS)) {
      if (path !== prefix && !path.startsWith(`${prefix}/`)) continue
      const rest = decodeURIComponent(path.slice(prefix.length + 1))
      if (method === 'PUT' && rest === '') {
        const valid = checked(judge, request, body)
        return putEntity(store, kind, valid, { keepsTexts, restoresOnPut })
      }
      if (method === 'PUT' && rest === 'restore') {
        return found(store.mark(kind, textMember(body, 'id') ?? '', false))
      }
      if (method === 'GET' && rest === '') return listEntities(store, kind, url.searchParams)
      if (method === 'GET' && rest.startsWith('name/')) {
        const entity = store.find(kind, rest.slice('name/'.length))
        const isShown = entity?.deleted !== true || url.searchParams.get('include') === 'all'
        return found(isShown ? entity : undefined)
      }
      if (method === 'PATCH') return patchEntity(store, kind, rest, body)
      if (method === 'DELETE' && url.searchParams.get('hardDelete') === 'false') {
        return found(store.mark(kind, rest, true))
      }
    }
    throw new Refusal(404, `HTTP 404 Not Found: ${method} ${path}`)
  }

  const url = await startUpstream(t, async (request, response) => {
    const sent = await text(request)
    const { method = '', headers } = request
    const full = request.url ?? ''
    if (!full.startsWith('/api/v1/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>OpenMetadata</html>')
      return
    }
    const path = full.slice('/api/v1/'.length)
    const call = { method, path, headers, body: sent === '' ? null : JSON.parse(sent) }
    calls.push(call)
    if (interceptors.some(intercept => intercept(call, response))) return
    const { status, body } = answered(() => answer(call))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return {
    url: `${url}/api`,
    store,
    calls,
    statuses,
    takeWrites() {
      const writes = calls.slice(taken).filter(({ method }) => method !== 'GET')
      taken = calls.length
      return writes.map(({ method, path, body }) =>
        `${method} ${path} ${textMember(body, 'name') ?? ''}`.trim()
      )
    },
    intercept: given => void interceptors.push(given)
  }
}

function answered(answer: () => { status: number; body: JsonValue }) {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: { code: error.status, message: error.message } }
  }
}

function checked(judge: RequestJudge, kind: RequestKind, body: JsonValue): JsonObject {
  const fault = judge(kind, body)
  if (fault !== undefined || !isJsonObject(body)) throw new Refusal(400, fault ?? 'no object')
  return body
}

function found(entity: StoredEntity | undefined): { status: number; body: JsonValue } {
  if (entity === undefined) throw new Refusal(404, 'instance not found')
  return { status: 200, body: entity }
}

/** A name in a full name (the quotes of OpenMetadata). */
function quoted(name: string): string {
  return /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

function putEntity(
  store: EntityStore,
  kind: EntityKind,
  body: JsonObject,
  { keepsTexts, restoresOnPut }: { readonly keepsTexts: boolean; readonly restoresOnPut: boolean }
): { status: number; body: JsonValue } {
  const name = quoted(String(body.name))
  const [parent, parentKind, member] =
    kind === 'apiEndpoints'
      ? [textMember(body, 'apiCollection'), 'apiCollections' as const, 'apiCollection']
      : kind === 'apiCollections'
        ? [textMember(body, 'service'), 'apiServices' as const, 'service']
        : [null, null, '']
  const above = parentKind && store.find(parentKind, parent ?? '')
  if (above === undefined || above?.deleted === true) {
    throw new Refusal(404, `${member} instance for ${parent} not found`)
  }
  const reference = above && {
    [member]: {
      id: above.id,
      type: member === 'service' ? 'apiService' : member,
      name: above.name,
      fullyQualifiedName: above.fullyQualifiedName
    }
  }
  const fullName = above ? `${above.fullyQualifiedName}.${name}` : name
  const known = store.find(kind, fullName)
  // A server brings back what is put again.
  if (known?.deleted === true && restoresOnPut) store.mark(kind, known.id, false)
  const texts = keepsTexts && known ? keptTexts(known) : {}
  const { entity, isNew } = store.put(kind, fullName, { ...body, ...reference, ...texts })
  return { status: isNew ? 201 : 200, body: entity }
}

function keptTexts({ description, displayName }: JsonObject): JsonObject {
  return { ...(description && { description }), ...(displayName && { displayName }) }
}

function listEntities(store: EntityStore, kind: EntityKind, query: URLSearchParams) {
  for (const field of query.get('fields')?.split(',') ?? []) {
    if (!FIELDS.includes(field)) throw new Refusal(400, `Invalid field name ${field}`)
  }
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

/** Adds, replaces and removes members of an entity (RFC 6902). */
function patchEntity(store: EntityStore, kind: EntityKind, id: string, operations: JsonValue) {
  const entity = store.findById(kind, id)
  if (entity === undefined) throw new Refusal(404, 'instance not found')
  const members: Record<string, JsonValue> = {}
  for (const { op, path, value } of operations as JsonArray as readonly Record<string, string>[]) {
    if (op !== 'add' && op !== 'replace') throw new Refusal(400, `no operation ${op}`)
    members[path?.slice(1) ?? ''] = value ?? null
  }
  return found(store.change(kind, entity.fullyQualifiedName, members))
}
