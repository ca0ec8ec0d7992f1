import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { catalogOf } from '../catalog-of.js'
import { useDocumentAnswer } from '../hooks/use-document-answer.js'
import { useStore } from '../hooks/use-store.js'
import { Awaited } from '../parts/awaited.js'
import { EmptyState } from '../parts/empty-state.js'
import { Icon } from '../parts/icon.js'
import { Notice } from '../parts/notice.js'
import { PageHeader } from '../parts/page-header.js'
import { linkTo, workbench } from '../workbench.js'
import { EndpointDetail } from './catalog/endpoint-detail.js'
import { EndpointList } from './catalog/endpoint-list.js'
import { ServiceDetail } from './catalog/service-detail.js'

/** @import { CatalogAnswer } from '../../protocol/catalog-schemas.ts' */
/** @import { Choice } from './catalog/endpoint-list.js' */

/** The collections and endpoints of the API, and how each becomes part of flow types. */
export function CatalogView() {
  const [answer, again] = useDocumentAnswer(catalogOf)
  return html`<${PageHeader}
      title="Catalog"
      lead="What the API has: its collections and endpoints, what each takes and answers, and which flow types use it."
    />
    <${Awaited} of=${answer} what="the catalog" again=${again}>
      ${(/** @type {CatalogAnswer} */ catalog) => html`<${CatalogPanes} catalog=${catalog} />`}
    <//>`
}

/** @param {{ catalog: CatalogAnswer }} props */
function CatalogPanes({ catalog }) {
  const item = useStore(workbench, state => state.address.item)
  const [choice, setChoice] = useState(/** @type {Choice} */ ({ search: '', collection: '' }))
  const endpoint = useMemo(
    () => catalog.endpoints.find(({ pointer }) => pointer === item),
    [catalog, item]
  )
  if (catalog.counts.operations === 0) {
    return html`<${EmptyState} icon="catalog" title="The API has no endpoints">
      <p>The document declares no operations under <code>paths</code>.</p>
    <//>`
  }
  return html`<div class="catalog" data-has-item=${item === null ? undefined : ''}>
    <${EndpointList}
      catalog=${catalog}
      current=${endpoint?.pointer ?? null}
      choice=${choice}
      onChoose=${setChoice}
    />
    <section class="catalog-detail" aria-label="Details">
      ${
        item !== null &&
        html`<a class="catalog-back button plain" href=${linkTo('catalog')}>
          <${Icon} name="chevron" />All endpoints
        </a>`
      }
      ${
        endpoint === undefined
          ? html`${item !== null && html`<${Unknown} item=${item} />`}
              <${ServiceDetail} catalog=${catalog} onChoose=${setChoice} />`
          : html`<${EndpointDetail} key=${endpoint.pointer} endpoint=${endpoint} />`
      }
    </section>
  </div>`
}

/** @param {{ item: string }} props */
function Unknown({ item }) {
  return html`<${Notice}
    tone="warning"
    title=${html`The document has no operation at <code>${item}</code>. It may be another version.`}
  />`
}
