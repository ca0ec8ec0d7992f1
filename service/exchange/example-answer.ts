import type { JsonValue } from '../base/json.ts'
import { ownMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { ExampleRecord, MadeExampleRecord } from '../model/example-record.ts'
import type { OperationRecord } from '../model/endpoint-record.ts'
import type { RequestPlan } from '../plan/types.ts'
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

/**
 * What an operation answers from the document (x-flow 9), for a mapping that has `example`: what the
 * document declares, else what is made from the schema. No call is made, and no parameter needs a value.
 * A declared response outside 2xx answers exactly as if the API had answered so.
 *
 * @throws ConnectorError `EXAMPLE_UNKNOWN` for a name or code that the document does not have,
 *   `EXAMPLE_MISSING` when there is nothing to answer with, `EXAMPLE_TOO_COMPLEX` for a schema that none can
 *   be made from, `EXAMPLE_BUSY` when too many wait for one, `API_ERROR` for a response outside 2xx.
 */
export async function exampleAnswer(
  operation: OperationRecord,
  example: ExampleRecord,
  make: MakeExample
): Promise<Answer> {
  const { method, path } = operation
  const status = operation.example?.response ?? example.status
  if (status === null) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  const answer = ownMember(example.answers, status)
  if (answer === undefined) throw unknown(operation, status, Object.keys(example.answers))
  const name = operation.example?.name ?? null
  const declared = name === null ? answer.body : ownMember(answer.named, name)
  if (name !== null && declared === undefined) {
    throw unknown(operation, name, Object.keys(answer.named))
  }
  const isToBeMade = declared === undefined && answer.made !== undefined
  const body = isToBeMade ? await madeBody(operation, answer.made, make) : declared
  const code = statusCode(status)
  if (code < 200 || code > 299) {
    const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
    const headers = { 'content-type': 'application/json' }
    return readAnswer(examplePlan(operation), { status: code, headers, body: bytes })
  }
  const reads = operation.verb === 'load' || operation.verb === 'query'
  if (body === undefined && reads) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  return { status: code, headers: {}, body }
}

async function madeBody(
  { method, path }: OperationRecord,
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
  { method, path }: OperationRecord,
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

/** The plan of a call that is not made: it has no address but its path, and no credential. */
function examplePlan({ key, method, path, conduct }: OperationRecord): RequestPlan {
  return {
    operation: key,
    method,
    url: `example:${path}`,
    headers: {},
    body: null,
    credential: { headers: {}, query: [], cookies: [] },
    grant: null,
    answersJson: true,
    secrets: [],
    missingCredential: null,
    conduct,
    idempotencyKey: null
  }
}
