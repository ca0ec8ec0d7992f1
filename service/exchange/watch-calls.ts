import { ConnectorError } from '../errors.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { ApiResponse } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import { shownAnswer, shownExample } from './shown-answer.ts'
import { shownRequest } from './shown-request.ts'
import type { Answer } from './types.ts'
import type { ShownAnswer, ShownCall, Watch } from './watch.ts'

type Send = (plan: RequestPlan) => Promise<ApiResponse>

/** Tells a watch of each request that is sent. */
export function watchSending({ secrets, called }: Watch, send: Send): Send {
  return given => {
    const plan = { ...given, secrets: [...given.secrets, ...secrets] }
    return watchCall(called, () => send(given), {
      head: ({ head = null }) => head,
      show: response => ({
        answeredBy: 'api',
        request: shownRequest(plan),
        answer: response && shownAnswer(plan, response)
      })
    })
  }
}

/** Tells a watch of a call that an example answers. */
export function watchExample(
  { called }: Watch,
  { method, path }: Pick<EndpointRecord, 'method' | 'path'>,
  answer: () => Promise<Answer>
): Promise<Answer> {
  const request = { method, url: path, headers: {}, body: null }
  return watchCall(called, answer, {
    head: () => null,
    show: (given, error) => ({
      answeredBy: 'example',
      request,
      answer: given === null ? refusalOf(error) : shownExample(given)
    })
  })
}

/** The answer that an error relays; null for none. */
function refusalOf(error: unknown): ShownAnswer | null {
  const upstream = error instanceof ConnectorError ? error.upstream : null
  if (upstream === null) return null
  const { status, headers, body } = upstream
  return { status, headers, body, isCut: false }
}

/** How a call is told of. */
type Telling<Given> = {
  readonly head: (given: Given) => number | null
  /** @param given Null for an error. */
  readonly show: (given: Given | null, error: unknown) => Omit<ShownCall, 'failure'>
}

async function watchCall<Given>(
  called: Watch['called'],
  call: () => Promise<Given>,
  { head, show }: Telling<Given>
): Promise<Given> {
  const start = performance.now()
  try {
    const given = await call()
    const times = { start, head: head(given), end: performance.now() }
    called(times, () => ({ ...show(given, null), failure: null }))
    return given
  } catch (error) {
    const times = { start, head: null, end: performance.now() }
    called(times, () => {
      const shown = show(null, error)
      return { ...shown, failure: shown.answer === null ? failureOf(error) : null }
    })
    throw error
  }
}

function failureOf(error: unknown): string {
  return error instanceof ConnectorError ? error.message : 'the call was ended'
}
