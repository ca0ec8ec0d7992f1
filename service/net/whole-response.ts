import type { Dispatcher } from 'undici'

/** A response with its whole body, which is still in its content coding. */
export type WholeResponse = {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly body: Uint8Array
}

/**
 * Makes one call and takes its whole response. The stream that undici's `request` makes of every body
 * costs as much as the call, and nobody here reads it piece by piece.
 *
 * @throws what undici says of a response that did not come whole; the signal's reason when aborted.
 */
export function fetchWholeResponse(
  connections: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal
): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    let call: Dispatcher.DispatchController | undefined
    let start: Omit<WholeResponse, 'body'> | undefined
    const chunks: Buffer[] = []
    const leave = (): void => {
      call?.abort(signal.reason)
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    connections.dispatch(request, {
      onRequestStart(controller) {
        call = controller
        // It may have waited for a connection for longer than its caller.
        if (signal.aborted) controller.abort(signal.reason)
      },
      onResponseStart(_, status, headers) {
        // What comes before is not the answer (RFC 9110 15.2).
        if (status >= 200) start = { status, headers }
      },
      onResponseData(_, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        signal.removeEventListener('abort', leave)
        const [first] = chunks
        const body = chunks.length === 1 && first ? first : Buffer.concat(chunks)
        if (start !== undefined) resolve({ ...start, body })
      },
      onResponseError(_, error) {
        signal.removeEventListener('abort', leave)
        reject(error)
      }
    })
  })
}
