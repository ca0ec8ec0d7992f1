import type { TestContext } from 'node:test'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Members, ObjectTable } from './object-table.ts'
import { OBJECT_TABLE, objectTable } from './object-table.ts'
import { answerRefusals, RefusedCall } from './refused-call.ts'
import type { FakeApi } from './start-fake-api.ts'
import { startFakeApi } from './start-fake-api.ts'

export const TWILIO = { sid: 'AC0123456789abcdef0123456789abcdef', token: 'b7c1f0e2d4a69385' }

export const MESSAGES = `/2010-04-01/Accounts/${TWILIO.sid}/Messages`

const CALLER = `Basic ${Buffer.from(`${TWILIO.sid}:${TWILIO.token}`).toString('base64')}`

const SERVICE: { readonly [name: string]: string } = {
  FriendlyName: 'friendly_name',
  StickySender: 'sticky_sender',
  ValidityPeriod: 'validity_period',
  StatusCallback: 'status_callback'
}

/** Starts Twilio with 60 messages, of which `SM60` is the newest, and one messaging service. */
export function startTwilio(t: TestContext): Promise<FakeApi> {
  return startFakeApi(t, {
    sample: 'twilio',
    origins: ['https://api.twilio.com', 'https://messaging.twilio.com'],
    tables: OBJECT_TABLE,
    serve(app, store) {
      const table = objectTable(store)
      for (let number = 1; number <= 60; number++) {
        const at = Date.UTC(2024, 5, 1, number)
        const to = number % 2 === 0 ? '+12025550143' : '+12025550144'
        addMessage(table, { to, from: '+12025550100', body: `Message ${number}` }, at)
      }
      table.add('service', 'MG1', serviceOf('MG1', { friendly_name: 'Reservations' }))
      answerRefusals(app, refusal(404, 20404, 'The requested resource was not found'))
      app.addHook('preHandler', async ({ url, headers: { authorization } }) => {
        if (url === '/openapi.yaml' || authorization === CALLER) return
        throw refused(401, 20003, 'Authenticate')
      })
      serveMessages(app, table)
      serveServices(app, table)
    }
  })
}

