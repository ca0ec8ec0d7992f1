import { LRUCache } from 'lru-cache'

import type { OperationRecord } from '../model/endpoint-record.ts'
import type { FlowWindow } from '../plan/paging/page-window.ts'
import type { LoadResult } from './types.ts'

/** Windows of one operation that are kept, and objects of one at the most. */
const WINDOWS_MAX = 8
const OBJECTS_MAX = 100

const kept = new WeakMap<OperationRecord, LRUCache<string, LoadResult>>()

/**
 * A window of a list that the document answers. Nothing of it ever changes, so it is read once, and kept with
 * the operation for as long as that is in use. A result that is kept is frozen, and the same each time.
 */
export async function exampleWindow(
  query: OperationRecord,
  { limit, offset }: FlowWindow,
  read: () => Promise<LoadResult>
): Promise<LoadResult> {
  const windows = kept.get(query) ?? new LRUCache<string, LoadResult>({ max: WINDOWS_MAX })
  kept.set(query, windows)
  const key = `${limit} ${offset}`
  const known = windows.get(key)
  if (known !== undefined) return known
  const result = await read()
  if (result.objects.length <= OBJECTS_MAX) windows.set(key, Object.freeze(result))
  return result
}
