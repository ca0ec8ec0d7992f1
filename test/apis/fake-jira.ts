import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance } from 'fastify'

import { serveComments } from './fake-jira-comments.ts'
import { serveIssues } from './fake-jira-issues.ts'
import type { Row } from './jira-answers.ts'
import { MIA, refuse, slicing, user } from './jira-answers.ts'
import { jsonBody, queryOf } from './read-request.ts'
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

function serveLogin(app: FastifyInstance): void {
  app.post('/oauth/token', async (request, reply) => {
    const { body, headers } = request
    const form = headers['content-type']?.startsWith('application/json')
      ? new Map(Object.entries(jsonBody(request)))
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

function serveProjects(site: FastifyInstance, store: DatabaseSync): void {
  type Params = { Params: { project: string } }
  const find = (given: string): Row | undefined =>
    store.prepare('SELECT * FROM projects WHERE key = ? OR id = ?').get(given, given)
  const show = ({ id, key, name, description, type, lead }: Row): object => ({
    ...{ id: String(id), key, name, description, projectTypeKey: type, lead: user(store, lead) }
  })
  site.get('/project/search', async (request, reply) => {
    const asked = queryOf(request)
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
    } = jsonBody(request)
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
    } = jsonBody(request)
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
    const asked = queryOf(request)
    const startAt = Number(asked.get('startAt') ?? 0)
    const rows = ids.all().slice(startAt, startAt + Number(asked.get('maxResults') ?? 50))
    return rows.map(({ id }) => user(store, id))
  })
  site.get('/user', async (request, reply) => {
    const accountId = queryOf(request).get('accountId')
    return (
      user(store, accountId) ??
      refuse(reply, 404, ['Specified user does not exist or you do not have required permissions'])
    )
  })
}
