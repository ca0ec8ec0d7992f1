import { useEffect, useRef, useState } from 'preact/hooks'

import { IDLE } from '../../loadable.js'
import { problemOf } from '../../problem.js'
import { service } from '../../service-client.js'

/** @import { Values } from '../../configuration.js' */
/** @import { Loadable } from '../../loadable.js' */
/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/**
 * Tries a type, one request after another. The next request ends one that still runs.
 *
 * @param {Values} values
 * @returns {{
 *   trial: Loadable<TryAnswer>,
 *   run: (request: object) => Promise<TryAnswer | null>,
 *   clear: () => void
 * }} `run` gives null where there was no answer.
 */
export function useTrial(values) {
  const [trial, setTrial] = useState(/** @type {Loadable<TryAnswer>} */ (IDLE))
  const running = useRef(/** @type {AbortController | null} */ (null))
  const end = () => running.current?.abort()
  useEffect(() => end, [])
  const run = async (/** @type {object} */ request) => {
    end()
    const controller = new AbortController()
    const { signal } = controller
    running.current = controller
    setTrial(last =>
      last.status === 'ready' ? { status: 'loading', value: last.value } : { status: 'loading' }
    )
    try {
      const value = await service.tryType(values, request, signal)
      if (signal.aborted) return null
      setTrial({ status: 'ready', value })
      return value
    } catch (error) {
      if (!signal.aborted) setTrial({ status: 'failed', problem: problemOf(error) })
      return null
    }
  }
  const clear = () => {
    end()
    setTrial(IDLE)
  }
  return { trial, run, clear }
}
