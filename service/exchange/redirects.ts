import { bareUrl } from '../base/bare-url.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { ApiResponse } from '../net/api-client.ts'
import { carriesSecret, withoutCredential } from '../plan/credentials.ts'
import { assertMayMove, staysAtHost } from '../plan/origin-hosts.ts'
import type { RequestPlan } from '../plan/types.ts'
import { createRedaction } from './redaction.ts'

/** A call that was answered, with the URL that it reached. */
type Reached = { readonly plan: RequestPlan; readonly response: ApiResponse }

/** What a redirect is judged by. */
type RedirectedCall = Pick<RequestPlan, 'method' | 'url' | 'headers' | 'credential' | 'secrets'>

/** How many redirects of one call are followed. */
const REDIRECTS_MAX = 3

/** Redirects that are followed by a GET (RFC 9110 15.4.2 to 15.4.4), and those that keep method and body. */
const TO_GET = [301, 302, 303]
const KEEPING_METHOD = [307, 308]

/** How much of an address a message shows. */
const SHOWN_MAX_LENGTH = 300

/**
 * Follows the redirects of a call within the same origin, and from http to https of the same host
 * (docs/x-flow.md#redirects).
 *
 * @param first The response to the call, a redirect.
 * @param send Makes one call.
 * @returns The last response. It is a redirect if that is not to be followed.
 * @throws ConnectorError those of `send` and `assertMayReceive`; `UPSTREAM_REDIRECT` for a circle and for a
 *   fourth redirect.
 */
export async function followRedirects(
  given: RequestPlan,
  first: ApiResponse,
  send: (plan: RequestPlan) => Promise<ApiResponse>
): Promise<Reached> {
  const reached = new Set([given.url])
  for (let plan = given, response = first; ; ) {
    const target = isRedirect(response) ? targetOf(plan, response) : null
    if (target === null || obstacleTo(plan, response, target) !== null) return { plan, response }
    const url = withoutCredential(target, plan.credential)
    if (reached.has(url)) throw redirectProblem(plan, response, 'it leads in a circle')
    if (reached.size > REDIRECTS_MAX) {
      throw redirectProblem(plan, response, `it is number ${reached.size} of one call`)
    }
    reached.add(url)
    plan = { ...plan, url }
    assertMayReceive(plan)
    response = await send(plan)
  }
}

/**
 * Checks that the URL of a call may receive its secrets: it is of the server, which was approved, or of https at
 * the server's host.
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`
 */
export function assertMayReceive(plan: RequestPlan): void {
  const isAtServer = plan.url.startsWith(`${plan.origin}/`)
  if (!isAtServer && carriesSecret(plan)) assertMayMove(new URL(plan.url), plan.allowedHosts)
}

/** The problem of a redirect that is not followed, which says where it led, without its query. */
export function redirectProblem(
  call: RedirectedCall,
  response: ApiResponse,
  reason?: string
): ConnectorError {
  const target = targetOf(call, response)
  const shown = target === null ? '' : createRedaction(call)(bareUrl(target))
  return new ConnectorError('UPSTREAM_REDIRECT', {
    host: URL.parse(call.url)?.host ?? call.url,
    status: response.status,
    place: shown === '' ? '' : ` to ${shown.slice(0, SHOWN_MAX_LENGTH)}`,
    reason: reason ?? obstacleTo(call, response, target) ?? 'it is not expected here'
  })
}

/** Whether a response leads to another address. */
export function isRedirect({ status }: ApiResponse): boolean {
  return TO_GET.includes(status) || KEEPING_METHOD.includes(status)
}

function targetOf({ url }: RedirectedCall, { headers }: ApiResponse): URL | null {
  const target = headers.location === undefined ? null : parseUrl(headers.location, url)
  if (target !== null) target.hash = ''
  return target
}

/** Why a redirect is not followed; null if it is. */
function obstacleTo(
  { method, url }: RedirectedCall,
  response: ApiResponse,
  target: URL | null
): string | null {
  if (target === null) return 'it names no address'
  if (!isRedirect(response)) return 'it offers a choice, or no other address'
  const hasUser = target.username !== '' || target.password !== ''
  if (hasUser || !staysAtHost(new URL(url), target)) return 'it leads to another origin'
  const isKept = KEEPING_METHOD.includes(response.status) || method === 'GET'
  return isKept ? null : `it would turn the ${method} into a GET`
}
