import { ConnectorError } from '../errors.ts'
import type { OnWait } from '../exchange/watch.ts'

/** How long work may run past its deadline to stop by itself (ms). */
export const GRACE_MS = 1_000

/** What the work of a request sees of its deadline. */
export type FlowDeadline = {
  /** Aborts at the deadline, with FLOW_TIMEOUT, and when the caller hangs up. */
  readonly signal: AbortSignal
  /**
   * How far the work got, for the message of a time-out. The work keeps it up to date. A function is for what takes
   * long to say: it keeps what it refers to in memory until a full garbage collection.
   */
  reached: string | (() => string)
  /** Remaining time until the deadline (ms). */
  timeLeftMs(): number
  /** As of `ExchangeContext`. */
  readonly isAlone?: boolean
  /** Told of each wait of a call, before it begins. */
  readonly onWait?: OnWait
}

/** A deadline that the caller may end by hanging up. */
export type RunningDeadline = FlowDeadline & {
  /** Aborts the work of a caller who hung up. */
  hangUp(): void
}

const NOTHING_YET = 'the document had not been read'

/**
 * Runs the work of one request under its only deadline (docs/x-flow.md#time-limits). The time that the request
 * spent in the queue counts. A failure after the deadline is FLOW_TIMEOUT, whatever it was. Work that ignores
 * its signal is left behind after `GRACE_MS`.
 *
 * @param limitMs `FLOW_TIMEOUT_MS`.
 * @throws ConnectorError `FLOW_TIMEOUT`, which says how far the work got.
 */
export function withFlowDeadline<T>(
  limitMs: number,
  waitedMs: number,
  work: (deadline: RunningDeadline) => T | Promise<T>
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const remainingMs = Math.max(0, limitMs - waitedMs)
  const end = performance.now() + remainingMs
  const deadline: RunningDeadline = {
    signal,
    reached: NOTHING_YET,
    timeLeftMs: () => Math.max(0, end - performance.now()),
    hangUp: () => controller.abort()
  }
  const timeout = (reached: string): ConnectorError =>
    new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached })
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => {
      const { reached } = deadline
      controller.abort(timeout(typeof reached === 'string' ? reached : reached()))
      const stuck = (): void => reject(timeout('it did not stop when it was aborted'))
      timer = setTimeout(stuck, GRACE_MS)
    }, remainingMs)
    const settle = (): void => {
      clearTimeout(timer)
      // What it says may hold on to the records of an answer.
      deadline.reached = NOTHING_YET
    }
    const fail = (error: unknown): void => {
      settle()
      reject(signal.aborted ? signal.reason : error)
    }
    try {
      Promise.resolve(work(deadline)).then(result => {
        settle()
        resolve(result)
      }, fail)
    } catch (error) {
      fail(error)
    }
  })
}
