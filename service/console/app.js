import { html } from 'htm/preact'

import { useStore } from './hooks/use-store.js'
import { DocumentBar } from './parts/document-bar.js'
import { Navigation } from './parts/navigation.js'
import { ViewOutlet } from './parts/view-outlet.js'
import { VIEWS } from './views.js'
import { workbench } from './workbench.js'

/** The page: the navigation, the document that is open, and the view that the address names. */
export function App() {
  const name = useStore(workbench, ({ address }) => address.view)
  const view = VIEWS.find(candidate => candidate.name === name) ?? null
  return html`<div class="shell">
    <a class="skip" href="#main" onClick=${skipToMain}>Skip to the content</a>
    <${Navigation} views=${VIEWS} current=${name} />
    <div class="stage">
      <${DocumentBar} />
      <main id="main" tabindex="-1"><${ViewOutlet} view=${view} name=${name} /></main>
    </div>
  </div>`
}

/** The fragment of the URL is the address of a view. @param {Event} event */
function skipToMain(event) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