function serveMessages(app: FastifyInstance, table: ObjectTable): void {
  app.get(`${MESSAGES}.json`, async request => {
    const query = new URL(request.url, 'http://x').searchParams
    const [to, from] = [query.get('To'), query.get('From')]
    const [before, after] = [moment(query, 'DateSent<'), moment(query, 'DateSent>')]
    const found = table
      .all('message')
      .toReversed()
      .filter(
        message => (to ?? message.to) === message.to && (from ?? message.from) === message.from
      )
      .filter(({ date_sent: sent }) => {
        const at = Date.parse(String(sent))
        return (before === null || at <= before) && (after === null || at >= after)
      })
    const { page, size, items, next, at } = pageOf(request, found)
    return {
      ...{ messages: items, page, page_size: size, start: page * size, uri: request.url },
      ...{ end: page * size + items.length - 1, first_page_uri: at(0), next_page_uri: next },
      previous_page_uri: page === 0 ? null : at(page - 1)
    }
  })
  app.post(`${MESSAGES}.json`, async (request, reply) => {
    const form = formOf(request)
    const [to, from, body] = [form.get('To'), form.get('From'), form.get('Body')]
    const service = form.get('MessagingServiceSid')
    if (!to) throw refused(400, 21604, "A 'To' phone number is required.")
    if (!/^\+\d{7,15}$/.test(to)) throw refused(400, 21211, `Invalid 'To' Phone Number: ${to}`)
    if (!from && !service) {
      throw refused(400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required.")
    }
    const media = form.getAll('MediaUrl')
    if (!body && media.length === 0) throw refused(400, 21602, 'Message body is required.')
    const made = { to, from, body: body ?? '', messaging_service_sid: service }
    return reply
      .code(201)
      .send(addMessage(table, { ...made, num_media: String(media.length) }, null))
  })
  app.get(`${MESSAGES}/:file`, async request => held(table, 'message', request))
  app.post(`${MESSAGES}/:file`, async request => {
    const message = held(table, 'message', request)
    const form = formOf(request)
    const [body, status] = [form.get('Body'), form.get('Status')]
    if (body) throw refused(400, 20001, "'Body' may only be blank, which redacts the message")
    if (status !== null && message.status !== 'queued') {
      throw refused(400, 30409, 'Message is not in a cancelable state')
    }
    const changed = { ...(body === '' && { body }), ...(status !== null && { status }) }
    return table.put('message', String(message.sid), { ...message, ...changed })
  })
  app.delete(`${MESSAGES}/:file`, async (request, reply) => {
    table.remove('message', String(held(table, 'message', request).sid))
    return reply.code(204).send()
  })
}

function serveServices(app: FastifyInstance, table: ObjectTable): void {
  app.get('/v1/Services', async request => {
    const { page, size, items, next, at } = pageOf(request, table.all('service'))
    const absolute = (path: string | null) => path && `http://${request.headers.host}${path}`
    const meta = { key: 'services', page, page_size: size, url: absolute(request.url) }
    const links = { first_page_url: absolute(at(0)), next_page_url: absolute(next) }
    return { services: items, meta: { ...meta, ...links, previous_page_url: null } }
  })
  app.post('/v1/Services', async (request, reply) => {
    const members = serviceMembers(request)
    if (!members.friendly_name)
      throw refused(400, 20001, 'Missing required parameter FriendlyName in the post body')
    const sid = `MG${table.all('service').length + 1}`
    return reply.code(201).send(table.add('service', sid, serviceOf(sid, members)))
  })
  app.get('/v1/Services/:file', async request => held(table, 'service', request))
  app.post('/v1/Services/:file', async request => {
    const service = held(table, 'service', request)
    return table.put('service', String(service.sid), { ...service, ...serviceMembers(request) })
  })
  app.delete('/v1/Services/:file', async (request, reply) => {
    table.remove('service', String(held(table, 'service', request).sid))
    return reply.code(204).send()
  })
}

/** One page, at `Page` of `PageSize`; a later one needs the token that its address has. */
function pageOf(request: FastifyRequest, all: readonly Members[]) {
  const url = new URL(request.url, 'http://x')
  const size = Number(url.searchParams.get('PageSize') ?? 50)
  if (!Number.isInteger(size) || size < 1) throw refused(400, 20006, 'Page size must be at least 1')
  const page = Number(url.searchParams.get('Page') ?? 0)
  if (page > 0 && url.searchParams.get('PageToken') !== `PT${page}`) {
    throw refused(400, 20006, 'Page number out of range')
  }
  const capped = Math.min(size, 1000)
  const at = (number: number): string => {
    url.searchParams.set('PageSize', String(capped))
    url.searchParams.set('Page', String(number))
    if (number > 0) url.searchParams.set('PageToken', `PT${number}`)
    return url.pathname + url.search
  }
  const items = all.slice(page * capped, (page + 1) * capped)
  const next = (page + 1) * capped < all.length ? at(page + 1) : null
  return { page, size: capped, items, next, at }
}

function addMessage(table: ObjectTable, given: Members, sentAt: number | null): Members {
  const sid = `SM${table.all('message').length + 1}`
  const written = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000')
  return table.add('message', sid, {
    sid,
    account_sid: TWILIO.sid,
    messaging_service_sid: null,
    status: sentAt === null ? 'queued' : 'delivered',
    direction: 'outbound-api',
    num_segments: '1',
    num_media: '0',
    price: sentAt === null ? null : '-0.00750',
    price_unit: 'USD',
    error_code: null,
    error_message: null,
    date_created: written(sentAt ?? Date.UTC(2024, 5, 18)),
    date_sent: sentAt === null ? null : written(sentAt),
    date_updated: written(sentAt ?? Date.UTC(2024, 5, 18)),
    subresource_uris: { media: `${MESSAGES}/${sid}/Media.json` },
    ...given
  })
}

function serviceOf(sid: string, members: Members): Members {
  const blank = { sticky_sender: true, validity_period: 14400, status_callback: null }
  const at = '2024-06-18T08:16:00Z'
  return { sid, account_sid: TWILIO.sid, ...blank, date_created: at, date_updated: at, ...members }
}

function serviceMembers(request: FastifyRequest): Members {
  return Object.fromEntries(
    [...formOf(request)].flatMap(([name, text]) => {
      const key = SERVICE[name]
      if (key === undefined) return []
      if (name === 'ValidityPeriod' && !(Number(text) >= 1 && Number(text) <= 14400)) {
        throw refused(400, 20001, 'ValidityPeriod must be between 1 and 14400')
      }
      const value = { StickySender: text === 'true', ValidityPeriod: Number(text) }[name]
      return [[key, value ?? (text === '' ? null : text)]]
    })
  )
}

function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  const type = headers['content-type'] ?? ''
  if (body && !type.startsWith('application/x-www-form-urlencoded')) {
    throw refused(415, 20415, 'Unsupported Media Type')
  }
  return new URLSearchParams(String(body ?? ''))
}

function held(table: ObjectTable, kind: string, { params, url }: FastifyRequest): Members {
  const sid = String(Object(params).file).replace(/\.json$/, '')
  const found = table.get(kind, sid)
  if (found !== undefined) return found
  throw refused(404, 20404, `The requested resource ${url} was not found`)
}

function moment(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null) return null
  if (!/^\d{4}-\d\d-\d\d(?:T[\d:]{8}Z)?$/.test(text)) {
    throw refused(400, 20001, `Invalid date: ${text}`)
  }
  return Date.parse(text)
}

function refusal(status: number, code: number, message: string) {
  const more = `https://www.twilio.com/docs/errors/${code}`
  return { status, body: { code, message, more_info: more, status } }
}

function refused(status: number, code: number, message: string): RefusedCall {
  return new RefusedCall(refusal(status, code, message))
}
