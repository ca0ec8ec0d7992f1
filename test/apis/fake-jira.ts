import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import {
  isJsonArray,
  isJsonObject,
  member,
  textMember,
  type JsonObject,
  type JsonValue
} from '../../service/base/json.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** Who may call: an account with an API token, or the token that a login grants. */
export const JIRA = {
  email: 'mia@example.com',
  apiToken: 'ATATT3xFfGF0',
  userToken: 'eyJraWQiOiJhdXRo',
  client: { id: 'flow-client', secret: 'flow-secret' },
  code: 'good-code',
  cloudId: '11223344-a1b2-3b33-c444-def123456789'
}

const MIA = '5b10a2844c20165700ede21g'

const TABLES = `
  CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT, email TEXT);
  INSERT INTO users VALUES ('${MIA}', 'Mia Krystof', 'mia@example.com'), ('5b10ac8d82e05b22cc7d4ef5', 'Emma Richards', 'emma@example.com');
  CREATE TABLE projects (id INTEGER PRIMARY KEY, key TEXT UNIQUE, name TEXT, description TEXT, type TEXT, lead TEXT);
  INSERT INTO projects VALUES (10000, 'WEB', 'Website', 'What customers see', 'software', '${MIA}'),
    (10001, 'OPS', 'Operations', '', 'business', '${MIA}'), (10002, 'HELP', 'Help desk', '', 'service_desk', '${MIA}');
  CREATE TABLE issues (id INTEGER PRIMARY KEY, key TEXT UNIQUE, project TEXT, summary TEXT, description TEXT, type TEXT, status TEXT,
    priority TEXT, assignee TEXT, labels TEXT DEFAULT '[]', points REAL, duedate TEXT, created TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
    INSERT INTO issues SELECT 10000 + i, 'WEB-' || i, 'WEB', 'Issue ' || i, NULL, '10001', iif(i % 4, 'To Do', 'In Progress'),
      '3', iif(i % 2, '${MIA}', NULL), iif(i % 5, '[]', '["office"]'), NULL, iif(i = 7, '2024-05-26', NULL),
      printf('2024-05-%02dT10:%02d:00.000+0000', 1 + i / 60, i % 60) FROM n;
  CREATE TABLE comments (id INTEGER PRIMARY KEY, issue INTEGER, body TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    INSERT INTO comments SELECT 10500 + i, 10007, '{"type":"doc","version":1,"content":[]}' FROM n;`

const TRANSITIONS = [
  { id: '11', name: 'Back', to: 'To Do' },
  { id: '21', name: 'Start work', to: 'In Progress' },
  { id: '31', name: 'Done', to: 'Done' }
]

const TYPES: { readonly [id: string]: string } = { 10001: 'Task', 10004: 'Bug' }
const PRIORITIES: { readonly [id: string]: string } = { 2: 'High', 3: 'Medium', 4: 'Low' }
const STATUS_IDS: { readonly [name: string]: string } = {
  'To Do': '10000',
  'In Progress': '3',
  Done: '10002'
}

type Row = Record<string, SQLOutputValue>
type Issue = { Params: { issue: string; id: string } }

/** Jira Cloud: `errorMessages` and `errors`, JQL with a restriction, tokens for pages, documents for texts. */
export const fakeJira: FakeDefinition = {
  sample: 'jira',
  origins: [
    'https://{site}.atlassian.net',
    'https://auth.atlassian.com',
    'https://api.atlassian.com'
  ],
  tables: TABLES,
  serve(app, store) {
    serveLogin(app)
    for (const base of ['/rest/api/3', `/ex/jira/${JIRA.cloudId}/rest/api/3`]) {
      void app.register(
        async site => {
          site.addHook('onRequest', async ({ headers }, reply) => {
            const pair = Buffer.from(`${JIRA.email}:${JIRA.apiToken}`).toString('base64')
            const known = base.startsWith('/ex') ? `Bearer ${JIRA.userToken}` : `Basic ${pair}`
            if (headers.authorization === known) return
            const message = 'Client must be authenticated to access this resource.'
            await reply
              .code(401)
              .header('x-seraph-loginreason', 'AUTHENTICATED_FAILED')
              .send({ message, 'status-code': 401 })
          })
          serveIssues(site, store)
          serveComments(site, store)
          serveProjects(site, store)
          serveUsers(site, store)
        },
        { prefix: base }
      )
    }
  }
}

