import type { IncrementalReader } from '../../bulk/incremental-reader.ts'
import type { ResumePoint } from '../../bulk/resume-token.ts'
import { ConnectorError } from '../../errors.ts'
import type { OpenRows, RowPage } from '../../operations/row-page.ts'
import type { Rows } from '../../operations/rows.ts'
import { pickRows } from '../../operations/rows.ts'
import { CommandError } from '../terminal.ts'
import type { PreparedRead } from './prepare-read.ts'
import type { RowWriter } from './row-writer.ts'
import type { ShownProgress } from './show-progress.ts'

/** A read under way. */
export type RunningRead = {
  readonly prepared: PreparedRead
  readonly list: OpenRows
  readonly writer: RowWriter
  /** Null for a whole read. */
  readonly reader: IncrementalReader | null
  readonly progress: ShownProgress
}

/** How a read ended, and where it goes on; null where it would have to begin again. */
export type EndedRead = {
  readonly end:
    | { readonly is: 'complete' | 'pages' | 'stopped' }
    | { readonly is: 'failed'; readonly error: unknown }
  readonly point: ResumePoint | null
}

/**
 * Writes the rows of a list, page after page, until it ends, fails or is stopped. A page is written whole before the
 * read stops.
 */
export async function pumpRows(run: RunningRead, signal: AbortSignal): Promise<EndedRead> {
  const { prepared, list, writer, reader, progress } = run
  const { output, seal } = prepared
  const written = (): Pick<ResumePoint, 'rows' | 'file'> => ({
    rows: writer.count(),
    file: output.mark()
  })
  /** All but the boundary, which may be that of a later row: rows that come again are counted once. */
  let point: Omit<ResumePoint, 'boundary'> | null = { position: list.start, ...written() }
  const pointNow = (): ResumePoint | null =>
    point === null ? null : { ...point, boundary: reader?.boundary() ?? null }
  try {
    for await (const page of list.pages) {
      await writer.write(reader === null ? page.rows : newRows(page, reader))
      progress.add(page)
      const { after, end } = page
      // Until the output is closed, the last page may have to be written again.
      if (end === 'complete') return { end: { is: end }, point: pointNow() }
      point = after === null ? null : { position: after, ...written() }
      if (end === 'pages') return { end: { is: end }, point: pointNow() }
      const next = pointNow()
      if (next !== null) output.keep(() => seal(next))
      if (signal.aborted) return { end: { is: 'stopped' }, point: next }
    }
    return { end: { is: 'complete' }, point: pointNow() }
  } catch (error) {
    const isStop = signal.aborted && !(error instanceof CommandError)
    const end = isStop
      ? ({ is: 'stopped' } as const)
      : ({ is: 'failed', error: namedFailure(error, list) } as const)
    return { end, point: pointNow() }
  }
}

/** The rows of a page that no earlier read had. */
function newRows({ rows, reached }: RowPage, reader: IncrementalReader): Rows {
  const first = reached.records - rows.values.length + 1
  const fresh = rows.values.flatMap((row, index) => (reader.isNew(row, first + index) ? index : []))
  return pickRows(rows, fresh)
}

/** Most lists and objects inside each other that are sure to be written. */
const DEPTH_MAX = 1_000

/** What is nested too deeply overflows the stack of whatever reads it. */
function namedFailure(error: unknown, { type }: OpenRows): unknown {
  if (!(error instanceof RangeError)) return error
  const of = `with the list of "${type.name}"`
  return new ConnectorError('ANSWER_TOO_DEEP', { of, limit: DEPTH_MAX })
}
