import { html } from 'htm/preact'

import { schemaUrlOf, shownUrl } from '../configuration.js'
import { counted } from '../counted.js'
import { countsOf } from '../document/findings.js'
import { useStore } from '../hooks/use-store.js'
import { lastValue } from '../loadable.js'
import { linkTo, reloadPreview, workbench } from '../workbench.js'
import { Icon } from './icon.js'

/** The document that is open and what was found in it. Nothing before one is. */
export function DocumentBar() {
  const values = useStore(workbench, state => state.values)
  const preview = useStore(workbench, state => state.preview)
  const url = schemaUrlOf(values)
  if (url === '') return null
  const isLoading = preview.status === 'loading'
  return html`<section class="document-bar" aria-label="Open document">
    <a class="document-url" href=${linkTo('start')} title="Change the configuration">
      <${Icon} name="document" /><code>${shownUrl(url)}</code>
    </a>
    <p class="document-facts" role="status">${factsOf(preview)}</p>
    <button
      type="button"
      class="button icon-button"
      aria-label="Read the document again"
      title="Read the document again"
      data-busy=${isLoading ? '' : undefined}
      onClick=${reloadPreview}
    >
      <${Icon} name="reload" />
    </button>
  </section>`
}

/** @param {import('../workbench.js').Workbench['preview']} preview */
function factsOf(preview) {
  if (preview.status === 'failed') return html`<span data-tone="error">Cannot be used</span>`
  const value = lastValue(preview)
  if (value === undefined) return preview.status === 'loading' ? 'Reading…' : ''
  const { types, mappings, diagnostics } = value
  const found = countsOf(diagnostics).filter(({ severity }) => severity !== 'info')
  return html`<span>${counted(types.length, 'type')}</span>
    <span>${counted(mappings.length, 'mapping')}</span>
    ${found.map(({ severity, count }) => html`<span key=${severity} data-tone=${severity}>${counted(count, severity)}</span>`)}`
}
