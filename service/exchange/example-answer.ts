import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { OpenModel } from '../model/connector-model.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { ApiResponse } from '../net/api-client.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { chooseExample } from './choose-example.ts'
import type { ExampleFault, Made } from './example-process.ts'
import { answerProblems, statusProblem } from './read-answer.ts'
import { showObjects } from './show-objects.ts'
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

/** A call that was not sent, for `readAnswer`. */
const NOTHING_SENT = {
  headers: {},
  credential: { headers: {}, query: [], cookies: [] },
  secrets: [],
  answersJson: true,
  missingCredential: null,
  unsentCredentials: []
}

/** Where examples are declared, and what generates others for a known caller. */
export type ExampleSource = {
  readonly model: OpenModel
  readonly make: (record: MadeExampleRecord) => Promise<Made>
}

/**
 * Answers a call from the document, and neither calls nor remembers anything (docs/x-flow.md#examples). No parameter
 * needs a value. A declared response outside 2xx behaves as if the API had answered it.
 *
 * @param id The object that is asked for or updated; null for none.
 * @throws ConnectorError `EXAMPLE_UNKNOWN` for a name or status that the document does not declare,
 *   `EXAMPLE_MISSING` if there is nothing to answer with, `EXAMPLE_TOO_COMPLEX` if none can be generated from
 *   the schema, `EXAMPLE_BUSY` if the queue is full or the process was ended, `API_ERROR` for a response outside 2xx.
 */
export async function exampleAnswer(
  { model, make }: ExampleSource,
  endpoint: EndpointRecord,
  use: EndpointUse,
  id: string | null
): Promise<Answer> {
  const { method, path } = endpoint
  const chosen = chooseExample(model, endpoint, use)
  const isWrite = use.verb !== null && !isRead(use.verb)
  const call = { ...NOTHING_SENT, method, url: path, isWrite }
  const { status, body } = chosen
  const response = (): ApiResponse => responseWith(status, body)
  const isSeeOther = status === 303 && isWrite
  if (!isSeeOther && (status < 200 || status > 299)) throw statusProblem(call, response())
  const { location } = chosen.answer
  const answer: Answer = {
    ...{ status, body },
    headers: location === undefined ? {} : { location },
    ...(!isSeeOther && { problems: answerProblems(call, response) })
  }
  const mapping = model.mappings.get(use.key ?? '')
  if (mapping !== undefined && mapping.verb !== 'delete') {
    const rows = {
      model,
      generate: (record: MadeExampleRecord) => generate(endpoint, record, make)
    }
    const asked = { mapping, endpoint, type: typeNamed(model.types, mapping.type) }
    const shown = await showObjects(rows, asked, chosen, id)
    // What refuses the call is judged like the answer of an API.
    if (shown === 'refusal') return answer
    if (shown !== 'nothing') return { ...answer, shown }
  }
  if (body === null) return { ...answer, status: 204, body: undefined }
  if (body === undefined && !isWrite) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
  return answer
}

function responseWith(status: number, body: JsonValue | undefined): ApiResponse {
  const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
  return { status, headers: { 'content-type': 'application/json' }, body: bytes }
}

async function generate(
  { method, path }: EndpointRecord,
  record: MadeExampleRecord,
  make: ExampleSource['make']
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
