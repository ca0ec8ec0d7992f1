import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readRetryAfter } from '../../../service/base/retry-after.ts'
import { readAllowance, readReset } from '../../../service/exchange/conduct/rate-limit-headers.ts'

const NOW = Date.parse('1994-11-06T08:49:00Z')

const retryAfters: readonly (readonly [text: string | undefined, ms: number | undefined])[] = [
  ['0', 0],
  ['120', 120_000],
  [' 2 ', 2_000],
  ['1.5', 1_500],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
  ['Sun Nov  6 08:49:37 1994', 37_000],
  ['Sun, 06 Nov 1994 08:48:37 GMT', 0],
  ['Sun, 99 Nov 1994 99:99:99 GMT', undefined],
  ['-5', undefined],
  ['soon', undefined],
  ['in 5', undefined],
  ['5 apples', undefined],
  ['1994-11-06T08:49:37Z', undefined],
  ['', undefined],
  [undefined, undefined]
]

for (const [text, ms] of retryAfters) {
  test(`R6 H05 Retry-After "${text}" is ${ms === undefined ? 'no word' : `${ms} ms`}`, () => {
    assert.equal(readRetryAfter(text, NOW), ms)
  })
}

const resets: readonly (readonly [text: string | undefined, ms: number | undefined])[] = [
  ['30', 30_000],
  ['0.25', 250],
  [String(Date.parse('2026-03-01T12:00:09Z') / 1000), 9_000],
  [String(Date.parse('2026-03-01T12:00:09Z')), 9_000],
  [String(Date.parse('2026-03-01T11:00:00Z') / 1000), 0],
  ['2026-03-01T12:00:09Z', 9_000],
  ['2026-03-01T14:00:09+02:00', 9_000],
  ['Sun, 01 Mar 2026 12:00:09 GMT', 9_000],
  ['later', undefined],
  [undefined, undefined]
]

for (const [text, ms] of resets) {
  test(`H12 a reset of "${text}" is ${ms === undefined ? 'no word' : `${ms} ms from now`}`, () => {
    assert.equal(readReset(text, Date.parse('2026-03-01T12:00:00Z')), ms)
  })
}

test('H12 the Retry-After of a 429 counts before the reset of a longer window, and only there', () => {
  const limit = {
    requestsPerSecond: null,
    quotas: [],
    remainingHeader: 'x-left',
    resetHeader: 'x-reset',
    pointer: ''
  }
  const hour = { 'x-left': '4321', 'x-reset': '3600' }
  for (const [status, headers, calls, forMs] of [
    [429, { ...hour, 'retry-after': '2' }, 0, 2_000],
    [429, { 'x-left': '0', 'x-reset': '3600', 'retry-after': '0' }, 0, 0],
    [429, { ...hour, 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, 0, 37_000],
    [429, { ...hour, 'retry-after': 'soon' }, 0, 3_600_000],
    [429, hour, 0, 3_600_000],
    [200, { ...hour, 'retry-after': '2' }, 4321, 3_600_000],
    [503, { ...hour, 'retry-after': '2' }, 4321, 3_600_000]
  ] as const) {
    assert.deepEqual(readAllowance(limit, { status, headers }, NOW), { calls, forMs })
  }
})
