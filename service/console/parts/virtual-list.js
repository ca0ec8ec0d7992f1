import { html } from 'htm/preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'

import { useSize } from '../hooks/use-size.js'

/** Rows beyond the edges that are ready before they are scrolled to. */
const AHEAD = 8

/**
 * A list of any length of which one item is chosen, of which only the rows in sight are in the page (WAI-ARIA listbox).
 * Arrow keys, Home, End, Page Up and Page Down choose.
 *
 * @template Item
 * @param {{
 *   label: string,
 *   items: readonly Item[],
 *   keyOf: (item: Item) => string,
 *   selected: string | null,
 *   onSelect: (key: string, isStep: boolean) => void,
 *   rowHeight: number,
 *   children: (item: Item) => import('preact').ComponentChildren
 * }} props A step is made by a key, from the item beside or near. `rowHeight` is in pixels, `children` makes the
 *   content of a row.
 */
export function VirtualList({ label, items, keyOf, selected, onSelect, rowHeight, children }) {
  const id = useId()
  const room = useRef(/** @type {HTMLDivElement | null} */ (null))
  const [top, setTop] = useState(0)
  const { height } = useSize(room)
  const at = items.findIndex(item => keyOf(item) === selected)

  useLayoutEffect(() => {
    const element = room.current
    if (element === null || at === -1) return
    const start = at * rowHeight
    const isBelow = start + rowHeight > element.scrollTop + element.clientHeight
    if (start < element.scrollTop) element.scrollTop = start
    else if (isBelow) element.scrollTop = start - element.clientHeight + rowHeight
  }, [at, height])

  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1)
    const to = targetOf(event.key, at, page, items.length)
    const item = to === undefined ? undefined : items[to]
    if (item === undefined) return
    event.preventDefault()
    onSelect(keyOf(item), true)
  }
  const first = Math.max(0, Math.floor(top / rowHeight) - AHEAD)
  const shown = items.slice(first, Math.ceil((top + height) / rowHeight) + AHEAD)
  const isShown = at >= first && at < first + shown.length
  return html`<div
    ref=${room}
    class="virtual-list"
    role="listbox"
    tabindex="0"
    aria-label=${label}
    aria-activedescendant=${isShown ? `${id}-${at}` : undefined}
    onScroll=${() => setTop(room.current?.scrollTop ?? 0)}
    onKeyDown=${onKeyDown}
  >
    <div class="virtual-space" role="presentation" style=${{ height: `${items.length * rowHeight}px` }}>
      ${shown.map((item, index) => {
        const position = first + index
        const key = keyOf(item)
        return html`<div
          key=${key}
          id="${id}-${position}"
          class="virtual-row"
          role="option"
          aria-selected=${key === selected ? 'true' : 'false'}
          aria-setsize=${items.length}
          aria-posinset=${position + 1}
          style=${{ height: `${rowHeight}px`, transform: `translateY(${position * rowHeight}px)` }}
          onClick=${() => onSelect(key, false)}
        >
          ${children(item)}
        </div>`
      })}
    </div>
  </div>`
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} page
 * @param {number} count
 */
function targetOf(key, at, page, count) {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, at + 1)
    case 'ArrowUp':
      return Math.max(0, at - 1)
    case 'PageDown':
      return Math.min(count - 1, at + page)
    case 'PageUp':
      return Math.max(0, at - page)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