function refuse(
  reply: FastifyReply,
  status: number,
  errorMessages: readonly string[],
  errors: { readonly [field: string]: string } = {}
): FastifyReply {
  return reply.code(status).send({ errorMessages, errors })
}

function bodyOf({ body, headers }: FastifyRequest): JsonObject {
  const isJson = headers['content-type'] === 'application/json' && typeof body === 'string'
  const value: unknown = isJson ? JSON.parse(body) : {}
  return isJsonObject(value) ? value : {}
}

function query(request: FastifyRequest): URLSearchParams {
  return new URL(request.url, 'http://x').searchParams
}

function serveLogin(app: FastifyInstance): void {
  app.post('/oauth/token', async (request, reply) => {
    const { body, headers } = request
    const form = headers['content-type']?.startsWith('application/json')
      ? new Map(Object.entries(bodyOf(request)))
      : new URLSearchParams(String(body))
    const { client, code, userToken } = JIRA
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
      return reply.code(401).send({ error: 'access_denied', error_description: 'Unauthorized' })
    }
    if (form.get('code') !== code) {
      return reply
        .code(403)
        .send({ error: 'invalid_grant', error_description: 'Invalid authorization code' })
    }
    return {
      access_token: userToken,
      refresh_token: 'eyJ-refresh',
      expires_in: 3600,
      token_type: 'Bearer',
      scope: 'read:me'
    }
  })
  app.get('/me', async ({ headers }, reply) =>
    headers.authorization === `Bearer ${JIRA.userToken}`
      ? {
          account_type: 'atlassian',
          account_id: MIA,
          email: JIRA.email,
          name: 'Mia Krystof',
          nickname: 'mia'
        }
      : reply.code(401).send({ code: 401, message: 'Unauthorized' })
  )
}

function user(store: DatabaseSync, id: SQLOutputValue | undefined): object | null {
  const row = store.prepare('SELECT * FROM users WHERE id = ?').get(id ?? null)
  if (row === undefined) return null
  const { name, email } = row
  return {
    accountId: row.id,
    accountType: 'atlassian',
    displayName: name,
    emailAddress: email,
    active: true,
    timeZone: 'Australia/Sydney'
  }
}

function issueOf(store: DatabaseSync, row: Row, isWhole: boolean): object {
  const { id, key, status, priority, type } = row
  const project = store
    .prepare('SELECT id, key, name FROM projects WHERE key = ?')
    .get(row.project ?? null)
  const ids = {
    id: String(id),
    key,
    self: `https://your-domain.atlassian.net/rest/api/3/issue/${id}`
  }
  if (!isWhole) return { id: ids.id }
  const fields = {
    summary: row.summary,
    description: row.description === null ? null : JSON.parse(String(row.description)),
    project: { ...project, id: String(project?.id) },
    issuetype: { id: type, name: TYPES[String(type)], subtask: false },
    status: {
      id: STATUS_IDS[String(status)],
      name: status,
      statusCategory: { key: status === 'To Do' ? 'new' : 'indeterminate', name: status }
    },
    priority: { id: priority, name: PRIORITIES[String(priority)] },
    assignee: user(store, row.assignee),
    reporter: user(store, MIA),
    labels: JSON.parse(String(row.labels)),
    customfield_10016: row.points,
    duedate: row.duedate,
    created: row.created,
    updated: row.created
  }
  return { ...ids, fields }
}

