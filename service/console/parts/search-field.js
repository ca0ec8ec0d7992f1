import { html } from 'htm/preact'

import { Icon } from './icon.js'

/**
 * Narrows a list while one types.
 *
 * @param {{ label: string, value: string, onInput: (value: string) => void }} props
 */
export function SearchField({ label, value, onInput }) {
  return html`<div class="search">
    <${Icon} name="search" />
    <input
      class="input"
      type="search"
      aria-label=${label}
      placeholder=${label}
      value=${value}
      autocomplete="off"
      spellcheck=${false}
      onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => onInput(event.currentTarget.value)}
    />
  </div>`
}
