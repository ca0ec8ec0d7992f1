import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { counted } from '../counted.js'
import { useStore } from '../hooks/use-store.js'
import { Awaited } from '../parts/awaited.js'
import { EmptyState } from '../parts/empty-state.js'
import { SearchField } from '../parts/search-field.js'
import { VirtualList } from '../parts/virtual-list.js'
import { typeGraphOf } from '../type-graph.js'
import { TypeDetail } from '../types/type-detail.js'
import { linkTo, reloadPreview, showView, workbench } from '../workbench.js'

/** @import { TypeGraph, TypeNode } from '../type-graph.js' */
/** @import { PreviewResponse } from '../../protocol/schemas.ts' */

const ROW_HEIGHT = 44

/** The types of the document: a list of all, and one with what it is related to. */
export function TypesView() {
  const preview = useStore(workbench, state => state.preview)
  return html`<h1 class="visually-hidden" tabindex="-1">Types</h1>
    <${Awaited} of=${preview} what="the types" again=${reloadPreview}>
      ${(/** @type {PreviewResponse} */ value) =>
        value.types.length === 0
          ? html`<${NoTypes} />`
          : html`<${Types} graph=${typeGraphOf(value)} />`}
    <//>`
}

/** @param {{ graph: TypeGraph }} props */
function Types({ graph }) {
  const item = useStore(workbench, ({ address }) => address.item)
  const [search, setSearch] = useState('')
  const [onlyMapped, setOnlyMapped] = useState(false)
  const all = useMemo(() => [...graph.values()], [graph])
  const found = useMemo(
    () => all.filter(node => (!onlyMapped || node.mappings.length > 0) && matches(node, search)),
    [all, search, onlyMapped]
  )
  const first = useMemo(() => all.find(({ mappings }) => mappings.length > 0) ?? all[0], [all])
  const name = item ?? first?.type.developerName ?? ''
  const chosen = graph.get(name)
  return html`<div class="types">
    <section class="types-list" aria-label="All types">
      <div class="types-filter">
        <${SearchField} label="Search types" value=${search} onInput=${setSearch} />
        <label class="type-filter-check">
          <input
            type="checkbox"
            checked=${onlyMapped}
            onChange=${() => setOnlyMapped(!onlyMapped)}
          />
          With mappings
          <span class="quiet type-filter-count" role="status">${found.length.toLocaleString('en')}</span>
        </label>
      </div>
      ${
        found.length === 0
          ? html`<p class="quiet list-empty">No type has this name.</p>`
          : html`<${VirtualList}
              label="Types"
              items=${found}
              keyOf=${nameOf}
              selected=${name}
              onSelect=${(/** @type {string} */ key, /** @type {boolean} */ isStep) => showView('types', key, isStep)}
              rowHeight=${ROW_HEIGHT}
            >
              ${TypeRow}
            <//>`
      }
    </section>
    ${
      chosen === undefined
        ? html`<${EmptyState} icon="types" title="There is no type ${name}">
            <p>The document may have changed since the link was made.</p>
          <//>`
        : html`<${TypeDetail} key=${name} node=${chosen} graph=${graph} />`
    }
  </div>`
}

/** @param {TypeNode} node */
function TypeRow({ type, mappings }) {
  const verbs = mappings.map(({ verb }) => verb)
  return html`<span class="type-row-name truncate">${type.developerName}</span>
    <span class="type-row-note truncate">
      ${verbs.length === 0 ? counted(type.properties.length, 'property', 'properties') : [...new Set(verbs)].join(' · ')}
    </span>`
}

function NoTypes() {
  return html`<${EmptyState} icon="types" title="The document has no types yet">
    <p>Types come from <code>x-flow-type</code> keys. The findings say what is missing.</p>
    <a class="button primary" href=${linkTo('document')}>See the findings</a>
  <//>`
}

/** @param {TypeNode} node */
function nameOf({ type }) {
  return type.developerName
}

/** @param {TypeNode} node @param {string} search */
function matches({ type }, search) {
  return type.developerName.toLowerCase().includes(search.trim().toLowerCase())
}
