import type { WaitReason } from '../exchange/watch.ts'
import type { Waiting } from './progress-words.ts'
import { count, duration, plural, waitWords } from './progress-words.ts'
import type { RowPage } from '../operations/row-page.ts'

/** How far a read is. Plain data, made anew by each step; times in ms on a monotonic clock. */
export type ReadProgress = {
  readonly startedAt: number
  /** What came before this run. */
  readonly before: RowPage['reached']
  readonly reached: RowPage['reached']
  /** Records of the whole list; null where it is not known. */
  readonly total: number | null
  /** Records that came twice, and values that are no objects. */
  readonly repeated: number
  readonly misfits: number
  /** Until when a call waits, and what for; null for none. */
  readonly waiting: Waiting | null
}

export function startProgress(before: RowPage['reached'], now: number): ReadProgress {
  const { pages, records, rows } = before
  const reached = { pages, records, rows }
  return {
    startedAt: now,
    before: reached,
    reached,
    total: null,
    repeated: 0,
    misfits: 0,
    waiting: null
  }
}

/** Counts a page in. */
export function withPage(progress: ReadProgress, page: RowPage): ReadProgress {
  return {
    ...progress,
    reached: page.reached,
    total: page.total ?? progress.total,
    repeated: progress.repeated + page.repeated,
    misfits: progress.misfits + page.misfits
  }
}

export function withWait(
  progress: ReadProgress,
  milliseconds: number,
  reason: WaitReason,
  now: number
): ReadProgress {
  return { ...progress, waiting: { until: now + milliseconds, reason } }
}

/** `12,400 records of 50,000 in 124 pages, 310 rows, 1,240/s, 30 s left`, and what it waits for. */
export function progressLine(progress: ReadProgress, now: number): string {
  const { startedAt, before, reached, total, waiting } = progress
  const seconds = (now - startedAt) / 1000
  const rate = seconds > 0 ? (reached.records - before.records) / seconds : 0
  const missing = total === null ? 0 : total - reached.records
  return [
    reachedWords(reached, total),
    rate >= 1 ? `${count(rate)}/s` : '',
    rate > 0 && missing > 0 ? `${duration(missing / rate)} left` : '',
    waitWords(waiting, now)
  ]
    .filter(part => part !== '')
    .join(', ')
}

/** What a read has reached, and how long it took. */
export function summaryLine({ startedAt, reached }: ReadProgress, now: number): string {
  return `${reachedWords(reached, null)}, in ${duration((now - startedAt) / 1000)}`
}

/** Rows are named where they are not the records. */
function reachedWords({ pages, records, rows }: RowPage['reached'], total: number | null): string {
  const of = total === null || total < records ? '' : ` of ${count(total)}`
  const made = rows === records ? '' : `, ${plural(rows, 'row')}`
  return `${plural(records, 'record')}${of} in ${plural(pages, 'page')}${made}`
}
