import type { ControlResponse } from '../net/control-client.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import type { LoginMethod } from './types.ts'

/** The `fetch` that oauth4webapi sends its requests with. */
export type ProviderFetch = (
  url: string,
  request: {
    readonly method: string
    readonly headers: { readonly [name: string]: string }
    readonly body?: unknown
  }
) => Promise<Response>

/** Statuses for which the constructor of `Response` rejects a body (Fetch Standard 2.2.3). */
const NULL_BODY_STATUSES = new Set([204, 205, 304])

/** Wraps the identity client in a `fetch` that rejects with the client's own errors. */
export function providerFetch(client: IdentityClient, signal: AbortSignal): ProviderFetch {
  return async (url, { method, headers, body }) => {
    const request = {
      method: method === 'POST' ? 'POST' : 'GET',
      url: new URL(url),
      headers,
      body: body === undefined || body === null ? null : String(body),
      readsBody: true
    } as const
    return toResponse(await client.send(request, signal))
  }
}

function toResponse({ status, headers, body }: ControlResponse): Response {
  return new Response(NULL_BODY_STATUSES.has(status) ? null : Buffer.from(body), {
    status,
    headers: { ...headers }
  })
}

/** Adds API keys to the calls of a client. */
export function withKeys(client: IdentityClient, keys: RequestPlan['credential']): IdentityClient {
  const cookie = keys.cookies.map(pair => pair.join('=')).join('; ')
  return {
    isSecure: client.isSecure,
    send(request, signal) {
      const url = new URL(request.url)
      for (const [name, value] of keys.query) url.searchParams.append(name, value)
      const headers = { ...keys.headers, ...(cookie !== '' && { cookie }), ...request.headers }
      return client.send({ ...request, url, headers }, signal)
    }
  }
}

/** Restricts a client to the hosts that the login method may send credentials to. */
export function restrictHosts(client: IdentityClient, { assertHost }: LoginMethod): IdentityClient {
  return {
    isSecure: client.isSecure,
    send(request, signal) {
      assertHost(request.url)
      return client.send(request, signal)
    }
  }
}
