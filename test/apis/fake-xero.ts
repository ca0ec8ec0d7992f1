import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { parseJson, numberText } from '../../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject } from '../../service/base/json.ts'
import { FAKE_CLIENT } from '../support/start-fake-provider.ts'
import { serveTokens } from './serve-tokens.ts'
import type { FakeDefinition } from './start-fake-api.ts'

/** The organisation that tokens of the fake are good for. */
export const TENANT_ID = '45e4708e-d862-4111-ab3a-dd8cd03913e1'

const ROOT = '/api.xro/2.0'
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** 14 June 2024, when everything that is there from the start was changed. */
const FIRST_CHANGE = 1_718_323_200_000

/** The three lists, with what is wrong with an object, and what Xero adds to it. */
const KINDS: readonly Kind[] = [
  {
    list: 'Contacts',
    id: 'ContactID',
    page: 100,
    search: ['Name', 'FirstName', 'LastName', 'EmailAddress'],
    faults: (contact, others) => [
      ...(text(contact.Name) === '' ? ['The Contact Name must be specified.'] : []),
      ...(others.some(other => other.Name === contact.Name)
        ? [
            `The contact name ${text(contact.Name)} is already assigned to another contact. The contact name must be unique across all active contacts.`
          ]
        : []),
      ...(/^[^@\s]*@[^@\s]+$|^$/.test(text(contact.EmailAddress))
        ? []
        : ['Email address must be valid.'])
    ],
    complete: contact => ({ ContactStatus: 'ACTIVE', IsCustomer: false, ...contact })
  },
  {
    list: 'Invoices',
    id: 'InvoiceID',
    page: 100,
    search: ['InvoiceNumber', 'Reference'],
    faults: (invoice, _, before) => [
      ...(['ACCREC', 'ACCPAY'].includes(text(invoice.Type)) ? [] : ['Invoice type is not valid']),
      ...(isJsonObject(invoice.Contact) && text(invoice.Contact.ContactID) !== ''
        ? []
        : ['A Contact must be specified for this type of transaction']),
      ...(linesOf(invoice).length > 0 ? [] : ['One or more line items must be specified']),
      ...(invoice.Status === 'DELETED' && before?.Status !== 'DRAFT'
        ? ['Invoice not of valid status for modification']
        : [])
    ],
    complete: completeInvoice
  },
  {
    list: 'Items',
    id: 'ItemID',
    page: null,
    search: ['Code', 'Name'],
    faults: (item, others) => [
      ...(text(item.Code) === '' ? ['Item Code must be supplied'] : []),
      ...(others.some(other => other.Code === item.Code)
        ? [`Price List Item with Code '${text(item.Code)}' already exists`]
        : [])
    ],
    complete: item => item
  }
]

type Kind = {
  readonly list: string
  readonly id: string
  /** The size of a page that is not asked for; null for a list that is not paged. */
  readonly page: number | null
  readonly search: readonly string[]
  readonly faults: (
    object: JsonObject,
    others: readonly JsonObject[],
    before: JsonObject | undefined
  ) => readonly string[]
  readonly complete: (object: JsonObject) => JsonObject
}

/** A fake of the Xero Accounting API, by https://developer.xero.com/documentation/api/accounting/overview. */
export const xero: FakeDefinition = {
  sample: 'xero',
  origins: ['https://api.xero.com', 'https://identity.xero.com'],
  tables: 'create table objects (list text, id text primary key, changed integer, json text)',
  serve
}

/** Puts an object into a list, as if it had been there from the start. */
export function putXero(store: DatabaseSync, list: string, object: JsonObject): void {
  const kind = KINDS.find(each => each.list === list)
  if (kind === undefined) throw new Error(list)
  keep(store, kind, kind.complete(object), FIRST_CHANGE)
}

function serve(app: FastifyInstance, store: DatabaseSync): void {
  serveIdentity(app)
  const tokens = serveTokens(app, store, {
    path: '/connect/token',
    takes: 'header',
    lifetime: 1800,
    more: async () => ({ id_token: await idToken() })
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(ROOT)) return
    if (!tokens.isGood(request)) return refuse(reply, 401, 'Unauthorized')
    if (request.headers['xero-tenant-id'] !== TENANT_ID) return refuse(reply, 403, 'Forbidden')
    if (!/application\/json/.test(request.headers.accept ?? '')) {
      await reply.type('text/xml').send('<Response><Status>OK</Status></Response>')
    }
  })
  for (const kind of KINDS) serveList(app, store, kind)
}

async function refuse(reply: FastifyReply, status: number, title: string): Promise<void> {
  const more = { Type: null, Instance: randomUUID(), Extensions: {} }
  await reply
    .code(status)
    .send({ ...more, Title: title, Status: status, Detail: 'AuthenticationUnsuccessful' })
}

