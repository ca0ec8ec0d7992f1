import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { decodeObjects } from '../../service/objects/decode-objects.ts'
import { encodeObject } from '../../service/objects/encode-object.ts'
import { layOver } from '../../service/objects/lay-over.ts'
import { typeNamed } from '../../service/objects/type-lookup.ts'
import type { FlowObject } from '../../service/objects/types.ts'
import type { FlowValues } from '../support/type-record.ts'
import {
  bodyForm,
  custom,
  entryType,
  flowObject,
  nested,
  objectType,
  scalar,
  typeRecords
} from '../support/type-record.ts'

const option = (property: string, ...keys: string[]) => ({ property, keys, values: [] })

const types = typeRecords(
  objectType(
    'Order',
    [
      scalar('id', 'integer', { readOnly: true }),
      scalar('note', 'text', { nullable: true }),
      scalar('pin', 'text', { content: 'ContentPassword', nullable: true }),
      nested('pay-Card', 'object', 'Card', { key: 'pay', nullable: true }),
      nested('pay-Bank', 'object', 'Bank', { key: 'pay', nullable: true }),
      nested('lines', 'list', 'Line'),
      nested('prices', 'map', 'Order:prices'),
      custom('journal')
    ],
    {
      candidates: [['id']],
      choices: [
        {
          key: 'pay',
          discriminator: null,
          options: [option('pay-Card', 'number'), option('pay-Bank', 'iban')]
        }
      ]
    }
  ),
  objectType('Card', [scalar('number', 'text', { nullable: true })]),
  objectType('Bank', [scalar('iban', 'text', { nullable: true })]),
  objectType('Line', [scalar('sku'), scalar('hint', 'text', { nullable: true })], {
    candidates: [['sku']]
  }),
  objectType('Price', [scalar('value', 'number')]),
  entryType('Order:prices', nested('Value', 'object', 'Price'))
)
const order = typeNamed(types, 'Order')

function decoded(value: JsonValue, notes: 'unseen' | 'whole'): FlowObject {
  const [object] = decodeObjects(types, 'Order', [value], { notes }).objects
  assert.ok(object)
  return object
}

/** What is sent for an object that was loaded and changed, laid over what the API has by then. */
function merged(
  loaded: JsonValue,
  changes: FlowValues,
  held: JsonValue,
  body = bodyForm({}),
  blank: 'keep' | 'clear' | null = null
): JsonObject {
  const seen = decoded(loaded, 'unseen')
  const given = flowObject('Order', changes).properties
  const kept = seen.properties.filter(({ developerName }) => !(developerName in changes))
  const sent = { ...seen, properties: [...kept, ...given] }
  const whole = layOver(types, order, sent, decoded(held, 'whole'), blank)
  return JSON.parse(
    JSON.stringify(encodeObject(types, 'Order', whole, { mode: 'update', body, blank }))
  )
}

const line = (sku: string, hint: string | null) =>
  flowObject('Line', { sku, hint }, { externalId: sku })
const entry = (Key: string, value: string) =>
  flowObject('Order:prices', { Key, Value: [flowObject('Price', { value })] })

test('S5 what a flow never saw, and what its type does not know, is as the API has it', () => {
  const held = {
    id: 1,
    note: 'n',
    pin: '****',
    unknown: { a: [1] },
    lines: [{ sku: 'x', hint: 'h' }]
  }
  assert.deepEqual(merged({ id: 1 }, {}, held), {
    note: 'n',
    lines: [{ sku: 'x', hint: 'h' }],
    unknown: { a: [1] }
  })
})

test('S5 what a flow has seen and blanked is cleared, also where the API has another value by now', () => {
  assert.deepEqual(merged({ id: 1, note: 'n' }, { note: '' }, { id: 1, note: 'other' }), {
    note: null
  })
})

test('S5 `blank: keep` takes a blank from the API, `blank: clear` does not', () => {
  const held = { id: 1, note: 'held' }
  const keep = merged({ id: 1, note: 'n' }, { note: '' }, held, bodyForm({}), 'keep')
  assert.deepEqual(keep, { note: 'held' })
  const clear = merged({ id: 1 }, { lines: null, prices: null }, held, bodyForm({}), 'clear')
  assert.deepEqual(clear, { note: null, pay: null })
})

test('S5 objects of a list are those with the same id, entries of a map those with the same key', () => {
  const loaded = { id: 1, lines: [{ sku: 'x' }, { sku: 'y' }], prices: { a: { value: 1 } } }
  const held = {
    id: 1,
    lines: [
      { sku: 'y', hint: 'held', weight: 2 },
      { sku: 'x', weight: 1 },
      { sku: 'gone', weight: 0 }
    ],
    prices: { b: { value: 2, unit: 'kg' }, a: { value: 1, unit: 'm' } }
  }
  const changes = {
    lines: [line('z', ''), line('y', 'mine'), line('x', null)],
    prices: [entry('a', '7'), entry('c', '8')]
  }
  assert.deepEqual(merged(loaded, changes, held), {
    lines: [
      { sku: 'z', hint: null },
      { sku: 'y', hint: 'mine', weight: 2 },
      { sku: 'x', hint: null, weight: 1 }
    ],
    prices: { a: { value: 7, unit: 'm' }, c: { value: 8 } }
  })
})

test('S5 an alternative that a flow fills replaces the one that the API has', () => {
  const held = { id: 1, pay: { number: '4', token: 't' } }
  assert.deepEqual(merged({ id: 1 }, {}, held), { pay: { number: '4', token: 't' } })
  const bank = [flowObject('Bank', { iban: 'DE' })]
  assert.deepEqual(merged({ id: 1 }, { 'pay-Bank': bank }, held), { pay: { iban: 'DE' } })
  const loaded = { id: 1, pay: { number: '4' } }
  assert.deepEqual(merged(loaded, {}, held), { pay: { number: '4', token: 't' } })
  assert.deepEqual(merged(loaded, { 'pay-Card': [] }, held), { pay: null })
})

test('S5 a body gets no member that its mapping excludes, or that a closed schema does not declare', () => {
  const held = { id: 1, note: 'n', unknown: 1, other: 2 }
  const exclude = bodyForm({ exclude: ['unknown'] })
  assert.deepEqual(merged({ id: 1 }, {}, held, exclude), { note: 'n', other: 2 })
  const members = { note: { kind: 'text', nullable: true, emptyAllowed: true } } as const
  const closed = { exclude: [], shape: { members, others: [] } }
  assert.deepEqual(merged({ id: 1 }, {}, held, closed), { note: 'n' })
  assert.deepEqual(merged({ id: 1 }, {}, held, bodyForm({ members })), {
    note: 'n',
    unknown: 1,
    other: 2
  })
})

test('S5 a value that the flow could not read is as the API has it by now', () => {
  const loaded = { id: 1, lines: 'two', note: { a: 1 } }
  assert.deepEqual(merged(loaded, {}, { id: 1, lines: 'three', note: 'n' }), {
    // This one was shown, as JSON text.
    note: { a: 1 },
    lines: 'three'
  })
})

test('S6 a value that is taken from the API keeps its form', () => {
  const held = { id: 1, note: 12, prices: { a: { value: '1,234.50' } }, lines: 'none' }
  assert.deepEqual(merged({ id: 1 }, {}, held), {
    note: 12,
    prices: { a: { value: '1,234.50' } },
    lines: 'none'
  })
})
