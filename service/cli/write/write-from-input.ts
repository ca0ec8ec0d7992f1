import { createHash } from 'node:crypto'

import type { LedgerHead } from '../../bulk/row-ledger.ts'
import type { WriteProgress } from '../../bulk/write-progress.ts'
import { writeLine, writeSummary } from '../../bulk/write-progress.ts'
import type { WriteEnd } from '../../bulk/write-rows.ts'
import { writeRows } from '../../bulk/write-rows.ts'
import type { OnWait } from '../../exchange/watch.ts'
import type { RowTarget } from '../../operations/row-target.ts'
import { openRowTarget, targetText } from '../../operations/row-target.ts'
import type { Session } from '../../operations/session.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { describeFailure } from '../describe-failure.ts'
import { INPUT } from '../document/read-input.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { openCommand } from '../session/open-command.ts'
import { patientSession } from '../session/patient-session.ts'
import { showStatus } from '../show-status.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { CheckedInput } from './check-rows.ts'
import { checkRows, writableRows } from './check-rows.ts'
import type { Input } from './open-input.ts'
import { openInput } from './open-input.ts'
import { NO_LEDGER, openLedger } from './open-ledger.ts'
import { openRejects } from './open-rejects.ts'
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
  const stop = new AbortController()
  // Nobody awaits it where the write ends by itself.
  void terminal.untilStopped().then(() => stop.abort())
  // What has left is awaited, so that its outcome is known.
  const { signal: never } = new AbortController()
  const opened = await openCommand(document, configuration, never, context)
  try {
    const run = { options, context, progress: startProgress(), signal: stop.signal }
    const target = await openRowTarget(watched(opened.session, run.progress), typeName)
    const input = await openInput(options.in, terminal, stop.signal)
    try {
      return await writeInput(target, input, run)
    } catch (error) {
      if (!stop.signal.aborted || error instanceof CommandError) throw error
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
type Run = {
  readonly options: WriteOptions
  readonly context: CommandContext
  readonly progress: { now: WriteProgress }
  readonly signal: AbortSignal
}

function startProgress(): Run['progress'] {
  const counts = { saved: 0, failed: 0, unknown: 0, unsent: 0, before: 0 }
  return { now: { startedAt: performance.now(), counts, total: 0, waiting: null } }
}

/** A session whose calls wait as long as that takes, and tell of it; each warning is told once. */
function watched(session: Session, progress: Run['progress']): Session {
  const { ports } = session
  const onWait: OnWait = (milliseconds, reason) => {
    const waiting = { until: performance.now() + milliseconds, reason }
    progress.now = { ...progress.now, waiting }
  }
  const told = new Set<string>()
  const warn: typeof ports.warn = (message, facts) => {
    if (!told.has(message)) ports.warn(message, facts)
    told.add(message)
  }
  return patientSession({ ...session, ports: { ...ports, warn } }, onWait)
}

async function writeInput(target: RowTarget, input: Input, run: Run): Promise<ExitCode> {
  const { options, context, progress, signal } = run
  const { terminal } = context
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
  const ledger =
    options.ledger === null
      ? NO_LEDGER
      : await openLedger(options.ledger, headOf(target, checked), terminal)
  try {
    const rejects = await openRejects(options.rejects, input, terminal)
    progress.now = { ...progress.now, total: checked.rows, startedAt: performance.now() }
    const onStop = (): void =>
      terminal.err(
        'stopping: requests that have left are awaited; the next signal ends them, and their rows are unknown'
      )
    signal.addEventListener('abort', onStop, { once: true })
    const status = showStatus(terminal, () => writeLine(progress.now, performance.now()))
    try {
      const end = await writeRows({
        ...{ target, ledger, signal },
        rows: writableRows(target, input, options.format),
        reject: rejects.add,
        concurrency: options.concurrency,
        stopAfter: options.stopAfter,
        includesUnknown: options.includesUnknown,
        onCounts: counts => {
          progress.now = { ...progress.now, counts: { ...counts } }
        }
      })
      status.end()
      await rejects.close()
      return conclude(end, run)
    } catch (error) {
      status.end()
      await rejects.close()
      terminal.err(describeFailure(error))
      return conclude(null, run)
    }
  } finally {
    await ledger.close()
  }
}

function headOf(target: RowTarget, { hash }: CheckedInput): LedgerHead {
  const ofTarget = createHash('sha256').update(targetText(target)).digest('hex')
  return { ledger: 1, type: target.type.name, target: ofTarget, input: hash }
}

/** Says what became of the rows, and how the others can be written. @param end Null where the run failed. */
function conclude(end: WriteEnd | null, { options, context, progress }: Run): ExitCode {
  const { err } = context.terminal
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
