import type { TestContext } from 'node:test'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Members, ObjectTable } from './object-table.ts'
import { OBJECT_TABLE, objectTable } from './object-table.ts'
import { answerRefusals, RefusedCall } from './refused-call.ts'
import type { FakeApi } from './start-fake-api.ts'
import { startFakeApi } from './start-fake-api.ts'

/** The secret key that the fake takes. */
export const STRIPE_KEY = 'sk_test_51NmarshHarbourRow'

/** What a create or an update takes. The members of a `hash` are its list. */
type Field = 'text' | 'integer' | 'boolean' | 'map' | 'list' | readonly string[]
type Fields = { readonly [name: string]: Field }

type Resource = {
  readonly path: string
  readonly kind: string
  readonly filters: readonly string[]
  readonly create: Fields
  readonly update: Fields
  readonly blank: Members
  readonly required: readonly string[]
}

const CUSTOMER: Fields = {
  name: 'text',
  email: 'text',
  phone: 'text',
  description: 'text',
  balance: 'integer',
  address: ['line1', 'line2', 'city', 'postal_code', 'state', 'country'],
  invoice_settings: ['footer', 'default_payment_method'],
  metadata: 'map',
  preferred_locales: 'list',
  tax_exempt: 'text'
}

const CUSTOMERS: Resource = {
  path: 'customers',
  kind: 'customer',
  filters: ['email', 'created[gt]', 'created[gte]', 'created[lt]', 'created[lte]'],
  create: CUSTOMER,
  update: CUSTOMER,
  required: [],
  blank: {
    name: null,
    email: null,
    phone: null,
    description: null,
    balance: 0,
    delinquent: false,
    livemode: false,
    address: null,
    invoice_settings: { footer: null, default_payment_method: null },
    metadata: {},
    preferred_locales: [],
    tax_exempt: 'none'
  }
}

const PRICES: Resource = {
  path: 'prices',
  kind: 'price',
  filters: ['active', 'currency', 'product'],
  create: {
    active: 'boolean',
    currency: 'text',
    nickname: 'text',
    product: 'text',
    recurring: ['interval', 'interval_count'],
    unit_amount: 'integer',
    unit_amount_decimal: 'text'
  },
  update: { active: 'boolean', nickname: 'text' },
  required: ['currency', 'product'],
  blank: { active: true, nickname: null, recurring: null, unit_amount: null }
}

/** Starts Stripe with 25 customers, of which `cus_25` is the newest, and two prices. */
export function startStripe(t: TestContext): Promise<FakeApi> {
  return startFakeApi(t, {
    sample: 'stripe',
    origins: ['https://api.stripe.com'],
    tables: `${OBJECT_TABLE}; CREATE TABLE answers (key TEXT PRIMARY KEY, request TEXT, answer TEXT)`,
    serve(app, store) {
      const table = objectTable(store)
      for (let number = 1; number <= 25; number++) addCustomer(table, number)
      addPrice(table, 'price_whole', 1250, '1250')
      addPrice(table, 'price_parts', null, '0.053712345678')
      answerRefusals(app, refusal(404, 'Unrecognized request URL.'))
      app.addHook('preHandler', async request => refuseStrangers(request))
      const answers = {
        get: store.prepare('SELECT request, answer FROM answers WHERE key = ?'),
        add: store.prepare('INSERT INTO answers (key, request, answer) VALUES (?, ?, ?)')
      }
      // A key of idempotency stands for one call: its answer is given again, and other parameters are refused.
      const once = (request: FastifyRequest, reply: FastifyReply, act: () => Members): Members => {
        const { 'idempotency-key': key } = request.headers
        if (typeof key !== 'string') return act()
        const call = `${request.url} ${request.body}`
        const held = answers.get.get(key)
        if (held === undefined) {
          const made = act()
          answers.add.run(key, call, JSON.stringify(made))
          return made
        }
        if (held.request !== call) {
          const type = 'idempotency_error'
          throw refused(400, 'Keys for idempotent requests can only be used once.', { type })
        }
        reply.header('Idempotent-Replayed', 'true')
        return JSON.parse(String(held.answer))
      }
      for (const resource of [CUSTOMERS, PRICES]) serveResource(app, table, resource, once)
    }
  })
}

