import type { TestContext } from 'node:test'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Members, ObjectTable } from './object-table.ts'
import { OBJECT_TABLE, objectTable } from './object-table.ts'
import { answerRefusals, RefusedCall } from './refused-call.ts'
import type { FakeApi } from './start-fake-api.ts'
import { startFakeApi } from './start-fake-api.ts'

export const ZOOM_TOKEN = 'eyJzdiI6IjAwMDAwMSJ9.harbour'
const USER_TOKEN = 'eyJzdiI6IjAwMDAwMSJ9.ada'

export const ZOOM_CLIENT = { id: 'CdW0aYIPTLmiYLzHPTOZ9w', secret: '7h3s3cr3tOfTheApp' }

/** The code that the fake takes. */
export const ZOOM_CODE = 'obBEe8ewaL_KdYKjnimT4KPd8KKdQt9FQ'

const HOST = '30R7kT7bTIKSNUFEuH_Qlg'
const FIRST_MEETING = 97763643800

/** What a list of a meeting shows; the rest is in the meeting itself. */
const LISTED = 'id uuid host_id topic type start_time duration timezone created_at join_url'.split(
  ' '
)

/** Starts Zoom with 40 meetings of the user, two registrants of the first one, three users and a meeting that is over. */
export function startZoom(t: TestContext): Promise<FakeApi> {
  return startFakeApi(t, {
    sample: 'zoom',
    origins: ['https://api.zoom.us', 'https://zoom.us'],
    tables: OBJECT_TABLE,
    serve(app, store) {
      const table = objectTable(store)
      for (let number = 0; number < 40; number++) {
        addMeeting(table, { topic: `Meeting ${number}`, type: number % 4 === 0 ? 8 : 2 })
      }
      for (const name of ['Noor', 'Tim']) addRegistrant(table, String(FIRST_MEETING), name)
      addUser(table, HOST, { email: 'ada.marsh@example.com', first_name: 'Ada', type: 2 }, 'active')
      addUser(table, 'U2', { email: 'noor@example.org', first_name: 'Noor', type: 1 }, 'active')
      addUser(table, 'U3', { email: 'tim@example.org', first_name: 'Tim', type: 1 }, 'inactive')
      const uuid = '/aDYlohsHRtCd4ii1uC2hA=='
      table.add('past', uuid, { uuid, id: 97763643886, topic: 'Review', participants_count: 6 })
      answerRefusals(app, refusal(404, 404, 'Request path not found.'))
      serveLogin(app)
      app.addHook('preHandler', async ({ url, headers: { authorization } }) => {
        if (url === '/openapi.yaml' || url.startsWith('/oauth/')) return
        if (authorization === `Bearer ${ZOOM_TOKEN}` || authorization === `Bearer ${USER_TOKEN}`)
          return
        throw refused(401, 124, 'Invalid access token.')
      })
      serveMeetings(app, table)
      serveRegistrants(app, table)
      serveUsers(app, table)
      app.get('/v2/past_meetings/:id', async ({ params }) => {
        // The router has decoded once.
        const found = table.get('past', decodeURIComponent(Object(params).id))
        return found ?? refuse(404, 3001, 'Meeting does not exist.')
      })
    }
  })
}

function serveMeetings(app: FastifyInstance, table: ObjectTable): void {
  app.get('/v2/users/:id/meetings', async request => {
    const shown = table.all('meeting').map(meeting => pick(meeting, LISTED))
    return pageOf(request, 'meetings', shown)
  })
  app.post('/v2/users/:id/meetings', async (request, reply) =>
    reply.code(201).send(addMeeting(table, meetingBody(request)))
  )
  app.get('/v2/meetings/:id', async request => heldMeeting(table, request))
  app.patch('/v2/meetings/:id', async (request, reply) => {
    const meeting = heldMeeting(table, request)
    const { settings, ...rest } = meetingBody(request)
    const changed = { ...Object(meeting.settings), ...Object(settings) }
    table.put('meeting', String(meeting.id), { ...meeting, ...rest, settings: changed })
    return reply.code(204).send()
  })
  app.delete('/v2/meetings/:id', async (request, reply) => {
    table.remove('meeting', String(heldMeeting(table, request).id))
    return reply.code(204).send()
  })
}

function serveRegistrants(app: FastifyInstance, table: ObjectTable): void {
  const path = '/v2/meetings/:id/registrants'
  const kindOf = (request: FastifyRequest): string => `registrant ${heldMeeting(table, request).id}`
  app.get(path, async request => {
    const status = queryOf(request).get('status') ?? 'approved'
    const all = table.all(kindOf(request)).filter(registrant => registrant.status === status)
    return pageOf(request, 'registrants', all)
  })
  app.post(path, async (request, reply) => {
    const { id, topic, join_url } = heldMeeting(table, request)
    const { email, first_name: name } = bodyOf(request)
    if (!email) throw invalid('email', 'The email field is required.')
    const { id: registrantId } = addRegistrant(table, String(id), String(name))
    return reply.code(201).send({ registrant_id: registrantId, id, topic, join_url })
  })
  app.delete(`${path}/:registrant`, async (request, reply) => {
    const { registrant } = Object(request.params)
    if (!table.get(kindOf(request), registrant)) throw refused(404, 3001, 'Registrant not found.')
    table.remove(kindOf(request), registrant)
    return reply.code(204).send()
  })
}

