import { ConnectorError } from '../errors.ts'

/**
 * The problem of a write of several objects that failed on the way, which names what was written
 * before: by index and external id.
 *
 * @param done External ids of the objects that were written, in the order of the request.
 */
export function incompleteWrite(
  code: 'SAVE_INCOMPLETE' | 'DELETE_INCOMPLETE',
  error: unknown,
  done: readonly (string | null)[],
  count: number
): unknown {
  if (!(error instanceof ConnectorError) || count === 1) return error
  const written = done.map((id, index) => `${index} (${id ?? ''})`)
  const { status, retryAfterSeconds, cause } = error
  const details = { status, retryAfterSeconds, cause }
  return new ConnectorError(
    code,
    {
      cause: error.message,
      index: done.length,
      count,
      saved: written.length === 0 ? 'none' : written.join(', ')
    },
    error.upstream === null ? details : { ...details, upstream: error.upstream }
  )
}
