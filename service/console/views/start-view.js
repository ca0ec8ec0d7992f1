import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { schemaUrlOf } from '../configuration.js'
import { useStore } from '../hooks/use-store.js'
import { Field } from '../parts/field.js'
import { PageHeader } from '../parts/page-header.js'
import { configure, workbench } from '../workbench.js'

/** Opens a document. */
export function StartView() {
  const values = useStore(workbench, state => state.values)
  const [url, setUrl] = useState(schemaUrlOf(values))
  const open = (/** @type {Event} */ event) => {
    event.preventDefault()
    configure({ ...values, 'Schema URL': url }, 'start')
  }
  return html`<${PageHeader}
      title="Open an API"
      lead="An OpenAPI document becomes flow types. Nothing is installed, and nothing leaves this connector."
    />
    <form class="start-form" onSubmit=${open}>
      <${Field}
        label="Schema URL"
        value=${url}
        onInput=${setUrl}
        placeholder="https://api.example.com/openapi.yaml"
        hint="The address of an OpenAPI document, or sample:petstore."
        isCode
        required
      />
      <button type="submit" class="button primary">Open</button>
    </form>`
}
