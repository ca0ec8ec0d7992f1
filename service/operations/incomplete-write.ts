import { ConnectorError } from '../errors.ts'

/** How far a write of several objects got, by their positions in the request. */
export type WriteProgress = {
  /** Objects of the request. */
  readonly count: number
  /** Objects written so far, in the order of the request. */
  readonly written: readonly (readonly [index: number, externalId: string | null])[]
  /** Objects that failed or are being written. Later ones were not sent. */
  readonly failed: readonly number[]
}

/**
 * Turns the failure of a write of several objects into a problem that lists the objects already written, by
 * index and external id. A single object fails with its own problem.
 */
export function incompleteWrite(
  code: 'SAVE_INCOMPLETE' | 'DELETE_INCOMPLETE',
  error: unknown,
  progress: WriteProgress
): unknown {
  const { count, failed } = progress
  if (!(error instanceof ConnectorError) || count === 1) return error
  const { status, retryAfterSeconds, cause, upstream, message } = error
  const details = { status, retryAfterSeconds, cause }
  return new ConnectorError(
    code,
    { cause: message, failed: objectsAt(failed), count, saved: writtenText(progress) },
    upstream === null ? details : { ...details, upstream }
  )
}

/** How far a write got when a time-out interrupts it: the outcome of the request under way is unknown. */
export function writeReached(what: 'saved' | 'deleted', progress: WriteProgress): string {
  const { count, failed } = progress
  return `${objectsAt(failed)} of ${count} may or may not be ${what}; ${what}: ${writtenText(progress)}`
}

/** The written objects as `0 (n1), 1 (n2)`, or `none`. */
function writtenText({ written }: WriteProgress): string {
  const texts = written.map(([index, id]) => `${index} (${id ?? ''})`)
  return texts.length === 0 ? 'none' : texts.join(', ')
}

/** Positions as `object 2`, or `objects 0, 2 to 5`. */
function objectsAt(indices: readonly number[]): string {
  const runs: { from: number; to: number }[] = []
  for (const index of indices) {
    const last = runs.at(-1)
    if (last !== undefined && last.to === index - 1) last.to = index
    else runs.push({ from: index, to: index })
  }
  const texts = runs.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  return `${indices.length === 1 ? 'object' : 'objects'} ${texts.join(', ')}`
}
