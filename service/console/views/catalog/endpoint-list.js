import { html } from 'htm/preact'
import { useMemo } from 'preact/hooks'

import { Badge, Method } from '../../parts/badge.js'
import { SelectField } from '../../parts/field.js'
import { SearchField } from '../../parts/search-field.js'
import { useFirstRows } from '../../parts/show-more.js'
import { linkTo } from '../../workbench.js'

/** @import { CatalogAnswer } from '../../../protocol/catalog-schemas.ts' */
/** @typedef {CatalogAnswer['endpoints'][number]} Endpoint */

/**
 * What of the endpoints is listed: those that have the text, of a collection or, if blank, of all.
 *
 * @typedef {{ search: string, collection: string }} Choice
 */

/** Rows that are shown at once. */
const STEP = 150

/**
 * The endpoints by collection, with a search.
 *
 * @param {{
 *   catalog: CatalogAnswer,
 *   current: string | null,
 *   choice: Choice,
 *   onChoose: (choice: Choice) => void
 * }} props `current` is the pointer of the endpoint that is shown.
 */
export function EndpointList({ catalog, current, choice, onChoose }) {
  const { collections, endpoints } = catalog
  const { search, collection } = choice
  const titles = useMemo(
    () => new Map(collections.map(({ name, displayName }) => [name, displayName])),
    [collections]
  )
  const found = useMemo(() => findEndpoints(endpoints, choice), [endpoints, search, collection])
  const [shown, more] = useFirstRows(found, STEP)
  const filled = useMemo(() => {
    const names = new Set(endpoints.map(endpoint => endpoint.collection))
    return collections.filter(({ name }) => names.has(name))
  }, [collections, endpoints])
  return html`<div class="catalog-list">
    <${SearchField}
      label="Search endpoints"
      value=${search}
      onInput=${(/** @type {string} */ text) => onChoose({ ...choice, search: text })}
    />
    ${
      filled.length > 1 &&
      html`<${SelectField}
        label="Collection"
        value=${collection}
        options=${[['', 'All collections'], ...filled.map(({ name, displayName }) => [name, displayName])]}
        onChange=${(/** @type {string} */ name) => onChoose({ ...choice, collection: name })}
      />`
    }
    <p class="hint" role="status">${found.length.toLocaleString('en')} of ${endpoints.length.toLocaleString('en')} endpoints</p>
    <nav aria-label="Endpoints">
      ${byCollection(shown).map(
        ([name, rows]) => html`<section key=${name} class="endpoint-group">
          <h2>${titles.get(name) ?? name}</h2>
          <ul>
            ${rows.map(
              endpoint => html`<li key=${endpoint.name}>
                <${EndpointLink} endpoint=${endpoint} isCurrent=${endpoint.pointer === current} />
              </li>`
            )}
          </ul>
        </section>`
      )}
    </nav>
    ${more}
  </div>`
}

/** @param {{ endpoint: Endpoint, isCurrent: boolean }} props */
function EndpointLink({ endpoint, isCurrent }) {
  const { method, displayName, summary, deprecated, flow, pointer } = endpoint
  return html`<a
    class="endpoint-link"
    href=${linkTo('catalog', pointer)}
    aria-current=${isCurrent ? 'true' : undefined}
  >
    <${Method} name=${method} />
    <span class="endpoint-name">
      <code data-deprecated=${deprecated ? '' : undefined}>${displayName}</code>
      ${summary && html`<span class="endpoint-summary">${summary}</span>`}
    </span>
    ${flow.length > 0 && html`<${Badge} tone="accent">${typesOf(endpoint)}<//>`}
  </a>`
}

/** @param {Endpoint} endpoint */
function typesOf({ flow }) {
  const [first, ...others] = new Set(flow.map(({ type }) => type))
  return others.length === 0 ? first : `${first} +${others.length}`
}

/**
 * @param {readonly Endpoint[]} endpoints
 * @param {Choice} choice
 */
function findEndpoints(endpoints, { search, collection }) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return endpoints.filter(endpoint => {
    if (collection !== '' && endpoint.collection !== collection) return false
    if (words.length === 0) return true
    const { method, path, summary, operationId, flow } = endpoint
    const text = [method, path, summary, operationId, ...flow.map(({ type }) => type)].join(' ')
    return words.every(word => text.toLowerCase().includes(word))
  })
}

/**
 * @param {readonly Endpoint[]} endpoints
 * @returns {[name: string, endpoints: Endpoint[]][]}
 */
function byCollection(endpoints) {
  return [...Map.groupBy(endpoints, ({ collection }) => collection)]
}
