import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { FAKE_CLIENT, GOOD_CODE } from '../support/start-fake-provider.ts'
import { REDIRECT_URI } from '../support/start-provider.ts'

/** How the token endpoint of an API answers. */
export type TokenEndpoint = {
  readonly path: string
  /** Where it takes the proof of the client. */
  readonly takes: 'header' | 'body'
  /** Seconds that an access token lasts. */
  readonly lifetime: number
  /** Members of the answer to a code besides the tokens. */
  readonly more?: () => Promise<object> | object
}

/** The access tokens of an API, in the table `tokens`. */
export type Tokens = {
  /** Whether the request carries a bearer token that is worth something. */
  isGood(request: FastifyRequest): boolean
}

/** The token that an API knows from the start. */
export const FIRST_TOKEN = 'token-0'

/** Adds the token endpoint of an API (RFC 6749), which knows one client and one code. A refresh token works once. */
export function serveTokens(
  app: FastifyInstance,
  store: DatabaseSync,
  { path, takes, lifetime, more = () => ({}) }: TokenEndpoint
): Tokens {
  store.exec('create table tokens (token text primary key, refresh text unique)')
  const insert = store.prepare('insert into tokens values (?, ?)')
  insert.run(FIRST_TOKEN, 'refresh-0')
  let count = 0
  app.post(path, async (request, reply) => {
    const form = new URLSearchParams(String(request.body))
    if (!isProven(request, form, takes)) return refuse(reply, 'invalid_client')
    const taken = store
      .prepare('delete from tokens where refresh = ? returning token')
      .get(form.get('refresh_token') ?? '')
    const isCode =
      form.get('grant_type') === 'authorization_code' &&
      form.get('code') === GOOD_CODE &&
      form.get('redirect_uri') === REDIRECT_URI
    const isRefresh = form.get('grant_type') === 'refresh_token' && taken !== undefined
    if (!isCode && !isRefresh) return refuse(reply, 'invalid_grant')
    count++
    insert.run(`token-${count}`, `refresh-${count}`)
    return {
      access_token: `token-${count}`,
      refresh_token: `refresh-${count}`,
      token_type: 'Bearer',
      expires_in: lifetime,
      ...(isCode ? await more() : {})
    }
  })
  return {
    isGood: ({ headers }) => {
      const [, token = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
      return store.prepare('select 1 from tokens where token = ?').get(token) !== undefined
    }
  }
}

function isProven({ headers }: FastifyRequest, form: URLSearchParams, takes: 'header' | 'body') {
  const { id, secret } = FAKE_CLIENT
  if (takes === 'body') return form.get('client_id') === id && form.get('client_secret') === secret
  const [, base64 = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
  const pair = Buffer.from(base64, 'base64').toString()
  const encoded = new URLSearchParams({ [id]: secret }).toString().replace('=', ':')
  return pair === encoded || pair === `${id}:${secret}`
}

function refuse(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error })
}
