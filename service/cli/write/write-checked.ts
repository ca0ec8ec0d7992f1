import { createHash } from 'node:crypto'

import type { LedgerHead } from '../../bulk/row-ledger.ts'
import type { WriteProgress } from '../../bulk/write-progress.ts'
import { writeLine } from '../../bulk/write-progress.ts'
import type { WriteEnd } from '../../bulk/write-rows.ts'
import { writeRows } from '../../bulk/write-rows.ts'
import type { OnWait } from '../../exchange/watch.ts'
import type { RowTarget } from '../../operations/row-target.ts'
import { targetText } from '../../operations/row-target.ts'
import type { Session } from '../../operations/session.ts'
import { describeFailure } from '../describe-failure.ts'
import { patientSession } from '../session/patient-session.ts'
import { showStatus } from '../show-status.ts'
import type { Terminal } from '../terminal.ts'
import type { CheckedInput } from './check-rows.ts'
import { writableRows } from './check-rows.ts'
import type { Input } from './open-input.ts'
import { NO_LEDGER, openLedger } from './open-ledger.ts'
import { openRejects } from './open-rejects.ts'
import type { WriteOptions } from './write-rows-command.ts'

/** What a write knows besides its rows. */
export type WriteRun = {
  readonly options: Omit<WriteOptions, 'in' | 'isChecked'>
  readonly terminal: Terminal
  /** How far it is. */
  readonly progress: { now: WriteProgress }
  readonly signal: AbortSignal
}

export function startWriteProgress(): WriteRun['progress'] {
  const counts = { saved: 0, failed: 0, unknown: 0, unsent: 0, before: 0 }
  return { now: { startedAt: performance.now(), counts, total: 0, waiting: null } }
}

/** A session whose calls wait as long as that takes, and tell of it; each warning is told once. */
export function watchedSession(session: Session, progress: WriteRun['progress']): Session {
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

/**
 * Writes rows that were checked, under the ledger.
 *
 * @returns Null where it failed, which is told; `progress` has the counts.
 * @throws CommandError for a ledger or a file of rejects that cannot be used.
 */
export async function writeChecked(
  target: RowTarget,
  input: Input,
  checked: CheckedInput,
  { options, terminal, progress, signal }: WriteRun
): Promise<WriteEnd | null> {
  const ledger =
    options.ledger === null
      ? NO_LEDGER
      : await openLedger(options.ledger, headOf(target, checked), input.inode, terminal)
  try {
    const rejects = await openRejects(options.rejects, input, ledger, terminal)
    progress.now = { ...progress.now, total: checked.rows, startedAt: performance.now() }
    const onStop = (): void =>
      terminal.err(
        'stopping: requests that have left are awaited; the next signal ends them, and their rows are unknown'
      )
    signal.addEventListener('abort', onStop, { once: true })
    const status = showStatus(terminal, () => writeLine(progress.now, performance.now()))
    try {
      return await writeRows({
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
    } catch (error) {
      status.end()
      terminal.err(describeFailure(error))
      return null
    } finally {
      status.end()
      signal.removeEventListener('abort', onStop)
      await rejects.close()
    }
  } finally {
    await ledger.close()
  }
}

function headOf(target: RowTarget, { hash }: CheckedInput): LedgerHead {
  const ofTarget = createHash('sha256').update(targetText(target)).digest('hex')
  return { ledger: 1, type: target.type.name, target: ofTarget, input: hash }
}
