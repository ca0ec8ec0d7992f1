import { html } from 'htm/preact'

import { Badge, Method } from '../../parts/badge.js'
import { Prose } from '../../parts/prose.js'
import { linkTo } from '../../workbench.js'
import { FieldTree } from './field-tree.js'

/** @import { CatalogAnswer } from '../../../protocol/catalog-schemas.ts' */
/** @typedef {CatalogAnswer['endpoints'][number]} Endpoint */

/**
 * One endpoint: who may call it, what it takes and answers, and the flow types that use it.
 *
 * @param {{ endpoint: Endpoint }} props
 */
export function EndpointDetail({ endpoint }) {
  const { method, path, summary, description, deprecated, operationId, pointer } = endpoint
  return html`<header class="endpoint-header">
      <h2><${Method} name=${method} /> <code>${path}</code></h2>
      ${deprecated && html`<${Badge} tone="warning">deprecated<//>`}
    </header>
    ${summary && html`<p class="endpoint-title">${summary}</p>`}
    ${description && description !== summary && html`<${Prose} text=${description} />`}
    <dl class="facts">
      <dt>Flow types</dt>
      <dd><${FlowUse} flow=${endpoint.flow} /></dd>
      <dt>Credentials</dt>
      <dd><${Credentials} auth=${endpoint.auth} /></dd>
      ${endpoint.pagination && html`<dt>Paging</dt><dd><${Paging} of=${endpoint.pagination} /></dd>`}
      ${operationId && html`<dt>Operation</dt><dd><code>${operationId}</code></dd>`}
      <dt>In the document</dt>
      <dd><code>${pointer}</code></dd>
    </dl>
    ${
      endpoint.parameters.length > 0 &&
      html`<h3>Parameters</h3>
        <${FieldTree} label="Parameters" fields=${endpoint.parameters} />`
    }
    ${endpoint.request?.from === 'body' && html`<${Body} title="Request body" of=${endpoint.request} />`}
    ${
      endpoint.response &&
      html`<${Body} title=${`Response ${endpoint.response.status}`} of=${endpoint.response} />`
    }`
}

/** @param {{ flow: Endpoint['flow'] }} props */
function FlowUse({ flow }) {
  if (flow.length === 0) return html`<span class="quiet">None uses this endpoint.</span>`
  return html`<ul class="flow-use">
    ${flow.map(
      ({ type, verb, origin }) => html`<li key=${`${type} ${verb}`}>
        <code>${verb}</code> of <a href=${linkTo('types', type)}>${type}</a>${' '}
        <${Badge} tone=${origin === 'inferred' ? 'info' : 'neutral'}>${origin}<//>
      </li>`
    )}
  </ul>`
}

/** @param {{ auth: Endpoint['auth'] }} props */
function Credentials({ auth }) {
  if (auth.length === 0) return html`<span class="quiet">None is needed.</span>`
  return html`<ul class="flow-use">
    ${auth.map(
      (schemes, index) => html`<li key=${index}>
        ${index > 0 && html`<span class="quiet">or </span>`}
        ${schemes.length === 0 ? html`<span class="quiet">none</span>` : schemes.map(schemeText)}
      </li>`
    )}
  </ul>`
}

/**
 * @param {Endpoint['auth'][number][number]} scheme
 * @param {number} index
 */
function schemeText({ scheme, type, in: place, parameter, scopes }, index) {
  return html`${index > 0 && ' and '}<code>${scheme}</code>
    <span class="quiet">
      ${` (${type}${parameter === undefined ? '' : `, ${place} ${parameter}`}`}${
        scopes.length === 0 ? '' : `, scopes ${scopes.join(', ')}`
      })
    </span>`
}

/** Words for how a list is paged. @satisfies {Record<string, string>} */
const PAGING = {
  offset: 'by offset',
  page: 'by page number',
  cursor: 'by cursor',
  next_link: 'by a link in the answer',
  link_header: 'by the Link header'
}

/** @param {{ of: NonNullable<Endpoint['pagination']> }} props */
function Paging({ of: { type, positionParameter, sizeParameter, pageSize, nextField, origin } }) {
  const parameters = [positionParameter, sizeParameter].filter(name => name !== null)
  return html`${PAGING[type]}${parameters.map(
    (name, index) => html`${index === 0 ? ', with ' : ' and '}<code>${name}</code>`
  )}${nextField !== null && html`, next at <code>${nextField}</code>`}${
    pageSize !== null && `, at most ${pageSize.toLocaleString('en')} a page`
  } <${Badge}>${origin}<//>`
}

/** @param {{ title: string, of: NonNullable<Endpoint['request'] | Endpoint['response']> }} props */
function Body({ title, of: { schema, mediaType, isList, within, fields } }) {
  return html`<h3>
      ${title}
      <span class="body-kind">
        ${isList && 'list of '}${schema === null ? '' : html`<code>${schema}</code>`}
        ${within !== undefined && html` in <code>${within}</code>`}
        ${mediaType !== null && html` <span class="quiet">${mediaType}</span>`}
      </span>
    </h3>
    ${
      fields.length === 0
        ? html`<p class="quiet">The document declares no fields.</p>`
        : html`<${FieldTree} label=${title} fields=${fields} />`
    }`
}
