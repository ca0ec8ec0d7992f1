import { html } from 'htm/preact'

import { Icon } from './icon.js'

/** @import { ComponentChildren } from 'preact' */
/** @import { IconName } from './icon.js' */

/**
 * Stands where there is nothing yet, and says what to do.
 *
 * @param {{ icon: IconName, title: string, children?: ComponentChildren }} props
 */
export function EmptyState({ icon, title, children }) {
  return html`<div class="empty">
    <span class="empty-icon"><${Icon} name=${icon} /></span>
    <h2>${title}</h2>
    ${children}
  </div>`
}
