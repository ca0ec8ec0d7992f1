import { html } from 'htm/preact'

import { Icon } from './icon.js'

/** @import { ComponentChildren } from 'preact' */
/** @import { ShownProblem } from '../problem.js' */

/**
 * Something to know before going on.
 *
 * @param {{
 *   tone: 'error' | 'warning' | 'info' | 'success',
 *   title: ComponentChildren,
 *   children?: ComponentChildren
 * }} props
 */
export function Notice({ tone, title, children }) {
  return html`<div class="notice" data-tone=${tone} role=${tone === 'error' ? 'alert' : 'status'}>
    <${Icon} name=${tone === 'success' ? 'check' : tone} />
    <div class="notice-body">
      <p class="notice-title">${title}</p>
      ${children}
    </div>
  </div>`
}

/**
 * A failure, with its remedy.
 *
 * @param {{ problem: ShownProblem, again?: () => void }} props
 */
export function ProblemNotice({ problem, again }) {
  const { message, remedy, requestId } = problem
  return html`<${Notice} tone="error" title=${message}>
    ${remedy && html`<p>${remedy}</p>`}
    <div class="notice-foot">
      ${again && html`<button type="button" class="button" onClick=${again}>Try again</button>`}
      ${requestId && html`<span class="quiet">Request <code>${requestId}</code></span>`}
    </div>
  <//>`
}
