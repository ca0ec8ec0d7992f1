import { DIAGNOSTICS, fillHoles, PROBLEMS } from '../service/errors.ts'

/** A value for every hole of the catalogue, so that each message can be shown as it is met. */
const EXAMPLES: { readonly [hole: string]: string | number } = {
  add: 'Add `where: {status: {CONTAINS: parameter}}` to `x-flow-query.parameters` of "Ticket"',
  allowed: 'one of eu, us',
  bytes: 13_000_000,
  cause: 'subject must not be blank',
  clause: 'filter',
  column: 'status',
  count: 120,
  credential: ' Configuration value "API Key" is missing.',
  criterion: 'CONTAINS',
  expected: 'a whole number',
  failed: 'object 2',
  field: 'links.next',
  error: 'invalid_client',
  given: 'tickts',
  host: 'api.example.com',
  id: 17,
  index: 2,
  key: 'x-flow-query',
  known: 'petstore, spotify, weather',
  limit: 15_000,
  line: 12,
  mapping: 'status',
  mappings: 40,
  maximum: 100,
  mediaType: 'text/html',
  message: 'subject must not be blank',
  method: 'GET',
  name: 'Schema URL',
  other: '#/components/schemas/Ticket',
  parameter: 'ticketId',
  path: '/tickets/{ticketId}',
  place: 'query',
  pointer: '/objectData/0/properties',
  problem: 'DOCUMENT_STATUS',
  properties: 'method-Card, method-Transfer',
  property: 'due_on',
  reason: 'connection refused',
  reached: '300 objects of 3 pages were read',
  read: '1000 objects',
  ref: '#/components/schemas/Tiket',
  refused: 1,
  remedy: 'Give it one of new, open, solved',
  rule: 'at most 50 of them are read',
  sample: 'petstor',
  saved: '0 (17), 1 (18)',
  scheme: 'staff',
  schemas: 'Ticket:requester, Ticket:tags',
  seconds: 340,
  section: '4',
  setting: 'SCAN_MAX_RECORDS',
  source: 'the external id',
  status: 302,
  suggestion: ' (did you mean "tickets"?)',
  type: 'Ticket',
  types: 12,
  unpushed: '"status" by CONTAINS',
  url: 'https://api.example.com/openapi.yaml',
  what: 'load by id'
}

/** Writes the page of all codes from the catalogue. */
export function renderErrors(): string {
  const rows = <T extends { message: string; remedy: string }>(
    entries: { readonly [code: string]: T },
    word: (entry: T) => string | number
  ): string[] =>
    Object.entries(entries).map(([code, entry]) => {
      const message = fillHoles(entry.message, exampleHoles(entry.message))
      const remedy = fillHoles(entry.remedy, exampleHoles(entry.remedy))
      return `| \`${code}\` | ${word(entry)} | ${cell(message)} | ${cell(remedy)} |`
    })
  return `# Errors and diagnostics

Made from \`service/errors.ts\` by \`npm run docs\`. The code is the contract: match on it, never on the text.
Messages are shown with example values.

## Problems

Every failing answer carries one: \`message\` ends with the code in brackets, \`remedy\` says what would be
right, \`requestId\` finds the log line. An API's own refusal is \`API_ERROR\` with the API's own status and
\`kind\` \`api\`.

| code | status | message | remedy |
| --- | --- | --- | --- |
${rows<{ status: number; message: string; remedy: string }>(PROBLEMS, ({ status }) => status).join('\n')}

## Diagnostics

What \`openapi-flow check\` and \`POST /preview\` say about a document, each with its line and column.

| code | severity | message | remedy |
| --- | --- | --- | --- |
${rows<{ severity: string; message: string; remedy: string }>(DIAGNOSTICS, ({ severity }) => severity).join('\n')}
`
}

/** The example values of a text's holes. @throws Error for a hole without one. */
function exampleHoles(text: string): { [hole: string]: string | number } {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  return Object.fromEntries(
    names.map(name => {
      const value = EXAMPLES[name]
      if (value === undefined) throw new Error(`no example value for the hole {${name}}`)
      return [name, value]
    })
  )
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
