import { html } from 'htm/preact'

import { Badge } from '../parts/badge.js'
import { useFirstRows } from '../parts/show-more.js'
import { Table } from '../parts/table.js'
import { linkTo } from '../workbench.js'

/** @import { TypeAnswer } from '../../protocol/type-schemas.ts' */
/** @typedef {TypeAnswer['properties'][number]} Property */

/** Rows that are shown at once. */
const STEP = 100

const COLUMNS = [
  { name: 'name', title: 'Property', cell: PropertyName },
  { name: 'kind', title: 'Kind', cell: Kind },
  { name: 'content', title: 'Content type', cell: Content },
  { name: 'json', title: 'JSON', cell: JsonMember, kind: 'code' },
  { name: 'notes', title: 'Notes', cell: Notes }
]

/**
 * The properties of a type as the platform sees them, and what they are in JSON.
 *
 * @param {{ type: TypeAnswer }} props
 */
export function PropertyTable({ type }) {
  const { name, properties } = type
  const [shown, more] = useFirstRows(properties, STEP)
  return html`<${Table}
      label="Properties of ${name}"
      columns=${COLUMNS}
      rows=${shown}
      keyOf=${(/** @type {Property} */ property) => property.name}
    />
    ${more}`
}

/** @param {Property} property */
function PropertyName({ name, required }) {
  return html`<span class="property-name">${name}</span>${
    required && html`<span class="required" title="Every object has it">required</span>`
  }`
}

/** @param {Property} property */
function Kind({ kind, type }) {
  if (type === null) return kind
  return html`${kind === 'object' ? '' : `${kind} of `}<a href=${linkTo('types', type)}>${type}</a>`
}

/** @param {Property} property */
function Content({ content }) {
  return html`<span class="quiet">${content.replace('Content', '')}</span>`
}

/** @param {Property} property */
function JsonMember({ key, custom }) {
  if (key !== null) return key
  return html`<span class="quiet">${custom ? 'none' : 'the value'}</span>`
}

/** @param {Property} property */
function Notes({ readOnly, writeOnly, nullable, custom }) {
  const notes = [
    readOnly && 'read only',
    writeOnly && 'write only',
    nullable && 'nullable',
    custom && 'custom'
  ].filter(note => note !== false)
  return html`<span class="type-notes">${notes.map(note => html`<${Badge} key=${note}>${note}<//>`)}</span>`
}
