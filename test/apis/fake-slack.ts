import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import { isJsonObject, type JsonObject } from '../../service/base/json.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** The token of a bot, and that of the user who logs in. */
export const SLACK = {
  botToken: 'xoxb-17653672481-19874698323',
  userToken: 'xoxp-23984754863-2348975623103',
  client: { id: 'flow-client', secret: 'flow-secret' },
  code: 'good-code'
}

type Row = Record<string, SQLOutputValue>

/** A call: its arguments, of the query or the body, and who makes it. */
type SlackCall = { readonly given: JsonObject; readonly store: DatabaseSync; readonly user: string }

/** What a method answers; a text is the word of a refusal. */
type Method = (call: SlackCall) => JsonObject | string

const TABLES = `
  CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT, real_name TEXT, email TEXT, is_bot INTEGER);
  INSERT INTO users VALUES ('U0123MIA', 'mia', 'Mia Krystof', 'mia@example.com', 0), ('U0123BEN', 'ben', 'Ben Okafor', 'ben@example.com', 0),
    ('U0123BOT', 'flow', 'Flow', NULL, 1);
  CREATE TABLE channels (id TEXT PRIMARY KEY, name TEXT UNIQUE, kind INTEGER, is_archived INTEGER DEFAULT 0);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
    INSERT INTO channels SELECT printf('C%08d', i), printf('team-%02d', i), i % 5 = 0, 0 FROM n;
  CREATE TABLE messages (channel TEXT, ts TEXT, user TEXT, text TEXT, thread_ts TEXT, PRIMARY KEY (channel, ts));
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    INSERT INTO messages SELECT 'C00000001', printf('1709544%03d.000200', i), iif(i % 2, 'U0123MIA', 'U0123BEN'), 'Message ' || i, NULL FROM n;`

/** By the column `kind` of a channel. */
const TYPES = ['public_channel', 'private_channel', 'mpim']

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Slack: every answer is a 200, and refusals say `ok: false` with a word. Cursors are opaque and end as an empty text. */
export const fakeSlack: FakeDefinition = {
  sample: 'slack',
  origins: ['https://slack.com'],
  tables: TABLES,
  serve(app, store) {
    serveToken(app)
    for (const [name, method] of Object.entries(METHODS)) {
      const handle = async (request: FastifyRequest): Promise<JsonObject> => {
        const [kind, token = ''] = request.headers.authorization?.split(' ') ?? []
        if (kind !== 'Bearer') return { ok: false, error: 'not_authed' }
        const user = { [SLACK.botToken]: 'U0123BOT', [SLACK.userToken]: 'U0123MIA' }[token]
        if (user === undefined) return { ok: false, error: 'invalid_auth' }
        const answer = method({ given: argumentsOf(request), store, user })
        return typeof answer === 'string' ? refusal(answer) : { ok: true, ...answer }
      }
      app.route({ method: ['GET', 'POST'], url: `/api/${name}`, handler: handle })
    }
  }
}

/** `invalid_arguments: reason` has the reason in the metadata. */
function refusal(words: string): JsonObject {
  const [error = '', reason] = words.split(': ')
  const metadata =
    reason === undefined ? {} : { response_metadata: { messages: [`[ERROR] ${reason}`] } }
  return { ok: false, error, ...metadata }
}

/** Arguments are read from the query of a GET, and from a JSON or form body of a POST. */
function argumentsOf({ method, url, body, headers }: FastifyRequest): JsonObject {
  if (method === 'GET') return Object.fromEntries(new URL(url, 'http://x').searchParams)
  const given: unknown = headers['content-type']?.startsWith('application/json')
    ? JSON.parse(String(body))
    : Object.fromEntries(new URLSearchParams(String(body)))
  return isJsonObject(given) ? given : {}
}

