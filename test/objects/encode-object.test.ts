import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { BodyShape } from '../../service/model/body-record.ts'
import { decodeObjects } from '../../service/objects/decode-objects.ts'
import { encodeObject, propertyJson } from '../../service/objects/encode-object.ts'
import { findProperty, typeNamed } from '../../service/objects/type-lookup.ts'
import type { FlowValues } from '../support/type-record.ts'
import {
  bodyForm,
  custom,
  entryType,
  flowObject,
  itemType,
  nested,
  objectType,
  scalar,
  typeRecords
} from '../support/type-record.ts'

const types = typeRecords(
  objectType('Pet', [
    scalar('id', 'integer', { readOnly: true }),
    scalar('Name', 'text', { key: 'name', emptyAllowed: true }),
    scalar('code'),
    scalar('born', 'date', { nullable: true }),
    scalar('seen', 'date-time'),
    scalar('weight', 'number'),
    scalar('tame', 'boolean'),
    scalar('extra', 'json'),
    scalar('secret', 'text', { content: 'ContentPassword', writeOnly: true, nullable: true }),
    nested('home', 'object', 'Pet:home', { nullable: true }),
    nested('owner', 'object', 'Owner'),
    nested('visits', 'list', 'Visit'),
    nested('tags', 'list', 'Pet:tags'),
    nested('notes', 'list', 'Pet:tags', { nullable: true }),
    nested('labels', 'map', 'Pet:labels'),
    custom('list_id')
  ]),
  objectType('Pet:home', [scalar('city'), scalar('zip', 'text', { nullable: true })]),
  objectType('Owner', [scalar('name')]),
  objectType('Visit', [scalar('id'), scalar('at', 'date')]),
  itemType('Pet:tags', 'integer'),
  entryType('Pet:labels', scalar('Value', 'number'))
)

const write = (mode: 'create' | 'update', values: FlowValues, body = bodyForm({})) =>
  encodeObject(types, 'Pet', flowObject('Pet', values), { mode, body })

const tag = (Value: string | null) => flowObject('Pet:tags', { ID: 'x', Value })
const label = (Key: string, Value: string | null) => flowObject('Pet:labels', { Key, Value })

const FULL: FlowValues = {
  Name: 'Rex',
  born: '2020-02-29T23:00:00+02:00',
  seen: '03/09/2024 02:05:00 PM +00:00',
  weight: '7.250',
  tame: 'True',
  extra: '{"n":12345678901234567890}',
  home: [flowObject('Pet:home', { city: 'Ulm' })],
  visits: [flowObject('Visit', { id: 'v1', at: '2024-03-09' })],
  tags: [tag('1'), tag('9007199254740993')],
  labels: [label('x', '1.50'), label('__proto__', '2')]
}

const FULL_JSON =
  '{"name":"Rex","born":"2020-02-29","seen":"2024-03-09T14:05:00+00:00","weight":7.25,"tame":true,' +
  '"extra":{"n":12345678901234567890},"home":{"city":"Ulm"},"visits":[{"id":"v1","at":"2024-03-09"}],' +
  '"tags":[1,9007199254740993],"labels":{"x":1.5,"__proto__":2}}'

test('B04 B05 B07 B08 B27 B28 every property is written in the form of the schema', () => {
  assert.equal(JSON.stringify(write('create', FULL)), FULL_JSON)
})

test('B08 B27 what was read is written back as it was', () => {
  const [object] = decodeObjects(types, 'Pet', [parseJson(FULL_JSON)]).objects
  const body = encodeObject(types, 'Pet', object ?? flowObject('Pet', {}), {
    mode: 'create',
    body: null
  })
  assert.equal(JSON.stringify(body), FULL_JSON)
})

test('names of properties are found without regard to case', () => {
  assert.deepEqual(write('create', { name: 'Rex', CODE: 'r' }), { name: 'Rex', code: 'r' })
  const pet = typeNamed(types, 'Pet')
  assert.equal(findProperty(pet, 'NAME')?.key, 'name')
  assert.equal(findProperty(pet, 'nam'), undefined)
})

test('B24 readOnly and custom properties are never written', () => {
  assert.deepEqual(write('update', { id: '7', list_id: 'l', code: 'r' }), { code: 'r' })
})

test('C10 members that the mapping excludes are left out, of the object itself only', () => {
  const values = { code: 'r', Name: 'Rex', owner: [flowObject('Owner', { name: 'Ana' })] }
  const body = bodyForm({ exclude: ['name'] })
  assert.deepEqual(write('update', values, body), { code: 'r', owner: { name: 'Ana' } })
})

test('blank properties are left out of a create', () => {
  const blank = { Name: '', code: null, born: '', home: [], owner: null, visits: [], tags: null }
  assert.deepEqual(write('create', blank), {})
  assert.deepEqual(write('create', { home: [flowObject('Pet:home', { city: '' })] }), {})
})

test('B23 blank properties of an update are null, else empty text, else left out', () => {
  assert.deepEqual(
    write('update', { Name: '', code: '', born: '', weight: '', home: [], owner: [] }),
    {
      name: '',
      born: null,
      home: null
    }
  )
  assert.deepEqual(write('update', { born: '0001-01-01T00:00:00+00:00' }), { born: null })
  assert.deepEqual(write('update', { home: [flowObject('Pet:home', { city: '', zip: '' })] }), {
    home: { zip: null }
  })
})

test('a list without objects empties the list of an update, an unset one leaves it as it is', () => {
  assert.deepEqual(write('update', { visits: [], tags: [], labels: [], notes: [] }), {
    visits: [],
    tags: [],
    notes: null,
    labels: {}
  })
  assert.deepEqual(write('update', { visits: null, tags: null, labels: null }), {})
})

