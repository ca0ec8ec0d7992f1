import type { ControlResponse } from '../net/control-client.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { LoginMethod } from './types.ts'

/** What the OAuth library sends its requests by. */
export type ProviderFetch = (
  url: string,
  request: {
    readonly method: string
    readonly headers: { readonly [name: string]: string }
    readonly body?: unknown
  }
) => Promise<Response>

/** Statuses of answers that the `Response` of the Fetch Standard allows no body (Fetch 2.2.3). */
const BODILESS = new Set([204, 205, 304])

/** A `fetch` over the identity client, whose failures come out as they are. */
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
  return new Response(BODILESS.has(status) ? null : Buffer.from(body), {
    status,
    headers: { ...headers }
  })
}

/** The client for calls to some addresses only. */
export function restrictHosts(client: IdentityClient, { assertHost }: LoginMethod): IdentityClient {
  return {
    isSecure: client.isSecure,
    send(request, signal) {
      assertHost(request.url)
      return client.send(request, signal)
    }
  }
}
