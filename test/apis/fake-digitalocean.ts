import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { randomUUID } from 'node:crypto'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { isJsonArray, type JsonObject } from '../../service/base/json.ts'
import { jsonBody, queryOf } from './read-request.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** A personal access token, and one that the OAuth login grants. */
export const DIGITALOCEAN = {
  token: `dop_v1_${'a'.repeat(40)}`,
  userToken: `doo_v1_${'b'.repeat(40)}`,
  client: { id: 'flow-client', secret: 'flow-secret' },
  code: 'good-code'
}

type Row = Record<string, SQLOutputValue>

const REGIONS: { readonly [slug: string]: string } = { nyc3: 'New York 3', ams3: 'Amsterdam 3' }

const SIZES: { readonly [slug: string]: JsonObject } = {
  's-1vcpu-1gb': { slug: 's-1vcpu-1gb', memory: 1024, vcpus: 1, disk: 25, price_monthly: 6 },
  's-2vcpu-4gb': { slug: 's-2vcpu-4gb', memory: 4096, vcpus: 2, disk: 80, price_monthly: 24 }
}

const IMAGE = {
  id: 63663980,
  slug: 'ubuntu-24-04-x64',
  name: '24.04 (LTS) x64',
  distribution: 'Ubuntu'
}

const TABLES = `
  CREATE TABLE droplets (id INTEGER PRIMARY KEY, name TEXT, region TEXT, size TEXT, tags TEXT);
  CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT UNIQUE, description TEXT DEFAULT '', purpose TEXT, environment TEXT);
  CREATE TABLE domains (name TEXT PRIMARY KEY, ttl INTEGER);
  CREATE TABLE domain_records (
    id INTEGER PRIMARY KEY, domain TEXT, type TEXT, name TEXT, data TEXT, priority INTEGER, ttl INTEGER);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
    INSERT INTO droplets SELECT 3164400 + i, printf('web-%03d', i), iif(i % 3, 'nyc3', 'ams3'), 's-1vcpu-1gb',
      iif(i % 10, '["web"]', '["web","staging"]') FROM n;
  INSERT INTO projects VALUES
    ('4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679', 'web-shop', 'What customers see', 'Web Application', 'Production');
  INSERT INTO domains VALUES ('example.com', 1800), ('example.org', 1800);
  INSERT INTO domain_records VALUES
    (28448429, 'example.com', 'NS', '@', 'ns1.example.net', NULL, 1800),
    (28448430, 'example.com', 'A', 'www', '203.0.113.10', NULL, 3600),
    (28448431, 'example.com', 'MX', '@', 'mail.example.com', 10, 3600),
    (28448432, 'example.org', 'A', '@', '203.0.113.11', NULL, 3600);`

/** DigitalOcean: refuses wrong tokens, pages over 200 and fields that are missing, with its error envelope. */
export const fakeDigitalOcean: FakeDefinition = {
  sample: 'digitalocean',
  origins: ['https://api.digitalocean.com', 'https://cloud.digitalocean.com'],
  tables: TABLES,
  serve(app, store) {
    app.addHook('onRequest', async ({ url, headers }, reply) => {
      if (!url.startsWith('/v2/')) return
      reply.headers({
        'ratelimit-limit': 5000,
        'ratelimit-remaining': 4321,
        'ratelimit-reset': Math.ceil(Date.now() / 1000) + 3600
      })
      const known = [DIGITALOCEAN.token, DIGITALOCEAN.userToken].map(token => `Bearer ${token}`)
      if (known.includes(headers.authorization ?? '')) return
      await refuse(reply, 401, 'Unauthorized', 'Unable to authenticate you')
    })
    serveAccount(app)
    serveDroplets(app, store)
    serveProjects(app, store)
    serveDomains(app, store)
  }
}

function refuse(reply: FastifyReply, status: number, id: string, message: string): FastifyReply {
  return reply.code(status).send({ id, message, request_id: randomUUID() })
}

function notFound(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, 'not_found', 'The resource you requested could not be found.')
}

/** A page as the API writes it: links of the first page have no `prev`, those of the last no `next`. */
function page(request: FastifyRequest, name: string, rows: readonly object[]): object | undefined {
  const asked = queryOf(request)
  const size = Number(asked.get('per_page') ?? 20)
  const number = Number(asked.get('page') ?? 1)
  if (!(size >= 1 && size <= 200 && number >= 1)) return undefined
  const last = Math.max(1, Math.ceil(rows.length / size))
  const { host } = request.headers
  const at = (to: number): string => {
    const pairs = new URLSearchParams(asked)
    pairs.set('page', String(to))
    return `http://${host}${new URL(request.url, 'http://x').pathname}?${pairs}`
  }
  const pages = {
    ...(number > 1 && { first: at(1), prev: at(number - 1) }),
    ...(number < last && { next: at(number + 1), last: at(last) })
  }
  return {
    [name]: rows.slice((number - 1) * size, number * size),
    links: Object.keys(pages).length === 0 ? {} : { pages },
    meta: { total: rows.length }
  }
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  rows: readonly object[]
): object {
  return (
    page(request, name, rows) ??
    refuse(reply, 422, 'unprocessable_entity', 'per_page must be from 1 to 200 and page positive.')
  )
}

