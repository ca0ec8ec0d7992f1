import { LRUCache } from 'lru-cache'

import type { JsonValue } from '../base/json.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { DecodeOptions } from '../objects/decoding.ts'
import type { FlowObject, Unseen } from '../objects/types.ts'

type Records = readonly JsonValue[]

/** A list that was decoded. It keeps no model alive. */
type DecodedList = {
  readonly mapping: WeakRef<MappingRecord>
  /** Null once there was no more room for them. */
  objects: readonly FlowObject[] | null
}

/** Memory for the objects of all lists, and for their text. */
const LISTS_MAX_BYTES = 16 * 1024 * 1024

/** What a property takes, and what its JSON does without name and value. */
const PROPERTY_BYTES = 100 + 160

/** What a character of a name or value takes in JSON, at most: `\u0001`. */
const CHARACTER_BYTES = 6

/** By their records, which live as long as the answer that they came with is kept. */
const lists = new WeakMap<Records, DecodedList>()

const room = new LRUCache<DecodedList, true>({
  maxSize: LISTS_MAX_BYTES,
  dispose(_, list) {
    list.objects = null
  }
})

/**
 * Whether records may come again as the same list: those of a kept answer are frozen. What a flow asks for is the same only
 * if no values of custom properties or ids come with it.
 */
export function mayComeAgain(records: Records, options: DecodeOptions): boolean {
  if (!Object.isFrozen(records)) return false
  const { known, ...others } = options
  return Object.keys(others).length === 0 && (known === undefined || known.size === 0)
}

/** The objects of a list that was decoded before, by the same mapping; null for any other. */
export function decodedBefore(
  mapping: MappingRecord,
  records: Records
): readonly FlowObject[] | null {
  const list = lists.get(records)
  if (list === undefined || list.mapping.deref() !== mapping) return null
  room.get(list)
  return list.objects
}

/** Keeps the objects of a list, frozen, while there is room for them. Those that hold parts of the answer are not kept. */
export function keepDecoded(
  mapping: MappingRecord,
  records: Records,
  objects: readonly FlowObject[]
): void {
  const size = sizeOf(objects)
  if (size > LISTS_MAX_BYTES) return
  const list = { mapping: new WeakRef(mapping), objects: Object.freeze(objects) }
  const before = lists.get(records)
  if (before !== undefined) room.delete(before)
  lists.set(records, list)
  room.set(list, true, { size })
}

/**
 * What objects and their JSON take in memory, at most (bytes); infinite for those that hold parts of the answer. Of more
 * than is kept, not all are counted.
 */
function sizeOf(objects: readonly FlowObject[]): number {
  let bytes = PROPERTY_BYTES
  for (const { developerName, externalId, properties, unseen } of objects) {
    if (unseen !== undefined && holdsValues(unseen)) return Number.POSITIVE_INFINITY
    bytes += PROPERTY_BYTES + textSize(developerName) + textSize(externalId)
    for (const { developerName: name, contentValue, objectData } of properties) {
      bytes += PROPERTY_BYTES + textSize(name) + textSize(contentValue)
      if (objectData !== null) bytes += sizeOf(objectData)
    }
    if (bytes > LISTS_MAX_BYTES) return bytes
  }
  return bytes
}

function holdsValues({ whole, asCame }: Unseen): boolean {
  return whole !== undefined || Object.keys(asCame).length > 0
}

function textSize(text: string | null): number {
  return CHARACTER_BYTES * (text ?? '').length
}