function serveToken(app: FastifyInstance): void {
  app.post('/api/oauth.v2.access', async ({ body, headers }) => {
    const form = new URLSearchParams(String(body))
    const [, pair = ''] = headers.authorization?.split(' ') ?? []
    const { client, code, userToken } = SLACK
    const isClient =
      Buffer.from(pair, 'base64').toString() === `${client.id}:${client.secret}` ||
      (form.get('client_id') === client.id && form.get('client_secret') === client.secret)
    if (!isClient) return { ok: false, error: 'bad_client_secret' }
    if (form.get('code') !== code) return { ok: false, error: 'invalid_code' }
    const user = {
      id: 'U0123MIA',
      scope: 'channels:read',
      access_token: userToken,
      token_type: 'user'
    }
    return { ok: true, app_id: 'A0123', authed_user: user, team: { id: 'T0123ABCD', name: 'Acme' } }
  })
}

/**
 * A page, and the cursor of the next one. As in Slack, what a caller did not ask for is left out after the page was
 * cut, so that pages may be short.
 */
function page(
  { given }: SlackCall,
  rows: readonly Row[],
  isWanted: (row: Row) => boolean = () => true
): { readonly rows: readonly Row[]; readonly next: string } | string {
  const limit = Number(given.limit ?? 100)
  if (!(limit >= 1 && limit < 1000)) return 'invalid_limit'
  const cursor = Buffer.from(text(given.cursor) ?? '', 'base64').toString()
  if (cursor !== '' && !/^next:\d+$/.test(cursor)) return 'invalid_cursor'
  const start = cursor === '' ? 0 : Number(cursor.slice('next:'.length))
  const end = start + limit
  const next = end < rows.length ? Buffer.from(`next:${end}`).toString('base64') : ''
  return { rows: rows.slice(start, end).filter(isWanted), next }
}

function channel({ id, name, kind, is_archived: isArchived }: Row): JsonObject {
  const about = { value: '', creator: '', last_set: 0 }
  return {
    id: String(id),
    name: String(name),
    is_channel: true,
    is_private: kind !== 0,
    is_archived: isArchived === 1,
    is_member: true,
    created: 1709543520,
    creator: 'U0123MIA',
    topic: about,
    purpose: { ...about, value: 'For the team', creator: 'U0123MIA' },
    num_members: 4
  }
}

function message({ ts, user, text: words, thread_ts: thread }: Row): JsonObject {
  const more = thread === null ? {} : { thread_ts: String(thread) }
  return { type: 'message', user: String(user), text: String(words), ts: String(ts), ...more }
}

function person({ id, name, real_name: realName, email, is_bot: isBot }: Row): JsonObject {
  const profile = {
    display_name: String(name),
    title: '',
    phone: '',
    ...(email !== null && { email: String(email) })
  }
  return {
    id: String(id),
    name: String(name),
    real_name: String(realName),
    deleted: false,
    is_bot: isBot === 1,
    tz: null,
    profile
  }
}

function channelNamed({ store, given }: SlackCall): Row | undefined {
  return store.prepare('SELECT * FROM channels WHERE id = ?').get(text(given.channel))
}

function messageAt({ store, given }: SlackCall): Row | undefined {
  return store
    .prepare('SELECT * FROM messages WHERE channel = ? AND ts = ?')
    .get(text(given.channel), text(given.ts))
}