test('a secret that is blank or not in clear stays what it is', () => {
  for (const mode of ['create', 'update'] as const) {
    assert.deepEqual(write(mode, { secret: '' }), {})
    assert.deepEqual(write(mode, { secret: '__ENCRYPTED__' }), {})
    assert.deepEqual(write(mode, { secret: 's3cret' }), { secret: 's3cret' })
  }
})

test('B08 B27 blank scalars of lists and blank entries of maps are skipped', () => {
  assert.deepEqual(write('create', { tags: [tag('1'), tag('')] }), { tags: [1] })
  assert.deepEqual(write('create', { labels: [label('x', '1'), label('', '')] }), {
    labels: { x: 1 }
  })
})

test('B27 a value of a map without its key is refused', () => {
  assert.throws(() => write('create', { labels: [label('', '1')] }), { code: 'VALUE_INVALID' })
})

test('text that a property cannot take is refused, naming property and type', () => {
  const visit = flowObject('Visit', { at: 'soon' })
  assert.throws(() => write('create', { visits: [visit] }), {
    code: 'VALUE_INVALID',
    message: 'the value of property "at" of type "Visit" is not a date'
  })
})

test("the operation's own body decides which members are sent and how", () => {
  const home: BodyShape = {
    members: { zip: { kind: 'integer', nullable: false, emptyAllowed: false } }
  }
  const members: BodyShape['members'] = {
    code: { kind: 'integer', nullable: true, emptyAllowed: false },
    weight: { kind: 'text', nullable: false, emptyAllowed: false },
    home: { shape: home },
    visits: { shape: { members: { id: { kind: 'text', nullable: false, emptyAllowed: false } } } },
    tags: { kind: 'text', nullable: false, emptyAllowed: false },
    labels: { whole: true },
    extra: { shape: { members: null } }
  }
  const values = {
    ...FULL,
    code: '12',
    home: [flowObject('Pet:home', { city: 'Ulm', zip: '89073' })]
  }
  assert.equal(
    JSON.stringify(write('update', values, bodyForm({ members }))),
    '{"code":12,"weight":"7.250","extra":{"n":12345678901234567890},"home":{"zip":89073},' +
      '"visits":[{"id":"v1"}],"tags":["1","9007199254740993"],"labels":{"x":1.5,"__proto__":2}}'
  )
  assert.deepEqual(write('update', { code: '', weight: '' }, bodyForm({ members })), {
    code: null
  })
})

test('the value of one property is what a parameter takes, custom properties included', () => {
  const pet = typeNamed(types, 'Pet')
  const value = (name: string, given: FlowValues[string]) => {
    const property = findProperty(pet, name)
    const [sent] = flowObject('Pet', { [name]: given }).properties
    assert.ok(property !== undefined && sent !== undefined)
    return propertyJson(types, pet, property, sent)
  }
  assert.equal(value('list_id', 'l-1'), 'l-1')
  assert.equal(value('id', '7'), 7)
  assert.equal(value('born', '2020-02-29T00:00:00Z'), '2020-02-29')
  assert.deepEqual(value('tags', [tag('1'), tag('2')]), [1, 2])
  assert.equal(value('Name', ''), undefined)
  assert.equal(value('tags', []), undefined)
})

test('S2 S9 a body names members itself, and takes one for many and many for one', () => {
  const text = { kind: 'text', nullable: false, emptyAllowed: false } as const
  const members: BodyShape['members'] = {
    code: { ...text, as: 'Code', count: 'list' },
    tags: { kind: 'integer', nullable: true, emptyAllowed: false, count: 'one' },
    home: { shape: { members: { city: text }, constants: { type: 'flat' } }, count: 'list' },
    visits: { shape: { members: { id: { ...text, as: 'ID' } } }, count: 'one' },
    owner: { ...text, as: 'owner_id' }
  }
  const body = bodyForm({ members })
  const owner = flowObject('Owner', { name: 'Ana' }, { externalId: 'o-1' })
  const values = {
    code: 'r',
    tags: [tag('7')],
    home: [flowObject('Pet:home', { city: 'Ulm' })],
    visits: [flowObject('Visit', { id: 'v1' })],
    owner: [owner]
  }
  assert.deepEqual(write('create', values, body), {
    Code: ['r'],
    tags: 7,
    home: [{ type: 'flat', city: 'Ulm' }],
    visits: { ID: 'v1' },
    owner_id: 'o-1'
  })
  const blank = { code: '', tags: [], home: [], visits: [], owner: [] }
  assert.deepEqual(write('create', blank, body), {})
  assert.deepEqual(write('update', blank, body), { Code: [], tags: null, home: null })
  const two = [tag('1'), tag('2')]
  assert.throws(() => write('create', { tags: two }, body), { code: 'VALUE_INVALID' })
  assert.throws(() => write('create', { owner: [flowObject('Owner', { name: 'Ana' })] }, body), {
    code: 'VALUE_INVALID',
    message: 'the value of property "owner" of type "Pet" is not an object that has an id'
  })
})

test('S4 S9 a misfit is refused only if it is filled, and what the body takes is never read only', () => {
  const text = { kind: 'text', nullable: false, emptyAllowed: false } as const
  const body = bodyForm({ members: { code: { misfit: 'an object' }, id: text } })
  assert.deepEqual(write('create', { id: '7', code: '' }, body), { id: '7' })
  assert.throws(() => write('create', { code: 'x' }, body), {
    code: 'VALUE_INVALID',
    message: 'the value of property "code" of type "Pet" is not an object'
  })
})