function addCustomer(table: ObjectTable, number: number): void {
  table.add('customer', `cus_${number}`, {
    ...CUSTOMERS.blank,
    id: `cus_${number}`,
    object: 'customer',
    created: 1718600000 + number * 60,
    name: `Customer ${number}`,
    email: `c${number}@example.com`,
    balance: number * -100,
    address: address({ line1: `${number} Harbour Row`, city: 'Leeds', country: 'GB' }),
    metadata: { crm_id: String(number), tier: number % 2 === 0 ? 'even' : 'odd' },
    preferred_locales: number % 2 === 0 ? ['en-GB', 'en'] : []
  })
}

function address(members: Members): Members {
  return { line1: null, line2: null, city: null, postal_code: null, state: null, ...members }
}

function addPrice(table: ObjectTable, id: string, amount: number | null, decimal: string): void {
  table.add('price', id, {
    ...PRICES.blank,
    id,
    object: 'price',
    active: amount !== null,
    created: 1718600000,
    currency: 'eur',
    product: 'prod_tea',
    unit_amount: amount,
    unit_amount_decimal: decimal
  })
}

type Once = (request: FastifyRequest, reply: FastifyReply, act: () => Members) => Members

function serveResource(app: FastifyInstance, table: ObjectTable, resource: Resource, once: Once) {
  const { path, kind, create, update, blank, required } = resource
  const held = (request: FastifyRequest): Members => {
    const { id } = Object(request.params)
    const code = 'resource_missing'
    return table.get(kind, id) ?? refuse(404, `No such ${kind}: '${id}'`, { code, param: 'id' })
  }
  app.get(`/v1/${path}`, async request => listOf(table, resource, request))
  app.get(`/v1/${path}/:id`, async request => held(request))
  app.post(`/v1/${path}`, async (request, reply) =>
    once(request, reply, () => {
      const count = table.all(kind).length + 1
      const id = `${kind === 'price' ? 'price' : 'cus'}_${count}`
      const made = readForm(request, create, { ...blank, id, object: kind, created: 1718700000 })
      for (const param of required) {
        const code = 'parameter_missing'
        if (made[param] === undefined) {
          throw refused(400, `Missing required param: ${param}.`, { code, param })
        }
      }
      if (kind === 'price') setAmounts(made)
      return table.add(kind, id, made)
    })
  )
  app.post(`/v1/${path}/:id`, async (request, reply) =>
    once(request, reply, () => {
      const before = held(request)
      return table.put(kind, String(before.id), readForm(request, update, { ...before }))
    })
  )
  if (kind === 'price') return
  app.delete(`/v1/${path}/:id`, async request => {
    const { id, deleted } = held(request)
    if (deleted === true) throw refused(404, `No such ${kind}: '${id}'`, { param: 'id' })
    return table.put(kind, String(id), { id, object: kind, deleted: true })
  })
}

/** A whole decimal is an amount too, and an amount is a decimal. */
function setAmounts(price: Members): void {
  const { unit_amount: amount, unit_amount_decimal: decimal } = price
  if (decimal === undefined) price.unit_amount_decimal = String(amount)
  else if (!/^\d+(?:\.\d{1,12})?$/.test(String(decimal))) {
    throw refused(400, `Invalid decimal: ${decimal}`, { param: 'unit_amount_decimal' })
  } else if (!String(decimal).includes('.')) price.unit_amount = Number(decimal)
}

function listOf(table: ObjectTable, { path, kind, filters }: Resource, request: FastifyRequest) {
  const query = new URL(request.url, 'http://x').searchParams
  const unknown = [...query.keys()].find(
    name => !['limit', 'starting_after', ...filters].includes(name)
  )
  if (unknown !== undefined) throw unknownParameter(unknown)
  const limit = query.get('limit') ?? '10'
  if (!/^(?:[1-9]\d?|100)$/.test(limit)) {
    throw refused(400, `Invalid limit: ${limit}`, { param: 'limit' })
  }
  const after = query.get('starting_after')
  const newestFirst = table.all(kind).toReversed()
  const start = after === null ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1
  if (after !== null && start === 0) {
    throw refused(400, `No such ${kind}: '${after}'`, { param: 'starting_after' })
  }
  const found = newestFirst.slice(start).filter(object => isWanted(object, query))
  const data = found.slice(0, Number(limit))
  return { object: 'list', url: `/v1/${path}`, has_more: found.length > data.length, data }
}

