import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { schemaUrlOf } from '../configuration.js'
import { useStore } from '../hooks/use-store.js'
import { Field } from '../parts/field.js'
import { PageHeader } from '../parts/page-header.js'
import { configure, workbench } from '../workbench.js'
import { OtherSources } from './start/other-sources.js'
import { ValueFields } from './start/value-fields.js'

/** @import { Values } from '../configuration.js' */

/** What is shown of a document that has been opened. */
const NEXT = 'types'

/** Opens a document, with the configuration values that the platform would ask for. */
export function StartView() {
  const values = useStore(workbench, state => state.values)
  return html`<${PageHeader}
      title="Open an API"
      lead="An OpenAPI document becomes flow types. Nothing is installed, and nothing leaves this connector."
    />
    <${ConfigurationForm} key=${JSON.stringify(values)} initial=${values} />`
}

/** @param {{ initial: Values }} props */
function ConfigurationForm({ initial }) {
  const [values, setValues] = useState(initial)
  const change = (/** @type {string} */ name, /** @type {string} */ value) =>
    setValues({ ...values, [name]: value })
  const open = (/** @type {Event} */ event) => {
    event.preventDefault()
    configure(values, NEXT)
  }
  const sources = html`<${OtherSources}
    onKept=${(/** @type {string} */ location) => configure({ ...values, 'Schema URL': location }, NEXT)}
    onSample=${(/** @type {string} */ location) => configure({ 'Schema URL': location, Responses: 'example' }, NEXT)}
  />`
  // Who has no document yet looks for one first.
  const isFirst = schemaUrlOf(initial) === ''
  return html`<form class="start" onSubmit=${open}>
    <div class="start-url">
      <${Field}
        label="Schema URL"
        value=${schemaUrlOf(values)}
        onInput=${(/** @type {string} */ url) => change('Schema URL', url)}
        placeholder="https://api.example.com/openapi.yaml"
        hint="The address of an OpenAPI document, of Swagger 2.0 or of a manifest."
        isCode
        required
      />
      <button type="submit" class="button primary">Open</button>
    </div>
    ${isFirst && sources}
    <section class="value-groups" aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <${ValueFields} values=${values} onChange=${change} />
      <p class="hint">
        Secrets stay in this tab: they are sent to the connector, and stand in no address.
      </p>
    </section>
    ${!isFirst && sources}
  </form>`
}