/** A search in JQL as SQL: terms joined by AND, and an order. @returns A text for what Jira refuses. */
function readJql(
  jql: string
): { readonly where: string; readonly values: string[]; readonly order: string } | string {
  const [, search = '', order = 'key ASC'] = /^(.*?)(?:\s*\border by\s+(.+))?$/i.exec(jql) ?? []
  if (search === '')
    return 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'
  const values: string[] = []
  const terms: string[] = []
  for (const term of search.split(/\s+and\s+/i)) {
    const [, field = '', sign = '', given = ''] =
      /^(\w+)\s*(>=|<=|=|~)\s*("[^"]*"|\S+)$/.exec(term.trim()) ?? []
    const column = {
      project: 'project',
      status: 'status',
      created: 'created',
      summary: 'summary',
      key: 'key'
    }[field.toLowerCase()]
    if (field === '') return `Error in the JQL Query: Expecting operator but got '${term}'.`
    if (column === undefined)
      return `Field '${field}' does not exist or you do not have permission to view it.`
    terms.push(sign === '~' ? `${column} LIKE '%' || ? || '%'` : `${column} ${sign} ?`)
    values.push(given.replaceAll('"', ''))
  }
  const [, by = 'key', direction = 'ASC'] = /^(\w+)(?:\s+(asc|desc))?$/i.exec(order) ?? []
  return {
    where: terms.join(' AND '),
    values,
    order: `${by === 'key' ? 'id' : by} ${direction}, id`
  }
}

function serveIssues(site: FastifyInstance, store: DatabaseSync): void {
  const find = (given: string): Row | undefined =>
    store.prepare('SELECT * FROM issues WHERE key = ? OR id = ?').get(given.toUpperCase(), given)
  site.get('/search/jql', async (request, reply) => {
    const asked = query(request)
    const jql = asked.get('jql') ?? ''
    const read = readJql(jql)
    if (typeof read === 'string') return refuse(reply, 400, [read])
    const rows = store
      .prepare(`SELECT * FROM issues WHERE ${read.where} ORDER BY ${read.order}`)
      .all(...read.values)
    const size = Math.min(Number(asked.get('maxResults') ?? 50), 5000)
    const token = Buffer.from(asked.get('nextPageToken') ?? '', 'base64').toString()
    if (token !== '' && !token.endsWith(`:${jql}`))
      return refuse(reply, 400, ['The provided next page token is invalid.'])
    const start = Number.parseInt(token, 10) || 0
    const isLast = start + size >= rows.length
    const isWhole = (asked.get('fields') ?? 'id') !== 'id'
    return {
      issues: rows.slice(start, start + size).map(row => issueOf(store, row, isWhole)),
      ...(!isLast && { nextPageToken: Buffer.from(`${start + size}:${jql}`).toString('base64') }),
      isLast
    }
  })
  site.post('/issue', async (request, reply) => {
    const fields = member(bodyOf(request), 'fields') ?? {}
    const key = textMember(member(fields, 'project'), 'key')
    const type = textMember(member(fields, 'issuetype'), 'id')
    const missing = {
      ...(key === undefined && { project: 'Specify a valid project ID or key' }),
      ...(type === undefined && { issuetype: 'Specify an issue type' }),
      ...(textMember(fields, 'summary') === undefined && {
        summary: 'You must specify a summary of the issue.'
      })
    }
    if (key === undefined || type === undefined || Object.keys(missing).length > 0)
      return refuse(reply, 400, [], missing)
    const faults = faultsOf(store, fields)
    if (faults !== undefined) return refuse(reply, 400, [], faults)
    const { n } = store.prepare('SELECT max(id) - 10000 + 1 AS n FROM issues').get() ?? {}
    const id = 10000 + Number(n)
    store
      .prepare(
        "INSERT INTO issues (id, key, project, type, status, priority, created) VALUES (?, ?, ?, ?, 'To Do', '3', '2024-06-01T10:00:00.000+0000')"
      )
      .run(id, `${key}-${n}`, key, type)
    write(store, id, fields)
    return reply.code(201).send({
      id: String(id),
      key: `${key}-${n}`,
      self: `https://your-domain.atlassian.net/rest/api/3/issue/${id}`
    })
  })
  site.get<Issue>('/issue/:issue', async ({ params }, reply) => {
    const row = find(params.issue)
    return row === undefined ? noIssue(reply) : issueOf(store, row, true)
  })
  site.put<Issue>('/issue/:issue', async (request, reply) => {
    const row = find(request.params.issue)
    if (row === undefined) return noIssue(reply)
    const fields = member(bodyOf(request), 'fields') ?? {}
    const faults = faultsOf(store, fields)
    if (faults !== undefined) return refuse(reply, 400, [], faults)
    write(store, Number(row.id), fields)
    return reply.code(204).send()
  })
  site.delete<Issue>('/issue/:issue', async ({ params }, reply) => {
    const row = find(params.issue)
    if (row === undefined) return noIssue(reply)
    store.prepare('DELETE FROM issues WHERE id = ?').run(row.id ?? null)
    return reply.code(204).send()
  })
  site.get<Issue>('/issue/:issue/transitions', async ({ params }, reply) => {
    const row = find(params.issue)
    if (row === undefined) return noIssue(reply)
    const open = TRANSITIONS.filter(({ to }) => to !== row.status)
    return {
      expand: 'transitions',
      transitions: open.map(({ id, name, to }) => ({
        id,
        name,
        hasScreen: false,
        to: { id: STATUS_IDS[to], name: to }
      }))
    }
  })
  site.post<Issue>('/issue/:issue/transitions', async (request, reply) => {
    const row = find(request.params.issue)
    if (row === undefined) return noIssue(reply)
    const id = textMember(member(bodyOf(request), 'transition'), 'id')
    const transition = TRANSITIONS.find(known => known.id === id && known.to !== row.status)
    if (transition === undefined)
      return refuse(reply, 400, [
        `It seems that you have tried to perform a workflow operation (${id}) that is not valid for the current state of this issue.`
      ])
    store.prepare('UPDATE issues SET status = ? WHERE id = ?').run(transition.to, row.id ?? null)
    return reply.code(204).send()
  })
}

