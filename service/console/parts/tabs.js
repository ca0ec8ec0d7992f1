import { html } from 'htm/preact'
import { useId } from 'preact/hooks'

/**
 * Several panels of which one is shown (WAI-ARIA tabs: arrow keys move between them).
 *
 * @param {{
 *   label: string,
 *   tabs: readonly { readonly name: string, readonly title: import('preact').ComponentChildren }[],
 *   selected: string,
 *   onSelect: (name: string) => void,
 *   children: import('preact').ComponentChildren
 * }} props `children` is the panel of the selected tab.
 */
export function Tabs({ label, tabs, selected, onSelect, children }) {
  const id = useId()
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const at = tabs.findIndex(({ name }) => name === selected)
    const to = nextIndex(event.key, at, tabs.length)
    const tab = to === undefined ? undefined : tabs[to]
    if (tab === undefined) return
    event.preventDefault()
    onSelect(tab.name)
    document.getElementById(`${id}-${tab.name}`)?.focus()
  }
  return html`<div>
    <div class="tab-list" role="tablist" aria-label=${label} onKeyDown=${onKeyDown}>
      ${tabs.map(
        ({ name, title }) => html`<button
          key=${name}
          type="button"
          role="tab"
          class="tab"
          id="${id}-${name}"
          aria-selected=${name === selected ? 'true' : 'false'}
          aria-controls="${id}-panel"
          tabindex=${name === selected ? 0 : -1}
          onClick=${() => onSelect(name)}
        >
          ${title}
        </button>`
      )}
    </div>
    <div class="tab-panel" role="tabpanel" id="${id}-panel" aria-labelledby="${id}-${selected}">
      ${children}
    </div>
  </div>`
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
function nextIndex(key, at, count) {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count
    case 'ArrowLeft':
      return (at + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
