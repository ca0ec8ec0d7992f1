import { html } from 'htm/preact'
import { useEffect, useState } from 'preact/hooks'

import { Icon } from './icon.js'

/** How long the button says that it has copied (ms). */
const SAID_MS = 2_000

/**
 * Copies a text to the clipboard.
 *
 * @param {{ text: string, label?: string, what?: string }} props `what` names the text for screen readers.
 */
export function CopyButton({ text, label = 'Copy', what = '' }) {
  const [said, setSaid] = useState(/** @type {string | null} */ (null))
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      // Browsers refuse it to pages that are served over http from another machine.
      setSaid('Select and copy it by hand')
    }
  }
  return html`<button type="button" class="button copy" onClick=${copy}>
    <${Icon} name=${said === 'Copied' ? 'check' : 'copy'} />
    <span aria-live="polite">${said ?? label}</span>
    ${what !== '' && html`<span class="visually-hidden">${what}</span>`}
  </button>`
}
