import type { Dispatcher } from 'undici'

import { createPartsCounter, TooManyPartsError } from './answer-parts.ts'
import type { ResponseBytes } from './response-budget.ts'
import { takeBytes } from './response-budget.ts'

/** A response with its complete body, not decompressed. */
export type WholeResponse = {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly body: Uint8Array
  /** When its head arrived, by `performance.now()`. */
  readonly head: number
}

/** What bounds a call. */
export type CallBounds = {
  /** How long it may take (ms). */
  readonly timeLeftMs: number
  /** The error after that. */
  readonly late: () => Error
  /** What its bytes count for; null for nothing. */
  readonly held: ResponseBytes | null
}

/**
 * Makes one call and collects its response. undici's `request` would make a stream of every body, which
 * costs as much as the call itself.
 *
 * @throws TooManyPartsError; ConnectorError `ANSWERS_FULL`; undici's error for an incomplete response; `late` without one in
 *   time; the signal's reason when aborted.
 */
export function fetchWholeResponse(
  connections: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  { timeLeftMs, late, held }: CallBounds
): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    let call: Dispatcher.DispatchController | undefined
    let start: Omit<WholeResponse, 'body'> | undefined
    const chunks: Buffer[] = []
    const parts = createPartsCounter()
    let failure: Error | undefined
    const fail = (reason: Error): void => {
      failure = reason
      call?.abort(reason)
      settle()
      reject(reason)
    }
    const onAbort = (): void => fail(signal.reason)
    const timer = setTimeout(() => fail(late()), timeLeftMs)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort)
    connections.dispatch(request, {
      onRequestStart(controller) {
        call = controller
        // The caller may have given up while the call waited for a connection.
        if (failure !== undefined) controller.abort(failure)
      },
      onResponseStart(_, status, headers) {
        // Not an interim response (RFC 9110 15.2).
        if (status >= 200) start = { status, headers, head: performance.now() }
        else if (parts.interim()) fail(new TooManyPartsError())
      },
      onResponseData(_, chunk) {
        if (failure !== undefined) return
        const refusal = parts.chunk(chunk.length)
          ? new TooManyPartsError()
          : held && takeBytes(held, chunk.length)
        if (refusal !== null) fail(refusal)
        else chunks.push(chunk)
      },
      onResponseEnd() {
        settle()
        const [first] = chunks
        const body = chunks.length === 1 && first ? first : Buffer.concat(chunks)
        if (start !== undefined) resolve({ ...start, body })
      },
      onResponseError(_, error) {
        settle()
        reject(error)
      }
    })
  })
}
