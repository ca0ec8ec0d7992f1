import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { queryOf } from './read-request.ts'

/** The account that owns all projects of the fake Jira. */
export const MIA = '5b10a2844c20165700ede21g'

export type Row = Record<string, SQLOutputValue>
export type Issue = { Params: { issue: string; id: string } }

/** Refuses a call as Jira does: by general words, and words for each field. */
export function refuse(
  reply: FastifyReply,
  status: number,
  errorMessages: readonly string[],
  errors: { readonly [field: string]: string } = {}
): FastifyReply {
  return reply.code(status).send({ errorMessages, errors })
}

export function noIssue(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, ['Issue does not exist or you do not have permission to see it.'])
}

/** A user as Jira shows it; null for an unknown one. */
export function user(store: DatabaseSync, id: SQLOutputValue | undefined): object | null {
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

/** A page by `startAt`; a size over 100 is taken as 100, as Jira does. */
export function slicing<T>(request: FastifyRequest, rows: readonly T[]) {
  const asked = queryOf(request)
  const startAt = Number(asked.get('startAt') ?? 0)
  const maxResults = Math.min(100, Number(asked.get('maxResults') ?? 50))
  return { startAt, maxResults, slice: rows.slice(startAt, startAt + maxResults) }
}
