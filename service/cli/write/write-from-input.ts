import { writeSummary } from '../../bulk/write-progress.ts'
import type { WriteEnd } from '../../bulk/write-rows.ts'
import type { RowTarget } from '../../operations/row-target.ts'
import { openRowTarget } from '../../operations/row-target.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { INPUT } from '../document/read-input.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { openCommand } from '../session/open-command.ts'
import { stopSignal } from '../stop-signal.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { checkRows } from './check-rows.ts'
import type { Input } from './open-input.ts'
import { openInput } from './open-input.ts'
import type { WriteRun } from './write-checked.ts'
import { startWriteProgress, watchedSession, writeChecked } from './write-checked.ts'
import type { WriteOptions } from './write-rows-command.ts'

/**
 * `openapi-flow write DOC TYPE`: writes rows to an API (docs/pipelines.md#writing).
 *
 * @returns 0 when all rows are written; 3 when some are; 1 when none is.
 * @throws ConnectorError for an unusable document or type; CommandError for a wrong command, rows that cannot be sent, and
 *   a file that cannot be read or written.
 */
export async function writeFromInput(
  given: CommandInput,
  options: WriteOptions,
  context: CommandContext
): Promise<ExitCode> {
  const { terminal } = context
  const [document = '', typeName = ''] = given.operands
  if (document === INPUT && options.in === null) {
    throw new CommandError('standard input cannot have both the document and the rows; use --in')
  }
  const configuration = await readConfiguration(given, terminal)
  const signal = stopSignal(terminal)
  // What has left is awaited, so that its outcome is known.
  const { signal: never } = new AbortController()
  const opened = await openCommand(document, configuration, never, context)
  try {
    const run = { options, terminal, progress: startWriteProgress(), signal }
    const target = await openRowTarget(watchedSession(opened.session, run.progress), typeName)
    const input = await openInput(options.in, terminal, signal)
    try {
      return await writeInput(target, input, run)
    } catch (error) {
      if (!signal.aborted || error instanceof CommandError) throw error
      terminal.err('stopped before anything was sent')
      return 1
    } finally {
      await input.close()
    }
  } finally {
    await opened.close()
  }
}

/** What a run knows besides its rows. */
type Run = WriteRun & { readonly options: WriteOptions }

async function writeInput(target: RowTarget, input: Input, run: Run): Promise<ExitCode> {
  const { options, terminal, signal } = run
  const checked = await checkRows(target, input, options.format, signal)
  if (checked.unknown.length > 0) {
    terminal.err(
      `warning: the type has no property for these members of the rows, which are not sent: ${checked.unknown.join(', ')}`
    )
  }
  if (options.isChecked) {
    terminal.err(`${checked.rows} rows can be sent; nothing was sent`)
    return 0
  }
  return conclude(await writeChecked(target, input, checked, run), run)
}

/** Says what became of the rows, and how the others can be written. @param end Null where the run failed. */
function conclude(end: WriteEnd | null, { options, terminal, progress }: Run): ExitCode {
  const { err } = terminal
  const { total, counts } = progress.now
  const { saved, failed, unknown, before } = counts
  const left = total - before - saved - failed - unknown
  const stopped = end?.stopped ?? null
  if (stopped?.by === 'failures') err(`stopped: ${stopped.reason}`)
  err(writeSummary(progress.now, performance.now()))
  if (end !== null && failed + unknown + left === 0) return 0
  if (unknown > 0) {
    err(
      'unknown rows may have been written: look before you send them again, which --include-unknown does'
    )
  }
  if (options.rejects !== null && failed + unknown > 0) {
    err(
      `"${options.rejects}" has the rows that were not written; correct it, and give it with --in`
    )
  }
  if (left > 0) err(howToGoOn(options))
  return saved + before > 0 || stopped?.by === 'signal' ? 3 : 1
}

function howToGoOn({ ledger, rejects }: WriteOptions): string {
  if (ledger !== null) return 'the same command goes on with the rows that were not sent'
  return rejects === null
    ? 'rows that were not sent are not listed: --ledger FILE lets the same command go on'
    : `"${rejects}" has the rows that were not sent, too`
}
