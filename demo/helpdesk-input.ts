import type { JsonValue } from '../service/base/json.ts'
import { isJsonObject } from '../service/base/json.ts'
import {
  atLeastZero,
  count,
  day,
  decimal,
  group,
  moment,
  names,
  nullable,
  oneOf,
  pattern,
  text,
  whole,
  wholeText
} from './helpdesk-readers.ts'
import type { Columns, Reader } from './helpdesk-readers.ts'

export type FieldError = { readonly field: string; readonly message: string }

/** A request that the help desk refuses; `errors` names the fields that are to blame. */
export class HelpdeskProblem extends Error {
  override readonly name = 'HelpdeskProblem'
  readonly status: number
  readonly errors: readonly FieldError[]

  constructor(status: number, message: string, errors: readonly FieldError[] = []) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

type Form = {
  readonly fields: { readonly [field: string]: Reader }
  readonly required: readonly string[]
  /** Fields that exist and cannot be sent, with the reason. */
  readonly refused: { readonly [field: string]: string }
}

const READ_ONLY = 'is read-only'
const status = oneOf('new', 'open', 'pending', 'solved')
const priority = oneOf('low', 'normal', 'high', 'urgent')
const plan = oneOf('free', 'business', 'enterprise')
const offset = count(0, Number.MAX_SAFE_INTEGER)

export const customerForm: Form = {
  fields: {
    name: text(1, 200),
    email: pattern(/^[^\s@]+@[^\s@]+$/, 'an email address'),
    company: nullable(text(0, 200)),
    plan,
    address: group('street', 'city', 'country')
  },
  required: ['name', 'email'],
  refused: { id: READ_ONLY, created_at: READ_ONLY, open_tickets: 'is counted, not written' }
}

const ticketChanges: Form['fields'] = {
  subject: text(1, 200),
  body: text(0, 10_000),
  status,
  priority,
  requester: group('name', 'email'),
  tags: names,
  due_on: nullable(day),
  estimate_hours: nullable(atLeastZero),
  effort_cost: nullable(decimal)
}

export const ticketForm: Form = {
  fields: { ...ticketChanges, customer_id: whole },
  required: ['subject', 'body', 'customer_id'],
  refused: { id: READ_ONLY, created_at: READ_ONLY }
}

export const ticketChangesForm: Form = {
  fields: ticketChanges,
  required: [],
  refused: { id: READ_ONLY, created_at: READ_ONLY, customer_id: 'cannot be changed' }
}

export const commentForm: Form = {
  fields: { author: text(1, 200), body: text(1, 10_000) },
  required: ['author', 'body'],
  refused: { id: READ_ONLY, created_at: READ_ONLY }
}

export const tagForm: Form = {
  fields: { name: text(1, 40), description: nullable(text(0, 200)) },
  required: ['name'],
  refused: {}
}

export const customerQuery: Form['fields'] = { limit: count(1, 100), offset, plan }

export const ticketQuery: Form['fields'] = {
  limit: count(1, 50),
  offset,
  status,
  priority,
  customer_id: wholeText,
  created_after: moment,
  q: text(0, 200),
  sort: oneOf(
    ...['id', 'created_at', 'due_on', 'subject'].flatMap(column => [column, `-${column}`])
  )
}

/**
 * The columns that a body fills.
 *
 * @throws HelpdeskProblem 400 for a body that is no object, 422 naming every field that does not fit.
 */
export function readBody(form: Form, body: unknown): Columns {
  if (!isJsonObject(body)) throw new HelpdeskProblem(400, 'The body must be a JSON object')
  const missing = form.required
    .filter(field => body[field] === undefined)
    .map(field => ({ field, message: 'is required' }))
  return readFields(422, Object.entries(body), missing, (field, value) => {
    const read = own(form.fields, field)
    return read === undefined ? (own(form.refused, field) ?? 'is unknown') : read(field, value)
  })
}

/**
 * The values that a query string gives.
 *
 * @throws HelpdeskProblem 400 naming every parameter that does not fit.
 */
export function readQuery(fields: Form['fields'], url: string): Columns {
  const given = [...new URL(url, 'http://localhost').searchParams]
  return readFields(400, given, [], (field, value) => {
    if (given.filter(([name]) => name === field).length > 1) return 'must stand there once'
    return own(fields, field)?.(field, value) ?? 'is unknown'
  })
}

function readFields(
  refusal: number,
  given: readonly (readonly [string, JsonValue])[],
  missing: readonly FieldError[],
  read: Reader
): Columns {
  const readings = given.map(([field, value]) => ({ field, reading: read(field, value) }))
  const errors = readings.flatMap(({ field, reading }) =>
    typeof reading === 'string' ? [{ field, message: reading }] : []
  )
  const all = [...missing, ...errors]
  if (all.length > 0) {
    const message = all.map(error => `${error.field} ${error.message}`).join('; ')
    throw new HelpdeskProblem(refusal, message, all)
  }
  return Object.assign({}, ...readings.map(({ reading }) => reading))
}

function own<T>(record: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