const COMPARE: { readonly [criterion: string]: (value: number, other: number) => boolean } = {
  gt: (value, other) => value > other,
  gte: (value, other) => value >= other,
  lt: (value, other) => value < other,
  lte: (value, other) => value <= other
}

function isWanted(object: Members, query: URLSearchParams): boolean {
  if (object.deleted === true) return false
  return [...query].every(([name, value]) => {
    if (name === 'limit' || name === 'starting_after') return true
    const [, criterion = ''] = /^created\[(\w+)\]$/.exec(name) ?? []
    if (criterion === '') return String(object[name]) === value
    if (!/^\d+$/.test(value)) throw refused(400, `Invalid timestamp: ${value}`, { param: name })
    return COMPARE[criterion]?.(Number(object.created), Number(value)) === true
  })
}

/** Lays a form over an object: `name[member]=value`, and empty text clears. */
function readForm(request: FastifyRequest, fields: Fields, object: Members): Members {
  const type = request.headers['content-type'] ?? ''
  if (request.body && !type.startsWith('application/x-www-form-urlencoded')) {
    throw refused(400, `Invalid request (check that your POST content type is a form): ${type}`)
  }
  const lists = new Set<string>()
  for (const [name, text] of new URLSearchParams(String(request.body ?? ''))) {
    const [, key = '', inner] = /^(\w+)(?:\[([^\]]*)\])?$/.exec(name) ?? []
    const field = fields[key]
    if (field === undefined) throw unknownParameter(name)
    const isNested = field === 'map' || field === 'list' || typeof field === 'object'
    if (inner === undefined && isNested && text !== '') {
      throw refused(400, `Invalid ${typeof field === 'object' ? 'object' : field}`, { param: key })
    }
    if (inner !== undefined && !isNested) throw refused(400, 'Invalid string', { param: key })
    if (inner === undefined) object[key] = isNested ? cleared(field) : scalarOf(key, field, text)
    else if (field === 'list') {
      object[key] = [...(lists.has(key) ? listed(object[key]) : []), text]
      lists.add(key)
    } else {
      if (typeof field === 'object' && !field.includes(inner)) throw unknownParameter(name)
      const members: Members = { ...Object(object[key]) }
      if (text !== '') members[inner] = /_count$/.test(inner) ? Number(text) : text
      else if (field === 'map') delete members[inner]
      else members[inner] = null
      object[key] = key === 'address' ? address(members) : members
    }
  }
  return object
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function cleared(field: Field): unknown {
  if (field === 'map') return {}
  return field === 'list' ? [] : null
}

function scalarOf(param: string, field: Field, text: string): unknown {
  if (field === 'integer') {
    return /^-?\d+$/.test(text) ? Number(text) : refuse(400, `Invalid integer: ${text}`, { param })
  }
  if (field === 'boolean') {
    const isBoolean = text === 'true' || text === 'false'
    return isBoolean ? text === 'true' : refuse(400, `Invalid boolean: ${text}`, { param })
  }
  if (param === 'email' && text !== '' && !/^[^@\s]+@[^@\s]+$/.test(text)) {
    throw refused(400, `Invalid email address: ${text}`, { code: 'email_invalid', param })
  }
  return text === '' ? null : text
}

function refuseStrangers({ url, headers: { authorization } }: FastifyRequest): void {
  if (url === '/openapi.yaml' || authorization === `Bearer ${STRIPE_KEY}`) return
  throw authorization === undefined
    ? refused(401, 'You did not provide an API key.')
    : refused(401, 'Invalid API Key provided: sk_test_****')
}

function unknownParameter(param: string): RefusedCall {
  return refused(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
}

function refusal(status: number, message: string, more: object = {}) {
  return { status, body: { error: { type: 'invalid_request_error', message, ...more } } }
}

function refused(status: number, message: string, more?: object): RefusedCall {
  return new RefusedCall(refusal(status, message, more))
}

function refuse(status: number, message: string, more?: object): never {
  throw refused(status, message, more)
}
