import { html } from 'htm/preact'

/**
 * @typedef {{ id: string, title: string, note: string, href: string, isChosen: boolean }} DiagramBox
 * @typedef {{ from: string, to: string, label: string, isList: boolean }} DiagramLine
 * @typedef {{ x: number, y: number }} Point
 */

const BOX_HEIGHT = 48
const BOX_WIDTH_MIN = 96

/** Most letters of a title and of a label. */
const LETTERS_MAX = 30

/** About as wide as a letter of the title and of smaller text, in pixels. */
const TITLE_LETTER = 7.8
const SMALL_LETTER = 6.2

/** @param {DiagramBox} box */
export function boxSize({ title, note }) {
  const letters = Math.max(shortened(title).length * TITLE_LETTER, note.length * SMALL_LETTER)
  return { width: Math.max(BOX_WIDTH_MIN, Math.ceil(letters) + 24), height: BOX_HEIGHT }
}

/** The room for the label of a line. @param {DiagramLine} line */
export function labelSize(line) {
  return { width: labelOf(line).length * SMALL_LETTER + 8, height: 16 }
}

/** @param {{ box: DiagramBox, at: Point }} props */
export function BoxShape({ box, at }) {
  const { width, height } = boxSize(box)
  return html`<a
    href=${box.href}
    class="box"
    data-chosen=${box.isChosen ? '' : undefined}
    transform="translate(${at.x - width / 2} ${at.y - height / 2})"
    draggable=${false}
  >
    <title>${box.title}</title>
    <rect width=${width} height=${height} rx="6" />
    <text x="12" y="20">${shortened(box.title)}</text>
    <text x="12" y="37" class="box-note">${box.note}</text>
  </a>`
}

/**
 * A line from the right side of a box to the left side of another, by way of the points where it does not cross boxes.
 *
 * @param {{ line: DiagramLine, from: Point & { width: number }, to: Point & { width: number }, points: readonly Point[], label: Point }} props
 */
export function LineShape({ line, from, to, points, label }) {
  const start = { x: from.x + from.width / 2, y: from.y }
  const end = { x: to.x - to.width / 2, y: to.y }
  const inner = points.slice(1, -1)
  const path = start.x < end.x ? flowing([start, ...inner, end]) : straight(points)
  return html`<g class="line">
    <path d=${path} marker-end="url(#arrow)" />
    <text x=${label.x} y=${label.y} dy="0.32em">${labelOf(line)}</text>
  </g>`
}

/** @param {DiagramLine} line */
function labelOf({ label, isList }) {
  return `${shortened(label)}${isList ? ' *' : ''}`
}

/** @param {string} text */
function shortened(text) {
  return text.length > LETTERS_MAX ? `${text.slice(0, LETTERS_MAX - 1)}…` : text
}

/** A path that leaves and reaches each point from the side. @param {readonly Point[]} points */
function flowing([first, ...rest]) {
  if (first === undefined) return ''
  let last = first
  const curves = rest.map(point => {
    const middle = (last.x + point.x) / 2
    const curve = `C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`
    last = point
    return curve
  })
  return `M${first.x} ${first.y}${curves.join('')}`
}

/** @param {readonly Point[]} points */
function straight(points) {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}