function serveAccount(app: FastifyInstance): void {
  const account = {
    uuid: 'b6fr89dbf6d9156cace5f3c78dc9851d957381ef',
    email: 'ops@example.com',
    email_verified: true,
    droplet_limit: 25,
    status: 'active'
  }
  app.get('/v2/account', async () => ({ account }))
  app.post('/v1/oauth/token', async ({ body }, reply) => {
    const form = new URLSearchParams(String(body))
    const { client, code, userToken } = DIGITALOCEAN
    const isClient =
      form.get('client_id') === client.id && form.get('client_secret') === client.secret
    if (!isClient) return reply.code(401).send({ error: 'invalid_client' })
    if (form.get('code') !== code) return reply.code(400).send({ error: 'invalid_grant' })
    const { uuid, email } = account
    const info = { name: 'Ops', email, uuid }
    return {
      access_token: userToken,
      token_type: 'bearer',
      expires_in: 2592000,
      scope: 'read write',
      info
    }
  })
}

function droplet({ id, name, region, size, tags }: Row): object {
  const slug = String(region)
  return {
    id,
    name,
    status: 'active',
    region: { slug, name: REGIONS[slug], available: true },
    image: IMAGE,
    size: SIZES[String(size)],
    size_slug: size,
    networks: {
      v4: [{ ip_address: '203.0.113.10', netmask: '255.255.240.0', type: 'public' }],
      v6: []
    },
    tags: JSON.parse(String(tags)),
    features: ['monitoring'],
    created_at: '2024-03-04T09:12:00Z'
  }
}

function serveDroplets(app: FastifyInstance, store: DatabaseSync): void {
  const find = store.prepare('SELECT * FROM droplets WHERE id = ?')
  app.get('/v2/droplets', async (request, reply) => {
    const tag = queryOf(request).get('tag_name')
    const rows = store.prepare('SELECT * FROM droplets ORDER BY id').all()
    const tagged = rows.filter(({ tags }) => tag === null || JSON.parse(String(tags)).includes(tag))
    return sendPage(request, reply, 'droplets', tagged.map(droplet))
  })
  app.post('/v2/droplets', async (request, reply) => {
    const { name, region = 'nyc3', size, image, tags = [] } = jsonBody(request)
    if (typeof name !== 'string' || !/^[a-z\d.-]+$/i.test(name)) {
      const words = 'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)'
      return refuse(reply, 422, 'unprocessable_entity', words)
    }
    const isKnown =
      typeof region === 'string' && REGIONS[region] && typeof size === 'string' && SIZES[size]
    const isImage = image === IMAGE.slug || image === IMAGE.id || image === String(IMAGE.id)
    if (!isKnown || !isImage || !isJsonArray(tags) || !tags.every(tag => typeof tag === 'string')) {
      return refuse(
        reply,
        422,
        'unprocessable_entity',
        'You specified an invalid region, size, image or tag.'
      )
    }
    const { lastInsertRowid } = store
      .prepare('INSERT INTO droplets (name, region, size, tags) VALUES (?, ?, ?, ?)')
      .run(name, region, size, JSON.stringify(tags))
    const made = {
      ...droplet(find.get(lastInsertRowid) ?? {}),
      status: 'new',
      networks: { v4: [], v6: [] }
    }
    const links = { actions: [{ id: 7515, rel: 'create', href: '/v2/actions/7515' }] }
    return reply.code(202).send({ droplet: made, links })
  })
  app.get<{ Params: { id: string } }>('/v2/droplets/:id', async ({ params }, reply) => {
    const row = find.get(params.id)
    return row === undefined ? notFound(reply) : { droplet: droplet(row) }
  })
  app.delete<{ Params: { id: string } }>('/v2/droplets/:id', async ({ params }, reply) => {
    const { changes } = store.prepare('DELETE FROM droplets WHERE id = ?').run(params.id)
    return changes === 0 ? notFound(reply) : reply.code(204).send()
  })
}

function project(row: Row): object {
  const dates = { created_at: '2024-02-01T08:00:00Z', updated_at: '2024-05-01T08:00:00Z' }
  return { ...row, owner_id: 258992, is_default: false, ...dates }
}

const PROJECT_FIELDS = ['name', 'description', 'purpose', 'environment']

