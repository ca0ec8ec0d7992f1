import { html } from 'htm/preact'

import { Badge, Method } from '../parts/badge.js'
import { linkTo } from '../workbench.js'

/** @import { TypeAnswer } from '../../protocol/type-schemas.ts' */
/** @typedef {TypeAnswer['mappings'][number]} Mapping */

/**
 * The mappings of a type: which endpoint each calls, with what, and how it came about.
 *
 * @param {{ mappings: readonly Mapping[] }} props
 */
export function MappingCards({ mappings }) {
  if (mappings.length === 0) {
    return html`<p class="quiet">
      None. Objects of this type are loaded and saved as values of other types, or not at all.
    </p>`
  }
  return html`<ul class="type-mappings">
    ${mappings.map(mapping => html`<li key=${mapping.key}><${MappingCard} mapping=${mapping} /></li>`)}
  </ul>`
}

/** @param {{ mapping: Mapping }} props */
function MappingCard({ mapping }) {
  const { key, verb, method, path, origin, parameters, records, paging, batchSize, isExample } =
    mapping
  return html`<details class="card type-mapping">
    <summary>
      <span class="type-mapping-verb">${verb}</span>
      <span class="type-mapping-endpoint"><${Method} name=${method} /> <code>${path}</code></span>
      <${Origin} origin=${origin} />
    </summary>
    <dl class="type-facts">
      ${
        origin.reasons.length > 0 &&
        html`<${Fact} name="Reasons"><ul class="reasons">
        ${origin.reasons.map(reason => html`<li key=${reason}>${reason}</li>`)}
      </ul><//>`
      }
      ${parameters.map(
        parameter => html`<${Fact} key=${`${parameter.in} ${parameter.name}`} name=${html`<code>${parameter.name}</code> <span class="quiet">${parameter.in}</span>`}>
          ${parameter.sources.length === 0 ? 'a constant' : parameter.sources.join(', else ')}
        <//>`
      )}
      ${paging !== null && html`<${Fact} name="Paging">${paging}<//>`}
      ${
        records !== null &&
        html`<${Fact} name="Objects">
        ${records === '' ? 'the whole answer' : html`<code>${records}</code> of the answer`}
      <//>`
      }
      ${batchSize !== null && html`<${Fact} name="Batch">at most ${batchSize} objects in a request<//>`}
      ${isExample && html`<${Fact} name="Answer">an example of the document<//>`}
      <${Fact} name="Try"><a href=${linkTo('try', `${verb}${key.slice(key.indexOf(':'))}`)}>Use it as a flow does</a><//>
      <${Fact} name="Document"><a href=${linkTo('document', `mapping:${key}`)}>Show where it is declared</a><//>
    </dl>
  </details>`
}

/** @param {{ name: import('preact').ComponentChildren, children?: import('preact').ComponentChildren }} props */
function Fact({ name, children }) {
  return html`<div class="type-fact"><dt>${name}</dt><dd>${children}</dd></div>`
}

/**
 * How a mapping came about.
 *
 * @param {{ origin: Mapping['origin'] }} props
 */
function Origin({ origin: { from, score } }) {
  if (score === null) return html`<${Badge}>${from}<//>`
  return html`<${Badge} tone="accent" title="Confidence of the inference">${from} ${score.toFixed(2)}<//>`
}
