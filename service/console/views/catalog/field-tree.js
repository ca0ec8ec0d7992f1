import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { Badge } from '../../parts/badge.js'
import { Icon } from '../../parts/icon.js'
import { InlineCode } from '../../parts/inline-code.js'
import { useFirstRows } from '../../parts/show-more.js'

/** @import { CatalogField } from '../../../model/catalog.ts' */

/**
 * A field, and a parameter.
 *
 * @typedef {CatalogField & { in?: string, default?: unknown, example?: unknown }} Field
 */

/** @typedef {{ field: Field, path: string, depth: number }} Row */

/** Rows that are shown at once. */
const STEP = 60

/** Allowed values that are shown. */
const ALLOWED = 12

/**
 * Fields as a table, in which those that have fields of their own can be unfolded.
 *
 * @param {{ label: string, fields: readonly Field[] }} props
 */
export function FieldTree({ label, fields }) {
  const [unfolded, setUnfolded] = useState(/** @type {ReadonlySet<string>} */ (new Set()))
  const rows = useMemo(() => rowsOf(fields, unfolded), [fields, unfolded])
  const [shown, more] = useFirstRows(rows, STEP, fields)
  const hasFolds = fields.some(({ children = [] }) => children.length > 0)
  const toggle = (/** @type {string} */ path) =>
    setUnfolded(
      unfolded.has(path) ? unfolded.difference(new Set([path])) : unfolded.union(new Set([path]))
    )
  return html`<div class="table-room" tabindex="0" role="region" aria-label=${label}>
      <table class="table" data-has-folds=${hasFolds ? '' : undefined}>
        <thead>
          <tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Description</th></tr>
        </thead>
        <tbody>
          ${shown.map(
            row => html`<${FieldRow}
              key=${row.path}
              row=${row}
              isUnfolded=${unfolded.has(row.path)}
              onToggle=${() => toggle(row.path)}
            />`
          )}
        </tbody>
      </table>
    </div>
    ${more}`
}

/** @param {{ row: Row, isUnfolded: boolean, onToggle: () => void }} props */
function FieldRow({ row: { field, depth }, isUnfolded, onToggle }) {
  const { name, dataTypeDisplay, description, children = [], cut } = field
  const hasFold = children.length > 0
  return html`<tr>
    <td>
      <span class="field-name" style=${{ paddingInlineStart: `${depth * 1.25}rem` }}>
        <span class="field-fold">
          ${hasFold && html`<${Fold} of=${name} isUnfolded=${isUnfolded} onToggle=${onToggle} />`}
          <code>${name}</code>
        </span>
        ${field.required && html`<${Badge} tone="accent">required<//>`}
        ${field.deprecated && html`<${Badge} tone="warning">deprecated<//>`}
      </span>
    </td>
    <td>
      <code>${dataTypeDisplay}</code>
      <span class="field-notes">${notesOf(field)}</span>
    </td>
    <td class="field-about">
      ${description && html`<${InlineCode} text=${description} />`}
      ${cut !== undefined && html`<span class="quiet">${CUT[cut]}</span>`}
      <${FieldValues} field=${field} />
    </td>
  </tr>`
}

/** @param {{ of: string, isUnfolded: boolean, onToggle: () => void }} props */
function Fold({ of: name, isUnfolded, onToggle }) {
  return html`<button
    type="button"
    class="fold"
    aria-expanded=${isUnfolded ? 'true' : 'false'}
    aria-label=${`Fields of ${name}`}
    onClick=${onToggle}
  >
    <${Icon} name="chevron" />
  </button>`
}

/** Why a field shows no fields of its own. @satisfies {Record<string, string>} */
const CUT = {
  cycle: ' Its fields are those of the schema around it.',
  size: ' The catalog has enough fields without those inside it.'
}

/** @param {Field} field */
function notesOf({ in: place, nullable, readOnly, writeOnly }) {
  const notes = [
    place && `in ${place}`,
    nullable && 'nullable',
    readOnly && 'read only',
    writeOnly && 'write only'
  ]
  return notes.filter(Boolean).join(', ')
}

/** @param {{ field: Field }} props */
function FieldValues({ field: { allowed = [], default: initial, example } }) {
  const left = allowed.length - ALLOWED
  return html`${
    allowed.length > 0 &&
    html`<p class="field-values">
      One of ${allowed.slice(0, ALLOWED).map(value => html`<code key=${value}>${value}</code>${' '}`)}
      ${left > 0 && `and ${left.toLocaleString('en')} more`}
    </p>`
  }
  ${initial !== undefined && html`<p class="field-values">Default <code>${JSON.stringify(initial)}</code></p>`}
  ${example !== undefined && html`<p class="field-values">Example <code>${JSON.stringify(example)}</code></p>`}`
}

/**
 * The fields that are to be seen, in their order.
 *
 * @param {readonly Field[]} fields
 * @param {ReadonlySet<string>} unfolded Paths of those whose own fields are to be seen.
 * @returns {Row[]}
 */
function rowsOf(fields, unfolded, around = '', depth = 0) {
  return fields.flatMap(field => {
    const path = `${around}/${field.in ?? ''} ${field.name}`
    const inner = unfolded.has(path) ? rowsOf(field.children ?? [], unfolded, path, depth + 1) : []
    return [{ field, path, depth }, ...inner]
  })
}
