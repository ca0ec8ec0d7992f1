import { useEffect, useState } from 'preact/hooks'

import { IDLE, loadingAfter } from '../loadable.js'
import { problemOf } from '../problem.js'

/** @import { Loadable } from '../loadable.js' */

/**
 * Asks the service, and again whenever a key or the turn changes or `again` is called. The last answer is shown until the
 * next comes, but never that to another question. What is no longer needed is aborted.
 *
 * @template Value
 * @param {((signal: AbortSignal) => Promise<Value>) | null} question Null: nothing is asked now.
 * @param {readonly unknown[]} keys What the question depends on.
 * @param {unknown} [turn] Another one asks the same question again.
 * @returns {[Loadable<Value>, again: () => void]}
 */
export function useAnswer(question, keys, turn) {
  const [last, setLast] = useState(
    /** @type {{ keys: readonly unknown[], answer: Loadable<Value> }} */ ({ keys, answer: IDLE })
  )
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (question === null) return
    const controller = new AbortController()
    const { signal } = controller
    setLast(before => ({
      keys,
      answer: sameItems(before.keys, keys) ? loadingAfter(before.answer) : { status: 'loading' }
    }))
    const set = (/** @type {Loadable<Value>} */ answer) =>
      signal.aborted || setLast({ keys, answer })
    question(signal).then(
      value => set({ status: 'ready', value }),
      error => set({ status: 'failed', problem: problemOf(error) })
    )
    return () => controller.abort()
  }, [count, turn, question === null, ...keys])
  const known = sameItems(last.keys, keys) ? last.answer : IDLE
  const isWaiting = (known.status === 'idle') !== (question === null)
  return [isWaiting ? loadingAfter(known) : known, () => setCount(count + 1)]
}

/** @param {readonly unknown[]} a @param {readonly unknown[]} b */
function sameItems(a, b) {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]))
}
