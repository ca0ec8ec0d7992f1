import { html } from 'htm/preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

/** Most options that are shown at once: a longer list is searched. */
const SHOWN_MAX = 50

/**
 * A choice among many, which are found by typing (WAI-ARIA combobox).
 *
 * @param {{
 *   label: string,
 *   value: string,
 *   options: readonly string[],
 *   onChange: (value: string) => void
 * }} props
 */
export function Combobox({ label, value, options, onChange }) {
  const id = useId()
  const [typed, setTyped] = useState(/** @type {string | null} */ (null))
  const [at, setAt] = useState(0)
  const list = useRef(/** @type {HTMLUListElement | null} */ (null))
  const isOpen = typed !== null
  const found = isOpen ? matching(options, typed) : []
  const shown = found.slice(0, SHOWN_MAX)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, isOpen])
  const open = () => {
    setTyped('')
    // None of those that are shown may be the value: then none is chosen until a key says so.
    setAt(options.slice(0, SHOWN_MAX).indexOf(value))
  }
  const close = () => setTyped(null)
  const choose = (/** @type {string | undefined} */ option) => {
    close()
    if (option !== undefined && option !== value) onChange(option)
  }
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' || event.key === 'Tab') return close()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (!isOpen) return open()
      setAt(Math.min(Math.max(at + step, 0), shown.length - 1))
    }
    if (event.key === 'Enter' && isOpen) {
      event.preventDefault()
      choose(shown[at])
    }
  }
  return html`<div class="field combobox">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      class="input"
      role="combobox"
      autocomplete="off"
      spellcheck=${false}
      aria-expanded=${isOpen ? 'true' : 'false'}
      aria-controls="${id}-list"
      aria-activedescendant=${shown[at] === undefined ? undefined : `${id}-${at}`}
      placeholder=${isOpen ? value : undefined}
      value=${typed ?? value}
      onFocus=${open}
      onClick=${() => isOpen || open()}
      onBlur=${close}
      onKeyDown=${onKeyDown}
      onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => {
        setTyped(currentTarget.value)
        setAt(0)
      }}
    />
    <ul class="combobox-list" id="${id}-list" role="listbox" aria-label=${label} ref=${list} hidden=${!isOpen}>
      ${shown.map(
        (option, index) => html`<li
          key=${option}
          id="${id}-${index}"
          role="option"
          aria-selected=${index === at ? 'true' : 'false'}
          data-current=${option === value ? '' : undefined}
          onMouseDown=${(/** @type {Event} */ event) => {
            event.preventDefault()
            choose(option)
          }}
        >
          ${option}
        </li>`
      )}
      ${
        found.length > shown.length &&
        html`<li class="combobox-note" role="presentation">${found.length - shown.length} more: type to find them</li>`
      }
      ${isOpen && found.length === 0 && html`<li class="combobox-note" role="presentation">Nothing has this name</li>`}
    </ul>
  </div>`
}

/**
 * Options whose name has the text, those that begin with it first.
 *
 * @param {readonly string[]} options
 * @param {string} text
 */
function matching(options, text) {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return options
  const found = options.filter(option => option.toLowerCase().includes(wanted))
  const begins = (/** @type {string} */ option) => option.toLowerCase().startsWith(wanted)
  return [...found.filter(begins), ...found.filter(option => !begins(option))]
}
