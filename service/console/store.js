/**
 * @template State
 * @typedef {{
 *   get(): State,
 *   set(change: Partial<State>): void,
 *   subscribe(listener: () => void): () => void
 * }} Store
 */

/**
 * Holds a record whose members are replaced, never changed, and tells who has subscribed.
 *
 * @template State
 * @param {State} initial
 * @returns {Store<State>}
 */
export function createStore(initial) {
  let state = initial
  /** @type {Set<() => void>} */
  const listeners = new Set()
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