function noIssue(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, ['Issue does not exist or you do not have permission to see it.'])
}

const NOT_ON_SCREEN = 'cannot be set. It is not on the appropriate screen, or unknown.'
const DOCUMENT_WANTED =
  'Operation value must be an Atlassian Document (see the Atlassian Document Format)'
const SETTABLE = [
  'summary',
  'description',
  'project',
  'issuetype',
  'priority',
  'assignee',
  'labels',
  'customfield_10016',
  'duedate'
]

/** What Jira refuses of fields, each with its words. */
function faultsOf(store: DatabaseSync, fields: JsonValue): { [field: string]: string } | undefined {
  const found: { [field: string]: string } = {}
  for (const [name, value] of Object.entries(isJsonObject(fields) ? fields : {})) {
    if (!SETTABLE.includes(name)) found[name] = `Field '${name}' ${NOT_ON_SCREEN}`
    if (name === 'summary' && (value === '' || value === null))
      found[name] = 'You must specify a summary of the issue.'
    if (name === 'description' && value !== null && member(value, 'type') !== 'doc')
      found[name] = DOCUMENT_WANTED
    if (
      name === 'labels' &&
      isJsonArray(value) &&
      value.some(label => typeof label !== 'string' || label.includes(' '))
    ) {
      found[name] = "The label can't contain spaces."
    }
    if (name === 'duedate' && value !== null && !/^\d{4}-\d\d-\d\d$/.test(String(value)))
      found[name] = `Error parsing date string: ${value}`
    if (
      name === 'assignee' &&
      value !== null &&
      user(store, textMember(value, 'accountId') ?? null) === null
    ) {
      found[name] = 'User does not exist.'
    }
  }
  return Object.keys(found).length === 0 ? undefined : found
}

/** Writes those fields of an issue that are sent. */
function write(store: DatabaseSync, id: number, fields: JsonValue): void {
  const columns: { readonly [name: string]: (value: JsonValue) => SQLOutputValue } = {
    summary: String,
    description: value => (value === null ? null : JSON.stringify(value)),
    priority: value => textMember(value, 'id') ?? null,
    assignee: value => textMember(value, 'accountId') ?? null,
    labels: value => JSON.stringify(value),
    customfield_10016: value => (value === null ? null : Number(value)),
    duedate: value => (value === null ? null : String(value))
  }
  for (const [name, value] of Object.entries(isJsonObject(fields) ? fields : {})) {
    const column = name === 'customfield_10016' ? 'points' : name
    const convert = columns[name]
    if (convert)
      store.prepare(`UPDATE issues SET ${column} = ? WHERE id = ?`).run(convert(value), id)
  }
}

