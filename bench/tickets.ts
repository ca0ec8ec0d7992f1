/** A ticket as the API of the load benchmarks answers it. */
export type Ticket = {
  readonly id: number
  readonly subject: string
  readonly body: string
  readonly status: string
  readonly priority: string
  readonly estimate_hours: number
  readonly urgent: boolean
  readonly created_at: string
  readonly due_on: string
  readonly requester: { readonly name: string; readonly email: string }
}

/** So many tickets, with ids from 1 on. */
export function makeTickets(count: number): Ticket[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    subject: `Ticket ${index + 1}`,
    body: 'The printer prints sideways since this morning, on every floor.',
    status: index % 2 === 0 ? 'open' : 'solved',
    priority: 'high',
    estimate_hours: 1.25,
    urgent: index % 3 === 0,
    created_at: '2024-03-09T14:05:00Z',
    due_on: '2024-04-01',
    requester: { name: 'Ana Ruiz', email: 'ana@acme.example' }
  }))
}

/**
 * The document of the API.
 *
 * @param example Example of the list, from which the mapping then answers; null for none.
 */
export function ticketsDocument(example: readonly Ticket[] | null): object {
  const list = { type: 'array', items: { $ref: '#/components/schemas/Ticket' } }
  const text = { type: 'string' }
  return {
    openapi: '3.0.3',
    info: { title: 'Tickets', version: '1' },
    servers: [{ url: '/' }],
    paths: {
      '/tickets': {
        get: {
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
            { name: 'offset', in: 'query', schema: { type: 'integer' } }
          ],
          responses: {
            200: {
              description: 'Tickets',
              content: { 'application/json': { schema: list, ...(example && { example }) } }
            }
          }
        }
      }
    },
    components: {
      schemas: {
        Ticket: {
          type: 'object',
          'x-flow-type': { name: 'Ticket' },
          'x-flow-query': {
            path: '/tickets',
            parameters: { limit: 'limit', offset: 'offset' },
            ...(example && { example: true })
          },
          properties: {
            id: { type: 'integer' },
            subject: text,
            body: text,
            status: text,
            priority: text,
            estimate_hours: { type: 'number' },
            urgent: { type: 'boolean' },
            created_at: { type: 'string', format: 'date-time' },
            due_on: { type: 'string', format: 'date' },
            requester: { type: 'object', properties: { name: text, email: text } }
          }
        }
      }
    }
  }
}
