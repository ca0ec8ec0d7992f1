import { html } from 'htm/preact'
import { useEffect, useRef } from 'preact/hooks'

import { useStore } from '../hooks/use-store.js'
import { linkTo, workbench } from '../workbench.js'
import { Icon } from './icon.js'

/**
 * The views, at the side, or above in a row that scrolls to the current one.
 *
 * @param {{ views: readonly import('../views.js').View[], current: string }} props
 */
export function Navigation({ views, current }) {
  // The links keep the document, so they change with it.
  useStore(workbench, ({ values }) => values)
  const list = useRef(/** @type {HTMLUListElement | null} */ (null))
  useEffect(() => {
    const link = /** @type {HTMLElement | null | undefined} */ (
      list.current?.querySelector('[aria-current]')
    )
    if (list.current && link) {
      // Not `scrollIntoView`, which scrolls the page too.
      list.current.scrollLeft = link.offsetLeft - (list.current.clientWidth - link.offsetWidth) / 2
    }
  }, [current])
  return html`<nav class="nav" aria-label="Views">
    <a class="brand" href=${linkTo('start')} aria-label="openapi-flow">
      <${Mark} />
      <span>openapi-flow</span>
    </a>
    <ul class="nav-list" ref=${list}>
      ${views.map(
        ({ name, title, icon }) => html`<li key=${name}>
          <a
            class="nav-link"
            href=${linkTo(name)}
            aria-current=${name === current ? 'page' : undefined}
          >
            <${Icon} name=${icon} />
            <span>${title}</span>
          </a>
        </li>`
      )}
    </ul>
    <a class="nav-link nav-foot" href="reference">
      <${Icon} name="external" />
      <span>Reference</span>
    </a>
  </nav>`
}

function Mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" />
    <path d="M9 10h6a4 4 0 0 1 4 4v4a4 4 0 0 0 4 4" />
    <circle cx="8" cy="10" r="2.4" />
    <circle cx="24" cy="22" r="2.4" />
  </svg>`
}
