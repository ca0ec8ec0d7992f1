import { createHash } from 'node:crypto'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { isJsonArray, isJsonObject, textMember, type JsonObject } from '../../service/base/json.ts'
import { jsonBody, queryOf } from './read-request.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** A token of a developer, and that of the user who logs in. */
export const BOX = {
  token: 'T9cE5asGnuyYCCqIZFoWjFHvNbvVqHjl',
  userToken: 'c3FIOG9vSGV4VHo4QzAyg5T1JvNnJoZ3ExaVNyQWw6WjRsanRKZG5lQk9qUE1BVQ',
  client: { id: 'flow-client', secret: 'flow-secret' },
  code: 'good-code'
}

type Row = Record<string, SQLOutputValue>
type Params = { Params: { id: string } }

const MIA = { type: 'user', id: '11446498', name: 'Mia Krystof', login: 'mia@example.com' }

const TABLES = `
  CREATE TABLE items (id INTEGER PRIMARY KEY, type TEXT, name TEXT, parent INTEGER, etag INTEGER DEFAULT 0, size INTEGER DEFAULT 0,
    description TEXT DEFAULT '', tags TEXT DEFAULT '[]', content TEXT, modified TEXT DEFAULT '2024-05-12T10:53:43-08:00');
  INSERT INTO items (id, type, name, parent) VALUES (0, 'folder', 'All Files', NULL), (100, 'folder', 'Contracts', 0), (101, 'folder', 'Archive', 0);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
    INSERT INTO items (id, type, name, parent, etag, size, modified) SELECT 12000 + i, 'file', printf('Contract %03d.pdf', i), 100, 3, 1000 * (131 - i),
      printf('2024-05-%02dT10:00:00-08:00', 1 + i % 28) FROM n;
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, login TEXT);
  INSERT INTO users VALUES (11446498, 'Mia Krystof', 'mia@example.com'), (11446499, 'Ben Okafor', 'ben@example.com');`

/** Box: entity tags, chosen fields, uploads in parts, its error object; an unknown token is a 401 without a body. */
export const fakeBox: FakeDefinition = {
  sample: 'box',
  origins: ['https://api.box.com', 'https://upload.box.com', 'https://account.box.com'],
  tables: TABLES,
  serve(app, store) {
    app.addHook('onRequest', async ({ url, headers }, reply) => {
      if (!/^\/(?:2\.0|api\/2\.0)\//.test(url)) return
      const known = [BOX.token, BOX.userToken].map(token => `Bearer ${token}`)
      if (known.includes(headers.authorization ?? '')) return
      const reason =
        'error="invalid_token", error_description="The access token provided is invalid."'
      await reply.code(401).header('www-authenticate', `Bearer realm="Service", ${reason}`).send()
    })
    serveToken(app)
    serveUsers(app, store)
    serveItems(app, store)
    serveFolders(app, store)
    serveFiles(app, store)
  }
}

function refuse(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  context: object = {}
): FastifyReply {
  const help = 'https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/'
  const error = { type: 'error', status, code, context_info: context, help_url: help, message }
  return reply.code(status).send({ ...error, request_id: 'abcdef123456' })
}

/** With `fields`, an object has the members that identify it and those that were asked for. */
function chosen(request: FastifyRequest, object: { readonly [member: string]: unknown }): object {
  const fields = queryOf(request).get('fields')?.split(',')
  if (fields === undefined) return object
  const kept = ['type', 'id', 'etag', ...fields]
  return Object.fromEntries(Object.entries(object).filter(([name]) => kept.includes(name)))
}

/** A page by offset, refused past 10,000 as Box does; a limit over the most is taken as the most. */
function page(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: readonly object[],
  most: number,
  usual: number
): object {
  const asked = queryOf(request)
  const offset = Number(asked.get('offset') ?? 0)
  const limit = Math.min(most, Number(asked.get('limit') ?? usual))
  if (offset > 10_000) return refuse(reply, 400, 'bad_request', 'The offset is larger than 10000.')
  return {
    total_count: objects.length,
    entries: objects.slice(offset, offset + limit),
    limit,
    offset
  }
}

function serveToken(app: FastifyInstance): void {
  app.post('/oauth2/token', async ({ body }, reply) => {
    const form = new URLSearchParams(String(body))
    const { client, code, userToken } = BOX
    if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
      return reply
        .code(400)
        .send({ error: 'invalid_client', error_description: 'The client credentials are invalid' })
    }
    if (form.get('code') !== code) {
      return reply
        .code(400)
        .send({ error: 'invalid_grant', error_description: 'The authorization code is invalid' })
    }
    return {
      access_token: userToken,
      refresh_token: 'r',
      expires_in: 3600,
      token_type: 'bearer',
      restricted_to: []
    }
  })
}

