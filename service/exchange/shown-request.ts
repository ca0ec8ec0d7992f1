import type { ApiRequest } from '../net/api-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import { apiRequest } from './api-request.ts'
import { createRedaction, MASK } from './redaction.ts'

/** A request as a person may see it. */
export type ShownRequest = {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Null for none; a multipart body is a line for each part. */
  readonly body: string | null
}

/**
 * Shows the request of a plan, exactly as it is sent but for its secrets, which are `***`. Where a credential
 * begins with an authentication scheme, that is left.
 */
export function shownRequest(plan: RequestPlan): ShownRequest {
  const masked = createRedaction(plan)
  const { credential } = plan
  const hidden = {
    headers: Object.fromEntries(
      Object.entries(credential.headers).map(([name, value]) => [name, maskedHeader(value)])
    ),
    query: credential.query.map(([name]) => [name, MASK] as const),
    cookies: credential.cookies.map(([name]) => [name, MASK] as const)
  }
  const { method, url, headers, body } = apiRequest({ ...plan, credential: hidden })
  const shown = Object.entries(headers).map(([name, value]) => [name, masked(value)])
  const text = bodyText(body)
  return {
    method,
    url: masked(url).replaceAll('%2A%2A%2A', MASK),
    headers: Object.fromEntries(shown),
    body: text === null ? null : masked(text)
  }
}

function maskedHeader(value: string): string {
  const [, scheme = ''] = /^([A-Za-z][\w-]*) \S/.exec(value) ?? []
  return scheme === '' ? MASK : `${scheme} ${MASK}`
}

function bodyText(body: ApiRequest['body']): string | null {
  if (body === null || typeof body === 'string') return body
  if (body instanceof Uint8Array) return `(${body.length} bytes)`
  return body
    .map(({ name, value }) =>
      typeof value === 'string' ? `${name}: ${value}` : `${name}: (${value.length} bytes)`
    )
    .join('\n')
}
