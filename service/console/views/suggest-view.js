import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { useDocumentAnswer } from '../hooks/use-document-answer.js'
import { useStore } from '../hooks/use-store.js'
import { Awaited } from '../parts/awaited.js'
import { EmptyState } from '../parts/empty-state.js'
import { Field } from '../parts/field.js'
import { PageHeader } from '../parts/page-header.js'
import { SearchField } from '../parts/search-field.js'
import { service } from '../service-client.js'
import { linkTo, workbench } from '../workbench.js'
import { composeOverlay, overlayParts } from './suggest/overlay-parts.js'
import { OverlayPanel, withoutUsed } from './suggest/overlay-panel.js'
import { TagChoice } from './suggest/tag-choice.js'
import { TypeSuggestion } from './suggest/type-suggestion.js'

/** @import { OverlayAnswer } from '../../protocol/overlay-schemas.ts' */
/** @import { Decisions } from './suggest/overlay-parts.js' */

/** Types that are drawn at once: more are found by their name. */
const SHOWN_MAX = 40

/** @type {Decisions} */
const NO_DECISIONS = {}

/** Operations that are listed as left alone. */
const SKIPPED_MAX = 100

/** Proposes types and mappings of a document, and makes an overlay of those that are accepted. */
export function SuggestView() {
  const values = useStore(workbench, state => state.values)
  const asked = withoutUsed(values)
  const key = JSON.stringify(asked)
  const [decided, setDecided] = useState({ key, decisions: /** @type {Decisions} */ ({}) })
  const [patterns, setPatterns] = useState({ only: '', exclude: '' })
  const [typed, setTyped] = useState(patterns)
  const [answer, again] = useDocumentAnswer(
    (_, signal) =>
      service.proposeOverlay(
        asked,
        { only: linesOf(patterns.only), exclude: linesOf(patterns.exclude) },
        signal
      ),
    [key, patterns]
  )
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault()
    setPatterns(typed)
  }
  return html`<${PageHeader}
      title="Suggest"
      lead="Types and mappings that the document could have. What you accept becomes an overlay, and the document stays as it is."
    />
    <form class="patterns" onSubmit=${apply}>
      <${Field}
        label="Include"
        value=${typed.only}
        onInput=${(/** @type {string} */ only) => setTyped({ ...typed, only })}
        placeholder="tag:pets"
        isCode
      />
      <${Field}
        label="Exclude"
        value=${typed.exclude}
        onInput=${(/** @type {string} */ exclude) => setTyped({ ...typed, exclude })}
        placeholder="/internal/**"
        isCode
      />
      <button type="submit" class="button">Apply</button>
      <p class="hint">Paths and tags, separated by commas, such as <code>/pets</code> or <code>tag:pets</code>.</p>
    </form>
    <${Awaited} of=${answer} what="the suggestions" again=${again}>
      ${(/** @type {OverlayAnswer} */ proposal) => html`<${Proposal}
        proposal=${proposal}
        decisions=${decided.key === key ? decided.decisions : NO_DECISIONS}
        onDecisions=${(/** @type {Decisions} */ decisions) => setDecided({ key, decisions })}
      />`}
    <//>`
}

/**
 * @param {{
 *   proposal: OverlayAnswer,
 *   decisions: Decisions,
 *   onDecisions: (decisions: Decisions) => void
 * }} props
 */
function Proposal({ proposal, decisions, onDecisions }) {
  const [search, setSearch] = useState('')
  const parts = useMemo(() => overlayParts(proposal), [proposal])
  const text = useMemo(() => composeOverlay(parts, decisions), [parts, decisions])
  const { resources, skipped } = proposal
  if (resources.length === 0) {
    return html`<${EmptyState} icon="suggest" title="There is nothing to suggest">
        <p>Every operation that could be used has a mapping already, or fits none.</p>
        <a class="button" href=${linkTo('types')}>See the types</a>
      <//>
      <${LeftAlone} skipped=${skipped} />`
  }
  const decide = (/** @type {Decisions} */ change) => onDecisions({ ...decisions, ...change })
  const accept = (/** @type {readonly string[]} */ keys) => {
    const accepted = new Set(keys)
    onDecisions(Object.fromEntries(Object.entries(decisions).filter(([key]) => !accepted.has(key))))
  }
  const found = parts.types
    .map((part, at) => ({ part, resource: resources[at] }))
    .filter(({ part }) => part.type.toLowerCase().includes(search.trim().toLowerCase()))
  return html`<div class="suggest">
    <div class="suggest-list">
      ${
        parts.types.length > 8 &&
        html`<${SearchField} label="Find a type" value=${search} onInput=${setSearch} />`
      }
      <${TagChoice} resources=${resources} decisions=${decisions} onDecide=${decide} onAccept=${accept} />
      ${found
        .slice(0, SHOWN_MAX)
        .map(
          ({ part, resource }) =>
            html`<${TypeSuggestion} key=${part.type} resource=${resource} part=${part} decisions=${decisions} onDecide=${decide} onAccept=${accept} />`
        )}
      ${found.length > SHOWN_MAX && html`<p class="quiet">${found.length - SHOWN_MAX} more types: find them by name.</p>`}
      <${LeftAlone} skipped=${skipped} />
    </div>
    <${OverlayPanel} text=${text} isEmpty=${text.includes('\nactions: []')} />
  </div>`
}

/** @param {{ skipped: OverlayAnswer['skipped'] }} props */
function LeftAlone({ skipped }) {
  if (skipped.length === 0) return null
  return html`<details class="left-alone">
    <summary>Left alone <span class="tally">${skipped.length}</span></summary>
    <ul>
      ${skipped.slice(0, SKIPPED_MAX).map(
        ({ method, path, reason }) => html`<li key="${method} ${path}">
          <code>${method} ${path}</code>
          <span class="quiet small">${reason}</span>
        </li>`
      )}
    </ul>
    ${skipped.length > SKIPPED_MAX && html`<p class="quiet small">and ${skipped.length - SKIPPED_MAX} more</p>`}
  </details>`
}

/** @param {string} text */
function linesOf(text) {
  return text
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== '')
}
