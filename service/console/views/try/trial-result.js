import { html } from 'htm/preact'

import { lastValue } from '../../loadable.js'
import { EmptyState } from '../../parts/empty-state.js'
import { Notice, ProblemNotice } from '../../parts/notice.js'
import { ObjectTable } from './object-table.js'
import { WhatHappened } from './what-happened.js'

/** @import { Loadable } from '../../loadable.js' */
/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */
/** @import { FlowObject, Position, Verb } from './trial.js' */

/**
 * The objects that are shown: those of the last query, with what was changed since, or of another answer.
 *
 * @typedef {{
 *   objects: readonly FlowObject[],
 *   hasMoreResults: boolean,
 *   offsetToken: string | null
 * }} Listed
 */

/**
 * What a trial gave, and how it came about.
 *
 * @param {{
 *   trial: Loadable<TryAnswer>,
 *   listed: Listed | null,
 *   type: TypeElement,
 *   verb: Verb,
 *   position: Position,
 *   limit: number,
 *   onWindow: (position: Position) => void,
 *   onOpen: ((object: FlowObject) => void) | null,
 *   onEdit: ((object: FlowObject, property: string, value: string) => void) | null,
 *   onDelete: ((object: FlowObject) => void) | null,
 *   onAgain: () => void
 * }} props
 */
export function TrialResult(props) {
  const { trial, listed, type, verb, position, limit, onWindow, onOpen, onEdit, onDelete } = props
  if (trial.status === 'failed') {
    return html`<${ProblemNotice} problem=${trial.problem} again=${props.onAgain} />`
  }
  const answer = lastValue(trial)
  if (answer === undefined) {
    return html`<${EmptyState} icon="try" title="Nothing has been tried yet">
      <p>
        The answer will stand here, and below it each call to the API, what the connector did itself, and how long it
        took.
      </p>
    <//>`
  }
  const objects = listed?.objects ?? []
  const isPaged = position.offset > 0 || listed?.hasMoreResults === true
  return html`<div class="trial" aria-busy=${trial.status === 'loading' ? 'true' : undefined}>
    ${answer.problem !== null && html`<${ProblemNotice} problem=${answer.problem} />`}
    ${answer.problem === null && html`<${Done} answer=${answer} />`}
    ${
      objects.length > 0 &&
      html`<${ObjectTable} type=${type} objects=${objects} onOpen=${onOpen} onEdit=${onEdit} onDelete=${onDelete} />`
    }
    ${
      objects.length === 0 &&
      answer.problem === null &&
      (verb === 'query' || verb === 'load') &&
      html`<${EmptyState} icon="search" title=${verb === 'load' ? 'There is no such object' : 'No object meets the filter'} />`
    }
    ${
      verb === 'query' &&
      listed !== null &&
      isPaged &&
      html`<div class="pager">
        <button
          type="button"
          class="button"
          disabled=${position.offset === 0}
          onClick=${() => onWindow({ offset: Math.max(0, position.offset - limit), offsetToken: null })}
        >
          Previous
        </button>
        <span class="quiet small">
          ${(position.offset + 1).toLocaleString('en')} to ${(position.offset + objects.length).toLocaleString('en')}
        </span>
        <button
          type="button"
          class="button"
          disabled=${!listed.hasMoreResults}
          onClick=${() => onWindow({ offset: position.offset + objects.length, offsetToken: listed.offsetToken })}
        >
          Next
        </button>
      </div>`
    }
    <${WhatHappened} answer=${answer} />
  </div>`
}

/** Says that something was written. @param {{ answer: TryAnswer }} props */
function Done({ answer: { request } }) {
  if (request.method === 'PUT') {
    return html`<${Notice} tone="success" title="Saved. This is what the flow has of the object now." />`
  }
  if (request.url === '/data/delete') return html`<${Notice} tone="success" title="Deleted." />`
  return null
}
