import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../service/base/json.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** The API key that the fake takes. */
export const API_KEY = 'SG.flow-key'

/** A fake of the SendGrid API v3, by https://www.twilio.com/docs/sendgrid/api-reference. */
export const sendgrid: FakeDefinition = {
  sample: 'sendgrid',
  origins: ['https://api.sendgrid.com'],
  tables: `
    create table templates (id text primary key, name text, generation text, updated_at text);
    create table groups (id integer primary key, name text unique, description text, is_default integer);
    create table bounces (email text primary key, created integer, reason text, status text);
    create table mails (id text primary key, json text);
    insert into groups values (4102, 'Newsletter', 'What is new', 1), (4103, 'Offers', 'Prices', 0)`,
  serve
}

type Ask = {
  Params: { readonly id: string }
  Querystring: { readonly [name: string]: string | undefined }
}
type Request = FastifyRequest<Ask>
type Fault = { readonly message: string; readonly field?: string }

function serve(app: FastifyInstance, store: DatabaseSync): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v3/')) return
    const given = request.headers.authorization
    const words =
      given === undefined
        ? 'authorization required'
        : 'The provided authorization grant is invalid, expired, or revoked'
    if (given !== `Bearer ${API_KEY}`) await refuse(reply, 401, { message: words })
  })
  app.post<Ask>('/v3/mail/send', async (request, reply) => {
    const mail = bodyOf(request)
    const faults = mailFaults(mail)
    if (faults.length > 0) return refuse(reply, 400, ...faults)
    const { count } = store.prepare('select count(*) as count from mails').get() ?? {}
    const id = `14c5d75ce93.dfd.64b46${String(count)}`
    store.prepare('insert into mails values (?, ?)').run(id, JSON.stringify(mail))
    return reply.code(202).header('x-message-id', id).send()
  })
  serveTemplates(app, store)
  serveGroups(app, store)
  serveBounces(app, store)
}

function serveTemplates(app: FastifyInstance, store: DatabaseSync): void {
  const one = (id: string): JsonObject | undefined => {
    const row = store.prepare('select * from templates where id = ?').get(id)
    return row && templateOf(row)
  }
  app.get<Ask>('/v3/templates', async (request, reply) => {
    const { generations = 'legacy', page_size: size, page_token: token } = request.query
    if (!(Number(size) >= 1 && Number(size) <= 200)) {
      return refuse(reply, 400, {
        field: 'page_size',
        message: 'page_size must be between 1 and 200'
      })
    }
    const asked = generations.split(',')
    const all = store.prepare('select * from templates order by rowid').all().map(templateOf)
    const found = all.filter(({ generation }) => asked.includes(String(generation)))
    const at = token === undefined ? 0 : Number(Buffer.from(token, 'base64url'))
    if (Number.isNaN(at))
      return refuse(reply, 400, { field: 'page_token', message: 'invalid page_token' })
    const end = at + Number(size)
    const page = (position: number) => {
      const query = `generations=${generations}&page_size=${size}&page_token=`
      return `http://${request.headers.host}/v3/templates?${query}${Buffer.from(String(position)).toString('base64url')}`
    }
    const next = end < found.length ? { next: page(end) } : {}
    return {
      result: found.slice(at, end),
      _metadata: { self: page(at), ...next, count: found.length }
    }
  })
  app.post<Ask>('/v3/templates', async (request, reply) => {
    const { name, generation = 'legacy' } = bodyOf(request)
    if (typeof name !== 'string' || name === '') {
      return refuse(reply, 400, { field: 'name', message: 'A name is required for your template.' })
    }
    const { count } = store.prepare('select count(*) as count from templates').get() ?? {}
    const id = `d-${String(Number(count)).padStart(32, 'a')}`
    const insert = store.prepare('insert into templates values (?, ?, ?, ?)')
    insert.run(id, name, String(generation), '2024-07-01 08:00:00')
    return reply.code(201).send(one(id))
  })
  const path = '/v3/templates/:id'
  app.get<Ask>(
    path,
    async ({ params }, reply) => one(params.id) ?? gone(reply, 'template not found')
  )
  app.patch<Ask>(path, async (request, reply) => {
    const { name } = bodyOf(request)
    if (one(request.params.id) === undefined) return gone(reply, 'template not found')
    store.prepare('update templates set name = ? where id = ?').run(String(name), request.params.id)
    return one(request.params.id)
  })
  app.delete<Ask>(path, async ({ params }, reply) => {
    const { changes } = store.prepare('delete from templates where id = ?').run(params.id)
    return changes === 0 ? gone(reply, 'template not found') : reply.code(204).send()
  })
}