function serveUsers(app: FastifyInstance, store: DatabaseSync): void {
  const show = ({ id, name, login }: Row): { [member: string]: unknown } => ({
    ...{ type: 'user', id: String(id), name, login, status: 'active', phone: '555-0142' },
    created_at: '2024-01-12T10:53:43-08:00',
    enterprise: { type: 'enterprise', id: '11446490', name: 'Acme' }
  })
  app.get('/2.0/users', async (request, reply) => {
    const term = queryOf(request).get('filter_term') ?? ''
    const rows = store
      .prepare("SELECT * FROM users WHERE name LIKE ? || '%' OR login LIKE ? || '%'")
      .all(term, term)
    return page(request, reply, rows.map(show), 1000, 100)
  })
  app.get<Params>('/2.0/users/:id', async (request, reply) => {
    const { id } = request.params
    const row = store.prepare('SELECT * FROM users WHERE id = ?').get(id === 'me' ? MIA.id : id)
    return row === undefined ? notFound(reply) : chosen(request, show(row))
  })
}

function notFound(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, 'not_found', 'Not Found')
}

function mini({ id, type, name, etag }: Row): object {
  return {
    type,
    id: String(id),
    etag: id === 0 ? null : String(etag),
    sequence_id: String(etag),
    name
  }
}

function whole(store: DatabaseSync, row: Row): { [member: string]: unknown } {
  const parent = store.prepare('SELECT * FROM items WHERE id = ?').get(row.parent ?? null)
  const { type, description, size, tags, content, modified } = row
  return {
    ...mini(row),
    description,
    size,
    ...(type === 'file' && { sha1: createHash('sha1').update(String(content)).digest('hex') }),
    created_at: row.id === 0 ? null : '2024-05-01T10:00:00-08:00',
    modified_at: row.id === 0 ? null : modified,
    created_by: MIA,
    parent: parent === undefined ? null : mini(parent),
    ...(type === 'folder' && {
      path_collection: { total_count: parent ? 1 : 0, entries: parent ? [mini(parent)] : [] }
    }),
    tags: JSON.parse(String(tags)),
    item_status: 'active'
  }
}

/** Without `fields`, tags are not shown. */
function shown(request: FastifyRequest, store: DatabaseSync, row: Row): object {
  const { tags, ...standard } = whole(store, row)
  return queryOf(request).has('fields') ? chosen(request, { ...standard, tags }) : standard
}

function serveItems(app: FastifyInstance, store: DatabaseSync): void {
  app.get<Params>('/2.0/folders/:id/items', async (request, reply) => {
    const { id } = request.params
    if (store.prepare("SELECT 1 FROM items WHERE id = ? AND type = 'folder'").get(id) === undefined)
      return notFound(reply)
    const rows = store
      .prepare('SELECT * FROM items WHERE parent = ? ORDER BY type DESC, name')
      .all(id)
    return page(
      request,
      reply,
      rows.map(row => shown(request, store, row)),
      1000,
      100
    )
  })
  app.get('/2.0/search', async (request, reply) => {
    const asked = queryOf(request)
    const words = asked.get('query') ?? ''
    if (words === '')
      return refuse(reply, 400, 'bad_request', "Missing required parameter 'query' or 'mdfilters'")
    const within = asked.get('ancestor_folder_ids')?.split(',')
    const order =
      asked.get('sort') === 'modified_at' ? `modified ${asked.get('direction') ?? 'DESC'},` : ''
    const rows = store
      .prepare(
        `SELECT * FROM items WHERE id > 0 AND name LIKE '%' || ? || '%' AND (? IS NULL OR type = ?) ORDER BY ${order} id`
      )
      .all(words, asked.get('type'), asked.get('type'))
      .filter(
        ({ parent }) =>
          within === undefined || within.includes('0') || within.includes(String(parent))
      )
    return {
      type: 'search_results_items',
      ...page(
        request,
        reply,
        rows.map(row => shown(request, store, row)),
        200,
        30
      )
    }
  })
}

/** Adds an item, unless its folder has one of that name or is none. @returns Its id. */
function add(
  reply: FastifyReply,
  store: DatabaseSync,
  type: string,
  given: JsonObject,
  content = ''
): number | FastifyReply {
  const name = textMember(given, 'name')
  const parent = textMember(given.parent, 'id')
  if (name === undefined || parent === undefined) {
    const missing = [name === undefined ? 'name' : 'parent']
    return refuse(reply, 400, 'bad_request', `'${missing}' is required`, {
      errors: missing.map(field => ({
        reason: 'missing_parameter',
        name: field,
        message: `'${field}' is required`
      }))
    })
  }
  if (
    store.prepare("SELECT 1 FROM items WHERE id = ? AND type = 'folder'").get(parent) === undefined
  ) {
    refuse(reply, 404, 'not_found', 'Not Found')
    return reply
  }
  const taken = store.prepare('SELECT * FROM items WHERE parent = ? AND name = ?').get(parent, name)
  if (taken !== undefined) {
    return refuse(reply, 409, 'item_name_in_use', 'Item with the same name already exists', {
      conflicts: [mini(taken)]
    })
  }
  const { lastInsertRowid } = store
    .prepare('INSERT INTO items (type, name, parent, content, size) VALUES (?, ?, ?, ?, ?)')
    .run(type, name, parent, content, content.length)
  return Number(lastInsertRowid)
}

