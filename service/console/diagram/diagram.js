import { html } from 'htm/preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { useAnswer } from '../hooks/use-answer.js'
import { useSize } from '../hooks/use-size.js'
import { Awaited } from '../parts/awaited.js'
import { Icon } from '../parts/icon.js'
import { keyMove, usePanning, useWheel, ZOOM } from './gestures.js'
import { layOut } from './lay-out.js'
import { BoxShape, boxSize, labelSize, LineShape } from './shapes.js'
import { centred, fit, zoom } from './viewport.js'

/** @import { DiagramBox, DiagramLine } from './shapes.js' */
/** @import { Layout } from '../workers/layout-worker.js' */

/** Below it a drawing is shown around its chosen box instead of as a whole. */
const READABLE = 0.55

/**
 * Boxes that lead to pages, and labelled lines between them. It is moved by pointer, wheel and arrow keys, and zoomed by
 * `+`, `-` and `0`.
 *
 * @param {{ label: string, boxes: readonly DiagramBox[], lines: readonly DiagramLine[] }} props
 */
export function Diagram({ label, boxes, lines }) {
  const placed = boxes.map(box => ({ id: box.id, ...boxSize(box) }))
  const joined = lines.map(line => ({ from: line.from, to: line.to, ...labelSize(line) }))
  const [layout, again] = useAnswer(
    signal => layOut(placed, joined, signal),
    [JSON.stringify([placed, joined])]
  )
  return html`<div class="diagram">
    <${Awaited} of=${layout} what="the diagram" again=${again}>
      ${(/** @type {Layout} */ value) =>
        html`<${Drawing} label=${label} layout=${value} boxes=${boxes} lines=${lines} />`}
    <//>
  </div>`
}

/**
 * @param {{
 *   label: string,
 *   layout: Layout,
 *   boxes: readonly DiagramBox[],
 *   lines: readonly DiagramLine[]
 * }} props
 */
function Drawing({ label, layout, boxes, lines }) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null))
  const size = useSize(room)
  const chosen = boxes.findIndex(({ isChosen }) => isChosen)
  const start = useMemo(
    () => firstViewport(layout, size, chosen),
    [layout, size.width, size.height]
  )
  const [viewport, setViewport] = useState(start)
  useEffect(() => setViewport(start), [start])
  const middle = { x: size.width / 2, y: size.height / 2 }
  const move = usePanning(setViewport)

  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const next = keyMove(event.key, viewport, middle)
    const result = event.key === '0' ? fit(layout, size) : next
    if (result === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    setViewport(result)
  }
  useWheel(room, setViewport)
  const ends = useMemo(
    () => new Map(boxes.map((box, index) => [box.id, { ...boxSize(box), ...layout.boxes[index] }])),
    [layout]
  )
  const { x, y, scale } = viewport
  return html`<div
      ref=${room}
      class="drawing"
      role="group"
      tabindex="0"
      aria-label="${label}. Arrow keys move it, plus and minus zoom, 0 shows all."
      onKeyDown=${onKeyDown}
      ...${move}
    >
      <svg width=${size.width} height=${size.height}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M1 1 7 4 1 7" class="arrow" />
          </marker>
        </defs>
        <g transform="translate(${x} ${y}) scale(${scale})">
          ${lines.map((line, index) => {
            const [from, to, at] = [ends.get(line.from), ends.get(line.to), layout.lines[index]]
            return (
              at && html`<${LineShape} key=${index} line=${line} from=${from} to=${to} ...${at} />`
            )
          })}
          ${boxes.map((box, index) => html`<${BoxShape} key=${box.id} box=${box} at=${layout.boxes[index]} />`)}
        </g>
      </svg>
    </div>
    <div class="diagram-tools" role="group" aria-label="Zoom">
      <${Tool} icon="minus" label="Zoom out" onClick=${() => setViewport(zoom(viewport, 1 / ZOOM, middle))} />
      <${Tool} icon="plus" label="Zoom in" onClick=${() => setViewport(zoom(viewport, ZOOM, middle))} />
      <${Tool} icon="fit" label="Show all" onClick=${() => setViewport(fit(layout, size))} />
    </div>`
}

/** @param {{ icon: import('../parts/icon.js').IconName, label: string, onClick: () => void }} props */
function Tool({ icon, label, onClick }) {
  return html`<button type="button" class="button icon-button" aria-label=${label} title=${label} onClick=${onClick}>
    <${Icon} name=${icon} />
  </button>`
}

/**
 * @param {Layout} layout
 * @param {import('./viewport.js').Size} size
 * @param {number} chosen
 */
function firstViewport(layout, size, chosen) {
  const whole = fit(layout, size)
  const box = layout.boxes[chosen]
  return whole.scale >= READABLE || box === undefined ? whole : centred(box, size, READABLE)
}
