import { html } from 'htm/preact'
import { useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks'

import { schemaUrlOf } from '../configuration.js'
import { useStore } from '../hooks/use-store.js'
import { problemOf } from '../problem.js'
import { linkTo, workbench } from '../workbench.js'
import { Loading } from './awaited.js'
import { EmptyState } from './empty-state.js'
import { ProblemNotice } from './notice.js'
import { PageHeader } from './page-header.js'

/** @import { ComponentType } from 'preact' */

/** @typedef {{ name: string, component?: ComponentType, error?: unknown }} Loaded */

/**
 * Shows a view, whose module is loaded when it is first shown.
 *
 * @param {{ view: import('../views.js').View | null, name: string }} props
 */
export function ViewOutlet({ view, name }) {
  const hasDocument = useStore(workbench, ({ values }) => schemaUrlOf(values) !== '')
  const [loaded, setLoaded] = useState(/** @type {Loaded | null} */ (null))
  useEffect(() => {
    document.title = `${view?.title ?? 'Not found'} · openapi-flow-connector`
    let isShown = true
    const set = (/** @type {Loaded} */ result) => isShown && setLoaded(result)
    view?.load().then(
      component => set({ name, component }),
      error => set({ name, error })
    )
    return () => {
      isShown = false
    }
  }, [view])
  useHeadingFocus(name)
  if (view === null) return html`<${Unknown} />`
  if (view.needsDocument && !hasDocument) return html`<${NoDocument} view=${view} />`
  if (loaded?.name !== name) return html`<${Loading} what="the view" />`
  if (loaded.component === undefined) {
    return html`<${ProblemNotice}
      problem=${{ ...problemOf(loaded.error), message: 'This part of the page could not be loaded.' }}
      again=${() => location.reload()}
    />`
  }
  return html`<${LoadedView} key=${name} of=${loaded.component} />`
}

/**
 * Moves the focus to the heading of each view but the first, once it is there: what had the focus may be gone.
 *
 * @param {string} name
 */
function useHeadingFocus(name) {
  const last = useRef(name)
  useEffect(() => {
    if (last.current === name) return
    const heading = /** @type {HTMLElement | null} */ (document.querySelector('#main h1'))
    if (heading === null) return
    last.current = name
    heading.focus()
  })
}

/**
 * A view, or why it can no longer be shown.
 *
 * @param {{ of: ComponentType }} props
 */
function LoadedView({ of: component }) {
  const [error, forget] = useErrorBoundary()
  if (error === undefined) return html`<${component} />`
  const problem = { ...problemOf(error), message: 'This view cannot be shown.' }
  return html`<${ProblemNotice} problem=${problem} again=${forget} />`
}

function Unknown() {
  return html`<${EmptyState} icon="search" title="There is no such view">
    <p>The address of the page names none.</p>
    <a class="button" href=${linkTo('start')}>Go to the start</a>
  <//>`
}

/** @param {{ view: import('../views.js').View }} props */
function NoDocument({ view }) {
  return html`<${PageHeader} title=${view.title} />
    <${EmptyState} icon=${view.icon} title="No document is open">
      <p>Open an OpenAPI document, or one of the samples, to see this view.</p>
      <a class="button primary" href=${linkTo('start')}>Open a document</a>
    <//>`
}
