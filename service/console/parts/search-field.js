import { html } from 'htm/preact'

import { Icon } from './icon.js'

/**
 * An input that narrows a list below it while it is typed into.
 *
 * @param {{ label: string, value: string, onInput: (value: string) => void }} props
 */
export function SearchField({ label, value, onInput }) {
  return html`<div class="search-field">
    <${Icon} name="search" />
    <input
      type="search"
      class="input"
      aria-label=${label}
      placeholder=${label}
      autocomplete="off"
      spellcheck=${false}
      value=${value}
      onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => onInput(event.currentTarget.value)}
    />
  </div>`
}
