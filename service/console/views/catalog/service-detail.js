import { html } from 'htm/preact'

import { Prose } from '../../parts/prose.js'

/** @import { CatalogAnswer } from '../../../protocol/catalog-schemas.ts' */
/** @import { Choice } from './endpoint-list.js' */

/**
 * The API as a whole, and its collections.
 *
 * @param {{ catalog: CatalogAnswer, onChoose: (choice: Choice) => void }} props
 */
export function ServiceDetail({ catalog, onChoose }) {
  const { service, collections, endpoints, counts } = catalog
  const { title, version, description, servers } = service
  const sizes = Map.groupBy(endpoints, ({ collection }) => collection)
  const mapped = new Set(endpoints.filter(({ flow }) => flow.length > 0).map(each => each.pointer))
  return html`<h2>${title} ${version && html`<span class="quiet">${version}</span>`}</h2>
    ${description && html`<${Prose} text=${description} />`}
    <dl class="figures">
      <${Figure} term="Collections" value=${sizes.size} />
      <${Figure} term="Operations" value=${counts.operations} />
      <${Figure} term="Used by flow types" value=${mapped.size} />
      <${Figure} term="Fields" value=${counts.fields} />
    </dl>
    ${
      servers.length > 0 &&
      html`<h3>Servers</h3>
        <ul class="server-list">
          ${servers.map(url => html`<li key=${url}><code>${url}</code></li>`)}
        </ul>`
    }
    <h3>Collections</h3>
    <ul class="collection-list card">
      ${collections
        .filter(({ name }) => sizes.has(name))
        .map(
          ({ name, displayName, description: about }) => html`<li key=${name}>
            <button
              type="button"
              class="collection"
              onClick=${() => onChoose({ search: '', collection: name })}
            >
              <span class="collection-name">${displayName}</span>
              <span class="collection-size">${sizes.get(name)?.length.toLocaleString('en')}</span>
              ${about && html`<span class="collection-about">${about}</span>`}
            </button>
          </li>`
        )}
    </ul>
    ${
      counts.endpointsLeft + counts.fieldsLeft > 0 &&
      html`<p class="hint">
        The document is larger than a catalog may be:
        ${counts.endpointsLeft.toLocaleString('en')} endpoints and
        ${counts.fieldsLeft.toLocaleString('en')} fields are left out.
      </p>`
    }`
}

/** @param {{ term: string, value: number }} props */
function Figure({ term, value }) {
  return html`<div><dt>${term}</dt><dd>${value.toLocaleString('en')}</dd></div>`
}
