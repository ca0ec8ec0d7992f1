/**
 * Limits the whole duration of work. Time-outs of HTTP clients restart with every phase or chunk, so a
 * server that sends slowly can outlast them.
 *
 * @param limit Milliseconds.
 * @param signal Aborts the work earlier, with the signal's reason.
 * @param timeoutError Makes the error for a time-out.
 * @param work Must settle soon after its signal is aborted.
 */
export async function withDeadline<T>(
  limit: number,
  signal: AbortSignal | null,
  timeoutError: () => Error,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const onAbort = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(timeoutError()), limit)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(controller.signal)
  } catch (error) {
    controller.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Waits for a shared promise until the signal of this caller aborts. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
