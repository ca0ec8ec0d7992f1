import { html } from 'htm/preact'

import { ProblemNotice } from './notice.js'

/**
 * Shows an answer of the service, or that it is still asked for, or why it failed.
 *
 * @template Value
 * @param {{
 *   of: import('../loadable.js').Loadable<Value>,
 *   what: string,
 *   again: () => void,
 *   children: (value: Value) => import('preact').ComponentChildren
 * }} props `what` is asked for, as in "the types".
 */
export function Awaited({ of: answer, what, again, children }) {
  if (answer.status === 'failed') {
    return html`<${ProblemNotice} problem=${answer.problem} again=${again} />`
  }
  if (answer.status === 'idle') return null
  if (answer.value !== undefined) return children(answer.value)
  return html`<${Loading} what=${what} />`
}

/**
 * Stands where something will be. It shows itself only if that takes a while.
 *
 * @param {{ what: string }} props As in "the types".
 */
export function Loading({ what }) {
  return html`<div class="loading" role="status">
    <span class="visually-hidden">Reading ${what}</span>
    <span class="loading-line" />
    <span class="loading-line" />
    <span class="loading-line" />
  </div>`
}
