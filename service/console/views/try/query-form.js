import { html } from 'htm/preact'

import { Icon } from '../../parts/icon.js'
import { Field, SelectField } from '../../parts/field.js'
import { isScalar, limitOf } from './trial.js'

/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { Condition, TryForm } from './trial.js' */

/**
 * The criteria of the platform, in its words.
 *
 * @type {readonly (readonly [name: string, text: string])[]}
 */
export const CRITERIA = [
  ['EQUAL', 'equal'],
  ['NOT_EQUAL', 'not equal'],
  ['CONTAINS', 'contains'],
  ['STARTS_WITH', 'starts with'],
  ['ENDS_WITH', 'ends with'],
  ['GREATER_THAN', 'greater than'],
  ['GREATER_THAN_OR_EQUAL', 'greater than or equal'],
  ['LESS_THAN', 'less than'],
  ['LESS_THAN_OR_EQUAL', 'less than or equal'],
  ['IS_EMPTY', 'is empty']
]

/**
 * The filter of a query: conditions, search, order and how many objects.
 *
 * @param {{ type: TypeElement, form: TryForm, onChange: (change: Partial<TryForm>) => void }} props
 */
export function QueryForm({ type, form, onChange }) {
  const { conditions, join, search, order, direction, limit } = form
  const columns = type.properties.map(({ developerName }) => developerName)
  const sortable = type.properties.filter(isScalar).map(({ developerName }) => developerName)
  const set = (/** @type {number} */ at, /** @type {Partial<Condition>} */ change) =>
    onChange({
      conditions: conditions.map((each, index) => (index === at ? { ...each, ...change } : each))
    })
  const add = () =>
    onChange({
      conditions: [
        ...conditions,
        { column: sortable[0] ?? columns[0] ?? '', criterion: 'EQUAL', value: '' }
      ]
    })
  const remove = (/** @type {number} */ at) =>
    onChange({ conditions: conditions.filter((_, index) => index !== at) })
  return html`<div class="query-form">
    <fieldset class="conditions">
      <legend>Conditions</legend>
      ${conditions.length === 0 && html`<p class="quiet">Every object is asked for.</p>`}
      ${conditions.map(
        (condition, at) => html`<${ConditionRow}
          key=${at}
          number=${at + 1}
          columns=${columns}
          condition=${condition}
          join=${at === 0 ? null : join}
          onJoin=${() => onChange({ join: join === 'AND' ? 'OR' : 'AND' })}
          onChange=${(/** @type {Partial<Condition>} */ change) => set(at, change)}
          onRemove=${() => remove(at)}
        />`
      )}
      <button type="button" class="button plain add" onClick=${add}>
        <${Icon} name="plus" />Add a condition
      </button>
    </fieldset>
    <div class="query-rest">
      <${Field}
        label="Search"
        value=${search}
        onInput=${(/** @type {string} */ value) => onChange({ search: value })}
        placeholder="Any text"
      />
      <${SelectField}
        label="Order by"
        value=${order}
        options=${[['', 'as the API has it'], ...sortable.map(name => [name, name])]}
        onChange=${(/** @type {string} */ value) => onChange({ order: value })}
      />
      <${SelectField}
        label="Direction"
        value=${direction}
        options=${[['ASC', 'ascending'], ['DESC', 'descending']]}
        onChange=${(/** @type {'ASC' | 'DESC'} */ value) => onChange({ direction: value })}
      />
      <${Field}
        label="Limit"
        value=${limit}
        onInput=${(/** @type {string} */ value) => onChange({ limit: limitOf(value) })}
      />
    </div>
  </div>`
}

/**
 * @param {{
 *   number: number,
 *   columns: readonly string[],
 *   condition: Condition,
 *   join: 'AND' | 'OR' | null,
 *   onJoin: () => void,
 *   onChange: (change: Partial<Condition>) => void,
 *   onRemove: () => void
 * }} props
 */
function ConditionRow({ number, columns, condition, join, onJoin, onChange, onRemove }) {
  const { column, criterion, value } = condition
  const name = `Condition ${number}`
  return html`<div class="condition" role="group" aria-label=${name}>
    ${
      join === null
        ? html`<span class="join">where</span>`
        : html`<button
            type="button"
            class="join button plain"
            title="Change how the conditions are joined"
            onClick=${onJoin}
          >
            ${join.toLowerCase()}
          </button>`
    }
    <${Choice} label="Property" value=${column} options=${columns.map(each => [each, each])} onChange=${(/** @type {string} */ text) => onChange({ column: text })} />
    <${Choice}
      label="Criterion"
      value=${criterion}
      options=${CRITERIA}
      onChange=${(/** @type {string} */ text) => onChange({ criterion: text, ...(text === 'IS_EMPTY' && { value: 'true' }) })}
    />
    ${
      criterion === 'IS_EMPTY'
        ? html`<${Choice}
            label="Value"
            value=${value}
            options=${[['true', 'yes'], ['false', 'no']]}
            onChange=${(/** @type {string} */ text) => onChange({ value: text })}
          />`
        : html`<input
            class="input"
            aria-label="Value"
            placeholder="Value"
            autocomplete="off"
            spellcheck=${false}
            value=${value}
            onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => onChange({ value: currentTarget.value })}
          />`
    }
    <button
      type="button"
      class="button plain icon-button"
      aria-label="Remove condition ${number}"
      title="Remove"
      onClick=${onRemove}
    >
      <${Icon} name="close" />
    </button>
  </div>`
}

/**
 * @param {{
 *   label: string,
 *   value: string,
 *   options: readonly (readonly [value: string, text: string])[],
 *   onChange: (value: string) => void
 * }} props
 */
function Choice({ label, value, options, onChange }) {
  return html`<select
    class="input"
    aria-label=${label}
    value=${value}
    onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => onChange(currentTarget.value)}
  >
    ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
  </select>`
}
