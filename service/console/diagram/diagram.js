import { html } from 'htm/preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { useAnswer } from '../hooks/use-answer.js'
import { useSize } from '../hooks/use-size.js'
import { Awaited } from '../parts/awaited.js'
import { Icon } from '../parts/icon.js'
import { centred, fit, pan, zoom } from './viewport.js'
import { layOut } from './lay-out.js'

/** @import { Viewport } from './viewport.js' */

/**
 * @typedef {{ id: string, title: string, note: string, href: string, isChosen: boolean }} DiagramBox
 * @typedef {{ from: string, to: string, label: string, isList: boolean }} DiagramLine
 */

const BOX_HEIGHT = 48
const BOX_WIDTH_MIN = 96
const TITLE_MAX = 30

/** About as wide as a letter of the title and of a label, in pixels. */
const TITLE_LETTER = 7.6
const LABEL_LETTER = 6.4

/** A step of the arrow keys in pixels, and of a zoom. */
const STEP = 48
const ZOOM = 1.25

/** Below it a drawing is shown around its chosen box instead of as a whole. */
const READABLE = 0.55

/**
 * Boxes that lead to pages, and labelled lines between them. It is moved by pointer, wheel and arrow keys, and zoomed by
 * `+`, `-` and `0`.
 *
 * @param {{ label: string, boxes: readonly DiagramBox[], lines: readonly DiagramLine[] }} props
 */
export function Diagram({ label, boxes, lines }) {
  const ids = boxes.map(({ id }) => id).join('\n')
  const [layout] = useAnswer(
    signal => layOut(boxes.map(boxOf), lines.map(lineOf), signal),
    [ids, lines.length]
  )
  return html`<div class="diagram">
    <${Awaited} of=${layout} what="the diagram">
      ${(/** @type {Layout} */ value) =>
        value.boxes.length === boxes.length &&
        value.boxes.every(({ id }, index) => id === boxes[index]?.id) &&
        html`<${Drawing} label=${label} layout=${value} boxes=${boxes} lines=${lines} />`}
    <//>
  </div>`
}

/** @typedef {import('../workers/layout-worker.js').Layout} Layout */

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
          ${lines.map((line, index) => html`<${LineShape} key=${index} line=${line} at=${layout.lines[index]} />`)}
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

/** @param {{ box: DiagramBox, at: { x: number, y: number } }} props */
function BoxShape({ box, at }) {
  const { width, height } = boxOf(box)
  return html`<a
    href=${box.href}
    class="box"
    data-chosen=${box.isChosen ? '' : undefined}
    transform="translate(${at.x - width / 2} ${at.y - height / 2})"
    draggable=${false}
  >
    <title>${box.title}</title>
    <rect width=${width} height=${height} rx="6" />
    <text x="12" y="20" class="box-title">${shortened(box.title)}</text>
    <text x="12" y="37" class="box-note">${box.note}</text>
  </a>`
}

/** @param {{ line: DiagramLine, at: { points: { x: number, y: number }[], label: { x: number, y: number } } }} props */
function LineShape({ line, at }) {
  return html`<g class="line">
    <path d=${curve(at.points)} marker-end="url(#arrow)" />
    <text x=${at.label.x} y=${at.label.y} dy="0.32em">${labelOf(line)}</text>
  </g>`
}

/** @param {(change: (viewport: Viewport) => Viewport) => void} setViewport */
function usePanning(setViewport) {
  const last = useRef(/** @type {{ x: number, y: number } | null} */ (null))
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button === 0) last.current = { x: event.clientX, y: event.clientY }
    },
    onPointerMove: (/** @type {PointerEvent & { currentTarget: Element }} */ event) => {
      if (last.current === null || event.buttons === 0) return
      const { clientX, clientY, currentTarget, pointerId } = event
      const [dx, dy] = [clientX - last.current.x, clientY - last.current.y]
      // A press that hardly moves is a click on a box.
      if (!currentTarget.hasPointerCapture(pointerId) && Math.hypot(dx, dy) < 4) return
      currentTarget.setPointerCapture(pointerId)
      last.current = { x: clientX, y: clientY }
      setViewport(viewport => pan(viewport, dx, dy))
    },
    onPointerUp: () => {
      last.current = null
    }
  }
}

/**
 * Zooms with the wheel while Ctrl or Cmd is held, as maps do, so that the page can be scrolled over the diagram.
 *
 * @param {{ current: HTMLElement | null }} room
 * @param {(change: (viewport: Viewport) => Viewport) => void} setViewport
 */
function useWheel(room, setViewport) {
  useEffect(() => {
    const element = room.current
    const onWheel = (/** @type {WheelEvent} */ event) => {
      if (element === null || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const at = { x: event.clientX - left, y: event.clientY - top }
      setViewport(viewport => zoom(viewport, Math.exp(-event.deltaY / 300), at))
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [room])
}

/**
 * @param {string} key
 * @param {Viewport} viewport
 * @param {{ x: number, y: number }} middle
 */
function keyMove(key, viewport, middle) {
  switch (key) {
    case 'ArrowLeft':
      return pan(viewport, STEP, 0)
    case 'ArrowRight':
      return pan(viewport, -STEP, 0)
    case 'ArrowUp':
      return pan(viewport, 0, STEP)
    case 'ArrowDown':
      return pan(viewport, 0, -STEP)
    case '+':
    case '=':
      return zoom(viewport, ZOOM, middle)
    case '-':
      return zoom(viewport, 1 / ZOOM, middle)
    default:
      return undefined
  }
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

/** @param {DiagramBox} box */
function boxOf({ id, title, note }) {
  const letters = Math.max(shortened(title).length * TITLE_LETTER, note.length * LABEL_LETTER)
  return { id, width: Math.max(BOX_WIDTH_MIN, Math.ceil(letters) + 24), height: BOX_HEIGHT }
}

/** @param {DiagramLine} line */
function lineOf(line) {
  const { from, to } = line
  return { from, to, width: labelOf(line).length * LABEL_LETTER + 8, height: 16 }
}

/** @param {DiagramLine} line */
function labelOf({ label, isList }) {
  return `${shortened(label)}${isList ? ' *' : ''}`
}

/** @param {string} text */
function shortened(text) {
  return text.length > TITLE_MAX ? `${text.slice(0, TITLE_MAX - 1)}…` : text
}

/** A smooth path through points. @param {readonly { x: number, y: number }[]} points */
function curve(points) {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const last = rest.at(-1) ?? first
  const middles = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point
    const isBeforeLast = index === rest.length - 2
    const end = isBeforeLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`
  })
  return `M${first.x} ${first.y}${middles.length === 0 ? `L${last.x} ${last.y}` : middles.join('')}`
}
