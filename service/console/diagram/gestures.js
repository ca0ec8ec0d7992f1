import { useEffect, useRef } from 'preact/hooks'

import { pan, zoom } from './viewport.js'

/** @import { Viewport } from './viewport.js' */

/** A step of the arrow keys in pixels, and of a zoom. */
const STEP = 48
export const ZOOM = 1.25

/**
 * Moves with the pointer while it is pressed.
 *
 * @param {(change: (viewport: Viewport) => Viewport) => void} setViewport
 */
export function usePanning(setViewport) {
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
export function useWheel(room, setViewport) {
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
 * What a key makes of a viewport; undefined for a key without effect.
 *
 * @param {string} key
 * @param {Viewport} viewport
 * @param {{ x: number, y: number }} middle
 */
export function keyMove(key, viewport, middle) {
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
