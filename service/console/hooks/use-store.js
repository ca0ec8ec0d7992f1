import { useEffect, useState } from 'preact/hooks'

/** @import { Store } from '../store.js' */

/**
 * A part of a store's state, and a new rendering whenever that part is another.
 *
 * @template State, Part
 * @param {Store<State>} store
 * @param {(state: State) => Part} select
 * @returns {Part}
 */
export function useStore(store, select) {
  const [part, setPart] = useState(() => select(store.get()))
  useEffect(() => {
    const update = () => setPart(() => select(store.get()))
    update()
    return store.subscribe(update)
  }, [store])
  return part
}
