import type { JsonValue } from '../base/json.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { DecodeOptions } from '../objects/decoding.ts'
import type { FlowObject } from '../objects/types.ts'

type Records = readonly JsonValue[]

/** The flow objects of lists, by mapping and list. Neither is kept by it. */
const lists = new WeakMap<MappingRecord, WeakMap<Records, readonly FlowObject[]>>()

/**
 * Whether records may come again as the same list: those of a kept answer are frozen. What a flow asks for is the same only
 * if no values of custom properties or ids come with it.
 */
export function mayComeAgain(records: Records, { known, ...others }: DecodeOptions): boolean {
  const isUsual = Object.keys(others).length === 0 && (known === undefined || known.size === 0)
  return isUsual && Object.isFrozen(records)
}

/** The objects of a list that was decoded before; undefined for any other. */
export function decodedBefore(
  mapping: MappingRecord,
  records: Records
): readonly FlowObject[] | undefined {
  return lists.get(mapping)?.get(records)
}

/** Keeps the objects of a list, frozen, as long as the list is kept. */
export function keepDecoded(
  mapping: MappingRecord,
  records: Records,
  objects: readonly FlowObject[]
): void {
  const ofMapping = lists.get(mapping) ?? new WeakMap<Records, readonly FlowObject[]>()
  ofMapping.set(records, Object.freeze(objects))
  lists.set(mapping, ofMapping)
}
