import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LedgerEntry } from '../../service/bulk/row-ledger.ts'
import {
  createLedgerState,
  ledgerLine,
  readLedgerEntry,
  readLedgerHead
} from '../../service/bulk/row-ledger.ts'

const sent = (row: number, call: string): LedgerEntry => ({
  ...{ row, is: 'sent', call, repeats: 'key', at: 1 }
})

test('the last line of a row says what became of it', () => {
  const state = createLedgerState()
  for (const entry of [
    ...[sent(1, 'a'), sent(2, 'a'), sent(100_000, 'b')],
    { row: 1, is: 'saved', id: '7' },
    { row: 100_000, is: 'unsent' },
    sent(5, 'c'),
    { row: 5, is: 'failed', reason: 'no' }
  ] satisfies LedgerEntry[]) {
    state.add(entry)
  }
  assert.deepEqual(state.of(1), { is: 'saved' })
  assert.deepEqual(state.of(2), { is: 'open', sent: sent(2, 'a') })
  assert.deepEqual(state.of(3), { is: 'new' })
  assert.deepEqual(state.of(5), { is: 'failed', reason: 'no' })
  assert.deepEqual(state.of(100_000), { is: 'new' })
  assert.deepEqual([state.openOf('a'), state.openOf('b'), state.openOf('c')], [1, 0, 0])
})

test('a line is read as it was written', () => {
  const entries: LedgerEntry[] = [
    sent(1, 'a'),
    { row: 2, is: 'saved', id: null },
    { row: 3, is: 'saved', id: '12345678901234567890' },
    { row: 4, is: 'unknown', reason: '"\n' },
    { row: 5, is: 'unsent' }
  ]
  for (const entry of entries) assert.deepEqual(readLedgerEntry(ledgerLine(entry)), entry)
  const head = { ledger: 1, type: 'Thing', target: 't', input: 'i' } as const
  assert.deepEqual(readLedgerHead(ledgerLine(head)), head)
})

for (const text of [
  ...['', '{', '[]', 'null', '{}', '{"row":0,"is":"saved"}', '{"row":1.5,"is":"saved"}'],
  ...[
    '{"row":1,"is":"other"}',
    '{"row":1,"is":"sent","call":"a","at":1}',
    '{"row":1,"is":"failed"}'
  ],
  '{"row":1,"is":"saved","id":7}'
]) {
  test(`"${text}" is no line of a ledger`, () => {
    assert.equal(readLedgerEntry(text), null)
    assert.equal(readLedgerHead(text), null)
  })
}