function serveComments(site: FastifyInstance, store: DatabaseSync): void {
  const issueId = (given: string): SQLOutputValue =>
    store.prepare('SELECT id FROM issues WHERE key = ? OR id = ?').get(given, given)?.id ?? null
  const one = store.prepare('SELECT * FROM comments WHERE issue = ? AND id = ?')
  const show = ({ id, body }: Row): object => ({
    id: String(id),
    author: user(store, MIA),
    body: JSON.parse(String(body)),
    created: '2024-05-12T11:00:00.000+0000',
    updated: '2024-05-12T11:00:00.000+0000'
  })
  const isDocument = (body: JsonValue | undefined): boolean => member(body, 'type') === 'doc'
  site.get<Issue>('/issue/:issue/comment', async (request, reply) => {
    const issue = issueId(request.params.issue)
    if (issue === null) return noIssue(reply)
    const rows = store.prepare('SELECT * FROM comments WHERE issue = ? ORDER BY id').all(issue)
    const { startAt, maxResults, slice } = slicing(request, rows)
    return { startAt, maxResults, total: rows.length, comments: slice.map(show) }
  })
  site.post<Issue>('/issue/:issue/comment', async (request, reply) => {
    const issue = issueId(request.params.issue)
    const { body } = bodyOf(request)
    if (issue === null) return noIssue(reply)
    if (!isDocument(body)) return refuse(reply, 400, [], { comment: 'Comment body is not valid!' })
    const { lastInsertRowid: id } = store
      .prepare('INSERT INTO comments (issue, body) VALUES (?, ?)')
      .run(issue, JSON.stringify(body))
    return reply.code(201).send(show(one.get(issue, id) ?? {}))
  })
  site.get<Issue>('/issue/:issue/comment/:id', async ({ params }, reply) => {
    const row = one.get(issueId(params.issue), params.id)
    return row === undefined
      ? refuse(reply, 404, [`Can not find a comment for the id: ${params.id}`])
      : show(row)
  })
  site.put<Issue>('/issue/:issue/comment/:id', async (request, reply) => {
    const { params } = request
    const { body } = bodyOf(request)
    if (!isDocument(body)) return refuse(reply, 400, [], { comment: 'Comment body is not valid!' })
    store.prepare('UPDATE comments SET body = ? WHERE id = ?').run(JSON.stringify(body), params.id)
    return show(one.get(issueId(params.issue), params.id) ?? {})
  })
  site.delete<Issue>('/issue/:issue/comment/:id', async ({ params }, reply) => {
    const { changes } = store
      .prepare('DELETE FROM comments WHERE issue = ? AND id = ?')
      .run(issueId(params.issue), params.id)
    return changes === 0
      ? refuse(reply, 404, [`Can not find a comment for the id: ${params.id}`])
      : reply.code(204).send()
  })
}

/** A page by `startAt`; a size over 100 is taken as 100, as Jira does. */
function slicing<T>(request: FastifyRequest, rows: readonly T[]) {
  const asked = query(request)
  const startAt = Number(asked.get('startAt') ?? 0)
  const maxResults = Math.min(100, Number(asked.get('maxResults') ?? 50))
  return { startAt, maxResults, slice: rows.slice(startAt, startAt + maxResults) }
}

