import type { JsonValue } from '../base/json.ts'
import { ownMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { ExampleRecord, MadeExampleRecord } from '../model/example-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { ApiResponse } from '../net/api-client.ts'
import type { ExampleFault, Made } from './example-process.ts'
import { answerProblems, statusProblem } from './read-answer.ts'
import type { Answer } from './types.ts'

/** `Retry-After` when the queue of examples is full. */
const BUSY_SECONDS = 1

const REASONS: { readonly [fault in Exclude<ExampleFault, 'busy' | 'killed'>]: string } = {
  slow: 'it takes too long',
  large: 'it takes too much memory'
}

const BUSY_REASONS = {
  busy: 'too many others are being generated',
  killed: 'its process was ended from outside, twice'
}

/** Makes an example for a known caller. */
type MakeExampleFor = (record: MadeExampleRecord) => Promise<Made>

type Endpoint = Pick<EndpointRecord, 'method' | 'path'>

/** A call that was not sent, for `readAnswer`. */
const NOTHING_SENT = {
  headers: {},
  credential: { headers: {}, query: [], cookies: [] },
  secrets: [],
  answersJson: true,
  missingCredential: null,
  unsentCredentials: []
}

/** The examples of an endpoint, and those that the type of a mapping adds. */
export type Examples = {
  readonly declared: ExampleRecord | undefined
  readonly added: ExampleRecord | undefined
}

/**
 * Answers a call from the document: with a declared example, else with one made from the schema. No parameter
 * needs a value. A declared response outside 2xx behaves as if the API had answered it.
 *
 * @throws ConnectorError `EXAMPLE_UNKNOWN` for a name or status that the document does not declare,
 *   `EXAMPLE_MISSING` if there is nothing to answer with, `EXAMPLE_TOO_COMPLEX` if none can be made from
 *   the schema, `EXAMPLE_BUSY` if the queue is full or the process was ended, `API_ERROR` for a response outside 2xx.
 */
export async function exampleAnswer(
  endpoint: Endpoint,
  { example, verb }: Pick<EndpointUse, 'example' | 'verb'>,
  { declared, added }: Examples,
  make: MakeExampleFor
): Promise<Answer> {
  const { method, path } = endpoint
  const status = example?.response ?? declared?.status ?? null
  if (status === null) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  const answers = { ...declared?.answers, ...added?.answers }
  const answer = ownMember(answers, status)
  if (answer === undefined) throw unknownExample(endpoint, status, Object.keys(answers))
  const name = example?.name ?? null
  const given = name === null ? answer.body : ownMember(answer.named, name)
  if (name !== null && given === undefined) {
    throw unknownExample(endpoint, name, Object.keys(answer.named))
  }
  const isMade = given === undefined && answer.made !== undefined
  const body = isMade ? await madeBody(endpoint, answer.made, make) : given
  const code = statusCode(status)
  const call = { ...NOTHING_SENT, method, url: path, isWrite: verb !== null && !isRead(verb) }
  const response = (): ApiResponse => responseWith(code, body)
  if (code === 303 && call.isWrite) return { status: code, headers: {}, body: undefined }
  if (code < 200 || code > 299) throw statusProblem(call, response())
  if (body === undefined && isRead(verb)) {
    throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  }
  return { status: code, headers: {}, body, problems: answerProblems(call, response) }
}

function responseWith(status: number, body: JsonValue | undefined): ApiResponse {
  const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
  return { status, headers: { 'content-type': 'application/json' }, body: bytes }
}

async function madeBody(
  { method, path }: Endpoint,
  record: MadeExampleRecord,
  make: MakeExampleFor
): Promise<JsonValue> {
  const made = await make(record)
  if ('body' in made) return made.body
  if (made.fault === 'busy' || made.fault === 'killed') {
    const reason = BUSY_REASONS[made.fault]
    const retry = { retryAfterSeconds: BUSY_SECONDS }
    throw new ConnectorError('EXAMPLE_BUSY', { method, path, reason }, retry)
  }
  throw new ConnectorError('EXAMPLE_TOO_COMPLEX', { method, path, reason: REASONS[made.fault] })
}

function unknownExample(
  { method, path }: Endpoint,
  given: string,
  declared: readonly string[]
): ConnectorError {
  const known = declared.length === 0 ? 'none is declared' : declared.join(', ')
  const hint = suggestion(nearest(given, declared))
  return new ConnectorError('EXAMPLE_UNKNOWN', { method, path, given, known, suggestion: hint })
}

/** The status of a response key: `4XX` answers as 400, `default` as 200. */
function statusCode(key: string): number {
  const code = Number(key.replace(/x/gi, '0'))
  return Number.isInteger(code) && code > 0 ? code : 200
}
