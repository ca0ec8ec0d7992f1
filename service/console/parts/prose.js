import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { InlineCode } from './inline-code.js'

/** Longer ones are folded at first. In characters. */
const FOLD_AT = 600

/**
 * A description from the document, as its author wrote it: its markup is shown, not followed.
 *
 * @param {{ text: string }} props
 */
export function Prose({ text }) {
  const [isWhole, setIsWhole] = useState(text.length <= FOLD_AT)
  const shown = isWhole ? text : `${text.slice(0, FOLD_AT).trimEnd()}…`
  return html`<div class="prose">
    ${shown
      .split(/\n{2,}/)
      .map((paragraph, index) => html`<p key=${index}><${InlineCode} text=${paragraph} /></p>`)}
    ${
      !isWhole &&
      html`<button type="button" class="button plain" onClick=${() => setIsWhole(true)}>
        Show all of the description
      </button>`
    }
  </div>`
}
