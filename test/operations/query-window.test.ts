import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { MappingRecord } from '../../service/model/mapping-record.ts'
import type { ReadWindow } from '../../service/operations/query-window.ts'
import { cachedWindow } from '../../service/operations/query-window.ts'
import { operation } from '../plan/plan-records.ts'
import { recordsOf } from '../support/mapped-call.ts'

const mappingRecord = (): MappingRecord => recordsOf(operation()).mapping

function windowOf(count: number): ReadWindow {
  const object = { internalId: null, developerName: 'Thing', properties: [] }
  const objects = Array.from({ length: count }, (_, order) => ({
    ...object,
    externalId: String(order),
    order
  }))
  return { objects, hasMoreResults: false, resume: null }
}

test('a window of a list that never changes is read once for its mapping, and another one for itself', async () => {
  const [query, other] = [mappingRecord(), mappingRecord()]
  let reads = 0
  const read = async (): Promise<ReadWindow> => {
    reads++
    return windowOf(reads)
  }
  const first = await cachedWindow(query, { limit: 20, offset: 0 }, null, read)
  assert.equal(await cachedWindow(query, { limit: 20, offset: 0 }, null, read), first)
  assert.ok(Object.isFrozen(first) && Object.isFrozen(first.objects))
  assert.equal(reads, 1)
  await cachedWindow(query, { limit: 20, offset: 20 }, null, read)
  await cachedWindow(query, { limit: 10, offset: 0 }, null, read)
  await cachedWindow(other, { limit: 20, offset: 0 }, null, read)
  assert.equal(reads, 4)
  for (let offset = 0; offset < 8; offset++) {
    await cachedWindow(query, { limit: 1, offset }, null, read)
  }
  assert.notEqual(await cachedWindow(query, { limit: 20, offset: 0 }, null, read), first)
})

test('V7 a window that goes on from an earlier one is not the one at the start of the list', async () => {
  const query = mappingRecord()
  const whole = { limit: 0, offset: 0 }
  const resumed = { position: { at: 'start' }, skip: 5, offset: 5 } as const
  const first = await cachedWindow(query, whole, null, async () => windowOf(5))
  const second = await cachedWindow(query, whole, resumed, async () => windowOf(3))
  assert.deepEqual([first.objects.length, second.objects.length], [5, 3])
})

test('a large window is not kept, and neither is a failure', async () => {
  const query = mappingRecord()
  let reads = 0
  const large = async (): Promise<ReadWindow> => {
    reads++
    return windowOf(101)
  }
  for (let i = 0; i < 2; i++) await cachedWindow(query, { limit: 0, offset: 0 }, null, large)
  assert.equal(reads, 2)
  const fail = async (): Promise<never> => {
    throw new Error('busy')
  }
  await assert.rejects(cachedWindow(query, { limit: 5, offset: 0 }, null, fail), /busy/)
  const good = await cachedWindow(query, { limit: 5, offset: 0 }, null, async () => windowOf(5))
  assert.equal(good.objects.length, 5)
})
