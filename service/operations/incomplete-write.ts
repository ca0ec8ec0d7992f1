import { ConnectorError } from '../errors.ts'

/** How far a write of several objects came, by their positions in the request. */
export type WriteProgress = {
  /** Objects of the request. */
  readonly count: number
  /** What is written, by position and external id, in the order of the request. */
  readonly written: readonly (readonly [index: number, externalId: string | null])[]
  /** What failed, or was under way; what comes after it was not sent. */
  readonly failed: readonly number[]
}

/**
 * The problem of a write of several objects that failed on the way, which names what was written: by
 * index and external id. A single object fails with its own problem.
 */
export function incompleteWrite(
  code: 'SAVE_INCOMPLETE' | 'DELETE_INCOMPLETE',
  error: unknown,
  progress: WriteProgress
): unknown {
  const { count, failed } = progress
  if (!(error instanceof ConnectorError) || count === 1) return error
  const { status, retryAfterSeconds, cause } = error
  const details = { status, retryAfterSeconds, cause }
  return new ConnectorError(
    code,
    {
      cause: error.message,
      failed: `${failed.length === 1 ? 'object' : 'objects'} ${positions(failed)}`,
      count,
      saved: writtenText(progress)
    },
    error.upstream === null ? details : { ...details, upstream: error.upstream }
  )
}

/** What is written, as `0 (n1), 1 (n2)`; `none` for nothing. */
export function writtenText({ written }: Pick<WriteProgress, 'written'>): string {
  const texts = written.map(([index, id]) => `${index} (${id ?? ''})`)
  return texts.length === 0 ? 'none' : texts.join(', ')
}

/** Positions in a text, those that follow each other as `2 to 5`. */
function positions(indices: readonly number[]): string {
  const runs: { from: number; to: number }[] = []
  for (const index of indices) {
    const last = runs.at(-1)
    if (last !== undefined && last.to === index - 1) last.to = index
    else runs.push({ from: index, to: index })
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ')
}
