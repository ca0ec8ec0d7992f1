import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, textMember } from '../../service/base/json.ts'
import { serveTokens } from './serve-tokens.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** A fake of the Spotify Web API, by https://developer.spotify.com/documentation/web-api. */
export const spotify: FakeDefinition = {
  sample: 'spotify',
  origins: ['https://api.spotify.com', 'https://accounts.spotify.com'],
  tables: `
    create table playlists (id text primary key, name text, description text, public integer, collaborative integer);
    create table tracks (id text primary key, name text, album text);
    create table entries (playlist text, track text, added_at text)`,
  serve
}

type Ask = {
  Params: { readonly id: string }
  Querystring: { readonly [name: string]: string | undefined }
}
type Request = FastifyRequest<Ask>
type Row = { readonly [column: string]: unknown }

function serve(app: FastifyInstance, store: DatabaseSync): void {
  const tokens = serveTokens(app, store, { path: '/api/token', takes: 'header', lifetime: 3600 })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return
    const isGiven = request.headers.authorization !== undefined
    const words = isGiven ? 'The access token expired' : 'No token provided'
    if (!tokens.isGood(request)) await refuse(reply, 401, words)
  })
  app.get('/v1/me', async () => ({ id: 'mira-at-the-quay', display_name: 'Mira' }))
  app.get<Ask>('/v1/me/playlists', async (request, reply) => {
    const rows = store.prepare('select * from playlists order by rowid').all()
    return page(
      request,
      reply,
      50,
      rows.map(row => playlistOf(store, row))
    )
  })
  app.post<Ask>('/v1/me/playlists', async (request, reply) => {
    const given = bodyOf(request)
    if (textMember(given, 'name') === undefined)
      return refuse(reply, 400, 'Missing required field: name')
    const { count } = store.prepare('select count(*) as count from playlists').get() ?? {}
    const id = `3cEYpjA9oz9GiPac${String(Number(count)).padStart(6, '0')}`
    store.prepare('insert into playlists values (?, null, null, 1, 0)').run(id)
    change(store, id, given)
    return reply.code(201).send(one(store, id))
  })
  app.delete<Ask>('/v1/me/library', async ({ query }, reply) => {
    const uris = query.uris?.split(',') ?? []
    if (
      uris.length === 0 ||
      uris.length > 40 ||
      !uris.every(uri => /^spotify:\w+:\w+$/.test(uri))
    ) {
      return refuse(reply, 400, 'Invalid uris')
    }
    const remove = store.prepare("delete from playlists where 'spotify:playlist:' || id = ?")
    for (const uri of uris) remove.run(uri)
    return reply.send()
  })
  app.get<Ask>(
    '/v1/playlists/:id',
    async ({ params }, reply) => one(store, params.id) ?? gone(reply)
  )
  app.put<Ask>('/v1/playlists/:id', async (request, reply) => {
    if (one(store, request.params.id) === undefined) return gone(reply)
    const given = bodyOf(request)
    if (Object.keys(given).length === 0) return refuse(reply, 400, 'Error parsing JSON.')
    if (given.name === '' || given.name === null) return refuse(reply, 400, 'Invalid name')
    change(store, request.params.id, given)
    return reply.send()
  })
  serveItems(app, store)
  app.get<Ask>(
    '/v1/tracks/:id',
    async ({ params }, reply) => trackOf(store, params.id) ?? gone(reply)
  )
  app.get<Ask>('/v1/search', async (request, reply) => {
    const { q = '', type } = request.query
    if (q === '') return refuse(reply, 400, 'No search query')
    if (type !== 'track') return refuse(reply, 400, 'Bad search type field')
    if (Number(request.query.offset ?? 0) > 1000) return refuse(reply, 400, 'Invalid offset')
    const rows = store
      .prepare('select id from tracks where instr(lower(name), lower(?)) order by rowid')
      .all(q)
    const tracks = page(
      request,
      reply,
      10,
      rows.map(({ id }) => trackOf(store, String(id)) ?? {})
    )
    return reply.sent ? reply : { tracks }
  })
}

