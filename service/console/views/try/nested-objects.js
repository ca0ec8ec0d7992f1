import { html } from 'htm/preact'
import { useId, useState } from 'preact/hooks'

import { Icon } from '../../parts/icon.js'
import { Cell } from './cell.js'
import { cellText, isScalar, objectsIn } from './trial.js'

/** @import { FlowObject, Path } from './trial.js' */

/** Changes a value inside, by its path from what is shown. @typedef {((path: Path, value: string) => void) | null} Edit */

/** Objects of one property that are drawn at once, and properties of each. */
const ROWS_MAX = 50
const COLUMNS_MAX = 50

/**
 * A value that holds objects. Pressed, it opens or closes them.
 *
 * @param {{ name: string, text: string, opens: string, isOpen: boolean, onToggle: () => void }} props `opens` is the id
 *   of the element with the objects.
 */
export function NestedValue({ name, text, opens, isOpen, onToggle }) {
  return html`<button
    type="button"
    class="cell-fold"
    aria-expanded=${isOpen ? 'true' : 'false'}
    aria-controls=${isOpen ? opens : undefined}
    aria-label="${name}: ${text}"
    onClick=${onToggle}
  >
    <${Icon} name="chevron" />${text}
  </button>`
}

/**
 * The objects of a property of an object as a table. Those inside them open in turn.
 *
 * @param {{ name: string, objects: readonly FlowObject[], isBusy: boolean, onEdit: Edit }} props `name` as in "tags of 7".
 */
function NestedObjects({ name, objects, isBusy, onEdit }) {
  const shown = objects.slice(0, ROWS_MAX)
  const all = namesIn(shown)
  const columns = all.slice(0, COLUMNS_MAX)
  const left = [
    shown.length < objects.length && `${objects.length - shown.length} more objects`,
    columns.length < all.length && `${all.length - columns.length} more properties`
  ].filter(Boolean)
  return html`<div class="nested" tabindex="0" role="region" aria-label=${name}>
    ${
      columns.length === 0
        ? html`<p class="quiet small">Nothing in it has a value.</p>`
        : html`<table class="table objects">
            <thead>
              <tr>${columns.map(column => html`<th key=${column} scope="col">${column}</th>`)}</tr>
            </thead>
            <tbody>
              ${shown.map(
                (object, at) => html`<${NestedRow}
                key=${at}
                name="${name}, ${at + 1}"
                object=${object}
                columns=${columns}
                isBusy=${isBusy}
                onEdit=${onEdit && ((/** @type {Path} */ path, /** @type {string} */ value) => onEdit([at, ...path], value))}
              />`
              )}
            </tbody>
          </table>`
    }
    ${left.length > 0 && html`<p class="quiet small">${left.join(' and ')} are in the answer.</p>`}
  </div>`
}

/** @param {{ name: string, object: FlowObject, columns: readonly string[], isBusy: boolean, onEdit: Edit }} props */
function NestedRow({ name, object, columns, isBusy, onEdit }) {
  const id = useId()
  const editOf = (/** @type {string} */ column) => {
    const held = object.properties.find(({ developerName }) => developerName === column)
    const isEditable = onEdit !== null && held !== undefined && isScalar(held)
    return isEditable ? (/** @type {string} */ value) => onEdit([column], value) : null
  }
  const [open, setOpen] = useState(/** @type {string | null} */ (null))
  return html`<tr>
      ${columns.map(
        column => html`<td key=${column}>
          ${
            objectsIn(object, column).length === 0
              ? html`<${Cell} name="${column} of ${name}" text=${cellText(object, column)} isBusy=${isBusy} onEdit=${editOf(column)} />`
              : html`<${NestedValue}
                  name="${column} of ${name}"
                  text=${cellText(object, column)}
                  opens=${id}
                  isOpen=${open === column}
                  onToggle=${() => setOpen(open === column ? null : column)}
                />`
          }
        </td>`
      )}
    </tr>
    ${
      open !== null &&
      html`<${NestedRowBelow} id=${id} span=${columns.length} name="${open} of ${name}" objects=${objectsIn(object, open)}
      isBusy=${isBusy}
      onEdit=${onEdit && ((/** @type {Path} */ path, /** @type {string} */ value) => onEdit([open, ...path], value))}
    />`
    }`
}

/**
 * The row below an object, with the objects of one of its properties.
 *
 * @param {{
 *   id: string,
 *   span: number,
 *   name: string,
 *   objects: readonly FlowObject[],
 *   isBusy: boolean,
 *   onEdit: Edit
 * }} props
 */
export function NestedRowBelow({ id, span, name, objects, isBusy, onEdit }) {
  return html`<tr class="nested-row" id=${id}>
    <td colspan=${span}><${NestedObjects} key=${name} name=${name} objects=${objects} isBusy=${isBusy} onEdit=${onEdit} /></td>
  </tr>`
}

/** The properties that have a value in some object, in their order. @param {readonly FlowObject[]} objects */
function namesIn(objects) {
  const filled = objects.flatMap(object =>
    object.properties.filter(({ developerName }) => cellText(object, developerName) !== '')
  )
  return [...new Set(filled.map(({ developerName }) => developerName))]
}
