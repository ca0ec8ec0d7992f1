import { html } from 'htm/preact'
import { useId, useMemo, useState } from 'preact/hooks'

import { counted } from '../../counted.js'
import { Cell } from './cell.js'
import { DeleteButton } from './delete-button.js'
import { NestedRowBelow, NestedValue } from './nested-objects.js'
import { cellText, isScalar, objectsIn, valueText } from './trial.js'

/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { FlowObject, Path } from './trial.js' */

/** Columns that are shown until others are chosen. */
const COLUMNS_USUAL = 6

/** Rows that are drawn at once. */
const ROWS_MAX = 200

/**
 * Objects as a table. Its columns can be chosen, and its values edited where the type has an update. While it is busy,
 * nothing can be changed.
 *
 * @param {{
 *   type: TypeElement,
 *   objects: readonly FlowObject[],
 *   isBusy: boolean,
 *   onOpen: ((object: FlowObject) => void) | null,
 *   onEdit: ((object: FlowObject, path: Path, value: string) => void) | null,
 *   onDelete: ((object: FlowObject) => void) | null
 * }} props
 */
export function ObjectTable({ type, objects, isBusy, onOpen, onEdit, onDelete }) {
  const [chosen, setChosen] = useState(/** @type {readonly string[] | null} */ (null))
  const usual = useMemo(() => usualColumns(type, objects), [type, objects])
  const names = useMemo(() => new Set(chosen ?? usual), [chosen, usual])
  const columns = type.properties.filter(({ developerName }) => names.has(developerName))
  const shown = objects.slice(0, ROWS_MAX)
  return html`<div class="object-table">
    <div class="table-tools">
      <p class="quiet small">
        ${counted(objects.length, 'object')}
        ${shown.length < objects.length && `, of which the first ${ROWS_MAX} are shown`}
        ${onEdit !== null && ' · choose a value to change it'}
      </p>
      <${ColumnChooser}
        type=${type}
        columns=${columns.map(({ developerName }) => developerName)}
        onChange=${setChosen}
      />
    </div>
    <div class="table-room" tabindex="0" role="region" aria-label="Objects of ${type.developerName}">
      <table class="table objects">
        <thead>
          <tr>
            <th scope="col">External id</th>
            ${columns.map(({ developerName, contentType }) => html`<th key=${developerName} scope="col" data-kind=${kindOf(contentType)}>${developerName}</th>`)}
            ${onDelete !== null && html`<th scope="col"><span class="visually-hidden">Actions</span></th>`}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            object =>
              html`<${ObjectRow} key=${object.externalId} object=${object} columns=${columns} isBusy=${isBusy} onOpen=${onOpen} onEdit=${onEdit} onDelete=${onDelete} />`
          )}
        </tbody>
      </table>
    </div>
  </div>`
}

/**
 * An object, and below it the objects of the property that is open.
 *
 * @param {{
 *   object: FlowObject,
 *   columns: TypeElement['properties'],
 *   isBusy: boolean,
 *   onOpen: ((object: FlowObject) => void) | null,
 *   onEdit: ((object: FlowObject, path: Path, value: string) => void) | null,
 *   onDelete: ((object: FlowObject) => void) | null
 * }} props
 */
function ObjectRow({ object, columns, isBusy, onOpen, onEdit, onDelete }) {
  const id = useId()
  const [asked, setAsked] = useState(/** @type {string | null} */ (null))
  const { externalId } = object
  const open = columns.find(({ developerName }) => developerName === asked)?.developerName
  const nested = open === undefined ? [] : objectsIn(object, open)
  const editInside = (/** @type {Path} */ path, /** @type {string} */ value) =>
    onEdit?.(object, [open ?? '', ...path], value)
  return html`<tr>
      <td data-kind="code">
        ${
          onOpen === null
            ? externalId
            : html`<button type="button" class="cell-link" title="Load this object" aria-disabled=${isBusy ? 'true' : undefined} onClick=${() => isBusy || onOpen(object)}>${externalId}</button>`
        }
      </td>
      ${columns.map(property => {
        const { developerName, contentType } = property
        const name = `${developerName} of ${externalId}`
        const text = cellText(object, developerName)
        return html`<td key=${developerName} data-kind=${kindOf(contentType)}>
          ${
            objectsIn(object, developerName).length > 0
              ? html`<${NestedValue}
                  name=${name}
                  text=${text}
                  opens=${id}
                  isOpen=${open === developerName}
                  onToggle=${() => setAsked(open === developerName ? null : developerName)}
                />`
              : html`<${Cell}
                  name=${name}
                  text=${text}
                  isBusy=${isBusy}
                  onEdit=${onEdit === null || !isScalar(property) ? null : (/** @type {string} */ value) => onEdit(object, [developerName], value)}
                />`
          }
        </td>`
      })}
      ${onDelete !== null && html`<td class="row-actions"><${DeleteButton} id=${externalId} isBusy=${isBusy} onDelete=${() => onDelete(object)} /></td>`}
    </tr>
    ${nested.length > 0 && html`<${NestedRowBelow} id=${id} span=${columns.length + (onDelete === null ? 1 : 2)} name="${open} of ${externalId}" objects=${nested} isBusy=${isBusy} onEdit=${onEdit && editInside} />`}`
}

/**
 * @param {{ type: TypeElement, columns: readonly string[], onChange: (columns: readonly string[]) => void }} props
 */
function ColumnChooser({ type, columns, onChange }) {
  return html`<details class="chooser">
    <summary class="button">Columns <span class="quiet">${columns.length} of ${type.properties.length}</span></summary>
    <fieldset class="chooser-list">
      <legend class="visually-hidden">Columns of the table</legend>
      ${type.properties.map(
        ({ developerName }) => html`<label key=${developerName}>
          <input
            type="checkbox"
            checked=${columns.includes(developerName)}
            onChange=${() => onChange(columns.includes(developerName) ? columns.filter(name => name !== developerName) : [...columns, developerName])}
          />
          <span>${developerName}</span>
        </label>`
      )}
    </fieldset>
  </details>`
}

/**
 * The first columns that have a value in some object, besides its id.
 *
 * @param {TypeElement} type
 * @param {readonly FlowObject[]} objects
 */
function usualColumns({ properties }, objects) {
  const filled = new Set()
  for (const { externalId, properties: values } of objects.slice(0, 20)) {
    for (const value of values) {
      if (!['', externalId].includes(valueText(value))) filled.add(value.developerName)
    }
  }
  return properties
    .map(({ developerName }) => developerName)
    .filter(name => filled.has(name))
    .slice(0, COLUMNS_USUAL)
}

/** @param {string} contentType */
function kindOf(contentType) {
  return contentType === 'ContentNumber' ? 'number' : undefined
}
