import { reloadPreview, workbench } from '../workbench.js'
import { useAnswer } from './use-answer.js'
import { useStore } from './use-store.js'

/** @import { Values } from '../configuration.js' */
/** @import { Loadable } from '../loadable.js' */

/**
 * An answer of the service about the document that is open. It is asked for after the document has been read, and again
 * whenever that has been read again.
 *
 * @template Value
 * @param {((values: Values, signal: AbortSignal) => Promise<Value>) | null} question Null: nothing is asked.
 * @param {readonly unknown[]} [keys] What the question depends on. Default: all configuration values.
 * @returns {[Loadable<Value>, again: () => void]}
 */
export function useDocumentAnswer(question, keys) {
  const values = useStore(workbench, state => state.values)
  const preview = useStore(workbench, state => state.preview)
  const isRead = preview.status === 'ready' || preview.status === 'failed'
  const [answer, again] = useAnswer(
    isRead && question !== null ? signal => question(values, signal) : null,
    keys ?? [values],
    preview
  )
  const isWaiting = answer.status === 'idle' && question !== null
  return [
    isWaiting ? { status: 'loading' } : answer,
    preview.status === 'failed' ? reloadPreview : again
  ]
}
