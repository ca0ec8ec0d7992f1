import type { ProblemDetails } from '../errors.ts'
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

/** What the answer to a batch says of objects that it does not show as saved. */
export type UnsavedRows = {
  readonly failed: readonly number[]
  readonly unknown: readonly number[]
  /** The API's words, on one line and masked. */
  readonly reasons: readonly (readonly [index: number, reason: string])[]
}

/** How many reasons a problem lists. */
const REASONS_MAX = 20

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
  const cause = error.message
  const written = writtenText(progress)
  const details = detailsOf(error)
  if (code === 'DELETE_INCOMPLETE') {
    return new ConnectorError(
      code,
      { cause, failed: objectsAt(failed), count, deleted: written },
      details
    )
  }
  const unsaved = `${objectsAt(failed)} of ${count} not saved`
  return new ConnectorError(code, { cause, unsaved, saved: written, advice: '' }, details)
}

/**
 * The problem of a batch of which the API did not save all objects, or does not say so. It lists those that
 * were written, those that failed with the API's reasons, and those of which nothing is known.
 *
 * @param error What the answer as a whole says.
 */
export function incompleteBatch(
  error: ConnectorError,
  progress: WriteProgress,
  { failed, unknown, reasons }: UnsavedRows
): ConnectorError {
  const { count } = progress
  const parts = [
    ...(failed.length === 0 ? [] : [`${objectsAt(failed)} of ${count} not saved`]),
    ...(unknown.length === 0 ? [] : [`${objectsAt(unknown)} of ${count} unknown`])
  ]
  const check =
    unknown.length === 0 ? '' : ` First check whether the API saved ${objectsAt(unknown)}.`
  const told = reasons.slice(0, REASONS_MAX).map(([index, reason]) => `object ${index}: ${reason}`)
  const more = reasons.length - told.length
  const rest = more === 0 ? '' : `; and ${more} more`
  const why = told.length === 0 ? '' : ` The reasons of the API: ${told.join('; ')}${rest}.`
  return new ConnectorError(
    'SAVE_INCOMPLETE',
    {
      cause: error.message,
      unsaved: parts.join('; '),
      saved: writtenText(progress),
      advice: check + why
    },
    detailsOf(error)
  )
}

function detailsOf({ status, retryAfterSeconds, cause, upstream }: ConnectorError): ProblemDetails {
  const details = { status, retryAfterSeconds, cause }
  return upstream === null ? details : { ...details, upstream }
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
