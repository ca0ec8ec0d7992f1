import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject } from '../../service/base/json.ts'
import { serveTokens } from './serve-tokens.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** A fake of the Asana API, by https://developers.asana.com/reference/rest-api-reference. */
export const asana: FakeDefinition = {
  sample: 'asana',
  origins: ['https://app.asana.com'],
  tables: `
    create table users (gid text primary key, name text, email text);
    create table projects (gid text primary key, workspace text, name text, notes text, archived integer);
    create table tasks (gid text primary key, project text, name text, notes text, completed integer, due_on text,
      assignee text, modified_at text);
    insert into users values ('1205550900', 'Mira Lindqvist', 'mira@example.com'), ('1205550901', 'Ana Ruiz', 'ana@example.com');
    insert into projects values ('1205550700', '1205550600', 'Harbour festival', 'Three days', 0),
      ('1205550701', '1205550600', 'Winter market', '', 1)`,
  serve
}

const ROOT = '/api/1.0'
const HELP =
  'For more information on API status codes and how to handle them, read the docs on errors'

type Ask = {
  Params: { readonly gid?: string }
  Querystring: { readonly [name: string]: string | undefined }
}
type Request = FastifyRequest<Ask>

/** Members of a compact object, which lists have where `opt_fields` is not given. */
const COMPACT = ['name']

function serve(app: FastifyInstance, store: DatabaseSync): void {
  const lifetime = 3600
  const tokens = serveTokens(app, store, { path: '/-/oauth_token', takes: 'body', lifetime })
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith(ROOT) && !tokens.isGood(request)) {
      await refuse(reply, 401, 'Not Authorized')
    }
  })
  app.get(`${ROOT}/users/me`, async () => ({ data: userOf(store, '1205550900') }))
  serveProjects(app, store)
  app.get<Ask>(`${ROOT}/tasks`, async (request, reply) => {
    const { project, modified_since: since = '1970-01-01' } = request.query
    if (project === undefined) {
      const needs = 'project, tag, section, user task list, or assignee + workspace'
      return refuse(reply, 400, `You must specify exactly one of ${needs}`)
    }
    const known = store.prepare('select 1 from projects where gid = ?').get(project)
    if (known === undefined) return refuse(reply, 404, `project: Unknown object: ${project}`)
    const rows = store
      .prepare('select * from tasks where project = ? order by rowid')
      .all(project)
      .filter(row => Date.parse(String(row.modified_at)) > Date.parse(since))
    return listPage(
      request,
      reply,
      rows.map(row => taskOf(store, row))
    )
  })
  app.post<Ask>(`${ROOT}/tasks`, async (request, reply) => {
    const given = dataOf(request)
    const [project] = isJsonArray(given.projects) ? given.projects : []
    if (typeof project !== 'string') return refuse(reply, 400, 'workspace: Missing input')
    const fault = faultIn(store, given)
    if (fault !== null) return refuse(reply, 400, fault)
    const { changes } = store.prepare('select count(*) as changes from tasks').get() ?? {}
    const gid = `12055${String(60_000 + Number(changes))}`
    const insert = 'insert into tasks (gid, project, name, notes, completed) values (?, ?, ?, ?, 0)'
    store.prepare(insert).run(gid, project, '', '')
    change(store, gid, given)
    return reply.code(201).send({ data: shown(request, oneTask(store, gid) ?? {}, null) })
  })
  app.get<Ask>(`${ROOT}/tasks/:gid`, async (request, reply) => {
    const task = oneTask(store, request.params.gid)
    return task === undefined ? unknown(request, reply) : { data: shown(request, task, null) }
  })
  app.put<Ask>(`${ROOT}/tasks/:gid`, async (request, reply) => {
    const { gid = '' } = request.params
    if (oneTask(store, gid) === undefined) return unknown(request, reply)
    const given = dataOf(request)
    const list = ['projects', 'tags', 'custom_fields'].find(name => given[name] !== undefined)
    const fault = list === undefined ? faultIn(store, given) : `${list}: Cannot write this property`
    if (fault !== null) return refuse(reply, 400, fault)
    change(store, gid, given)
    return { data: shown(request, oneTask(store, gid) ?? {}, null) }
  })
  app.delete<Ask>(`${ROOT}/tasks/:gid`, async (request, reply) => {
    const { gid = '' } = request.params
    const { changes } = store.prepare('delete from tasks where gid = ?').run(gid)
    return changes === 0 ? unknown(request, reply) : { data: {} }
  })
}

function serveProjects(app: FastifyInstance, store: DatabaseSync): void {
  const projectOf = ({ archived, ...row }: { readonly [column: string]: unknown }) => ({
    ...(parseJson(JSON.stringify(row)) as JsonObject),
    archived: archived === 1
  })
  app.get<Ask>(`${ROOT}/workspaces/:gid/projects`, async (request, reply) => {
    const { archived } = request.query
    const rows = store
      .prepare('select * from projects where workspace = ? order by rowid')
      .all(request.params.gid ?? '')
      .map(projectOf)
    const asked = rows.filter(row => archived === undefined || String(row.archived) === archived)
    return listPage(request, reply, asked)
  })
  app.get<Ask>(`${ROOT}/projects/:gid`, async (request, reply) => {
    const row = store.prepare('select * from projects where gid = ?').get(request.params.gid ?? '')
    return row === undefined
      ? unknown(request, reply)
      : { data: shown(request, projectOf(row), null) }
  })
}

