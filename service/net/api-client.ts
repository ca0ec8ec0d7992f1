import { FormData } from 'undici'

import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import type { Egress } from './egress.ts'
import { upstreamFailure } from './failure.ts'
import { ACCEPT_ENCODING, decodeBody, joinHeaders, USER_AGENT } from './http-message.ts'
import { fetchWholeResponse } from './whole-response.ts'

export type ApiLimits = Pick<Settings, 'CONNECT_TIMEOUT_MS' | 'RESPONSE_MAX_BYTES'>

/** One part of a multipart body. */
export type MultipartPart = {
  readonly name: string
  readonly value: string
  /** Sent as a file with this media type; null: a plain field. */
  readonly mediaType: string | null
}

export type ApiRequest = {
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Parts are sent as multipart/form-data, with a content type of their own. */
  readonly body: string | Uint8Array | readonly MultipartPart[] | null
}

export type ApiResponse = {
  readonly status: number
  /** Lower-case names; several values of one name are joined by ", ". */
  readonly headers: { readonly [name: string]: string }
  /** Decompressed. */
  readonly body: Uint8Array
}

/** The door through which every data call goes. */
export type ApiClient = {
  /**
   * Makes one call: no redirect is followed, nothing is repeated.
   *
   * @throws ConnectorError `EGRESS_DENIED`; `DNS_TIMEOUT` and `UPSTREAM_*` when no whole answer came; the
   *   signal's reason when aborted.
   */
  send(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse>
  /** Takes no more calls, and closes the connections once the running ones are over. */
  close(): Promise<void>
}

/**
 * A client with connections of its own, kept alive per origin.
 *
 * Connecting, TLS included, is limited by `CONNECT_TIMEOUT_MS`, the decompressed answer by
 * `RESPONSE_MAX_BYTES`. How long the whole call may take its signal says.
 *
 * @param idleMs Milliseconds that a connection is kept for the next call at the most, whatever its
 *   server allows.
 */
export function createApiClient(limits: ApiLimits, egress: Egress, idleMs = 4_000): ApiClient {
  const options = {
    // One call on one connection at a time: what a closed connection did to a call stays known.
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: limits.RESPONSE_MAX_BYTES
  }
  const connections = egress.dispatcher(options, limits.CONNECT_TIMEOUT_MS)
  return {
    async send(request, signal) {
      // The error of the URL's constructor would hold the query.
      const url = URL.parse(request.url)
      if (url === null) {
        throw new ConnectorError('INTERNAL', {}, { cause: { code: 'ERR_INVALID_URL' } })
      }
      try {
        signal.throwIfAborted()
        egress.check(url)
        const call = {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: {
            'accept-encoding': ACCEPT_ENCODING,
            'user-agent': USER_AGENT,
            ...request.headers
          },
          body: encodeBody(request.body)
        }
        const response = await fetchWholeResponse(connections, call, signal)
        const { status } = response
        const headers = joinHeaders(response.headers)
        const coding = headers['content-encoding']
        const body =
          coding === undefined
            ? response.body
            : await decodeBody(response.body, coding, limits.RESPONSE_MAX_BYTES)
        return { status, headers, body }
      } catch (error) {
        signal.throwIfAborted()
        throw upstreamFailure(error, url, limits)
      }
    },
    close: () => connections.close()
  }
}

function encodeBody(body: ApiRequest['body']): string | Uint8Array | FormData | null {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) return body
  const form = new FormData()
  for (const part of body) {
    if (part.mediaType === null) form.append(part.name, part.value)
    else form.append(part.name, new Blob([part.value], { type: part.mediaType }), part.name)
  }
  return form
}
