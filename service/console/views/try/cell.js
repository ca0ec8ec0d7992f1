import { html } from 'htm/preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

import { Icon } from '../../parts/icon.js'

/**
 * A value of an object, which is changed in its place.
 *
 * @param {{ name: string, text: string, isBusy: boolean, onEdit: ((value: string) => void) | null }} props `onEdit` is null
 *   for a value that cannot be changed.
 */
export function Cell({ name, text, isBusy, onEdit }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null))
  const input = useRef(/** @type {HTMLInputElement | null} */ (null))
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null))
  const isEdited = draft !== null
  const wasEdited = useRef(false)
  useLayoutEffect(() => {
    if (isEdited) {
      input.current?.focus()
      input.current?.select()
    } else if (wasEdited.current) {
      // The focus was in what is gone now.
      button.current?.focus()
    }
    wasEdited.current = isEdited
  }, [isEdited])
  if (onEdit === null) {
    return html`<span class="cell" title=${text}>${text}</span>`
  }
  if (!isEdited) {
    return html`<button
      ref=${button}
      type="button"
      class="cell cell-value"
      aria-label="${name}: ${text === '' ? 'empty' : text}. Change"
      aria-disabled=${isBusy ? 'true' : undefined}
      title=${text}
      onClick=${() => isBusy || setDraft(text)}
    >
      ${text === '' ? html`<span class="quiet">–</span>` : text}
    </button>`
  }
  const end = () => setDraft(null)
  const save = (/** @type {Event} */ event) => {
    event.preventDefault()
    if (isBusy) return
    end()
    if (draft !== text) onEdit(draft)
  }
  return html`<form class="cell-edit" onSubmit=${save}>
    <input
      ref=${input}
      class="input"
      aria-label="${name}. Enter saves, Escape leaves it"
      value=${draft}
      onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => setDraft(currentTarget.value)}
      onKeyDown=${(/** @type {KeyboardEvent} */ { key }) => key === 'Escape' && end()}
    />
    <button
      type="submit"
      class="button primary icon-button"
      aria-label="Save"
      title="Save (Enter)"
      aria-disabled=${isBusy ? 'true' : undefined}
    >
      <${Icon} name="check" />
    </button>
    <button type="button" class="button plain icon-button" aria-label="Leave it" title="Leave it (Escape)" onClick=${end}>
      <${Icon} name="close" />
    </button>
  </form>`
}
