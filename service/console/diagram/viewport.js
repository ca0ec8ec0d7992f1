/**
 * The part of a drawing that is shown: where its corner is, and how many pixels a unit takes.
 *
 * @typedef {{ x: number, y: number, scale: number }} Viewport
 * @typedef {{ width: number, height: number }} Size
 */

const SCALE_MIN = 0.2
const SCALE_MAX = 2

/**
 * Shows the whole drawing in the middle, no larger than it is.
 *
 * @param {Size} drawing
 * @param {Size} room
 * @returns {Viewport}
 */
export function fit(drawing, room) {
  const ratio = Math.min(room.width / drawing.width, room.height / drawing.height, 1)
  const scale = clamp(Number.isFinite(ratio) ? ratio : 1)
  return centred({ x: drawing.width / 2, y: drawing.height / 2 }, room, scale)
}

/**
 * Shows a point in the middle.
 *
 * @param {{ x: number, y: number }} point
 * @param {Size} room
 * @param {number} scale
 * @returns {Viewport}
 */
export function centred(point, room, scale) {
  return { x: room.width / 2 - point.x * scale, y: room.height / 2 - point.y * scale, scale }
}

/**
 * Zooms so that what is at a point of the room stays there.
 *
 * @param {Viewport} viewport
 * @param {number} factor
 * @param {{ x: number, y: number }} at
 * @returns {Viewport}
 */
export function zoom({ x, y, scale }, factor, at) {
  const next = clamp(scale * factor)
  const ratio = next / scale
  return { x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, scale: next }
}

/**
 * @param {Viewport} viewport
 * @param {number} dx
 * @param {number} dy
 * @returns {Viewport}
 */
export function pan({ x, y, scale }, dx, dy) {
  return { x: x + dx, y: y + dy, scale }
}

/** @param {number} scale */
function clamp(scale) {
  return Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale))
}
