import { html } from 'htm/preact'

/**
 * @template Row
 * @typedef {{
 *   name: string,
 *   title: import('preact').ComponentChildren,
 *   cell: (row: Row) => import('preact').ComponentChildren,
 *   kind?: 'text' | 'code' | 'number'
 * }} Column
 */

/**
 * Rows under columns. It scrolls sideways by itself where there is no room.
 *
 * @template Row
 * @param {{
 *   label: string,
 *   columns: readonly Column<Row>[],
 *   rows: readonly Row[],
 *   keyOf: (row: Row) => string
 * }} props
 */
export function Table({ label, columns, rows, keyOf }) {
  return html`<div class="table-room" tabindex="0" role="region" aria-label=${label}>
    <table class="table">
      <thead>
        <tr>
          ${columns.map(
            ({ name, title, kind }) =>
              html`<th key=${name} scope="col" data-kind=${kind}>${title}</th>`
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          row => html`<tr key=${keyOf(row)}>
            ${columns.map(({ name, cell, kind }) => html`<td key=${name} data-kind=${kind}>${cell(row)}</td>`)}
          </tr>`
        )}
      </tbody>
    </table>
  </div>`
}
