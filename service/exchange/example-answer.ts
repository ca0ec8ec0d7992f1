import type { JsonValue } from '../base/json.ts'
import { ownMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { ExampleRecord, MadeExampleRecord } from '../model/example-record.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import { readAnswer } from './read-answer.ts'
import type { MakeExample } from './example-memory.ts'
import type { ExampleFault } from './example-process.ts'
import type { Answer } from './types.ts'

/** Seconds after which the queue of examples has moved on. */
const BUSY_SECONDS = 1

/** Why an example could not be made, but for a queue that is full. */
const FAULTS: { readonly [fault in Exclude<ExampleFault, 'busy'>]: string } = {
  slow: 'it takes too long',
  large: 'it takes too much memory',
  unfit: 'no value that fits it was found'
}

/** The examples of an endpoint, and what the type of a mapping adds to them. */
export type Examples = {
  readonly declared: ExampleRecord | undefined
  readonly added: ExampleRecord | undefined
}

/**
 * What an endpoint answers from the document: what the document declares, else what is made from the schema.
 * No call is made, and no parameter needs a value. A declared response outside 2xx answers exactly as if the
 * API had answered so.
 *
 * @throws ConnectorError `EXAMPLE_UNKNOWN` for a name or code that the document does not have,
 *   `EXAMPLE_MISSING` when there is nothing to answer with, `EXAMPLE_TOO_COMPLEX` for a schema that none can
 *   be made from, `EXAMPLE_BUSY` when too many wait for one, `API_ERROR` for a response outside 2xx.
 */
export async function exampleAnswer(
  endpoint: Endpoint,
  { example, verb }: Pick<EndpointUse, 'example' | 'verb'>,
  { declared, added }: Examples,
  make: MakeExample
): Promise<Answer> {
  const { method, path } = endpoint
  const status = example?.response ?? declared?.status ?? null
  if (status === null) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  const answers = { ...declared?.answers, ...added?.answers }
  const answer = ownMember(answers, status)
  if (answer === undefined) throw unknown(endpoint, status, Object.keys(answers))
  const name = example?.name ?? null
  const given = name === null ? answer.body : ownMember(answer.named, name)
  if (name !== null && given === undefined) {
    throw unknown(endpoint, name, Object.keys(answer.named))
  }
  const isToBeMade = given === undefined && answer.made !== undefined
  const body = isToBeMade ? await madeBody(endpoint, answer.made, make) : given
  const code = statusCode(status)
  if (code < 200 || code > 299) {
    const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
    const headers = { 'content-type': 'application/json' }
    return readAnswer({ ...NOTHING_SENT, url: path }, { status: code, headers, body: bytes })
  }
  if (body === undefined && isRead(verb)) {
    throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  }
  return { status: code, headers: {}, body }
}

type Endpoint = Pick<EndpointRecord, 'method' | 'path'>

const NOTHING_SENT = {
  headers: {},
  credential: { headers: {}, query: [], cookies: [] },
  secrets: [],
  answersJson: true,
  missingCredential: null
}

async function madeBody(
  { method, path }: Endpoint,
  record: MadeExampleRecord,
  make: MakeExample
): Promise<JsonValue> {
  const made = await make(record)
  if ('body' in made) return made.body
  if (made.fault === 'busy') {
    throw new ConnectorError('EXAMPLE_BUSY', { method, path }, { retryAfterSeconds: BUSY_SECONDS })
  }
  throw new ConnectorError('EXAMPLE_TOO_COMPLEX', { method, path, reason: FAULTS[made.fault] })
}

function unknown(
  { method, path }: Endpoint,
  given: string,
  known: readonly string[]
): ConnectorError {
  return new ConnectorError('EXAMPLE_UNKNOWN', {
    method,
    path,
    given,
    known: known.length === 0 ? 'none is declared' : known.join(', '),
    suggestion: suggestion(nearest(given, known))
  })
}

/** The status that a response key stands for: `4XX` answers as 400, `default` as 200. */
function statusCode(key: string): number {
  const code = Number(key.replace(/x/gi, '0'))
  return Number.isInteger(code) && code > 0 ? code : 200
}
