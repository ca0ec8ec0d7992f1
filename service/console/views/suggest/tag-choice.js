import { html } from 'htm/preact'
import { useMemo } from 'preact/hooks'

import { AcceptAll } from './accept-all.js'
import { decisionKey, VERBS } from './overlay-parts.js'

/** @import { Decisions, Resource } from './overlay-parts.js' */

/**
 * The tags of the operations that are proposed. A box drops or accepts every mapping of its tag.
 *
 * @param {{
 *   resources: readonly Resource[],
 *   decisions: Decisions,
 *   onDecide: (change: Decisions) => void,
 *   onAccept: (keys: readonly string[]) => void
 * }} props
 */
export function TagChoice({ resources, ...choice }) {
  const tags = useMemo(() => [...keysByTag(resources)], [resources])
  // Of one tag nothing can be chosen that the types do not offer.
  if (tags.length < 2) return null
  return html`<fieldset class="tag-choice">
    <legend>Tags</legend>
    ${tags.map(
      ([tag, keys]) => html`<label key=${tag} class="accept">
        <${AcceptAll} keys=${keys} ...${choice} />
        ${tag}
        <span class="tally">${keys.length}</span>
      </label>`
    )}
  </fieldset>`
}

/**
 * @param {readonly Resource[]} resources
 * @returns {Map<string, string[]>}
 */
function keysByTag(resources) {
  /** @type {Map<string, string[]>} */
  const found = new Map()
  for (const resource of resources) {
    for (const verb of VERBS) {
      const key = decisionKey(resource.type, `x-flow-${verb}`)
      for (const tag of new Set(resource[verb]?.tags)) {
        const keys = found.get(tag)
        if (keys === undefined) found.set(tag, [key])
        else keys.push(key)
      }
    }
  }
  return found
}