/** A page of a list. The token of the next one counts for the same question only. */
function listPage(request: Request, reply: FastifyReply, all: readonly JsonObject[]): unknown {
  const { limit, offset, ...question } = request.query
  const data = (objects: readonly JsonObject[]) =>
    objects.map(each => shown(request, each, COMPACT))
  if (limit === undefined) {
    if (all.length <= 1000) return { data: data(all) }
    return refuse(
      reply,
      400,
      'The result is too large. You should use pagination (may require specifying a workspace)'
    )
  }
  const size = Number(limit)
  if (!(size >= 1 && size <= 100)) {
    return refuse(reply, 400, 'limit: Limit must be between 1 and 100')
  }
  const token = (at: number) => Buffer.from(JSON.stringify([at, question])).toString('base64url')
  const at = Array.from(all, (_, index) => index).find(index => token(index) === offset) ?? 0
  if (offset !== undefined && at === 0) {
    return refuse(reply, 400, 'offset: Your pagination token has expired.')
  }
  const end = at + size
  const path = `${request.url.split('?')[0]?.replace(ROOT, '')}?limit=${limit}&offset=${token(end)}`
  const next = { offset: token(end), path, uri: `https://app.asana.com${ROOT}${path}` }
  return { data: data(all.slice(at, end)), next_page: end < all.length ? next : null }
}

/** What of an object was asked for; else the usual members, or all. Each has its `gid` and `resource_type`. */
function shown(
  { query }: Request,
  object: JsonObject,
  usual: readonly string[] | null
): JsonObject {
  const fields = query.opt_fields?.split(',') ?? usual
  return fields === null ? object : pick(object, fields)
}

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  const members = Object.entries(object).flatMap(([name, value]): [string, JsonValue][] => {
    if (name === 'gid' || name === 'resource_type') return [[name, value]]
    const inner = fields.flatMap(field =>
      field.startsWith(`${name}.`) ? [field.slice(name.length + 1)] : []
    )
    if (inner.length > 0) {
      const one = (each: JsonValue) => (isJsonObject(each) ? pick(each, inner) : each)
      return [[name, isJsonArray(value) ? value.map(one) : one(value)]]
    }
    return fields.includes(name) ? [[name, value]] : []
  })
  return Object.fromEntries(members)
}

function oneTask(store: DatabaseSync, gid = ''): JsonObject | undefined {
  const row = store.prepare('select * from tasks where gid = ?').get(gid)
  return row && taskOf(store, row)
}

function taskOf(store: DatabaseSync, row: { readonly [column: string]: unknown }): JsonObject {
  const project = store
    .prepare('select gid, name from projects where gid = ?')
    .get(String(row.project))
  return {
    gid: String(row.gid),
    resource_type: 'task',
    name: String(row.name),
    notes: String(row.notes),
    completed: row.completed === 1,
    completed_at: row.completed === 1 ? String(row.modified_at) : null,
    due_on: row.due_on === null ? null : String(row.due_on),
    assignee: row.assignee === null ? null : userOf(store, String(row.assignee)),
    projects: [{ gid: String(project?.gid), name: String(project?.name) }],
    tags: [],
    num_likes: 0,
    modified_at: String(row.modified_at)
  }
}

function userOf(store: DatabaseSync, gid: string): JsonObject {
  const { name, email } = store.prepare('select * from users where gid = ?').get(gid) ?? {}
  return { gid, resource_type: 'user', name: String(name), email: String(email) }
}

function faultIn(store: DatabaseSync, { assignee, due_on: due }: JsonObject): string | null {
  const user = typeof assignee === 'string' ? assignee : ''
  const isKnown = store.prepare('select 1 from users where gid = ?').get(user) !== undefined
  if (assignee !== undefined && assignee !== null && !isKnown) {
    return `assignee: Not a recognized ID: ${user}`
  }
  const isDay = typeof due === 'string' && /^\d{4}-\d\d-\d\d$/.test(due)
  return due === undefined || due === null || isDay ? null : 'due_on: Not a valid date'
}

function change(store: DatabaseSync, gid: string, given: JsonObject): void {
  for (const name of ['name', 'notes', 'completed', 'due_on', 'assignee']) {
    const value = given[name]
    if (value === undefined) continue
    const plain = typeof value === 'boolean' ? Number(value) : value === null ? null : String(value)
    store.prepare(`update tasks set ${name} = ? where gid = ?`).run(plain, gid)
  }
  store.prepare('update tasks set modified_at = ? where gid = ?').run(new Date().toISOString(), gid)
}

function dataOf({ body }: Request): JsonObject {
  const given = parseJson(String(body))
  const data = isJsonObject(given) ? given.data : undefined
  return isJsonObject(data) ? data : {}
}

function unknown({ params, url }: Request, reply: FastifyReply): FastifyReply {
  const kind = url.includes('/projects/') ? 'project' : 'task'
  return refuse(reply, 404, `${kind}: Unknown object: ${params.gid ?? ''}`)
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ errors: [{ message, help: HELP }] })
}
