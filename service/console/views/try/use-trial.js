import { useEffect, useRef, useState } from 'preact/hooks'

import { IDLE, loadingAfter } from '../../loadable.js'
import { problemOf } from '../../problem.js'
import { service } from '../../service-client.js'

/** @import { Values } from '../../configuration.js' */
/** @import { Loadable } from '../../loadable.js' */
/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/** @typedef {(request: object, onAnswer: (answer: TryAnswer) => void) => void} Run */

/**
 * Tries a type, one request at a time: while one runs, another is not begun, as it may be a write.
 *
 * @param {Values} values
 * @returns {{ trial: Loadable<TryAnswer>, run: Run, again: () => void, clear: () => void }} `again` repeats the last
 *   request, `clear` forgets it, and ends it if it still runs.
 */
export function useTrial(values) {
  const [trial, setTrial] = useState(/** @type {Loadable<TryAnswer>} */ (IDLE))
  const running = useRef(/** @type {AbortController | null} */ (null))
  const last = useRef(/** @type {Parameters<Run> | null} */ (null))
  const end = () => {
    running.current?.abort()
    running.current = null
  }
  useEffect(() => end, [])
  /** @type {Run} */
  const run = async (request, onAnswer) => {
    if (running.current !== null) return
    const controller = new AbortController()
    const { signal } = controller
    running.current = controller
    last.current = [request, onAnswer]
    setTrial(loadingAfter)
    /** @type {Loadable<TryAnswer>} */
    const outcome = await service.tryType(values, request, signal).then(
      value => ({ status: 'ready', value }),
      error => ({ status: 'failed', problem: problemOf(error) })
    )
    if (signal.aborted) return
    running.current = null
    setTrial(outcome)
    if (outcome.status === 'ready') onAnswer(outcome.value)
  }
  const again = () => {
    if (last.current !== null) run(...last.current)
  }
  const clear = () => {
    end()
    setTrial(IDLE)
  }
  return { trial, run, again, clear }
}
