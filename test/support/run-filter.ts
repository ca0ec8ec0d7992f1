import type { TypeRecord } from '../../service/model/type-record.ts'
import type { FlowObject } from '../../service/objects/types.ts'
import { compileFilter } from '../../service/plan/filter/compile-filter.ts'
import { orderObjects } from '../../service/plan/filter/order-objects.ts'
import type { RemainingFilter } from '../../service/plan/filter/split-filter.ts'
import type { ListFilter } from '../../service/plan/types.ts'

/** Whether an object meets a filter, evaluated to the end. */
export function matches(type: TypeRecord, object: FlowObject, remaining: RemainingFilter): boolean {
  const evaluator = compileFilter(type, remaining)
  for (;;) {
    const isMet = evaluator.evaluate(object)
    if (isMet !== undefined) return isMet
  }
}

/** Objects in an order, sorted to the end. */
export function sortedObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  order: ListFilter['order']
): readonly FlowObject[] {
  const ordering = orderObjects(type, objects, order)
  while (!ordering.step());
  return ordering.result()
}