function serveItems(app: FastifyInstance, store: DatabaseSync): void {
  const path = '/v1/playlists/:id/items'
  app.get<Ask>(path, async (request, reply) => {
    const { id } = request.params
    if (one(store, id) === undefined) return gone(reply)
    const rows = store.prepare('select * from entries where playlist = ? order by rowid').all(id)
    const items = rows.map(row => ({
      added_at: String(row.added_at),
      item: trackOf(store, String(row.track)) ?? null
    }))
    return page(request, reply, 50, items)
  })
  app.post<Ask>(path, async (request, reply) => {
    const { id } = request.params
    if (one(store, id) === undefined) return gone(reply)
    const tracks = urisIn(bodyOf(request).uris)?.map(uri => trackOf(store, uri.split(':')[2] ?? ''))
    if (tracks === undefined || tracks.includes(undefined))
      return refuse(reply, 400, 'Invalid track uri')
    const insert = store.prepare('insert into entries values (?, ?, ?)')
    const now = `${new Date().toISOString().slice(0, 19)}Z`
    for (const track of tracks) insert.run(id, String(track?.id), now)
    return reply.code(201).send({ snapshot_id: `AAAA${tracks.length}` })
  })
  app.delete<Ask>(path, async (request, reply) => {
    const { items } = bodyOf(request)
    const given = isJsonArray(items) ? items.map(item => textMember(item, 'uri') ?? '') : items
    const uris = urisIn(given)
    if (uris === undefined) return refuse(reply, 400, 'Invalid track uri')
    const remove = store.prepare(
      "delete from entries where playlist = ? and 'spotify:track:' || track = ?"
    )
    for (const uri of uris) remove.run(request.params.id, uri)
    return { snapshot_id: 'AAAAB' }
  })
}

/** A page of a list, or a refusal of its size or position. */
function page(
  { query, url }: Request,
  reply: FastifyReply,
  most: number,
  all: readonly JsonObject[]
): FastifyReply | JsonObject {
  const [limit, offset] = [Number(query.limit ?? (most === 10 ? 5 : 20)), Number(query.offset ?? 0)]
  if (!(limit >= 1 && limit <= most)) return refuse(reply, 400, 'Invalid limit')
  if (!(offset >= 0)) return refuse(reply, 400, 'Invalid offset')
  const at = (position: number) =>
    `https://api.spotify.com${url.split('?')[0]}?offset=${position}&limit=${limit}`
  const next = offset + limit < all.length ? at(offset + limit) : null
  const previous = offset > 0 ? at(Math.max(0, offset - limit)) : null
  const items = all.slice(offset, offset + limit)
  return { href: at(offset), limit, next, offset, previous, total: all.length, items }
}

function one(store: DatabaseSync, id: string): JsonObject | undefined {
  const row = store.prepare('select * from playlists where id = ?').get(id)
  return row && playlistOf(store, row)
}

function playlistOf(store: DatabaseSync, row: Row): JsonObject {
  const id = String(row.id)
  const { total } =
    store.prepare('select count(*) as total from entries where playlist = ?').get(id) ?? {}
  return {
    id,
    uri: `spotify:playlist:${id}`,
    name: String(row.name),
    description: row.description === null ? null : String(row.description),
    public: row.public === 1,
    collaborative: row.collaborative === 1,
    owner: { id: 'mira-at-the-quay', display_name: 'Mira' },
    items: { href: `https://api.spotify.com/v1/playlists/${id}/items`, total: Number(total) },
    snapshot_id: 'AAAAA'
  }
}

function trackOf(store: DatabaseSync, id: string): JsonObject | undefined {
  const row = store.prepare('select * from tracks where id = ?').get(id)
  if (row === undefined) return undefined
  return {
    ...{ id, uri: `spotify:track:${id}`, name: String(row.name), duration_ms: 301_920 },
    ...{ explicit: false, artists: [{ id: '0TnOYISbd1XYRBk9myaseg', name: 'The Lanterns' }] },
    album: { id: '4aawyAB9vmqN3uQ7FjRGTy', name: String(row.album), release_date: '2012-11' }
  }
}

function change(store: DatabaseSync, id: string, given: JsonObject): void {
  for (const name of ['name', 'description', 'public', 'collaborative']) {
    const value = given[name]
    if (value === undefined) continue
    const plain = typeof value === 'boolean' ? Number(value) : value === null ? null : String(value)
    store.prepare(`update playlists set ${name} = ? where id = ?`).run(plain, id)
  }
}

function urisIn(given: JsonValue | undefined): string[] | undefined {
  const uris = isJsonArray(given) ? given.filter(uri => typeof uri === 'string') : []
  const isGood =
    uris.length > 0 && uris.length <= 100 && uris.every(uri => /^spotify:track:\w+$/.test(uri))
  return isGood ? uris : undefined
}

function bodyOf({ body }: Request): JsonObject {
  const given = typeof body === 'string' && body !== '' ? parseJson(body) : {}
  return isJsonObject(given) ? given : {}
}

function gone(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, 'Resource not found')
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ error: { status, message } })
}
