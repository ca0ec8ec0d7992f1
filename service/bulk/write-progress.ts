import type { Waiting } from './progress-words.ts'
import { count, duration, plural, waitWords } from './progress-words.ts'
import type { WriteCounts } from './write-rows.ts'

/** How far a write is; times in ms on a monotonic clock. */
export type WriteProgress = {
  readonly startedAt: number
  readonly counts: WriteCounts
  /** Rows of the input. */
  readonly total: number
  readonly waiting: Waiting | null
}

/** `12,400 of 50,000 rows, 12,380 saved, 20 failed, 1,240/s, 31 s left`, and what it waits for. */
export function writeLine(
  { startedAt, counts, total, waiting }: WriteProgress,
  now: number
): string {
  const { saved, failed, unknown, before } = counts
  const done = saved + failed + unknown
  const seconds = (now - startedAt) / 1000
  const rate = seconds > 0 ? done / seconds : 0
  const missing = total - before - done
  return [
    `${count(before + done)} of ${plural(total, 'row')}`,
    countWords(counts),
    rate >= 1 ? `${count(rate)}/s` : '',
    rate > 0 && missing > 0 ? `${duration(missing / rate)} left` : '',
    waitWords(waiting, now)
  ]
    .filter(part => part !== '')
    .join(', ')
}

/** `100 rows: 90 saved, 4 failed, 2 unknown, 4 not sent, in 3 s`. */
export function writeSummary(progress: WriteProgress, now: number): string {
  const { startedAt, counts, total } = progress
  const { saved, failed, unknown, before } = counts
  const left = total - before - saved - failed - unknown
  const parts = [countWords(counts), left > 0 ? `${count(left)} not sent` : '']
  const words = parts.filter(part => part !== '').join(', ')
  return `${plural(total, 'row')}: ${words}, in ${duration((now - startedAt) / 1000)}`
}

function countWords({ saved, failed, unknown, before }: WriteCounts): string {
  return [
    `${count(saved)} saved`,
    before > 0 ? `${count(before)} saved before` : '',
    failed > 0 ? `${count(failed)} failed` : '',
    unknown > 0 ? `${count(unknown)} unknown` : ''
  ]
    .filter(part => part !== '')
    .join(', ')
}
