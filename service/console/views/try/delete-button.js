import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

/**
 * Asks once more before an object is deleted. What asks stays in its place and only takes the question back, so that
 * pressing it twice deletes nothing.
 *
 * @param {{ id: string, isBusy: boolean, onDelete: () => void }} props
 */
export function DeleteButton({ id, isBusy, onDelete }) {
  const [isAsked, setAsked] = useState(false)
  const leave = (/** @type {FocusEvent & { currentTarget: Element }} */ event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget)
    if (!event.currentTarget.contains(to)) setAsked(false)
  }
  const remove = (/** @type {{ currentTarget: Element }} */ { currentTarget }) => {
    if (isBusy) return
    // The row with the focus will be gone.
    const table = /** @type {HTMLElement | null} */ (currentTarget.closest('.table-room'))
    table?.focus()
    onDelete()
  }
  return html`<div class="delete" onFocusOut=${leave}>
    <button
      type="button"
      class="button plain delete-ask"
      aria-label="${isAsked ? 'Keep' : 'Delete'} ${id}"
      aria-disabled=${isBusy ? 'true' : undefined}
      onClick=${() => isBusy || setAsked(!isAsked)}
    >
      ${isAsked ? 'Keep' : 'Delete'}
    </button>
    ${
      isAsked &&
      html`<button
        type="button"
        class="button danger delete-really"
        aria-label="Really delete ${id}"
        aria-disabled=${isBusy ? 'true' : undefined}
        onClick=${remove}
      >
        Really delete
      </button>`
    }
  </div>`
}
