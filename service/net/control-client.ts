import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Response } from 'got'
import got from 'got'

import type { Settings } from '../settings.ts'
import type { Egress } from './egress.ts'
import { ACCEPT_ENCODING, decodeBody, joinHeaders, USER_AGENT } from './http-message.ts'

/** A call that is not about data: for a document, a login, a token. */
export type ControlRequest = {
  readonly method: 'GET' | 'POST'
  /** Absolute. */
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  /** Null for none. */
  readonly body: string | null
  /** Bytes of the answer's body at the most, as sent and as decoded. */
  readonly maxBytes: number
  /** Whether the body of an answer with this status is of use; another one is not read. */
  readonly wantsBody: (status: number) => boolean
}

export type ControlResponse = {
  readonly status: number
  /** Lower-case names; several values of one name are joined by ", ". */
  readonly headers: { readonly [name: string]: string }
  /** Decompressed; blank where it was not wanted. */
  readonly body: Uint8Array
}

/** A body is larger than its caller takes. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
  readonly code = 'ERR_BUFFER_TOO_LARGE'
}

/** Bytes that are copied between two turns of the event loop. */
const COPIED_AT_ONCE = 2 * 1024 * 1024

/** The door for the rare calls that are not about data. */
export type ControlClient = {
  /**
   * Makes one call: no redirect is followed, nothing is repeated.
   *
   * @throws whatever the HTTP client throws, which may hold a credential: only files of this folder
   *   call this, and give what they catch to `failure.ts`.
   */
  send(request: ControlRequest, signal: AbortSignal): Promise<ControlResponse>
  /** Ends all connections and the calls that are still running on them. */
  close(): void
}

/**
 * A client with connections of its own. Each phase of connecting is limited by `CONNECT_TIMEOUT_MS`;
 * the whole call has the limit of its signal.
 */
export function createControlClient(
  limits: Pick<Settings, 'CONNECT_TIMEOUT_MS'>,
  egress: Egress
): ControlClient {
  const connect = limits.CONNECT_TIMEOUT_MS
  const agent = egress.agents(connect)
  const client = got.extend({
    agent,
    followRedirect: false,
    retry: { limit: 0 },
    throwHttpErrors: false,
    timeout: { lookup: connect, connect, secureConnect: connect },
    headers: { 'accept-encoding': ACCEPT_ENCODING, 'user-agent': USER_AGENT },
    // The client would undo any number of codings on top of each other.
    decompress: false
  })
  return {
    async send({ method, url, headers, body, maxBytes, wantsBody }, signal) {
      egress.check(url)
      const stream = client.stream(url, {
        method,
        signal,
        headers: { ...headers },
        ...(body !== null && { body })
      })
      let response: Response | undefined
      stream.once('response', (first: Response) => {
        response = first
      })
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of stream) {
        // Leaving the loop ends the connection.
        if (response === undefined || !wantsBody(response.statusCode)) break
        size += chunk.length
        if (size > maxBytes) throw new BodyTooLargeError()
        chunks.push(chunk)
      }
      if (response === undefined) throw new Error('the stream ended without an answer')
      const coding = response.headers['content-encoding'] ?? ''
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        body: await decodeBody(await joinChunks(chunks, size), coding, maxBytes)
      }
    },
    close() {
      agent.http.destroy()
      agent.https.destroy()
    }
  }
}

/** One buffer of many, piece by piece, so that a large body holds nothing up. */
async function joinChunks(chunks: readonly Uint8Array[], size: number): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafe(size)
  let [end, copied] = [0, 0]
  for (const chunk of chunks) {
    whole.set(chunk, end)
    end += chunk.length
    copied += chunk.length
    if (copied < COPIED_AT_ONCE) continue
    copied = 0
    await nextTurn()
  }
  return whole
}
