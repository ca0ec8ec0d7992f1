import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyInstance } from 'fastify'

import { member, type JsonValue } from '../../service/base/json.ts'
import type { Issue, Row } from './jira-answers.ts'
import { MIA, noIssue, refuse, slicing, user } from './jira-answers.ts'
import { jsonBody } from './read-request.ts'

/** Comments of issues, whose texts are documents. */
export function serveComments(site: FastifyInstance, store: DatabaseSync): void {
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
    const { body } = jsonBody(request)
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
    const { body } = jsonBody(request)
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
