/**
 * What is asked of the service, in the state that it is in. While it is asked for again, `value` is the last answer.
 *
 * @template Value
 * @typedef {{ status: 'idle' }
 *   | { status: 'loading', value?: Value }
 *   | { status: 'ready', value: Value }
 *   | { status: 'failed', problem: import('./problem.js').ShownProblem }
 * } Loadable
 */

/** @type {{ status: 'idle' }} */
export const IDLE = { status: 'idle' }

/**
 * While it is asked for again.
 *
 * @template Value
 * @param {Loadable<Value>} last
 * @returns {Loadable<Value>}
 */
export function loadingAfter(last) {
  const value = lastValue(last)
  return value === undefined ? { status: 'loading' } : { status: 'loading', value }
}

/**
 * The answer that can be shown, if there is one.
 *
 * @template Value
 * @param {Loadable<Value>} loadable
 * @returns {Value | undefined}
 */
export function lastValue(loadable) {
  return loadable.status === 'ready' || loadable.status === 'loading' ? loadable.value : undefined
}
