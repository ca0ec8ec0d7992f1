import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

import type { JsonObject } from '../service/base/json.ts'
import type { Columns } from './helpdesk-readers.ts'
import { commentOf, customerOf, tagOf, ticketOf } from './helpdesk-rows.ts'
import type { Row } from './helpdesk-rows.ts'
import { seedHelpdesk } from './helpdesk-seed.ts'

/** Decimals are TEXT, so that they keep every digit; ids are read as BigInt. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    company TEXT,
    plan TEXT NOT NULL DEFAULT 'free',
    address_street TEXT,
    address_city TEXT,
    address_country TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
  );
  CREATE TABLE IF NOT EXISTS tickets (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'new',
    priority TEXT NOT NULL DEFAULT 'normal',
    customer_id INTEGER NOT NULL REFERENCES customers,
    requester_name TEXT,
    requester_email TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    due_on TEXT,
    estimate_hours TEXT,
    effort_cost TEXT
  );
  CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES tickets ON DELETE CASCADE,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
  );
  CREATE TABLE IF NOT EXISTS tags (
    name TEXT PRIMARY KEY,
    description TEXT
  );
  CREATE TABLE IF NOT EXISTS ticket_tags (
    ticket_id INTEGER NOT NULL REFERENCES tickets ON DELETE CASCADE,
    tag TEXT NOT NULL REFERENCES tags,
    PRIMARY KEY (ticket_id, tag)
  );
`

const CUSTOMER = `
  SELECT *, (SELECT count(*) FROM tickets t WHERE t.customer_id = c.id AND t.status <> 'solved')
    AS open_tickets FROM customers c`
const TICKET = `
  SELECT *, (SELECT json_group_array(tag ORDER BY rowid) FROM ticket_tags WHERE ticket_id = t.id)
    AS tags FROM tickets t`

/** SQL conditions of the parameters of the ticket list. */
const CONDITIONS: readonly (readonly [parameter: string, condition: string])[] = [
  ['status', 'status = ?'],
  ['priority', 'priority = ?'],
  ['customer_id', 'customer_id = ?'],
  ['created_after', 'created_at > ?'],
  ['q', 'instr(lower(subject || char(10) || body), lower(?)) > 0']
]

type Table = 'customers' | 'tickets' | 'comments' | 'tags'

/** The tables of the help desk behind the questions that its API asks. */
export type HelpdeskStore = ReturnType<typeof openHelpdeskStore>

/**
 * Opens the help desk's data, and fills it with the seed when it is empty.
 *
 * @param file Path of an SQLite file; default in memory.
 */
export function openHelpdeskStore(file = ':memory:') {
  const db = new DatabaseSync(file, { readBigInts: true })
  db.exec(TABLES)

  const one = (sql: string, ...values: SQLInputValue[]): Row | undefined =>
    db.prepare(sql).get(...values)
  const all = (sql: string, ...values: SQLInputValue[]): Row[] => db.prepare(sql).all(...values)
  const remove = (table: Table, id: bigint): boolean =>
    Number(db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id).changes) > 0

  function together<T>(work: () => T): T {
    db.exec('BEGIN')
    try {
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }

  function setTags(ticket: bigint, names: SQLInputValue): void {
    db.prepare('DELETE FROM ticket_tags WHERE ticket_id = ?').run(ticket)
    db.prepare('INSERT OR IGNORE INTO tags (name) SELECT value FROM json_each(?)').run(names)
    db.prepare('INSERT INTO ticket_tags SELECT ?, value FROM json_each(?)').run(ticket, names)
  }

  function insert(table: Table, { tags, ...row }: Columns): bigint {
    const columns = Object.keys(row)
    const marks = columns.map(() => '?').join(', ')
    const { lastInsertRowid } = db
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
      .run(...Object.values(row))
    const id = BigInt(lastInsertRowid)
    if (tags !== undefined) setTags(id, tags)
    return id
  }

  function update(table: Table, id: bigint, { tags, ...row }: Columns): void {
    const columns = Object.keys(row)
    if (columns.length > 0) {
      const assignments = columns.map(column => `${column} = ?`).join(', ')
      db.prepare(`UPDATE ${table} SET ${assignments} WHERE id = ?`).run(...Object.values(row), id)
    }
    if (tags !== undefined) setTags(id, tags)
  }

  if (one('SELECT 1 FROM customers') === undefined) together(() => seedHelpdesk(insert))

  return {
    customers: (query: Columns): JsonObject[] =>
      all(
        `${CUSTOMER} WHERE plan = ifnull(?, plan) ORDER BY id LIMIT ? OFFSET ?`,
        query.plan ?? null,
        query.limit ?? 50,
        query.offset ?? 0
      ).map(customerOf),
    customer: (id: bigint): JsonObject | undefined => {
      const row = one(`${CUSTOMER} WHERE id = ?`, id)
      return row && customerOf(row)
    },
    /** The id of the customer who has that email address. */
    customerByEmail: (email: SQLInputValue): SQLOutputValue | undefined =>
      one('SELECT id FROM customers WHERE email = ?', email)?.id,
    ticketsOfCustomer: (id: bigint): number =>
      Number(one('SELECT count(*) AS n FROM tickets WHERE customer_id = ?', id)?.n),
    tickets: (query: Columns): JsonObject => {
      const asked = CONDITIONS.filter(([parameter]) => query[parameter] !== undefined)
      const where = asked.map(([, condition]) => ` AND ${condition}`).join('')
      const values = asked.map(([parameter]) => query[parameter] ?? null)
      const rows = all(
        `${TICKET} WHERE true${where} ORDER BY ${orderOf(query.sort)}, id LIMIT ? OFFSET ?`,
        ...values,
        query.limit ?? 20,
        query.offset ?? 0
      )
      const total = one(`SELECT count(*) AS n FROM tickets WHERE true${where}`, ...values)?.n
      return { data: rows.map(ticketOf), total: Number(total) }
    },
    ticket: (id: bigint): JsonObject | undefined => {
      const row = one(`${TICKET} WHERE id = ?`, id)
      return row && ticketOf(row)
    },
    comments: (ticket: bigint): JsonObject[] =>
      all('SELECT * FROM comments WHERE ticket_id = ? ORDER BY id', ticket).map(commentOf),
    comment: (id: bigint): JsonObject | undefined => {
      const row = one('SELECT * FROM comments WHERE id = ?', id)
      return row && commentOf(row)
    },
    tags: (): JsonObject[] => all('SELECT * FROM tags ORDER BY name').map(tagOf),
    tag: (name: SQLInputValue): JsonObject | undefined => {
      const row = one('SELECT * FROM tags WHERE name = ?', name)
      return row && tagOf(row)
    },
    insert: (table: Table, row: Columns): bigint => together(() => insert(table, row)),
    update: (table: Table, id: bigint, row: Columns): void =>
      together(() => update(table, id, row)),
    remove,
    close: (): void => db.close()
  }
}

/** `sort` is one of the words that the query form allows, so its column may stand in SQL. */
function orderOf(sort: SQLInputValue | undefined): string {
  if (typeof sort !== 'string') return 'created_at'
  const column = sort.replace(/^-/, '')
  return `${column} COLLATE NOCASE ${sort.startsWith('-') ? 'DESC' : 'ASC'} NULLS LAST`
}
