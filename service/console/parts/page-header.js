import { html } from 'htm/preact'

/** @import { ComponentChildren } from 'preact' */

/**
 * The heading of a view, what it is for, and its actions at the right.
 *
 * @param {{ title: ComponentChildren, lead?: ComponentChildren, children?: ComponentChildren }} props
 */
export function PageHeader({ title, lead, children }) {
  return html`<header class="page-header">
    <div>
      <h1 tabindex="-1">${title}</h1>
      ${lead && html`<p class="lead">${lead}</p>`}
    </div>
    ${children && html`<div class="actions">${children}</div>`}
  </header>`
}
