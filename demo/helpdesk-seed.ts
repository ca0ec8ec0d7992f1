import type { Columns } from './helpdesk-readers.ts'

/** Writes one row and gives its id. */
type Insert = (table: 'customers' | 'tickets' | 'comments' | 'tags', row: Columns) => bigint

/** The id of the last seeded ticket, which a double cannot hold. */
const EXACT_TICKET_ID = 9007199254740993n
const EXACT_EFFORT_COST = '1234567890.12345678901234567891'

const TICKETS = 42
const FIRST_DAY = Date.UTC(2024, 0, 10, 9)
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const CUSTOMERS = [
  ['Ada Larsen', 'ada@fjordbank.example', 'Fjord Bank', 'business', 'Havnegata 1', 'Oslo', 'NO'],
  ['Bo Nilsen', 'bo@northmill.example', 'North Mill', 'enterprise', 'Mill Lane 4', 'York', 'GB'],
  ['Cleo Martin', 'cleo@atelier.example', 'Atelier C', 'free', 'Rue du Lac 8', 'Lyon', 'FR'],
  ['Dev Anand', 'dev@monsoon.example', 'Monsoon Foods', 'business', 'Park St 12', 'Pune', 'IN'],
  ['Eva Novak', 'eva@kavka.example', 'Kavka', 'free', 'Dlouha 3', 'Brno', 'CZ']
] as const

const TAGS = [
  ['billing', 'Invoices and prices'],
  ['bug', 'Does not do what it should'],
  ['escalated', 'Somebody is waiting for it'],
  ['export', 'Data that leaves the system'],
  ['hardware', 'Things that can be dropped'],
  ['login', 'Getting in'],
  ['question', 'Somebody wants to know']
] as const

const SUBJECTS = [
  ['Cannot log in to', 'login'],
  ['Wrong price in', 'billing'],
  ['Export is empty in', 'export'],
  ['Screen stays black on', 'hardware'],
  ['How do I add a user to', 'question'],
  ['Error 500 in', 'bug'],
  ['Password reset fails in', 'login']
] as const
const PRODUCTS = [
  'the web shop',
  'the mobile app',
  'the scanner',
  'the till',
  'the stock list',
  'the portal'
]
const STATUSES = [
  'solved',
  'open',
  'solved',
  'pending',
  'new',
  'open',
  'solved',
  'pending'
] as const
const PRIORITIES = ['normal', 'low', 'normal', 'high', 'urgent', 'normal'] as const
const REPLIES = ['Thank you, we are looking into it.', 'Could you send us a screenshot?', 'Fixed.']

/** Fills an empty help desk, always with the same rows: 5 customers, 7 tags, 42 tickets, comments. */
export function seedHelpdesk(insert: Insert): void {
  const customers = CUSTOMERS.map((customer, index) => {
    const [name, email, company, plan, street, city, country] = customer
    const address = { address_street: street, address_city: city, address_country: country }
    const created_at = moment(FIRST_DAY - (CUSTOMERS.length - index) * DAY_MS)
    const id = insert('customers', { name, email, company, plan, ...address, created_at })
    return { id, name, email }
  })
  for (const [name, description] of TAGS) insert('tags', { name, description })
  for (let index = 0; index < TICKETS; index++) seedTicket(insert, customers, index)
}

function seedTicket(
  insert: Insert,
  customers: readonly { readonly id: bigint; readonly name: string; readonly email: string }[],
  index: number
): void {
  const customer = pick(customers, index)
  const [about, tag] = pick(SUBJECTS, index)
  const subject = `${about} ${pick(PRODUCTS, Math.floor(index / SUBJECTS.length))}`
  const created = FIRST_DAY + index * 3 * DAY_MS + (index % 8) * HOUR_MS
  const isLast = index === TICKETS - 1
  const ticket = insert('tickets', {
    ...(isLast ? { id: EXACT_TICKET_ID } : {}),
    subject: isLast ? 'Number is cut off in the export' : subject,
    body: isLast
      ? 'The last digits of long ids turn into zeros.'
      : `${subject}, since this morning.`,
    status: isLast ? 'open' : pick(STATUSES, index),
    priority: isLast ? 'high' : pick(PRIORITIES, index),
    customer_id: customer.id,
    requester_name: customer.name,
    requester_email: customer.email,
    tags: JSON.stringify(
      isLast ? ['billing', 'export'] : index % 4 === 0 ? [tag, 'escalated'] : [tag]
    ),
    created_at: moment(created),
    due_on: index % 3 === 0 ? null : moment(created + 14 * DAY_MS).slice(0, 10),
    estimate_hours: String(0.5 + (index % 6) * 0.75),
    effort_cost: isLast ? EXACT_EFFORT_COST : `${80 + index * 7}.${10 + index}`
  })
  for (let reply = 0; reply < index % 4; reply++) {
    insert('comments', {
      ticket_id: ticket,
      author: reply === 1 ? customer.name : 'Support',
      body: pick(REPLIES, reply),
      created_at: moment(created + (reply + 1) * HOUR_MS)
    })
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length]
  if (found === undefined) throw new RangeError('nothing to pick from')
  return found
}

function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
