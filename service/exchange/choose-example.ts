import type { JsonValue } from '../base/json.ts'
import { ownMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { ConnectorError, suggestion } from '../errors.ts'
import type { OpenModel } from '../model/connector-model.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { ExampleAnswer, ExampleRecord } from '../model/example-record.ts'
import { declaredKey, statusesWith } from '../model/example-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'

type Answers = ExampleRecord['answers']

/** The answer that a use of an endpoint has from the document. */
export type ChosenExample = {
  readonly status: number
  readonly answer: ExampleAnswer
  /** Null for an empty answer, undefined where none is declared. */
  readonly body: JsonValue | undefined
  /** The use names the example. */
  readonly isNamed: boolean
}

/**
 * Chooses the answer of a status, as it is declared for the status itself, for its range or as `default`, and in it the
 * named example or the usual one. A write without any declared response is answered by a 204.
 *
 * @throws ConnectorError `EXAMPLE_UNKNOWN` for a name or status that the document does not declare, `EXAMPLE_MISSING`
 *   for a read without any declared response.
 */
export function chooseExample(
  { examples }: Pick<OpenModel, 'examples'>,
  { key, method, path }: EndpointRecord,
  use: EndpointUse
): ChosenExample {
  const declared = examples.get(key)
  const added = use.key === null ? undefined : examples.get(use.key)
  const answers: Answers = { ...declared?.answers, ...added?.answers }
  const { response = null, name = null } = use.example ?? {}
  const asked = response ?? declared?.status ?? null
  if (asked === null) {
    if (isRead(use.verb)) throw new ConnectorError('EXAMPLE_MISSING', { method, path })
    return { status: 204, answer: { named: {} }, body: undefined, isNamed: false }
  }
  const keys = Object.keys(answers)
  const answer = ownMember(answers, declaredKey(keys, asked) ?? '')
  if (answer === undefined) throw unknown({ method, path }, asked, keys)
  const status = statusCode(asked)
  if (name === null) return { status, answer, body: answer.body, isNamed: false }
  const body = ownMember(answer.named, name)
  if (body !== undefined) return { status, answer, body, isNamed: true }
  const elsewhere = statusesWith(answers, name)
  const [first] = elsewhere
  if (first === undefined) throw unknown({ method, path }, name, Object.keys(answer.named))
  const hint = ` for ${asked}: it is declared for ${elsewhere.join(', ')}`
  const holes = { method, path, given: name, suggestion: hint, known: `\`response: ${first}\`` }
  throw new ConnectorError('EXAMPLE_UNKNOWN', holes)
}

function unknown(
  call: Pick<EndpointRecord, 'method' | 'path'>,
  given: string,
  declared: readonly string[]
): ConnectorError {
  const known = declared.length === 0 ? 'none is declared' : declared.join(', ')
  const hint = suggestion(nearest(given, declared))
  return new ConnectorError('EXAMPLE_UNKNOWN', { ...call, given, known, suggestion: hint })
}

/** The status of a response key: `4XX` answers as 400, `default` as 200. */
function statusCode(key: string): number {
  const code = Number(key.replace(/x/gi, '0'))
  return Number.isInteger(code) && code > 0 ? code : 200
}