/** An item of a kind, unless it is not there or `if-match` names another version. */
function found(
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  store: DatabaseSync,
  type: string
): Row | FastifyReply {
  const row = store
    .prepare('SELECT * FROM items WHERE id = ? AND type = ?')
    .get(request.params.id, type)
  if (row === undefined) return notFound(reply)
  const version = request.headers['if-match']
  if (version !== undefined && request.method !== 'GET' && version !== String(row.etag)) {
    return refuse(
      reply,
      412,
      'precondition_failed',
      'The resource has been modified. Please retrieve the resource again and retry'
    )
  }
  return row
}

function isReply(value: Row | FastifyReply): value is FastifyReply {
  return typeof value.send === 'function'
}

function serveItem(app: FastifyInstance, store: DatabaseSync, type: 'file' | 'folder'): void {
  const path = `/2.0/${type}s/:id`
  app.get<Params>(path, async (request, reply) => {
    const row = found(request, reply, store, type)
    return isReply(row) ? row : shown(request, store, row)
  })
  app.put<Params>(path, async (request, reply) => {
    const row = found(request, reply, store, type)
    if (isReply(row)) return row
    const { name = row.name, description = row.description, parent, tags } = jsonBody(request)
    if (tags !== undefined && !(isJsonArray(tags) && tags.every(tag => typeof tag === 'string'))) {
      return refuse(reply, 400, 'bad_request', 'Bad Request')
    }
    if (name === '' || name === null)
      return refuse(reply, 400, 'bad_request', "'name' cannot be empty")
    const place = parent === undefined ? row.parent : textMember(parent, 'id')
    store
      .prepare(
        'UPDATE items SET name = ?, description = ?, parent = ?, tags = ?, etag = etag + 1 WHERE id = ?'
      )
      .run(
        String(name),
        String(description),
        place ?? null,
        tags === undefined ? (row.tags ?? null) : JSON.stringify(tags),
        row.id ?? null
      )
    return shown(
      request,
      store,
      store.prepare('SELECT * FROM items WHERE id = ?').get(row.id ?? null) ?? {}
    )
  })
  app.delete<Params>(path, async (request, reply) => {
    const row = found(request, reply, store, type)
    if (isReply(row)) return row
    const held = store.prepare('SELECT 1 FROM items WHERE parent = ?').get(row.id ?? null)
    if (held !== undefined && queryOf(request).get('recursive') !== 'true') {
      return refuse(reply, 400, 'folder_not_empty', 'Cannot delete - folder not empty')
    }
    store.prepare('DELETE FROM items WHERE id = ?').run(row.id ?? null)
    return reply.code(204).send()
  })
}

function serveFolders(app: FastifyInstance, store: DatabaseSync): void {
  serveItem(app, store, 'folder')
  app.post('/2.0/folders', async (request, reply) => {
    const id = add(reply, store, 'folder', jsonBody(request))
    if (typeof id !== 'number') return id
    const row = store.prepare('SELECT * FROM items WHERE id = ?').get(id) ?? {}
    return reply.code(201).send(shown(request, store, row))
  })
}

function serveFiles(app: FastifyInstance, store: DatabaseSync): void {
  serveItem(app, store, 'file')
  app.post('/api/2.0/files/content', async (request, reply) => {
    const [, boundary = ''] =
      /^multipart\/form-data; boundary="?([^"]+)"?$/.exec(request.headers['content-type'] ?? '') ??
      []
    const parts = String(request.body).split(`--${boundary}`).slice(1, -1)
    const [attributes, file] = parts.map(part => {
      const [head = '', ...rest] = part.split('\r\n\r\n')
      return { head, content: rest.join('\r\n\r\n').slice(0, -2) }
    })
    if (!attributes?.head.includes('name="attributes"')) {
      return refuse(
        reply,
        400,
        'metadata_after_file_contents',
        'The attributes must come before the file.'
      )
    }
    if (!/name="file"; filename="[^"]+"/.test(file?.head ?? ''))
      return refuse(reply, 400, 'bad_request', 'The file is missing.')
    const given: unknown = JSON.parse(attributes.content)
    const id = add(reply, store, 'file', isJsonObject(given) ? given : {}, file?.content)
    if (typeof id !== 'number') return id
    const row = store.prepare('SELECT * FROM items WHERE id = ?').get(id) ?? {}
    return reply.code(201).send({ total_count: 1, entries: [shown(request, store, row)] })
  })
}
