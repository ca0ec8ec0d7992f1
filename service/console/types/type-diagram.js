import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { counted } from '../counted.js'
import { Diagram } from '../diagram/diagram.js'
import { Segments } from '../parts/segments.js'
import { neighbourhoodOf } from '../type-graph.js'
import { linkTo } from '../workbench.js'

/** @import { TypeGraph } from '../type-graph.js' */

/** More are no longer read, and take long to lay out. */
const MOST = { types: 80, relations: 240 }

const STEPS = [1, 2, 3]

/**
 * The types around one, as a drawing.
 *
 * @param {{ graph: TypeGraph, name: string }} props
 */
export function TypeDiagram({ graph, name }) {
  const [steps, setSteps] = useState(1)
  const { nodes, relations, left } = useMemo(
    () => neighbourhoodOf(graph, name, { steps, ...MOST }),
    [graph, name, steps]
  )
  if (nodes.length === 1 && relations.length === 0) return null
  const boxes = nodes.map(({ type, mappings }) => ({
    id: type.developerName,
    title: type.developerName,
    note:
      mappings.length === 0
        ? counted(type.properties.length, 'property', 'properties')
        : [...new Set(mappings.map(({ verb }) => verb))].join(' · '),
    href: linkTo('types', type.developerName),
    isChosen: type.developerName === name
  }))
  const notDrawn = [
    left.types > 0 && counted(left.types, 'more type'),
    left.relations > 0 && counted(left.relations, 'more relation')
  ].filter(Boolean)
  const lines = relations.map(({ from, to, property, isList }) => ({
    from,
    to,
    label: property,
    isList
  }))
  return html`<figure class="card">
    <figcaption class="diagram-head">
      <span>${counted(nodes.length, 'type')}, ${counted(relations.length, 'relation')}${
        notDrawn.length > 0 &&
        html`<span class="quiet"> (${notDrawn.join(' and ')} not drawn)</span>`
      }</span>
      <${Segments}
        label="How many relations away"
        value=${String(steps)}
        options=${STEPS.map(step => [String(step), step === 1 ? 'Next to it' : `${step} steps`])}
        onChange=${(/** @type {string} */ step) => setSteps(Number(step))}
        isLabelHidden
      />
    </figcaption>
    <${Diagram} label="Types related to ${name}" boxes=${boxes} lines=${lines} />
  </figure>`
}