function serveGroups(app: FastifyInstance, store: DatabaseSync): void {
  const one = (id: string): JsonObject | undefined => {
    const row = store.prepare('select * from groups where id = ?').get(Number(id))
    return row && groupOf(row)
  }
  app.get('/v3/asm/groups', async () =>
    store.prepare('select * from groups order by id').all().map(groupOf)
  )
  app.post<Ask>('/v3/asm/groups', async (request, reply) => {
    const given = bodyOf(request)
    const { name, description, is_default: isDefault } = given
    if (typeof name !== 'string' || typeof description !== 'string') {
      const field = typeof name === 'string' ? 'description' : 'name'
      return refuse(reply, 400, { field, message: `${field} is required` })
    }
    if (name.length > 30) return refuse(reply, 400, { field: 'name', message: 'name is too long' })
    const known = store.prepare('select 1 from groups where name = ?').get(name)
    if (known !== undefined)
      return refuse(reply, 400, { field: 'name', message: 'group name already exists' })
    const insert =
      'insert into groups (name, description, is_default) values (?, ?, ?) returning id'
    const made = store.prepare(insert).get(name, description, Number(isDefault === true))
    return reply.code(201).send(one(String(made?.id)))
  })
  const path = '/v3/asm/groups/:id'
  app.get<Ask>(path, async ({ params }, reply) => one(params.id) ?? gone(reply, 'group not found'))
  app.patch<Ask>(path, async (request, reply) => {
    const { id } = request.params
    if (one(id) === undefined) return gone(reply, 'group not found')
    const given = bodyOf(request)
    for (const name of ['name', 'description', 'is_default']) {
      const value = given[name]
      if (value === undefined) continue
      const plain = typeof value === 'boolean' ? Number(value) : String(value)
      store.prepare(`update groups set ${name} = ? where id = ?`).run(plain, Number(id))
    }
    return reply.code(201).send(one(id))
  })
  app.delete<Ask>(path, async ({ params }, reply) => {
    const { changes } = store.prepare('delete from groups where id = ?').run(Number(params.id))
    return changes === 0 ? gone(reply, 'group not found') : reply.code(204).send()
  })
}

function serveBounces(app: FastifyInstance, store: DatabaseSync): void {
  app.get<Ask>('/v3/suppression/bounces', async (request, reply) => {
    const {
      start_time: start = '0',
      end_time: end = '9999999999',
      limit,
      offset = '0'
    } = request.query
    const [size, at] = [Number(limit ?? 500), Number(offset)]
    if (!(size >= 1 && size <= 500))
      return refuse(reply, 400, { field: 'limit', message: 'invalid limit' })
    const select = 'select * from bounces where created between ? and ? order by rowid'
    const all = store.prepare(select).all(Number(start), Number(end))
    const link = (rel: string, position: number) =>
      `<https://api.sendgrid.com/v3/suppression/bounces?limit=${size}&offset=${position}>; rel="${rel}"; title="${position / size + 1}"`
    const links = [
      ...(at + size < all.length ? [link('next', at + size)] : []),
      link('first', 0),
      link('last', Math.floor(Math.max(0, all.length - 1) / size) * size)
    ]
    return reply.header('link', links.join(', ')).send(all.slice(at, at + size))
  })
  const path = '/v3/suppression/bounces/:id'
  app.get<Ask>(path, async ({ params }) =>
    store.prepare('select * from bounces where email = ?').all(params.id)
  )
  app.delete<Ask>(path, async ({ params }, reply) => {
    const { changes } = store.prepare('delete from bounces where email = ?').run(params.id)
    return changes === 0
      ? gone(reply, 'email not found in suppression list')
      : reply.code(204).send()
  })
}

/** What is wrong with a mail, by the place of it. */
function mailFaults(mail: JsonObject): Fault[] {
  const { personalizations, from, subject, content, template_id: template } = mail
  const isAddress = (value: JsonValue | undefined) =>
    /^[^@\s]+@[^@\s]+$/.test((value !== undefined && textMember(value, 'email')) || '')
  const to = (isJsonArray(personalizations) ? personalizations : []).map(each => member(each, 'to'))
  const isFilled = to.length > 0 && to.every(list => isJsonArray(list) && list.length > 0)
  const wrong = to.findIndex(list => isJsonArray(list) && !list.every(isAddress))
  return [
    ...(isFilled
      ? []
      : [
          {
            field: 'personalizations',
            message:
              'The personalizations field is required and must have at least one personalization.'
          }
        ]),
    ...(wrong === -1
      ? []
      : [{ field: `personalizations.${wrong}.to`, message: 'Does not contain a valid address.' }]),
    ...(isAddress(from)
      ? []
      : [{ field: 'from.email', message: 'The from email does not contain a valid address.' }]),
    ...(typeof subject === 'string' || template !== undefined
      ? []
      : [{ field: 'subject', message: 'The subject is required.' }]),
    ...(isJsonArray(content) || template !== undefined
      ? []
      : [
          {
            field: 'content',
            message: 'Unless a valid template_id is provided, the content parameter is required.'
          }
        ])
  ]
}

function templateOf({
  id,
  name,
  generation,
  updated_at: at
}: {
  readonly [column: string]: unknown
}): JsonObject {
  const versions = [
    { id: '5c6d7e8f-0a1b-4c2d-9e3f-4a5b6c7d8e9f', name: 'First', active: 1, subject: 'Hello' }
  ]
  return {
    id: String(id),
    name: String(name),
    generation: String(generation),
    updated_at: String(at),
    versions
  }
}

function groupOf({
  id,
  name,
  description,
  is_default: isDefault
}: {
  readonly [column: string]: unknown
}): JsonObject {
  return {
    ...{ id: Number(id), name: String(name), description: String(description) },
    ...{ is_default: isDefault === 1, unsubscribes: 0 }
  }
}

function bodyOf({ body }: Request): JsonObject {
  const given = parseJson(String(body))
  return isJsonObject(given) ? given : {}
}

function gone(reply: FastifyReply, message: string): FastifyReply {
  return refuse(reply, 404, { message })
}

function refuse(reply: FastifyReply, status: number, ...faults: readonly Fault[]): FastifyReply {
  const errors = faults.map(({ message, field = null }) => ({ message, field, help: null }))
  return reply.code(status).send({ errors })
}
