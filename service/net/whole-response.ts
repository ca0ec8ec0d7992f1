import type { Dispatcher } from 'undici'

/** A response with its complete body, not decompressed. */
export type WholeResponse = {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly body: Uint8Array
}

/**
 * Makes one call and collects its response. undici's `request` would make a stream of every body, which
 * costs as much as the call itself.
 *
 * @throws undici's error for an incomplete response; the signal's reason when aborted.
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
    const onAbort = (): void => {
      call?.abort(signal.reason)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    connections.dispatch(request, {
      onRequestStart(controller) {
        call = controller
        // The caller may have given up while the call waited for a connection.
        if (signal.aborted) controller.abort(signal.reason)
      },
      onResponseStart(_, status, headers) {
        // Not an interim response (RFC 9110 15.2).
        if (status >= 200) start = { status, headers }
      },
      onResponseData(_, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        signal.removeEventListener('abort', onAbort)
        const [first] = chunks
        const body = chunks.length === 1 && first ? first : Buffer.concat(chunks)
        if (start !== undefined) resolve({ ...start, body })
      },
      onResponseError(_, error) {
        signal.removeEventListener('abort', onAbort)
        reject(error)
      }
    })
  })
}
