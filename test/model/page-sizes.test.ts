import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { PagingRecord } from '../../service/model/endpoint-record.ts'
import { NO_PAGING } from '../../service/model/endpoint-record.ts'
import { sizeToAsk } from '../../service/model/page-sizes.ts'

const paging = (given: Partial<PagingRecord>): PagingRecord => ({
  ...NO_PAGING,
  pageSizeParam: 'limit',
  ...given
})

test('P6 a request asks for the next allowed size at or above what is needed', () => {
  const tens = paging({ pageSize: 90, sizes: { minimum: 1, step: 10, allowed: null } })
  assert.deepEqual(
    [1, 10, 11, 89, 91, 500].map(needed => sizeToAsk(tens, needed)),
    [10, 10, 20, 90, 90, 90]
  )
  const some = paging({ pageSize: 50, sizes: { minimum: 1, step: 1, allowed: [10, 25, 50, 100] } })
  assert.deepEqual(
    [0, 10, 11, 26, 60].map(needed => sizeToAsk(some, needed)),
    [10, 10, 25, 50, 50]
  )
  const least = paging({ pageSize: 100, sizes: { minimum: 10, step: 1, allowed: null } })
  assert.deepEqual(
    [4, 10, 11, 101].map(needed => sizeToAsk(least, needed)),
    [10, 10, 11, 100]
  )
  const few = paging({ pageSize: 5, sizes: { minimum: 1, step: 1, allowed: [10, 20] } })
  assert.equal(sizeToAsk(few, 3), 10)
  assert.equal(sizeToAsk(paging({}), 300), 300)
  assert.equal(sizeToAsk(paging({ pageSizeParam: null }), 3), null)
})

test('P7 without a limit and a maximum a request asks for the usual size, else for 100', () => {
  assert.equal(sizeToAsk(paging({}), null), 100)
  assert.equal(sizeToAsk(paging({ usualSize: 20 }), null), 20)
  assert.equal(sizeToAsk(paging({ pageSize: 250, usualSize: 20 }), null), 250)
  const sizes = { minimum: 1, step: 30, allowed: null }
  assert.equal(sizeToAsk(paging({ sizes }), null), 120)
})
