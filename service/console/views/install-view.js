import { html } from 'htm/preact'

import { isSecret } from '../configuration.js'
import { useStore } from '../hooks/use-store.js'
import { installNotes } from '../install/install-notes.js'
import { CopyButton } from '../parts/copy-button.js'
import { Notice } from '../parts/notice.js'
import { PageHeader } from '../parts/page-header.js'
import { service } from '../service-client.js'
import { linkTo, workbench } from '../workbench.js'

/** What the platform has to be told to install this connector with the document that is open. */
export function InstallView() {
  const values = useStore(workbench, state => state.values)
  const url = service.urlOf('')
  const notes = installNotes(url, values)
  return html`<${PageHeader}
      title="Install"
      lead="What to type into the flow platform, so that its flows get the types of this document."
    />
    ${notes.map(({ title, text }) => html`<${Notice} key=${title} tone="warning" title=${title}><p>${text}</p><//>`)}
    <ol class="steps">
      <li class="step">
        <h2>Add a connector</h2>
        <p>
          In the platform, open the list of connectors and install a new one. Where it asks for the address of the
          connector, paste this one:
        </p>
        <dl class="values"><${Value} name="Connector URL" value=${url} /></dl>
        <p class="quiet">
          If the connector asks you for a user name and a password, give the platform the same as the HTTP
          authentication of the connector.
        </p>
      </li>
      <li class="step">
        <h2>Fill in the configuration</h2>
        <p>
          The platform now asks for the configuration values. Copy these; leave the others blank.
        </p>
        <dl class="values">
          ${Object.entries(values).map(
            ([name, value]) =>
              html`<${Value} key=${name} name=${name} value=${value} isSecret=${isSecret(name, value)} />`
          )}
        </dl>
        <p><a href=${linkTo('start')}>Change the configuration</a></p>
      </li>
      <li class="step">
        <h2>Install the types</h2>
        <p>
          Let the platform read the connector's types, and install them. They are those of <a href=${linkTo('types')}>Types</a>.
          After a new version of the document, do this again; <a href=${linkTo('compare')}>Compare</a> shows what it breaks.
        </p>
      </li>
    </ol>`
}

/** @param {{ name: string, value: string, isSecret?: boolean }} props */
function Value({ name, value, isSecret = false }) {
  return html`<div class="value">
    <dt>${name}</dt>
    <dd>
      ${
        isSecret
          ? html`<span class="quiet">A secret, as you typed it in this tab</span>`
          : html`<code>${value}</code>`
      }
      <${CopyButton} text=${value} what=${name} />
    </dd>
  </div>`
}
