import { html } from 'htm/preact'
import { useLayoutEffect, useState } from 'preact/hooks'

import { schemaUrlOf } from '../configuration.js'
import { useStore } from '../hooks/use-store.js'
import { Field } from '../parts/field.js'
import { PageHeader } from '../parts/page-header.js'
import { ConfigurationForm } from '../start/configuration-form.js'
import { DocumentDrop } from '../start/document-drop.js'
import { Opened } from '../start/opened.js'
import { Samples } from '../start/samples.js'
import { configure, workbench } from '../workbench.js'

/** Opens a document: by its address, as a file or text, or a sample; and configures what is done with it. */
export function StartView() {
  const values = useStore(workbench, state => state.values)
  const [form, setForm] = useState(values)
  const [fault, setFault] = useState('')
  useLayoutEffect(() => setForm(values), [values])
  const change = (/** @type {string} */ name, /** @type {string} */ value) => {
    setForm({ ...form, [name]: value })
    setFault('')
  }
  const open = (/** @type {Event} */ event) => {
    event.preventDefault()
    if (schemaUrlOf(form).trim() === '')
      setFault('Type the address of a document, or choose a sample.')
    else configure(form, 'start')
  }
  // What was typed for one API is not meant for another.
  const openOther = (/** @type {string} */ url) => configure({ 'Schema URL': url }, 'start')
  const others = Object.keys(values).filter(name => name !== 'Schema URL').length
  return html`<${PageHeader}
      title="Open an API"
      lead="Give the connector an OpenAPI document, and see the types that a flow would get. Nothing has to be installed, and the page talks to this connector only."
    />
    <div class="start">
      <form class="start-form" onSubmit=${open}>
        <div class="start-url">
          <${Field}
            label="Schema URL"
            value=${schemaUrlOf(form)}
            onInput=${(/** @type {string} */ value) => change('Schema URL', value)}
            placeholder="https://api.example.com/openapi.yaml"
            hint="The address of an OpenAPI document, or of a sample such as sample:petstore."
            fault=${fault}
            isCode
            required
          />
          <button type="submit" class="button primary">Open</button>
        </div>
        <${Opened} />
        <details class="card start-more" open=${others > 0}>
          <summary>
            Configuration <span class="quiet">${others > 0 ? `${others} set` : 'credentials, overlays, servers'}</span>
          </summary>
          <${ConfigurationForm} values=${form} onChange=${change} />
          <div class="start-apply">
            <button type="submit" class="button primary">Apply</button>
            <span class="quiet">Secrets stay in this tab, and are in no link.</span>
          </div>
        </details>
      </form>
      <${DocumentDrop} onKept=${openOther} />
      <${Samples} onOpen=${openOther} />
    </div>`
}
