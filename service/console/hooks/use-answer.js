import { useEffect, useState } from 'preact/hooks'

import { IDLE } from '../loadable.js'
import { problemOf } from '../problem.js'

/** @import { Loadable } from '../loadable.js' */

/**
 * Asks the service, and again whenever a key changes or `again` is called. What is no longer needed is aborted.
 *
 * @template Value
 * @param {((signal: AbortSignal) => Promise<Value>) | null} question Null: nothing is asked.
 * @param {readonly unknown[]} keys What the question depends on.
 * @returns {[Loadable<Value>, again: () => void]}
 */
export function useAnswer(question, keys) {
  const [answer, setAnswer] = useState(/** @type {Loadable<Value>} */ (IDLE))
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (question === null) {
      setAnswer(IDLE)
      return
    }
    const controller = new AbortController()
    const { signal } = controller
    setAnswer(last =>
      last.status === 'ready' ? { status: 'loading', value: last.value } : { status: 'loading' }
    )
    question(signal).then(
      value => signal.aborted || setAnswer({ status: 'ready', value }),
      error => signal.aborted || setAnswer({ status: 'failed', problem: problemOf(error) })
    )
    return () => controller.abort()
  }, [turn, question === null, ...keys])
  return [answer, () => setTurn(turn + 1)]
}
