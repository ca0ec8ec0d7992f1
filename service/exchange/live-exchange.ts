import { ConnectorError } from '../errors.ts'
import type { ApiClient, ApiResponse } from '../net/api-client.ts'
import type { ResponseBudget } from '../net/response-budget.ts'
import { giveBackBytes, holdBytes } from '../net/response-budget.ts'
import type { RequestPlan } from '../plan/types.ts'
import { apiRequest } from './api-request.ts'
import { readAnswer } from './read-answer.ts'
import { assertMayReceive, followRedirects, isRedirect } from './redirects.ts'
import type { RepeatedAnswers } from './repeated-answers.ts'
import type { Exchange } from './types.ts'
import { watchSending } from './watch-calls.ts'

/**
 * Makes calls over the network, and follows their redirects.
 *
 * @param maxValues Most values of the JSON of an answer: `ANSWER_MAX_VALUES`.
 * @param budget What the bytes of an answer count for until it is read.
 * @param repeated The answers that came before.
 */
export function createLiveExchange(
  client: ApiClient,
  maxValues: number,
  budget: ResponseBudget,
  repeated: RepeatedAnswers
): Exchange {
  return async (given, { owner, signal, timeLeftMs, isAlone = false, watch }) => {
    const end = performance.now() + timeLeftMs
    assertMayReceive(given)
    const held = holdBytes(budget, owner)
    const bounds = { maxValues, signal, keepsSource: isAlone, held, repeated }
    try {
      const call = (plan: RequestPlan): Promise<ApiResponse> =>
        client.send(apiRequest(plan), signal, Math.max(0, end - performance.now()), held)
      const send = watch === undefined ? call : watchSending(watch, call)
      const first = await send(given)
      const { plan, response } = isRedirect(first)
        ? await followRedirects(given, first, send)
        : { plan: given, response: first }
      const answer = readAnswer(plan, response, bounds)
      // Most answers are read at once, and another promise would take a turn.
      return answer instanceof Promise ? await answer : answer
    } finally {
      giveBackBytes(held)
    }
  }
}

/**
 * Reports how each call ended and how long it took (ms). The outcome is the class of the API's status, such as
 * `4xx`, else the code of the problem, or `ended` for an aborted call.
 *
 * @param now A monotonic clock (ms).
 */
export function withObserver(
  exchange: Exchange,
  now: () => number,
  observe: (outcome: string, milliseconds: number) => void
): Exchange {
  return (plan, context) => {
    const start = now()
    return exchange(plan, context).then(
      answer => {
        observe(statusClass(answer.status), now() - start)
        return answer
      },
      error => {
        observe(outcomeOf(error), now() - start)
        throw error
      }
    )
  }
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof ConnectorError)) return 'ended'
  const isRefusal = error.code === 'API_ERROR' && error.upstream !== null
  return isRefusal ? statusClass(error.upstream.status) : error.code
}

function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`
}
