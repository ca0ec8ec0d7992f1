import { encodeCookieValue, percentEncoded } from '../base/percent-encoding.ts'
import { ConnectorError } from '../errors.ts'
import type { ApiClient, ApiRequest } from '../net/api-client.ts'
import type { ResponseBudget } from '../net/response-budget.ts'
import { giveBackBytes, holdBytes } from '../net/response-budget.ts'
import type { RequestPlan } from '../plan/types.ts'
import { readAnswer } from './read-answer.ts'
import { assertMayReceive, followRedirects, isRedirect } from './redirects.ts'
import type { Exchange } from './types.ts'

/**
 * Makes calls over the network, and follows their redirects.
 *
 * @param maxValues Most values of the JSON of an answer: `ANSWER_MAX_VALUES`.
 * @param budget What the bytes of an answer count for until it is read.
 */
export function createLiveExchange(
  client: ApiClient,
  maxValues: number,
  budget: ResponseBudget
): Exchange {
  return async (given, { owner, signal, timeLeftMs }) => {
    const end = performance.now() + timeLeftMs
    assertMayReceive(given)
    const held = holdBytes(budget, owner)
    const bounds = { maxValues, signal, held }
    try {
      const first = await client.send(apiRequest(given), signal, timeLeftMs, held)
      const { plan, response } = isRedirect(first)
        ? await followRedirects(given, first, hop =>
            client.send(apiRequest(hop), signal, Math.max(0, end - performance.now()), held)
          )
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

/** The request of a plan, with its credential. */
export function apiRequest(plan: RequestPlan): ApiRequest {
  const { body } = plan
  const headers: Record<string, string> = { accept: plan.accept }
  if (body?.encoding === 'text') headers['content-type'] = body.mediaType
  for (const [name, value] of Object.entries({ ...plan.headers, ...plan.credential.headers })) {
    headers[name.toLowerCase()] = value
  }
  // The client chooses the multipart boundary and sets the header that names it.
  if (body?.encoding === 'multipart') delete headers['content-type']
  const cookies = plan.credential.cookies.map(
    ([name, value]) => `${name}=${encodeCookieValue(value)}`
  )
  if (headers.cookie !== undefined) cookies.unshift(headers.cookie)
  if (cookies.length > 0) headers.cookie = cookies.join('; ')
  return {
    method: plan.method,
    url: withQuery(plan.url, plan.credential.query),
    headers,
    body: body === null ? null : body.encoding === 'text' ? body.text : body.parts
  }
}

function withQuery(url: string, query: RequestPlan['credential']['query']): string {
  if (query.length === 0) return url
  const pairs = query.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`
}
