import { ConnectorError } from '../errors.ts'
import { withDeadline } from '../time/deadline.ts'
import type { Caller } from './types.ts'

/** How far a flow request has come. Whoever does its work keeps it up to date. */
export type Progress = { reached: () => string }

/** A caller who is answered within `FLOW_TIMEOUT_MS`. */
export type FlowCaller = Caller & {
  readonly progress: Progress
  /** Milliseconds until the answer must be there; the caller's signal is aborted then. */
  timeLeftMs(): number
}

/**
 * Does the work of one flow request, with its document, pages, batches and saves, within what is left
 * of its time (design 4).
 *
 * @param limitMs Milliseconds: `FLOW_TIMEOUT_MS`.
 * @throws ConnectorError `FLOW_TIMEOUT`, which says how far the work got.
 */
export function withFlowDeadline<T>(
  limitMs: number,
  caller: Caller,
  work: (caller: FlowCaller) => Promise<T>
): Promise<T> {
  const ownMs = Math.max(0, limitMs - caller.waitedMs)
  const end = performance.now() + ownMs
  const timeLeftMs = (): number => Math.max(0, end - performance.now())
  const progress: Progress = { reached: () => 'the document had not been read' }
  const late = (): ConnectorError =>
    new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached: progress.reached() })
  return withDeadline(ownMs, caller.signal, late, signal =>
    work({ ...caller, signal, progress, timeLeftMs })
  )
}
