import { encodeCookieValue, percentEncoded } from '../base/percent-encoding.ts'
import type { ApiClient, ApiRequest } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import type { Exchange } from './types.ts'
import { readAnswer } from './read-answer.ts'

/**
 * Carries out plans over the network.
 *
 * @throws ConnectorError `UPSTREAM_*` when no usable answer came, `API_ERROR` for the API's own 4xx
 *   or 5xx.
 */
export function createLiveExchange(client: ApiClient): Exchange {
  return async (plan, { signal }) => readAnswer(plan, await client.send(apiRequest(plan), signal))
}

function apiRequest(plan: RequestPlan): ApiRequest {
  const { body } = plan
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body?.encoding === 'text') headers['content-type'] = body.mediaType
  for (const [name, value] of Object.entries({ ...plan.headers, ...plan.credential.headers })) {
    headers[name.toLowerCase()] = value
  }
  // The boundary between the parts is the client's, and so is the header that names it.
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
  const separator = url.includes('?') ? '&' : '?'
  return `${url}${separator}${pairs.join('&')}`
}
