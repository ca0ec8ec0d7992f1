import type { Decoder } from '../objects/decode-objects.ts'
import type { FlowObject } from '../objects/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { Evaluator } from '../plan/filter/compile-filter.ts'
import { compileFilter } from '../plan/filter/compile-filter.ts'
import { orderObjects } from '../plan/filter/order-objects.ts'
import type { FilterGroup, ListFilter } from '../plan/types.ts'
import { createTurns, inTurns } from '../time/turns.ts'

/** Objects over which a filter is evaluated in one step. */
const STEP_OBJECTS = 64

/**
 * Decodes the records of a page and evaluates a filter over them, a long page in turns.
 *
 * @param take Takes an object that meets the filter, with its number among those that were decoded; true if no
 *   further one is needed.
 * @returns Undefined if the first turn was enough.
 */
export function evaluatePage(
  decoder: Decoder,
  evaluator: Evaluator,
  take: (object: FlowObject, index: number) => boolean,
  signal: AbortSignal
): Promise<void> | undefined {
  let at = 0
  let isDecoded = false
  return inTurns(createTurns(signal), () => {
    const end = Math.min(decoder.complete(), at + STEP_OBJECTS)
    if (at === end && isDecoded) return true
    if (at === end) isDecoded = decoder.step()
    for (; at < end; at++) {
      const object = decoder.objects[at]
      const isMet = object !== undefined && evaluator.evaluate(object)
      if (isMet === undefined) return false
      if (isMet && object !== undefined && take(object, at)) return true
    }
    return false
  })
}

/** The objects that meet conditions; all, if none does. */
export async function preferObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  where: FilterGroup,
  signal: AbortSignal
): Promise<readonly FlowObject[]> {
  const filter = { where, search: null, order: [], providedIds: null }
  const evaluator = compileFilter(type, filter)
  const chosen: FlowObject[] = []
  let at = 0
  const step = (): boolean => {
    const object = objects[at]
    const isMet = object === undefined ? false : evaluator.evaluate(object)
    if (isMet === true && object !== undefined) chosen.push(object)
    if (isMet !== undefined) at++
    return at >= objects.length
  }
  const choosing = inTurns(createTurns(signal), step)
  if (choosing !== undefined) await choosing
  return chosen.length > 0 ? chosen : objects
}

/** Sorts objects, many in turns. */
export async function sortObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  order: ListFilter['order'],
  signal: AbortSignal
): Promise<readonly FlowObject[]> {
  const ordering = orderObjects(type, objects, order)
  const sorting = inTurns(createTurns(signal), ordering.step)
  if (sorting !== undefined) await sorting
  return ordering.result()
}
