import { html } from 'htm/preact'

import { useDocumentAnswer } from '../hooks/use-document-answer.js'
import { useStore } from '../hooks/use-store.js'
import { Awaited } from '../parts/awaited.js'
import { Badge } from '../parts/badge.js'
import { Icon } from '../parts/icon.js'
import { service } from '../service-client.js'
import { linkTo, workbench } from '../workbench.js'
import { MappingCards } from './mapping-cards.js'
import { PropertyTable } from './property-table.js'
import { TypeDiagram } from './type-diagram.js'

/** @import { TypeGraph, TypeNode } from '../type-graph.js' */
/** @import { TypeAnswer } from '../../protocol/type-schemas.ts' */

/**
 * One type: what it is related to, its mappings and its properties.
 *
 * @param {{ node: TypeNode, graph: TypeGraph }} props
 */
export function TypeDetail({ node, graph }) {
  const { type } = node
  const name = type.developerName
  const values = useStore(workbench, state => state.values)
  const [details, again] = useDocumentAnswer(
    (now, signal) => service.describeType(now, name, signal),
    [values, name]
  )
  return html`<article class="type-detail">
    <header class="type-header">
      <h2 class="type-title">${name}</h2>
      <div class="actions">
        <a class="button" href=${linkTo('document', `type:${name}`)}>
          <${Icon} name="document" /> In the document
        </a>
        ${
          node.mappings.length > 0 &&
          html`<a class="button" href=${linkTo('try', name)}><${Icon} name="try" /> Try it</a>`
        }
      </div>
      ${type.developerSummary && html`<p class="lead">${type.developerSummary}</p>`}
    </header>
    <${TypeDiagram} graph=${graph} name=${name} />
    <${Awaited} of=${details} what="the type" again=${again}>
      ${(/** @type {TypeAnswer} */ value) => html`<section>
          <h3 class="section-title">Mappings</h3>
          <${MappingCards} mappings=${value.mappings} />
        </section>
        <section>
          <h3 class="section-title">Properties <${IdNote} id=${value.id} /></h3>
          <${PropertyTable} type=${value} />
        </section>`}
    <//>
  </article>`
}

/** @param {{ id: TypeAnswer['id'] }} props */
function IdNote({ id }) {
  if (id.paths.length === 0) {
    return html`<span class="quiet small">The external id is made of the content.</span>`
  }
  const joint = id.all ? ' and ' : ', else '
  return html`<span class="quiet small">
    External id: ${id.paths.map(
      (path, index) => html`${index > 0 && joint}<${Badge} tone="accent"><code>${path}</code><//>`
    )}
  </span>`
}
