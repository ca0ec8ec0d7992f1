import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { BenchLine } from '../../bench/bench-line.ts'
import { renderTable } from '../../bench/render-table.ts'

const LINE: BenchLine = {
  row: 'live-load',
  what: 'live load',
  unit: 'requests/s',
  ours: { name: 'connector', figures: [900, 1_100, 1_000] },
  reference: { name: 'bare handler', figures: [2_000] },
  ratio: 0.5,
  target: '≥ 0.8',
  isMet: false
}

test('a line has the medians with their bounds, the ratio, the target and the verdict', () => {
  const [, line = ''] = renderTable([LINE], []).split('\n')
  assert.deepEqual(line.split(/ {2,}/), [
    'live-load',
    'live load',
    'requests/s',
    '1,000 (900–1,100)',
    '2,000 bare handler',
    '0.50',
    '≥ 0.8',
    'MISSED'
  ])
})

test('a line without a reference, and one that is only shown', () => {
  const lines = [
    { ...LINE, reference: null, ratio: null, target: '≤ 50 ms', isMet: true },
    { ...LINE, isMet: null }
  ]
  const [, first = '', second = ''] = renderTable(lines, []).split('\n')
  assert.match(first, /≤ 50 ms +met$/)
  assert.match(second, /not judged$/)
})

test('a row that could not be measured is a line with its reason', () => {
  const text = renderTable([], [{ row: 'prism-proxy', reason: 'there is no npm' }])
  assert.match(text, /\nprism-proxy was not measured: there is no npm$/)
})
