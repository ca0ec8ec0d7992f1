import type { SQLOutputValue } from 'node:sqlite'

import { exactNumber, parseJson } from '../service/base/exact-number.ts'
import type { JsonObject, JsonValue } from '../service/base/json.ts'

/** One row as SQLite gives it: integers are BigInt, decimals text. */
export type Row = Record<string, SQLOutputValue>

export function customerOf(row: Row): JsonObject {
  return present({
    id: json(row.id),
    name: json(row.name),
    email: json(row.email),
    company: json(row.company),
    plan: json(row.plan),
    address: group({
      street: json(row.address_street),
      city: json(row.address_city),
      country: json(row.address_country)
    }),
    open_tickets: json(row.open_tickets),
    created_at: json(row.created_at)
  })
}

export function ticketOf(row: Row): JsonObject {
  return present({
    id: json(row.id),
    subject: json(row.subject),
    body: json(row.body),
    status: json(row.status),
    priority: json(row.priority),
    customer_id: json(row.customer_id),
    requester: group({ name: json(row.requester_name), email: json(row.requester_email) }),
    tags: parseJson(String(row.tags)),
    created_at: json(row.created_at),
    due_on: json(row.due_on),
    estimate_hours: decimal(row.estimate_hours),
    effort_cost: decimal(row.effort_cost)
  })
}

export function commentOf(row: Row): JsonObject {
  const { id, author, body, created_at } = row
  return present({
    id: json(id),
    author: json(author),
    body: json(body),
    created_at: json(created_at)
  })
}

export function tagOf(row: Row): JsonObject {
  return present({ name: json(row.name), description: json(row.description) })
}

function json(value: SQLOutputValue | undefined): JsonValue {
  if (typeof value === 'bigint') return decimal(String(value))
  return typeof value === 'string' ? value : null
}

function decimal(text: SQLOutputValue | undefined): JsonValue {
  return typeof text === 'string' ? (exactNumber(text) ?? null) : null
}

/** Omits members without a value. */
function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

function group(object: JsonObject): JsonObject | null {
  const found = present(object)
  return Object.keys(found).length === 0 ? null : found
}
