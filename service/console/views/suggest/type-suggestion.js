import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { counted } from '../../counted.js'
import { Method } from '../../parts/badge.js'
import { AcceptAll } from './accept-all.js'
import { decisionKey, VERBS } from './overlay-parts.js'

/** @import { Decisions, Resource, TypePart, Verb } from './overlay-parts.js' */

/**
 * The proposed mappings of one type, each to accept, to change or to drop.
 *
 * @param {{
 *   resource: Resource,
 *   part: TypePart,
 *   decisions: Decisions,
 *   onDecide: (change: Decisions) => void,
 *   onAccept: (keys: readonly string[]) => void
 * }} props
 */
export function TypeSuggestion({ resource, part, decisions, onDecide, onAccept }) {
  const { type } = part
  const verbs = VERBS.filter(verb => resource[verb] !== null)
  const keys = verbs.map(verb => decisionKey(type, `x-flow-${verb}`))
  const kept = keys.filter(key => decisions[key] !== null)
  return html`<article class="card suggestion" data-dropped=${kept.length === 0 ? '' : undefined}>
    <header class="suggestion-head">
      <label class="accept">
        <${AcceptAll} keys=${keys} decisions=${decisions} onDecide=${onDecide} onAccept=${onAccept} />
        <h2>${type}</h2>
      </label>
      <span class="quiet small">
        ${resource.id !== null && html`id: <code>${resource.id}</code>, `}${countText(kept.length, keys.length)}
      </span>
    </header>
    <ul>
      ${verbs.map(
        verb => html`<${MappingSuggestion}
          key=${verb}
          verb=${verb}
          resource=${resource}
          part=${part}
          decisions=${decisions}
          onDecide=${onDecide}
          onAccept=${onAccept}
        />`
      )}
    </ul>
  </article>`
}

/**
 * @param {{
 *   verb: Verb,
 *   resource: Resource,
 *   part: TypePart,
 *   decisions: Decisions,
 *   onDecide: (change: Decisions) => void,
 *   onAccept: (keys: readonly string[]) => void
 * }} props
 */
function MappingSuggestion({ verb, resource, part, decisions, onDecide, onAccept }) {
  const [isOpen, setOpen] = useState(false)
  const name = `x-flow-${verb}`
  const key = decisionKey(part.type, name)
  const use = resource[verb]
  const line = part.lines.find(each => each.key === name)
  if (use === null) return null
  const decision = decisions[key]
  const isDropped = decision === null
  return html`<li class="proposal" data-dropped=${isDropped ? '' : undefined}>
    <label class="accept">
      <input
        type="checkbox"
        aria-label="Accept ${verb} of ${part.type}"
        checked=${!isDropped}
        onChange=${() => (isDropped ? onAccept([key]) : onDecide({ [key]: null }))}
      />
      <span class="proposal-verb">${verb}</span>
    </label>
    <p class="proposal-endpoint"><${Method} name=${use.method} /> <code>${use.path}</code></p>
    <${Score} score=${use.score} />
    <button
      type="button"
      class="button plain"
      aria-expanded=${isOpen ? 'true' : 'false'}
      disabled=${isDropped || line === undefined}
      onClick=${() => setOpen(!isOpen)}
    >
      ${isOpen ? 'Done' : typeof decision === 'string' ? 'Changed' : 'Change'}
      <span class="visually-hidden">: ${verb} of ${part.type}</span>
    </button>
    <div class="proposal-why">
      <p class="quiet small">${use.reasons.join(' · ')}</p>
      ${
        isOpen &&
        line !== undefined &&
        html`<textarea
          class="input code"
          rows="3"
          aria-label="${name} of ${part.type}"
          spellcheck=${false}
          value=${decision ?? line.value}
          onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => onDecide({ [key]: currentTarget.value.replaceAll('\n', ' ') })}
        />`
      }
    </div>
  </li>`
}

/** @param {number} kept @param {number} all */
function countText(kept, all) {
  if (kept < all) return `${kept} of ${all} mappings`
  return counted(all, 'mapping')
}

/** How much speaks for a mapping. @param {{ score: number }} props */
function Score({ score }) {
  return html`<span class="score" title="Confidence of the inference, from 0 to 1">
    <span class="score-track" aria-hidden="true"><span class="score-bar" style=${{ width: `${score * 100}%` }} /></span>
    ${score.toFixed(2)}
  </span>`
}