function serveProjects(app: FastifyInstance, store: DatabaseSync): void {
  const find = store.prepare('SELECT * FROM projects WHERE id = ?')
  app.get('/v2/projects', async (request, reply) =>
    sendPage(request, reply, 'projects', store.prepare('SELECT * FROM projects').all().map(project))
  )
  app.post('/v2/projects', async (request, reply) => {
    const { name, description = '', purpose, environment = null } = jsonBody(request)
    if (typeof name !== 'string' || name === '' || typeof purpose !== 'string' || purpose === '') {
      return refuse(reply, 422, 'unprocessable_entity', 'name and purpose are required')
    }
    if (store.prepare('SELECT 1 FROM projects WHERE name = ?').get(name)) {
      return refuse(reply, 409, 'conflict', 'name is already in use')
    }
    const id = randomUUID()
    store
      .prepare('INSERT INTO projects VALUES (?, ?, ?, ?, ?)')
      .run(
        id,
        name,
        String(description),
        purpose,
        environment === null ? null : String(environment)
      )
    return reply.code(201).send({ project: project(find.get(id) ?? {}) })
  })
  app.get<{ Params: { id: string } }>('/v2/projects/:id', async ({ params }, reply) => {
    const row = find.get(params.id)
    return row === undefined ? notFound(reply) : { project: project(row) }
  })
  app.patch<{ Params: { id: string } }>('/v2/projects/:id', async (request, reply) => {
    const { id } = request.params
    if (find.get(id) === undefined) return notFound(reply)
    change(store, 'projects', PROJECT_FIELDS, id, jsonBody(request))
    return { project: project(find.get(id) ?? {}) }
  })
  app.delete<{ Params: { id: string } }>('/v2/projects/:id', async ({ params }, reply) => {
    const { changes } = store.prepare('DELETE FROM projects WHERE id = ?').run(params.id)
    return changes === 0 ? notFound(reply) : reply.code(204).send()
  })
}

/** Writes those of the fields that are sent. */
function change(
  store: DatabaseSync,
  table: string,
  fields: readonly string[],
  id: string,
  sent: JsonObject
): void {
  for (const field of fields.filter(name => sent[name] !== undefined)) {
    const { [field]: value = null } = sent
    const text = typeof value === 'string' || value === null ? value : JSON.stringify(value)
    store.prepare(`UPDATE ${table} SET ${field} = ? WHERE id = ?`).run(text, id)
  }
}

const RECORD_FIELDS = ['type', 'name', 'data', 'priority', 'ttl']

function serveDomains(app: FastifyInstance, store: DatabaseSync): void {
  type Params = { Params: { domain: string; id: string } }
  const domain = store.prepare('SELECT * FROM domains WHERE name = ?')
  const find = store.prepare(
    `SELECT id, ${RECORD_FIELDS.join(', ')} FROM domain_records WHERE domain = ? AND id = ?`
  )
  const list = store.prepare(
    `SELECT id, ${RECORD_FIELDS.join(', ')} FROM domain_records WHERE domain = ? AND (? IS NULL OR type = ?)`
  )
  app.get('/v2/domains', async (request, reply) =>
    sendPage(request, reply, 'domains', store.prepare('SELECT * FROM domains').all())
  )
  app.get<Params>('/v2/domains/:domain/records', async (request, reply) => {
    if (domain.get(request.params.domain) === undefined) return notFound(reply)
    const type = queryOf(request).get('type')
    return sendPage(request, reply, 'domain_records', list.all(request.params.domain, type, type))
  })
  app.post<Params>('/v2/domains/:domain/records', async (request, reply) => {
    const { domain: name } = request.params
    if (domain.get(name) === undefined) return notFound(reply)
    const { type, data, name: host = '@', priority = null, ttl = 1800 } = jsonBody(request)
    if (
      typeof type !== 'string' ||
      typeof data !== 'string' ||
      (type === 'MX' && priority === null)
    ) {
      return refuse(
        reply,
        422,
        'unprocessable_entity',
        'Data needs to be set, and priority for MX records.'
      )
    }
    const { lastInsertRowid: id } = store
      .prepare(
        'INSERT INTO domain_records (domain, type, name, data, priority, ttl) VALUES (?, ?, ?, ?, ?, ?)'
      )
      .run(name, type, String(host), data, priority === null ? null : Number(priority), Number(ttl))
    return reply.code(201).send({ domain_record: find.get(name, id) })
  })
  app.get<Params>('/v2/domains/:domain/records/:id', async ({ params }, reply) => {
    const row = find.get(params.domain, params.id)
    return row === undefined ? notFound(reply) : { domain_record: row }
  })
  app.patch<Params>('/v2/domains/:domain/records/:id', async (request, reply) => {
    const { params } = request
    if (find.get(params.domain, params.id) === undefined) return notFound(reply)
    change(store, 'domain_records', RECORD_FIELDS, params.id, jsonBody(request))
    return { domain_record: find.get(params.domain, params.id) }
  })
  app.delete<Params>('/v2/domains/:domain/records/:id', async ({ params }, reply) => {
    const { changes } = store
      .prepare('DELETE FROM domain_records WHERE domain = ? AND id = ?')
      .run(params.domain, params.id)
    return changes === 0 ? notFound(reply) : reply.code(204).send()
  })
}
