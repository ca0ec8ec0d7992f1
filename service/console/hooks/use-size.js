import { useLayoutEffect, useState } from 'preact/hooks'

/**
 * The size of an element in pixels, and a new rendering whenever it is another.
 *
 * @param {{ current: Element | null }} ref
 */
export function useSize(ref) {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight })
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}
