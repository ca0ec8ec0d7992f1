import { POINTER_LENGTH_MAX, TREE_DEPTH_MAX } from '../check-tree.ts'
import type { Admit } from './apply-action.ts'
import { createMeasure } from './measure-value.ts'

/** Most values that all overlays of a document together may add. */
const ADDED_MAX = 500_000

/** The overlays of a document would do more than they may. */
export class OverlayLimit extends Error {
  override readonly name = 'OverlayLimit'
}

/**
 * Admits values to a document within the limits of a document, and as many as overlays may add: a value that is put
 * at several places counts at each.
 *
 * @throws OverlayLimit
 */
export function createAdmission(): Admit {
  const measure = createMeasure()
  let added = 0
  return (given, path) => {
    const { values, height, keys } = measure(given)
    added += values
    const keysBefore = path.reduce<number>((sum, key) => sum + String(key).length, 0)
    if (added > ADDED_MAX) throw new OverlayLimit(`overlays may add ${ADDED_MAX} values in all`)
    if (path.length + 1 + height > TREE_DEPTH_MAX) {
      throw new OverlayLimit(`a document may nest ${TREE_DEPTH_MAX} levels deep`)
    }
    if (keysBefore + keys > POINTER_LENGTH_MAX) {
      const rule = `the keys on the way to a value may have ${POINTER_LENGTH_MAX} characters`
      throw new OverlayLimit(rule)
    }
  }
}
