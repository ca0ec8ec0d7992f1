import { html } from 'htm/preact'

import { counted } from '../counted.js'
import { useStore } from '../hooks/use-store.js'
import { lastValue } from '../loadable.js'
import { Loading } from '../parts/awaited.js'
import { Icon } from '../parts/icon.js'
import { ProblemNotice } from '../parts/notice.js'
import { VIEWS } from '../views.js'
import { linkTo, reloadPreview, workbench } from '../workbench.js'

/** What comes after a document is open, as far as there is a view for it. */
const NEXT = new Map([
  ['types', 'See the types'],
  ['try', 'Try a call'],
  ['suggest', 'Correct what is inferred'],
  ['install', 'Install it']
])

/** What became of the document that was opened. Nothing before one is. */
export function Opened() {
  const preview = useStore(workbench, state => state.preview)
  if (preview.status === 'failed') {
    return html`<${ProblemNotice} problem=${preview.problem} again=${reloadPreview} />`
  }
  const value = lastValue(preview)
  if (value === undefined) {
    return preview.status === 'loading' ? html`<${Loading} what="the document" />` : null
  }
  const { types, mappings, diagnostics } = value
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const steps = VIEWS.filter(({ name }) => NEXT.has(name))
  return html`<section class="card opened" aria-label="The document">
    <p class="opened-text" role="status">
      <${Icon} name=${errors > 0 ? 'error' : 'check'} />
      <span>
        <strong>${counted(types.length, 'type')} and ${counted(mappings.length, 'mapping')}.</strong>
        ${errors > 0 && html` <a href=${linkTo('document')}>${counted(errors, 'error')} to correct</a>.`}
      </span>
    </p>
    <div class="actions">
      ${steps.map(
        ({ name, icon }, index) => html`<a
          key=${name}
          class="button ${index === 0 ? 'primary' : ''}"
          href=${linkTo(name)}
        >
          <${Icon} name=${icon} /> ${NEXT.get(name)}
        </a>`
      )}
    </div>
  </section>`
}
