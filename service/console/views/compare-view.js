import { html } from 'htm/preact'
import { useLayoutEffect, useMemo, useState } from 'preact/hooks'

import { isSamePlace, schemaUrlOf, shownUrl, withoutSecrets } from '../configuration.js'
import { useDocumentAnswer } from '../hooks/use-document-answer.js'
import { useStore } from '../hooks/use-store.js'
import { Awaited } from '../parts/awaited.js'
import { EmptyState } from '../parts/empty-state.js'
import { Field } from '../parts/field.js'
import { Icon } from '../parts/icon.js'
import { PageHeader } from '../parts/page-header.js'
import { service } from '../service-client.js'
import { configure, showView, workbench } from '../workbench.js'
import { ChangeList } from './compare/change-list.js'

/** @import { DiffResponse } from '../../protocol/schemas.ts' */

/** Compares an older version of the document, which flows have installed, with the one that is open. */
export function CompareView() {
  const values = useStore(workbench, state => state.values)
  const old = useStore(workbench, state => state.address.item)
  const [answer, again] = useDocumentAnswer(
    old === null ? null : (now, signal) => service.compare(now, old, signal),
    [values, old]
  )
  return html`<${PageHeader}
      title="Compare"
      lead="What breaks in flows that have installed an older version of the document, if the open one takes its place."
    />
    <${VersionsForm} old=${old ?? ''} now=${schemaUrlOf(values)} />
    ${
      old === null
        ? html`<${EmptyState} icon="compare" title="Which version do flows use today?">
            <p>
              Give the Schema URL of the older version. Names, content types, mappings, ids, credentials
              and hosts are compared; descriptions and examples are not.
            </p>
          <//>`
        : html`<${Awaited} of=${answer} what="both versions" again=${again}>
            ${(/** @type {DiffResponse} */ changes) => html`<${ChangeList} answer=${changes} />`}
          <//>`
    }`
}

/** @param {{ old: string, now: string }} props */
function VersionsForm({ old, now }) {
  const [url, setUrl] = useState(old)
  // Before anything can be typed.
  useLayoutEffect(() => setUrl(old), [old])
  const isSwappable = useMemo(() => old !== '' && old === url.trim(), [old, url])
  const compare = (/** @type {Event} */ event) => {
    event.preventDefault()
    if (url.trim() !== '') showView('compare', url.trim())
  }
  const swap = () => {
    const { values } = workbench.get()
    // What was typed for one API is not meant for another.
    const kept = isSamePlace(old, now) ? values : withoutSecrets(values)
    configure({ ...kept, 'Schema URL': old }, 'compare', now)
  }
  return html`<form class="versions" onSubmit=${compare}>
    <${Field}
      label="Older version"
      value=${url}
      onInput=${setUrl}
      placeholder="https://api.example.com/v1/openapi.yaml"
      hint="The Schema URL that flows have installed."
      isCode
      required
    />
    <button
      type="button"
      class="button icon-button"
      aria-label="Swap the versions"
      title="Swap the versions"
      disabled=${!isSwappable}
      onClick=${swap}
    >
      <${Icon} name="compare" />
    </button>
    <div class="field">
      <span class="version-label" id="newer">Newer version</span>
      <p class="version" aria-labelledby="newer"><code>${shownUrl(now)}</code></p>
      <p class="hint">The document that is open.</p>
    </div>
    <button type="submit" class="button primary">Compare</button>
  </form>`
}
