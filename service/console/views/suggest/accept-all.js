import { html } from 'htm/preact'

/** @import { Decisions } from './overlay-parts.js' */

/**
 * A box that drops the mappings of a type or tag, or accepts those of them that are dropped.
 *
 * @param {{
 *   keys: readonly string[],
 *   decisions: Decisions,
 *   onDecide: (change: Decisions) => void,
 *   onAccept: (keys: readonly string[]) => void
 * }} props `keys` as of `decisionKey`.
 */
export function AcceptAll({ keys, decisions, onDecide, onAccept }) {
  const kept = keys.filter(key => decisions[key] !== null).length
  const drop = () => onDecide(Object.fromEntries(keys.map(key => [key, null])))
  return html`<input
    type="checkbox"
    checked=${kept > 0}
    indeterminate=${kept > 0 && kept < keys.length}
    onChange=${() => (kept > 0 ? drop() : onAccept(keys))}
  />`
}
