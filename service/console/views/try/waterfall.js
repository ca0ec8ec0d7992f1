import { html } from 'htm/preact'

import { durationText } from './call-list.js'

/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/** @type {Readonly<Record<TryAnswer['timings'][number]['part'], string>>} */
const WORDS = {
  document: 'Open the document',
  plan: 'Plan the calls',
  wait: 'Wait',
  send: 'Wait for the answer',
  read: 'Read the answer',
  decode: 'Make flow objects'
}

/** Rows that are drawn. */
const ROWS_MAX = 60

/**
 * How long each part took, one below the other.
 *
 * @param {{ timings: TryAnswer['timings'], calls: TryAnswer['calls'] }} props
 */
export function Waterfall({ timings, calls }) {
  const whole = Math.max(...timings.map(({ start, duration }) => start + duration), 1)
  const shown = timings.slice(0, ROWS_MAX)
  return html`<div class="waterfall" role="table" aria-label="How long each part took">
    ${shown.map(
      ({ part, call, start, duration }, at) => html`<div class="waterfall-row" role="row" key=${at}>
        <span class="waterfall-name" role="rowheader">
          ${WORDS[part]}
          ${call !== null && html`<span class="quiet small truncate">${calls[call]?.request.method} ${call + 1}</span>`}
        </span>
        <span class="waterfall-track" role="presentation">
          <span
            class="waterfall-bar"
            data-part=${part}
            style=${{ left: share(start, whole), width: share(duration, whole) }}
          />
        </span>
        <span class="waterfall-time" role="cell">${durationText(duration)}</span>
      </div>`
    )}
    <p class="quiet small waterfall-sum">${durationText(whole)} in the connector</p>
  </div>`
}

/** @param {number} part @param {number} whole */
function share(part, whole) {
  return `${((part / whole) * 100).toFixed(2)}%`
}
