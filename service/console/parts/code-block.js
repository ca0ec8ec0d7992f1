import { html } from 'htm/preact'

import { CopyButton } from './copy-button.js'

/**
 * A text to read or to copy, in the letters of code.
 *
 * @param {{ text: string, label: string, canCopy?: boolean }} props `label` names it for screen readers.
 */
export function CodeBlock({ text, label, canCopy = true }) {
  return html`<div class="code-block">
    <pre tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>
    ${canCopy && html`<${CopyButton} text=${text} />`}
  </div>`
}