const METHODS: { readonly [name: string]: Method } = {
  'auth.test': ({ user }) => ({
    url: 'https://acme.slack.com/',
    team: 'Acme',
    team_id: 'T0123ABCD',
    user: user.slice(5).toLowerCase(),
    user_id: user
  }),
  'users.list': call => {
    const cut = page(call, call.store.prepare('SELECT * FROM users').all())
    if (typeof cut === 'string') return cut
    return {
      members: cut.rows.map(person),
      cache_ts: 1709544000,
      response_metadata: { next_cursor: cut.next }
    }
  },
  'users.info': ({ store, given }) => {
    const row = store.prepare('SELECT * FROM users WHERE id = ?').get(text(given.user))
    return row === undefined ? 'user_not_found' : { user: person(row) }
  },
  'conversations.list': call => {
    const types = (text(call.given.types) ?? 'public_channel').split(',')
    const rows = call.store.prepare('SELECT * FROM channels ORDER BY id').all()
    const cut = page(call, rows, row => types.includes(TYPES[Number(row.kind)] ?? ''))
    if (typeof cut === 'string') return cut
    return { channels: cut.rows.map(channel), response_metadata: { next_cursor: cut.next } }
  },
  'conversations.info': call => {
    const row = channelNamed(call)
    return row === undefined ? 'channel_not_found' : { channel: channel(row) }
  },
  'conversations.create': ({ store, given }) => {
    const name = text(given.name) ?? ''
    if (name === '') return 'invalid_name_required'
    if (!/^[a-z\d_-]{1,80}$/.test(name)) return 'invalid_name_specials'
    if (store.prepare('SELECT 1 FROM channels WHERE name = ?').get(name)) return 'name_taken'
    const { n } = store.prepare('SELECT count(*) + 1 AS n FROM channels').get() ?? {}
    const id = `C${String(n).padStart(8, '0')}`
    store
      .prepare('INSERT INTO channels (id, name, kind) VALUES (?, ?, ?)')
      .run(id, name, given.is_private === true ? 1 : 0)
    return { channel: channel(store.prepare('SELECT * FROM channels WHERE id = ?').get(id) ?? {}) }
  },
  'conversations.rename': call => {
    const name = text(call.given.name) ?? ''
    if (channelNamed(call) === undefined) return 'channel_not_found'
    if (!/^[a-z\d_-]{1,80}$/.test(name)) return 'invalid_name'
    call.store
      .prepare('UPDATE channels SET name = ? WHERE id = ?')
      .run(name, text(call.given.channel))
    return { channel: channel(channelNamed(call) ?? {}) }
  },
  'conversations.archive': call => {
    const row = channelNamed(call)
    if (row === undefined) return 'channel_not_found'
    if (row.is_archived === 1) return 'already_archived'
    call.store
      .prepare('UPDATE channels SET is_archived = 1 WHERE id = ?')
      .run(text(call.given.channel))
    return {}
  },
  'conversations.history': call => {
    const { given, store } = call
    if (given.channel === undefined) return 'invalid_arguments: missing required field: channel'
    if (channelNamed(call) === undefined) return 'channel_not_found'
    const [from, to] = given.inclusive === 'true' ? ['>=', '<='] : ['>', '<']
    const rows = store
      .prepare(
        `SELECT * FROM messages WHERE channel = ? AND ts ${from} ? AND ts ${to} ? ORDER BY ts DESC`
      )
      .all(text(given.channel), text(given.oldest) ?? '0', text(given.latest) ?? '9')
    const cut = page(call, rows)
    if (typeof cut === 'string') return cut
    return {
      messages: cut.rows.map(message),
      has_more: cut.next !== '',
      pin_count: 0,
      response_metadata: { next_cursor: cut.next }
    }
  },
  'chat.postMessage': call => {
    const { given, store, user } = call
    const row = channelNamed(call)
    if (row === undefined) return 'channel_not_found'
    if (row.is_archived === 1) return 'is_archived'
    const words = text(given.text) ?? ''
    if (words === '') return 'no_text'
    const { n } = store.prepare('SELECT count(*) AS n FROM messages').get() ?? {}
    const ts = `1709550000.${String(n).padStart(6, '0')}`
    store
      .prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?)')
      .run(text(given.channel), ts, user, words, text(given.thread_ts))
    const made = message({ ts, user, text: words, thread_ts: text(given.thread_ts) })
    return { channel: String(row.id), ts, message: made }
  },
  'chat.update': call => {
    const row = messageAt(call)
    if (channelNamed(call) === undefined) return 'channel_not_found'
    if (row === undefined) return 'message_not_found'
    const words = text(call.given.text) ?? ''
    if (words === '') return 'no_text'
    call.store
      .prepare('UPDATE messages SET text = ? WHERE channel = ? AND ts = ?')
      .run(words, row.channel ?? null, row.ts ?? null)
    return {
      channel: String(row.channel),
      ts: String(row.ts),
      text: words,
      message: message({ ...row, text: words })
    }
  },
  'chat.delete': call => {
    const row = messageAt(call)
    if (row === undefined) return 'message_not_found'
    call.store
      .prepare('DELETE FROM messages WHERE channel = ? AND ts = ?')
      .run(row.channel ?? null, row.ts ?? null)
    return { channel: String(row.channel), ts: String(row.ts) }
  }
}
