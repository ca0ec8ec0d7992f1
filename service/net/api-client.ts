import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import type { Egress } from './egress.ts'
import { upstreamFailure } from './failure.ts'
import type { WarnOfCoding } from './http-message.ts'
import type { MultipartPart } from './multipart-body.ts'
import { encodeMultipart } from './multipart-body.ts'
import { ACCEPT_ENCODING, decodeBody, joinHeaders, USER_AGENT } from './http-message.ts'
import type { ResponseBytes } from './response-budget.ts'
import { fetchWholeResponse } from './whole-response.ts'

export type ApiLimits = Pick<
  Settings,
  'CONNECT_TIMEOUT_MS' | 'RESPONSE_MAX_BYTES' | 'UPSTREAM_TIMEOUT_MS'
>

export type ApiRequest = {
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** Parts are sent as multipart/form-data; the client sets the content type. */
  readonly body: string | Uint8Array | readonly MultipartPart[] | null
}

export type ApiResponse = {
  readonly status: number
  /** Lower-case names; several values of one name are joined by ", ". */
  readonly headers: { readonly [name: string]: string }
  /** Decompressed. */
  readonly body: Uint8Array
  /** When its head arrived, by `performance.now()`. Absent for a response that did not come over the network. */
  readonly head?: number
}

/** HTTP client for data calls to APIs. */
export type ApiClient = {
  /**
   * Makes one call, without redirects and retries.
   *
   * @param timeLeftMs How much of `UPSTREAM_TIMEOUT_MS` is left for it. Default: all of it.
   * @param held What the bytes of the response count for. The caller gives them back. Default: nothing.
   * @throws ConnectorError `EGRESS_DENIED`; `DNS_TIMEOUT` and `UPSTREAM_*` when there is no complete
   *   response, or none in time; `ANSWERS_FULL`; the signal's reason when aborted.
   */
  send(
    request: ApiRequest,
    signal: AbortSignal,
    timeLeftMs?: number,
    held?: ResponseBytes
  ): Promise<ApiResponse>
  /** Waits for running calls, then closes the connections. New calls are rejected. */
  close(): Promise<void>
}

/**
 * Makes a client with keep-alive connections per origin.
 *
 * `CONNECT_TIMEOUT_MS` limits connecting with TLS, `RESPONSE_MAX_BYTES` the decompressed body.
 *
 * @param idleMs How long an idle connection is kept (ms), even if the server allows more.
 */
export function createApiClient(
  limits: ApiLimits,
  egress: Egress,
  warn: WarnOfCoding = () => {},
  idleMs = 4_000
): ApiClient {
  const options = {
    // With one call per connection, the fate of a call on a closed connection is known.
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: limits.RESPONSE_MAX_BYTES
  }
  const connections = egress.dispatcher(options, limits.CONNECT_TIMEOUT_MS)
  const decoding = { maxBytes: limits.RESPONSE_MAX_BYTES, takesPlain: true, warn }
  return {
    async send(request, signal, timeLeftMs = limits.UPSTREAM_TIMEOUT_MS, held) {
      // The error of `new URL` would contain the query.
      const url = URL.parse(request.url)
      if (url === null) {
        throw new ConnectorError('INTERNAL', {}, { cause: { code: 'ERR_INVALID_URL' } })
      }
      try {
        signal.throwIfAborted()
        egress.check(url)
        const body = encodeBody(request.body)
        const call = {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: {
            'accept-encoding': ACCEPT_ENCODING,
            'user-agent': USER_AGENT,
            ...request.headers,
            ...body.headers
          },
          body: body.bytes
        }
        const late = (): ConnectorError => {
          const limit = limits.UPSTREAM_TIMEOUT_MS
          return new ConnectorError('UPSTREAM_TIMEOUT', { host: url.host, limit })
        }
        const bounds = { timeLeftMs, late, held: held ?? null }
        const response = await fetchWholeResponse(connections, call, signal, bounds)
        const { status, head } = response
        const headers = joinHeaders(response.headers)
        const coding = headers['content-encoding']
        const decoded =
          coding === undefined
            ? response.body
            : await decodeBody(response.body, coding, url, decoding, held ?? null)
        return { status, headers, body: decoded, head }
      } catch (error) {
        signal.throwIfAborted()
        throw upstreamFailure(error, url, limits)
      }
    },
    close: () => connections.close()
  }
}

/** A body as bytes, with the content type of a multipart one. */
function encodeBody(body: ApiRequest['body']): {
  readonly bytes: string | Uint8Array | null
  readonly headers: { readonly [name: string]: string }
} {
  const isBytes = body === null || typeof body === 'string' || body instanceof Uint8Array
  if (isBytes) return { bytes: body, headers: {} }
  const { bytes, contentType } = encodeMultipart(body)
  return { bytes, headers: { 'content-type': contentType } }
}
