import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyInstance } from 'fastify'

import {
  isJsonArray,
  isJsonObject,
  member,
  textMember,
  type JsonValue
} from '../../service/base/json.ts'
import type { Issue, Row } from './jira-answers.ts'
import { MIA, noIssue, refuse, user } from './jira-answers.ts'
import { jsonBody, queryOf } from './read-request.ts'

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

/** Issues, found by JQL, and their transitions. */
export function serveIssues(site: FastifyInstance, store: DatabaseSync): void {
  const find = (given: string): Row | undefined =>
    store.prepare('SELECT * FROM issues WHERE key = ? OR id = ?').get(given.toUpperCase(), given)
  site.get('/search/jql', async (request, reply) => {
    const asked = queryOf(request)
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
    const fields = member(jsonBody(request), 'fields') ?? {}
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
    const fields = member(jsonBody(request), 'fields') ?? {}
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
    const id = textMember(member(jsonBody(request), 'transition'), 'id')
    const transition = TRANSITIONS.find(known => known.id === id && known.to !== row.status)
    if (transition === undefined)
      return refuse(reply, 400, [
        `It seems that you have tried to perform a workflow operation (${id}) that is not valid for the current state of this issue.`
      ])
    store.prepare('UPDATE issues SET status = ? WHERE id = ?').run(transition.to, row.id ?? null)
    return reply.code(204).send()
  })
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