function serveList(app: FastifyInstance, store: DatabaseSync, kind: Kind): void {
  const path = `${ROOT}/${kind.list}`
  const one = `${path}/:id`
  app.get<Ask>(path, async (request, reply) => listObjects(store, kind, request, reply))
  app.get<Ask>(one, async ({ params: { id } }, reply) => {
    const object = objectsOf(store, kind).find(each => each[kind.id] === id)
    return object === undefined ? notFound(reply) : answer(reply, kind, [object])
  })
  const write = async (request: FastifyRequest<Ask>, reply: FastifyReply) => {
    const body = parseJson(String(request.body))
    const given = isJsonObject(body) ? body[kind.list] : undefined
    if (!isJsonArray(given)) return badRequest(reply, 'No elements', [])
    const { id } = request.params
    const before = objectsOf(store, kind).find(each => each[kind.id] === id)
    if (id !== undefined && before === undefined) return notFound(reply)
    const rows = given.filter(isJsonObject).map(object => writeObject(store, kind, object, before))
    const faulty = rows.filter(row => row.HasValidationErrors === true)
    const isSummary = request.query.summarizeErrors !== 'false'
    if (faulty.length > 0 && isSummary) {
      return badRequest(reply, 'A validation exception occurred', faulty)
    }
    return answer(reply, kind, rows)
  }
  app.put<Ask>(path, write)
  app.post<Ask>(one, write)
  if (kind.list !== 'Items') return
  app.delete<Ask>(one, async ({ params: { id = '' } }, reply) => {
    const { changes } = store
      .prepare('delete from objects where list = ? and id = ?')
      .run(kind.list, id)
    return changes === 0 ? notFound(reply) : reply.code(204).send()
  })
}

type Ask = {
  Params: { readonly id?: string }
  Querystring: { readonly [name: string]: string | undefined }
}

/** A list, filtered, sorted and paged. Without `page` it has all invoices, but not their lines. */
function listObjects(
  store: DatabaseSync,
  kind: Kind,
  { query, headers }: FastifyRequest<Ask>,
  reply: FastifyReply
): FastifyReply {
  const since = Date.parse(String(headers['if-modified-since'] ?? '1970-01-01'))
  let found = objectsOf(store, kind, since)
  for (const [name, member] of [
    ['Statuses', 'Status'],
    ['InvoiceNumbers', 'InvoiceNumber'],
    ['ContactIDs', 'Contact.ContactID']
  ] as const) {
    const asked = query[name]?.split(',')
    if (asked !== undefined) found = found.filter(each => asked.includes(text(at(each, member))))
  }
  if (query.includeArchived !== 'true')
    found = found.filter(each => each.ContactStatus !== 'ARCHIVED')
  const words = query.searchTerm?.toLowerCase() ?? ''
  found = found.filter(each =>
    kind.search.some(name => text(each[name]).toLowerCase().includes(words))
  )
  for (const term of query.where?.split(' AND ') ?? []) {
    const [, name = '', value = ''] = /^([A-Za-z.]+)=="([^"]*)"$/.exec(term) ?? []
    if (name === '') return queryFault(reply, `Unexpected expression: ${term}`)
    found = found.filter(each => text(at(each, name)) === value)
  }
  if (query.order !== undefined) {
    const [, name = '', direction] = /^([A-Za-z.]+)(?: (ASC|DESC))?$/.exec(query.order) ?? []
    if (name === '') return queryFault(reply, `Unexpected expression: ${query.order}`)
    const sign = direction === 'DESC' ? -1 : 1
    found.sort((a, b) => sign * text(at(a, name)).localeCompare(text(at(b, name)), 'en'))
  }
  if (kind.page === null || query.page === undefined) {
    return answer(
      reply,
      kind,
      found.map(({ LineItems: _, ...rest }) => rest)
    )
  }
  const [page, pageSize] = [Number(query.page), Number(query.pageSize ?? kind.page)]
  if (!(page >= 1)) return queryFault(reply, 'Page must be greater than zero')
  if (!(pageSize >= 1 && pageSize <= 1000)) return queryFault(reply, 'Page size is out of range')
  const [pageCount, itemCount] = [Math.ceil(found.length / pageSize), found.length]
  const pagination = { page, pageSize, pageCount, itemCount }
  return answer(reply, kind, found.slice((page - 1) * pageSize, page * pageSize), { pagination })
}

/** Creates or changes an object; the row that Xero answers for it. */
function writeObject(
  store: DatabaseSync,
  kind: Kind,
  given: JsonObject,
  before: JsonObject | undefined
): JsonObject {
  const id = text(before?.[kind.id]) || randomUUID()
  const object = { ...before, ...given, [kind.id]: id }
  const others = objectsOf(store, kind).filter(other => other[kind.id] !== id)
  const faults = kind.faults(object, others, before)
  if (faults.length > 0) {
    return {
      ...{ ...given, [kind.id]: text(before?.[kind.id]) || NO_ID },
      ...{ StatusAttributeString: 'ERROR', HasValidationErrors: true },
      ValidationErrors: faults.map(Message => ({ Message }))
    }
  }
  const whole = kind.complete(object)
  const kept = keep(store, kind, whole, Date.now())
  return { ...kept, StatusAttributeString: 'OK', HasValidationErrors: false }
}

