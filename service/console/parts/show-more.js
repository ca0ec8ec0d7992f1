import { html } from 'htm/preact'
import { useEffect, useState } from 'preact/hooks'

/**
 * The first rows of a long list, and a button below them that shows more.
 *
 * @template Row
 * @param {readonly Row[]} rows Another list starts with its first rows again.
 * @param {number} step
 * @returns {[shown: readonly Row[], more: import('preact').ComponentChildren]}
 */
export function useFirstRows(rows, step) {
  const [count, setCount] = useState(step)
  useEffect(() => setCount(step), [rows])
  const left = rows.length - count
  const more =
    left > 0 &&
    html`<div class="show-more">
      <button type="button" class="button plain" onClick=${() => setCount(count + step)}>
        Show ${Math.min(step, left).toLocaleString('en')} more of ${left.toLocaleString('en')}
      </button>
    </div>`
  return [rows.slice(0, count), more]
}
