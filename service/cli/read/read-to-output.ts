import { boundaryText, createIncrementalReader } from '../../bulk/incremental-reader.ts'
import { ConnectorError } from '../../errors.ts'
import { openRows } from '../../operations/read-rows.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { describeFailure } from '../describe-failure.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { readFilter } from '../session/filter-options.ts'
import { knownType } from '../session/known-type.ts'
import { openCommand } from '../session/open-command.ts'
import { patientSession } from '../session/patient-session.ts'
import { stopSignal } from '../stop-signal.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { concludeRead } from './conclude-read.ts'
import { explainRead } from './explain-read.ts'
import type { PreparedRead } from './prepare-read.ts'
import { prepareRead } from './prepare-read.ts'
import type { RunningRead } from './pump-rows.ts'
import { pumpRows } from './pump-rows.ts'
import type { ReadOptions } from './read-rows-command.ts'
import { createRowWriter } from './row-writer.ts'
import type { ShownProgress } from './show-progress.ts'
import { showProgress } from './show-progress.ts'

/**
 * `openapi-flow read DOC TYPE`: writes a whole list as rows (docs/pipelines.md#reading).
 *
 * @returns 0 when the list is complete; 3 when the read was stopped and can go on; 1 when it failed.
 * @throws ConnectorError for an unusable document, type, condition or column; CommandError for a wrong command, or a
 *   file that cannot be read or written.
 */
export async function readToOutput(
  input: CommandInput,
  options: ReadOptions,
  context: CommandContext
): Promise<ExitCode> {
  const { terminal } = context
  const [document = '', typeName = ''] = input.operands
  const filter = readFilter(input)
  const configuration = await readConfiguration(input, terminal)
  const signal = stopSignal(terminal)
  const overlays = input.values(OVERLAY)
  const opened = await openCommand(document, configuration, signal, context, overlays)
  const progress = showProgress(terminal)
  try {
    knownType(opened, typeName, terminal)
    const session = patientSession(opened.session, progress.onWait)
    const read = { document, typeName, filter, options, session, context }
    if (options.isExplained) return await explainRead(read)
    return await runRead(await prepareRead(read), progress, signal)
  } finally {
    progress.end()
    await opened.close()
  }
}

async function runRead(
  prepared: PreparedRead,
  progress: ShownProgress,
  signal: AbortSignal
): Promise<ExitCode> {
  const { point, output, context } = prepared
  let run: RunningRead
  try {
    run = await startRead(prepared, progress)
  } catch (error) {
    await (point === null ? output.discard() : output.leave(null))
    if (isWrongCommand(error)) throw error
    const message = signal.aborted ? 'stopped before anything was read' : describeFailure(error)
    context.terminal.err(message)
    return 1
  }
  return concludeRead(run, await pumpRows(run, signal))
}

async function startRead(prepared: PreparedRead, progress: ShownProgress): Promise<RunningRead> {
  const { session, typeName, filter, options, incremental, point, output } = prepared
  const last = incremental?.last ?? null
  const list = await openRows(session, {
    type: typeName,
    filter,
    from: point?.position ?? null,
    values: incremental === null || last === null ? {} : { [incremental.param]: boundaryText(last) }
  })
  const begun = point === null || point.position.pages === 0 ? null : point.rows
  const writer = createRowWriter(list, output, options, begun)
  const reader =
    incremental === null
      ? null
      : createIncrementalReader(list.type, incremental.field, last, point?.boundary ?? null)
  progress.begin(list.start)
  return { prepared, list, writer, reader, progress }
}

/** Whether the command is what is wrong, and nothing was called. */
function isWrongCommand(error: unknown): boolean {
  if (error instanceof CommandError) return true
  return error instanceof ConnectorError && error.kind === 'service' && error.status < 500
}
