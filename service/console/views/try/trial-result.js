import { html } from 'htm/preact'
import { useMemo } from 'preact/hooks'

import { lastValue } from '../../loadable.js'
import { EmptyState } from '../../parts/empty-state.js'
import { Notice, ProblemNotice } from '../../parts/notice.js'
import { ObjectTable } from './object-table.js'
import { WhatHappened } from './what-happened.js'

/** @import { Loadable } from '../../loadable.js' */
/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */
/** @import { FlowObject, Path, Position, TryForm, Verb } from './trial.js' */

/**
 * The objects that are shown: those of the last query, with what was changed since, or of another answer.
 *
 * @typedef {{
 *   objects: readonly FlowObject[],
 *   hasMoreResults: boolean,
 *   offsetToken: string | null,
 *   form: TryForm,
 *   positions: readonly Position[]
 * }} Listed `form` is what was asked for, and `positions` where each page up to this one begins.
 */

/**
 * What a trial gave, and how it came about.
 *
 * @param {{
 *   trial: Loadable<TryAnswer>,
 *   listed: Listed | null,
 *   type: TypeElement,
 *   verb: Verb,
 *   onWindow: (form: TryForm, positions: Listed['positions']) => void,
 *   onOpen: ((object: FlowObject) => void) | null,
 *   onEdit: ((object: FlowObject, path: Path, value: string) => void) | null,
 *   onDelete: ((object: FlowObject) => void) | null,
 *   onAgain: () => void
 * }} props
 */
export function TrialResult(props) {
  const { trial, listed, type, verb, onWindow, onOpen, onEdit, onDelete, onAgain } = props
  const answer = lastValue(trial)
  const objects = listed?.objects ?? []
  const isBusy = trial.status === 'loading'
  const happened = useMemo(() => answer && html`<${WhatHappened} answer=${answer} />`, [answer])
  if (trial.status === 'idle') {
    return html`<${EmptyState} icon="try" title="Nothing has been tried yet">
      <p>
        The answer will stand here, and below it each call to the API, what the connector did itself, and how long it
        took.
      </p>
    <//>`
  }
  return html`<div class="trial" aria-busy=${isBusy ? 'true' : undefined}>
    ${trial.status === 'failed' && html`<${ProblemNotice} problem=${trial.problem} again=${onAgain} />`}
    ${answer && (answer.problem === null ? html`<${Done} answer=${answer} />` : html`<${ProblemNotice} problem=${answer.problem} />`)}
    ${
      objects.length > 0 &&
      html`<${ObjectTable} type=${type} objects=${objects} isBusy=${isBusy} onOpen=${onOpen} onEdit=${onEdit} onDelete=${onDelete} />`
    }
    ${
      objects.length === 0 &&
      answer?.problem === null &&
      (verb === 'query' || verb === 'load') &&
      html`<${EmptyState} icon="search" title=${verb === 'load' ? 'There is no such object' : 'No object meets the filter'} />`
    }
    ${verb === 'query' && listed !== null && html`<${Pager} listed=${listed} isBusy=${isBusy} onWindow=${onWindow} />`}
    ${happened}
  </div>`
}

/**
 * Leads to the objects before and after those that are listed, by the form that they were asked for with.
 *
 * @param {{ listed: Listed, isBusy: boolean, onWindow: (form: TryForm, positions: Listed['positions']) => void }} props
 */
function Pager({
  listed: { objects, hasMoreResults, offsetToken, form, positions },
  isBusy,
  onWindow
}) {
  const offset = positions.at(-1)?.offset ?? 0
  if (positions.length < 2 && !hasMoreResults) return null
  return html`<div class="pager">
    <button
      type="button"
      class="button"
      disabled=${positions.length < 2}
      aria-disabled=${isBusy ? 'true' : undefined}
      onClick=${() => onWindow(form, positions.slice(0, -1))}
    >
      Previous
    </button>
    <span class="quiet small">
      ${objects.length > 0 && `${(offset + 1).toLocaleString('en')} to ${(offset + objects.length).toLocaleString('en')}`}
    </span>
    <button
      type="button"
      class="button"
      disabled=${!hasMoreResults}
      aria-disabled=${isBusy ? 'true' : undefined}
      onClick=${() => onWindow(form, [...positions, { offset: offset + objects.length, offsetToken }])}
    >
      Next
    </button>
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
