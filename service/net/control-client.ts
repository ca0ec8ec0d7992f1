import type { ClientRequest } from 'node:http'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

import type { Got, Response } from 'got'

import type { Settings } from '../settings.ts'
import { createPartsCounter, TooManyPartsError } from './answer-parts.ts'
import type { Egress } from './egress.ts'
import type { WarnOfCoding } from './http-message.ts'
import {
  ACCEPT_ENCODING,
  BodyTooLargeError,
  decodeBody,
  joinHeaders,
  USER_AGENT
} from './http-message.ts'
import type { ResponseBytes } from './response-budget.ts'
import { takeBytes } from './response-budget.ts'

/** A call for a document, a login or a token. */
export type ControlRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly body: string | null
  /** Limit on the response body in bytes, both as sent and as decoded. */
  readonly maxBytes: number
  /** Whether a longer body is cut, which works for one without a content coding only. By default it is a fault. */
  readonly cutsBody?: boolean
  /** Whether to read the body of a response with this status. */
  readonly wantsBody: (status: number) => boolean
  /** What the bytes of the response count for. The caller gives them back. Default: nothing. */
  readonly held?: ResponseBytes | undefined
}

export type ControlResponse = {
  readonly status: number
  /** Lower-case names; several values of one name are joined by ", ". */
  readonly headers: { readonly [name: string]: string }
  /** Decompressed; empty when it was not wanted. */
  readonly body: Uint8Array
}

/** Chunks read before yielding to the event loop. */
const CHUNKS_OF_TURN = 500

/** Bytes copied before yielding to the event loop. */
const COPY_CHUNK_BYTES = 2 * 1024 * 1024

/** HTTP client for calls other than data calls, which are rare. */
export type ControlClient = {
  /**
   * Makes one call, without redirects and retries.
   *
   * @throws any error of the HTTP client, which may contain a credential. Only files of this folder call
   *   this; they convert the errors with `failure.ts`.
   */
  send(request: ControlRequest, signal: AbortSignal): Promise<ControlResponse>
  /** Closes all connections and aborts running calls. */
  close(): void
}

/** `CONNECT_TIMEOUT_MS` limits each phase of connecting; the signal limits the whole call. */
export function createControlClient(
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS'>,
  egress: Egress,
  warn: WarnOfCoding = () => {}
): ControlClient {
  const connect = limits.CONNECT_TIMEOUT_MS
  const agent = egress.agents(connect)
  let client: Promise<Got> | undefined
  // Its modules are loaded for the first call, so that the service starts sooner.
  const open = async (): Promise<Got> => {
    const { default: got } = await import('got')
    return got.extend({
      agent,
      followRedirect: false,
      retry: { limit: 0 },
      throwHttpErrors: false,
      timeout: { lookup: connect, connect, secureConnect: connect },
      headers: { 'accept-encoding': ACCEPT_ENCODING, 'user-agent': USER_AGENT },
      // got would decode any number of nested codings.
      decompress: false
    })
  }
  return {
    async send(request, signal) {
      const { method, url, headers, body, maxBytes, cutsBody, wantsBody, held = null } = request
      egress.check(url)
      client ??= open()
      const { stream: start } = await client
      signal.throwIfAborted()
      const stream = start(url, {
        method,
        signal,
        headers: { ...headers },
        ...(body !== null && { body })
      })
      let response: Response | undefined
      stream.once('response', (first: Response) => {
        response = first
      })
      const parts = createPartsCounter()
      const onInterim = (): void => {
        if (parts.interim()) stream.destroy(new TooManyPartsError())
      }
      stream.once('request', (sent: ClientRequest) => sent.on('information', onInterim))
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of stream) {
        // Short chunks that are there already would be read without a turn for anybody else.
        if (chunks.length % CHUNKS_OF_TURN === CHUNKS_OF_TURN - 1) await yieldToEventLoop()
        // Leaving the loop closes the connection.
        if (response === undefined || !wantsBody(response.statusCode)) break
        const part = cutsBody === true ? chunk.subarray(0, maxBytes - size) : chunk
        size += part.length
        if (size > maxBytes) throw new BodyTooLargeError()
        const refusal = held && takeBytes(held, part.length)
        if (refusal !== null) throw refusal
        chunks.push(part)
        if (part.length < chunk.length) break
      }
      if (response === undefined) throw new Error('the stream ended without an answer')
      const coding = response.headers['content-encoding'] ?? ''
      const decoding = { maxBytes, takesPlain: false, warn }
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        body: await decodeBody(await joinChunks(chunks, size), coding, url, decoding, held)
      }
    },
    close() {
      agent.http.destroy()
      agent.https.destroy()
    }
  }
}

/** Joins chunks without blocking the event loop for long. */
async function joinChunks(chunks: readonly Uint8Array[], size: number): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafe(size)
  let [end, copied] = [0, 0]
  for (const chunk of chunks) {
    whole.set(chunk, end)
    end += chunk.length
    copied += chunk.length
    if (copied < COPY_CHUNK_BYTES) continue
    copied = 0
    await yieldToEventLoop()
  }
  return whole
}
