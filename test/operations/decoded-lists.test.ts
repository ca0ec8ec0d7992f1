import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FlowObject } from '../../service/objects/types.ts'
import { decodedBefore, keepDecoded, mayComeAgain } from '../../service/operations/decoded-lists.ts'
import { operation } from '../plan/plan-records.ts'
import { recordsOf } from '../support/mapped-call.ts'

const { mapping } = recordsOf(operation())

function objectOf(name: string, more: Partial<FlowObject> = {}): FlowObject {
  const text = { developerName: 'name', contentType: 'ContentString', contentValue: name }
  const properties = [{ ...text, objectData: null }]
  return {
    externalId: '1',
    internalId: null,
    developerName: 'Thing',
    order: 0,
    properties,
    ...more
  }
}

/** The records of a kept answer. */
function records() {
  return Object.freeze([Object.freeze({ name: 'One' })])
}

test('records of a kept answer may come again, but not with what a flow asks for besides', () => {
  assert.ok(mayComeAgain(records(), {}))
  assert.ok(mayComeAgain(records(), { known: undefined }))
  assert.ok(mayComeAgain(records(), { known: new Map() }))
  assert.ok(!mayComeAgain([{ name: 'One' }], {}))
  assert.ok(!mayComeAgain(records(), { known: new Map([['Ticket', '7']]) }))
  assert.ok(!mayComeAgain(records(), { knownId: '7' }))
  assert.ok(!mayComeAgain(records(), { generateId: () => '' }))
})

test('the objects of a list are kept, frozen, for its mapping only', () => {
  const list = records()
  const objects = [objectOf('One')]
  assert.equal(decodedBefore(mapping, list), null)
  keepDecoded(mapping, list, objects)
  assert.equal(decodedBefore(mapping, list), objects)
  assert.ok(Object.isFrozen(objects))
  assert.equal(decodedBefore(mapping, records()), null)
  assert.equal(decodedBefore({ ...mapping }, list), null)
  const other = { ...mapping }
  keepDecoded(other, list, [objectOf('Two')])
  assert.equal(decodedBefore(mapping, list), null)
  assert.equal(decodedBefore(other, list)?.length, 1)
})

test('objects that hold parts of their answer are not kept, those that lack properties are', () => {
  for (const [unseen, isKept] of [
    [{ absent: ['note'], asCame: {} }, true],
    [{ absent: [], asCame: { made: 'yesterday' } }, false],
    [{ absent: [], asCame: {}, whole: { name: 'One' } }, false]
  ] as const) {
    const nested = { developerName: 'parts', contentType: 'ContentList', contentValue: null }
    const inside = { ...nested, objectData: [objectOf('One', { unseen })] }
    for (const object of [objectOf('One', { unseen }), objectOf('One', { properties: [inside] })]) {
      const list = records()
      keepDecoded(mapping, list, [object])
      assert.equal(decodedBefore(mapping, list) !== null, isKept)
    }
  }
})

test('all lists together have 16 MB, and the one that was not asked for the longest goes first', () => {
  // A list of 512 texts of 1,000 characters counts as 3.3 MB.
  const long = Array.from({ length: 512 }, () => objectOf('x'.repeat(1_000)))
  const lists = Array.from({ length: 5 }, records)
  const [first, second, third, fourth, fifth] = lists
  assert.ok(first && second && third && fourth && fifth)
  for (const list of [first, second, third, fourth]) keepDecoded(mapping, list, [...long])
  assert.ok(decodedBefore(mapping, first))
  keepDecoded(mapping, fifth, [...long])
  const kept = lists.map(list => decodedBefore(mapping, list) !== null)
  assert.deepEqual(kept, [true, false, true, true, true])
})

test('a list that takes more than all may take is not kept', () => {
  const list = records()
  keepDecoded(mapping, list, [objectOf('x'.repeat(3_000_000))])
  assert.equal(decodedBefore(mapping, list), null)
})
