import { encodeCookieValue, percentEncoded } from '../base/percent-encoding.ts'
import type { ApiRequest } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'

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