function serveUsers(app: FastifyInstance, table: ObjectTable): void {
  const held = ({ params }: FastifyRequest): Members => {
    const { id } = Object(params)
    return (
      table.get('user', id === 'me' ? HOST : id) ?? refuse(404, 1001, `User does not exist: ${id}.`)
    )
  }
  app.get('/v2/users', async request => {
    const status = queryOf(request).get('status') ?? 'active'
    return pageOf(
      request,
      'users',
      table.all('user').filter(user => user.status === status)
    )
  })
  app.post('/v2/users', async (request, reply) => {
    const { action, user_info: user } = bodyOf(request)
    if (action !== 'create') throw invalid('action', 'The action field is required.')
    const { email, ...members } = Object(user)
    if (!email) throw invalid('user_info.email', 'The email field is required.')
    if (table.all('user').some(known => known.email === email)) {
      throw refused(409, 1005, `User already in the account: ${email}`)
    }
    const id = `U${table.all('user').length + 1}`
    return reply.code(201).send(addUser(table, id, { email, ...members }, 'pending'))
  })
  app.get('/v2/users/:id', async request => held(request))
  app.patch('/v2/users/:id', async (request, reply) => {
    const user = held(request)
    table.put('user', String(user.id), { ...user, ...bodyOf(request) })
    return reply.code(204).send()
  })
  app.delete('/v2/users/:id', async (request, reply) => {
    const user = held(request)
    if (queryOf(request).get('action') !== 'delete') throw refused(400, 300, 'Only disassociated.')
    table.remove('user', String(user.id))
    return reply.code(204).send()
  })
}

/** OAuth as Zoom has it: the secret in the header only. */
function serveLogin(app: FastifyInstance): void {
  const client = Buffer.from(`${ZOOM_CLIENT.id}:${ZOOM_CLIENT.secret}`).toString('base64')
  app.post('/oauth/token', async ({ headers, body }, reply) => {
    if (headers.authorization !== `Basic ${client}`) {
      return reply
        .code(401)
        .send({ reason: 'Invalid client_id or client_secret', error: 'invalid_client' })
    }
    if (new URLSearchParams(String(body)).get('code') !== ZOOM_CODE) {
      return reply.code(400).send({ reason: 'Invalid authorization code', error: 'invalid_grant' })
    }
    const token = { access_token: USER_TOKEN, refresh_token: 'r1', token_type: 'bearer' }
    return { ...token, expires_in: 3599, scope: 'user:read:user' }
  })
}

function pageOf(request: FastifyRequest, key: string, all: readonly Members[]): Members {
  const query = queryOf(request)
  const size = Math.min(300, Number(query.get('page_size') ?? 30))
  const token = query.get('next_page_token') ?? ''
  const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start))
    throw refused(400, 300, 'The next page token is invalid or expired.')
  const end = start + size
  const next = end < all.length ? Buffer.from(String(end)).toString('base64url') : ''
  const members = { [key]: all.slice(start, end), page_size: size }
  return { next_page_token: next, total_records: all.length, ...members }
}

function addMeeting(table: ObjectTable, given: Members): Members {
  const id = FIRST_MEETING + table.all('meeting').length
  return table.add('meeting', String(id), {
    id,
    uuid: `uuid${id}==`,
    host_id: HOST,
    agenda: 'As usual',
    type: 2,
    start_time: '2024-06-18T08:00:00Z',
    duration: 45,
    timezone: 'Europe/London',
    created_at: '2024-06-11T15:20:11Z',
    join_url: `https://example.zoom.us/j/${id}`,
    tracking_fields: [],
    ...given,
    settings: {
      host_video: true,
      join_before_host: false,
      approval_type: 2,
      ...Object(given.settings)
    }
  })
}

function addRegistrant(table: ObjectTable, meeting: string, name: string): Members {
  const kind = `registrant ${meeting}`
  const id = `R${table.all(kind).length + 1}`
  const email = `${name.toLowerCase()}@example.org`
  return table.add(kind, id, { id, email, first_name: name, status: 'approved' })
}

function addUser(table: ObjectTable, id: string, members: Members, status: string): Members {
  const created = { group_ids: [], created_at: '2023-03-02T10:00:00Z' }
  return table.add('user', id, { id, last_name: '', dept: '', status, ...created, ...members })
}

function heldMeeting(table: ObjectTable, { params }: FastifyRequest): Members {
  const { id } = Object(params)
  return table.get('meeting', id) ?? refuse(404, 3001, `Meeting does not exist: ${id}.`)
}

function meetingBody(request: FastifyRequest): Members {
  const body = bodyOf(request)
  if (String(body.topic ?? '').length > 200) throw invalid('topic', 'The topic is too long.')
  const unknown = ['id', 'uuid', 'join_url'].find(name => name in body)
  if (unknown !== undefined) throw invalid(unknown, 'Invalid field.')
  return body
}

function pick(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)))
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URL(url, 'http://x').searchParams
}

function bodyOf({ body, headers }: FastifyRequest): Members {
  if (!headers['content-type']?.startsWith('application/json')) {
    throw refused(415, 300, 'Unsupported Content Type')
  }
  return JSON.parse(String(body))
}

function refusal(status: number, code: number, message: string, more: object = {}) {
  return { status, body: { code, message, ...more } }
}

function refused(status: number, code: number, message: string, more?: object): RefusedCall {
  return new RefusedCall(refusal(status, code, message, more))
}

function refuse(status: number, code: number, message: string): never {
  throw refused(status, code, message)
}

function invalid(field: string, message: string): RefusedCall {
  return refused(400, 300, 'Validation Failed.', { errors: [{ field, message }] })
}
