import type { ReadProgress } from '../../bulk/progress.ts'
import {
  progressLine,
  startProgress,
  summaryLine,
  withPage,
  withWait
} from '../../bulk/progress.ts'
import type { OnWait } from '../../exchange/watch.ts'
import { showStatus } from '../show-status.ts'
import type { RowPage } from '../../operations/row-page.ts'
import type { Terminal } from '../terminal.ts'

/** Shows how far a read is. */
export type ShownProgress = {
  readonly onWait: OnWait
  begin(before: RowPage['reached']): void
  add(page: RowPage): void
  /** Ends the lines, and removes the one of a terminal. */
  end(): ReadProgress
  summary(): string
}

const NOTHING: RowPage['reached'] = { pages: 0, records: 0, rows: 0 }

/**
 * Shows the progress of a read on standard error: in one line that changes where a person sees it, else in a line every
 * ten seconds.
 *
 * @param name Of what is read, before each line; blank for nothing.
 * @param now A monotonic clock (ms).
 * @param plainMs How often a plain line is written.
 */
export function showProgress(
  terminal: Terminal,
  name = '',
  now: () => number = () => performance.now(),
  plainMs?: number
): ShownProgress {
  let progress = startProgress(NOTHING, now())
  const status = showStatus(
    terminal,
    () => `${name === '' ? '' : `${name}: `}${progressLine(progress, now())}`,
    plainMs
  )
  return {
    onWait(milliseconds, reason) {
      progress = withWait(progress, milliseconds, reason, now())
    },
    begin(before) {
      progress = startProgress(before, now())
    },
    add(page) {
      progress = withPage(progress, page)
    },
    end() {
      status.end()
      return progress
    },
    summary: () => summaryLine(progress, now())
  }
}
