import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

/**
 * The first rows of a long list, and a button below them that shows more.
 *
 * @template Row
 * @param {readonly Row[]} rows
 * @param {number} step
 * @param {unknown} [list] Another list starts with its first rows again. Default: `rows`.
 * @returns {[shown: readonly Row[], more: import('preact').ComponentChildren]}
 */
export function useFirstRows(rows, step, list = rows) {
  const [asked, setAsked] = useState({ list, count: step })
  const count = asked.list === list ? asked.count : step
  const left = rows.length - count
  const more =
    left > 0 &&
    html`<div class="show-more">
      <button type="button" class="button plain" onClick=${() => setAsked({ list, count: count + step })}>
        Show ${Math.min(step, left).toLocaleString('en')} more of ${left.toLocaleString('en')}
      </button>
    </div>`
  return [rows.slice(0, count), more]
}