function keep(store: DatabaseSync, kind: Kind, object: JsonObject, changed: number): JsonObject {
  const whole = { ...object, UpdatedDateUTC: dateCall(changed) }
  store
    .prepare('insert or replace into objects values (?, ?, ?, ?)')
    .run(kind.list, text(object[kind.id]), changed, JSON.stringify(whole))
  return whole
}

function objectsOf(store: DatabaseSync, { list }: Kind, since = 0): JsonObject[] {
  const rows = store
    .prepare('select json from objects where list = ? and changed > ? order by rowid')
    .all(list, since)
  return rows.map(({ json }) => parseJson(String(json))).filter(isJsonObject)
}

/** Amounts of an invoice, and its dates in Xero's form. */
function completeInvoice(invoice: JsonObject): JsonObject {
  const lines = linesOf(invoice).map(line => {
    const amount = (units(line.Quantity) * units(line.UnitAmount) + 500_000n) / 1_000_000n
    return { LineItemID: randomUUID(), ...line, LineAmount: cents(amount) }
  })
  const total = lines.reduce((sum, { LineAmount }) => sum + units(LineAmount) / 100n, 0n)
  const { Date: date, DueDate: due } = invoice
  return {
    ...{ Status: 'DRAFT', AmountPaid: 0, ...invoice, LineItems: lines },
    ...{ SubTotal: cents(total), TotalTax: 0, Total: cents(total), AmountDue: cents(total) },
    ...(date !== undefined && { Date: dateCall(dateOf(date)) }),
    ...(due !== undefined && { DueDate: dateCall(dateOf(due)) })
  }
}

function linesOf({ LineItems: lines }: JsonObject): JsonObject[] {
  return isJsonArray(lines) ? lines.filter(isJsonObject) : []
}

/** Ten thousandths of an amount. */
function units(amount: JsonValue | undefined): bigint {
  const plain = typeof amount === 'number' || isExactNumber(amount) ? numberText(amount) : '0'
  const [whole = '0', fraction = ''] = (plain ?? '0').split('.')
  return BigInt(whole + fraction.padEnd(4, '0').slice(0, 4))
}

function cents(amount: bigint): JsonValue {
  const digits = String(amount).padStart(3, '0')
  return JSON.rawJSON(`${digits.slice(0, -2)}.${digits.slice(-2)}`)
}

/** Milliseconds since 1970 of `2024-06-14`, with or without a time, or of Xero's own form. */
function dateOf(given: JsonValue): number {
  const [, milliseconds] = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(text(given)) ?? []
  const moment = milliseconds === undefined ? Date.parse(text(given)) : Number(milliseconds)
  if (Number.isNaN(moment)) throw new Error(`not a date: ${text(given)}`)
  return moment
}

function dateCall(milliseconds: number): string {
  return `/Date(${milliseconds}+0000)/`
}

function answer(
  reply: FastifyReply,
  { list }: Kind,
  objects: readonly JsonObject[],
  more: JsonObject = {}
): FastifyReply {
  const about = { Id: randomUUID(), Status: 'OK', ProviderName: 'Flows' }
  const body = { ...about, DateTimeUTC: `/Date(${Date.now()})/`, ...more, [list]: objects }
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}

function badRequest(reply: FastifyReply, Message: string, Elements: readonly JsonObject[]) {
  const body = { ErrorNumber: 10, Type: 'ValidationException', Message, Elements }
  return reply.code(400).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

function queryFault(reply: FastifyReply, Message: string): FastifyReply {
  return reply.code(400).send({ ErrorNumber: 16, Type: 'QueryParseException', Message })
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({
    ...{ Title: "The resource you're looking for cannot be found", Status: 404 }
  })
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** A member of an object, or of one inside it. */
function at(object: JsonObject, path: string): JsonValue | undefined {
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (inner, name) => (isJsonObject(inner) ? inner[name] : undefined),
      object
    )
}

const keys = await generateKeyPair('RS256')
let issuer = ''

/** Metadata, keys and user info of the identity provider. */
function serveIdentity(app: FastifyInstance): void {
  app.get('/.well-known/openid-configuration', async ({ headers }) => {
    issuer = `http://${headers.host ?? ''}`
    return {
      issuer,
      authorization_endpoint: `${issuer}/identity/connect/authorize`,
      token_endpoint: `${issuer}/connect/token`,
      userinfo_endpoint: `${issuer}/connect/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic']
    }
  })
  app.get('/jwks', async () => ({
    keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }]
  }))
  app.get('/connect/userinfo', async () => ({ sub: 'b0a4' }))
}

function idToken(): Promise<string> {
  const claims = {
    sub: 'b0a4',
    xero_userid: '1945393b-6eb7',
    email: 'ana@example.com',
    given_name: 'Ana'
  }
  return new SignJWT({ ...claims, iss: issuer, aud: FAKE_CLIENT.id })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(keys.privateKey)
}
