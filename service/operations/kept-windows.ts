import { LRUCache } from 'lru-cache'

import type { MappingRecord } from '../model/mapping-record.ts'
import type { FlowObject } from '../objects/types.ts'
import type { FlowWindow, PageResume } from '../plan/paging/page-window.ts'

/** A window of a list as it was read. It says where the next one begins, and holds no caller's token. */
export type ReadWindow = {
  readonly objects: readonly FlowObject[]
  readonly hasMoreResults: boolean
  /** Null where the offset says it. */
  readonly resume: PageResume | null
}

/** Windows of one mapping that are kept, and objects of one at the most. */
const WINDOWS_MAX = 8
const OBJECTS_MAX = 100

const kept = new WeakMap<MappingRecord, LRUCache<string, ReadWindow>>()

/**
 * A window of a list that never changes. It is read once for all callers, and kept as long as the mapping is
 * in use. What is kept is frozen, its list of objects too.
 *
 * @param resume Where the window begins; null to count from the list's start.
 */
export async function keptWindow(
  mapping: MappingRecord,
  { limit, offset }: FlowWindow,
  resume: PageResume | null,
  read: () => Promise<ReadWindow>
): Promise<ReadWindow> {
  const windows = kept.get(mapping) ?? new LRUCache<string, ReadWindow>({ max: WINDOWS_MAX })
  kept.set(mapping, windows)
  const key = `${limit} ${offset} ${resume === null ? '' : JSON.stringify(resume)}`
  const known = windows.get(key)
  if (known !== undefined) return known
  const window = await read()
  if (window.objects.length > OBJECTS_MAX) return window
  Object.freeze(window.objects)
  windows.set(key, Object.freeze(window))
  return window
}
