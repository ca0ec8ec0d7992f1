import type { ResumePoint } from '../../bulk/resume-token.ts'
import { describeFailure } from '../describe-failure.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { writeIncrementalState } from './incremental-state.ts'
import type { EndedRead, RunningRead } from './pump-rows.ts'

/** A token is typed: one with more rows at its boundary is too long for a command line. */
const TYPED_ROWS_MAX = 2_000

/**
 * Ends a read: closes its output, moves the state of an incremental one, and says on standard error what was read and
 * how it goes on.
 */
export async function concludeRead(run: RunningRead, ended: EndedRead): Promise<ExitCode> {
  const { progress } = run
  progress.end()
  if (ended.end.is !== 'complete') return leaveRead(run, ended)
  try {
    await run.writer.close()
    await run.prepared.output.finish()
  } catch (error) {
    return leaveRead(run, { ...ended, end: { is: 'failed', error } })
  }
  sayComplete(run)
  return moveState(run)
}

function sayComplete(run: RunningRead): void {
  const { prepared, progress, writer } = run
  const { terminal } = prepared.context
  const { repeated, misfits } = progress.end()
  terminal.err(progress.summary())
  if (repeated > 0) terminal.err(`records that came again and were written once: ${repeated}`)
  if (misfits > 0) terminal.err(`values of the list that are no objects, and no rows: ${misfits}`)
  const left = writer.leftOut()
  if (left.length > 0) {
    const names = left.map(shownText).join(', ')
    terminal.err(`warning: the type has no column for these members of its records: ${names}`)
  }
}

/** Moves the state of an incremental read behind what was read. */
async function moveState({ prepared, reader }: RunningRead): Promise<ExitCode> {
  const { incremental, filter, context } = prepared
  const { terminal } = context
  const boundary = reader?.boundary() ?? null
  if (incremental === null || boundary === null) return 0
  const { state, identity } = incremental
  if (filter.limit > 0) {
    terminal.err(`"${state}" stays as it was, because --limit may have left rows out`)
    return 0
  }
  try {
    await writeIncrementalState(state, identity, boundary, terminal)
    return 0
  } catch (error) {
    terminal.err(describeFailure(error))
    terminal.err('The rows are complete, and the next read will have them again.')
    return 1
  }
}

async function leaveRead(run: RunningRead, { end, point }: EndedRead): Promise<ExitCode> {
  const { prepared, progress } = run
  const { output, options, context, seal } = prepared
  const { terminal } = context
  const { reached } = progress.end()
  const isFailed = end.is === 'failed'
  if (isFailed) terminal.err(describeFailure(end.error))
  // What the reader of standard output has of the last rows is not known.
  const isLost = isFailed && end.error instanceof CommandError && output.mark() === null
  const isBegun = reached.pages > 0
  const next = isLost || (isFailed && !isBegun) ? null : typed(point)
  const token = next === null ? null : seal(next)
  if (isFailed && !isBegun && prepared.point === null) await output.discard()
  else await output.leave(token)
  const why = end.is === 'pages' ? ' at the maximum of pages that the document declares' : ''
  if (isBegun || !isFailed) {
    const where = output.mark() === null ? '' : `; their rows are in "${output.name}"`
    terminal.err(`stopped${why} after ${progress.summary()}${where}`)
  }
  if (isBegun && options.format === 'json' && output.mark() === null) {
    terminal.err('the JSON array is not closed yet')
  }
  if (token !== null) terminal.err(`go on with the same command and --resume ${token}`)
  else if (isBegun) terminal.err('it cannot go on from here: begin again')
  return isFailed || token === null ? 1 : 3
}

function typed(point: ResumePoint | null): ResumePoint | null {
  return (point?.boundary?.rows.length ?? 0) > TYPED_ROWS_MAX ? null : point
}