function serveProjects(site: FastifyInstance, store: DatabaseSync): void {
  type Params = { Params: { project: string } }
  const find = (given: string): Row | undefined =>
    store.prepare('SELECT * FROM projects WHERE key = ? OR id = ?').get(given, given)
  const show = ({ id, key, name, description, type, lead }: Row): object => ({
    ...{ id: String(id), key, name, description, projectTypeKey: type, lead: user(store, lead) }
  })
  site.get('/project/search', async (request, reply) => {
    const asked = query(request)
    const [, sign, by = 'key'] =
      /^([+-]?)(key|name|owner)$/.exec(asked.get('orderBy') ?? 'key') ?? []
    if (sign === undefined) return refuse(reply, 400, ['The orderBy parameter is invalid.'])
    const words = asked.get('query')
    const type = asked.get('typeKey')
    const rows = store
      .prepare(
        `SELECT * FROM projects WHERE (? IS NULL OR key LIKE '%' || ? || '%' OR name LIKE '%' || ? || '%') AND (? IS NULL OR type = ?)
          ORDER BY ${by === 'owner' ? 'lead' : by} ${sign === '-' ? 'DESC' : 'ASC'}`
      )
      .all(words, words, words, type, type)
    const { startAt, maxResults, slice } = slicing(request, rows)
    const isLast = startAt + slice.length >= rows.length
    return {
      self: 'https://your-domain.atlassian.net/rest/api/3/project/search',
      startAt,
      maxResults,
      total: rows.length,
      isLast,
      values: slice.map(show)
    }
  })
  site.post('/project', async (request, reply) => {
    const {
      key,
      name,
      projectTypeKey = 'software',
      leadAccountId,
      description = ''
    } = bodyOf(request)
    const isKey = typeof key === 'string' && /^[A-Z][A-Z\d]{1,9}$/.test(key)
    if (!isKey)
      return refuse(reply, 400, [], {
        projectKey:
          'Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters.'
      })
    if (find(key) !== undefined)
      return refuse(reply, 400, [], { projectKey: `Project '${name}' uses this project key.` })
    if (typeof name !== 'string' || name === '')
      return refuse(reply, 400, [], { projectName: 'You must specify a valid project name.' })
    if (typeof leadAccountId !== 'string' || user(store, leadAccountId) === null)
      return refuse(reply, 400, [], { projectLead: 'You must specify a valid project lead.' })
    const { lastInsertRowid: id } = store
      .prepare('INSERT INTO projects (key, name, description, type, lead) VALUES (?, ?, ?, ?, ?)')
      .run(key, name, String(description), String(projectTypeKey), leadAccountId)
    return reply
      .code(201)
      .send({ self: `https://your-domain.atlassian.net/rest/api/3/project/${id}`, id, key })
  })
  site.get<Params>('/project/:project', async ({ params }, reply) => {
    const row = find(params.project)
    return row === undefined
      ? refuse(reply, 404, [`No project could be found with key '${params.project}'.`])
      : show(row)
  })
  site.put<Params>('/project/:project', async (request, reply) => {
    const row = find(request.params.project)
    if (row === undefined)
      return refuse(reply, 404, [`No project could be found with key '${request.params.project}'.`])
    const {
      name = row.name,
      description = row.description,
      leadAccountId = row.lead
    } = bodyOf(request)
    store
      .prepare('UPDATE projects SET name = ?, description = ?, lead = ? WHERE id = ?')
      .run(String(name), String(description), String(leadAccountId), row.id ?? null)
    return show(find(request.params.project) ?? {})
  })
  site.delete<Params>('/project/:project', async ({ params }, reply) => {
    const { changes } = store
      .prepare('DELETE FROM projects WHERE key = ? OR id = ?')
      .run(params.project, params.project)
    return changes === 0
      ? refuse(reply, 404, [`No project could be found with key '${params.project}'.`])
      : reply.code(204).send()
  })
}

function serveUsers(site: FastifyInstance, store: DatabaseSync): void {
  const ids = store.prepare('SELECT id FROM users')
  site.get('/users/search', async request => {
    const asked = query(request)
    const startAt = Number(asked.get('startAt') ?? 0)
    const rows = ids.all().slice(startAt, startAt + Number(asked.get('maxResults') ?? 50))
    return rows.map(({ id }) => user(store, id))
  })
  site.get('/user', async (request, reply) => {
    const accountId = query(request).get('accountId')
    return (
      user(store, accountId) ??
      refuse(reply, 404, ['Specified user does not exist or you do not have required permissions'])
    )
  })
}
