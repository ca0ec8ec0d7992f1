/**
 * Does work under a limit on its whole duration. Time-outs of HTTP clients begin anew with every
 * phase or chunk, so a server that drips bytes outlasts them; only aborting everything is a bound.
 *
 * @param limit Milliseconds.
 * @param signal Ends the work before that, with the signal's own reason.
 * @param late Makes the error of a limit that ran out.
 * @param work Must end soon after its signal is aborted.
 */
export async function withDeadline<T>(
  limit: number,
  signal: AbortSignal | null,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const leave = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(late()), limit)
  signal?.addEventListener('abort', leave, { once: true })
  try {
    return await work(controller.signal)
  } catch (error) {
    controller.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}

/** Waits for a promise that others share, until the signal of this one caller. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
