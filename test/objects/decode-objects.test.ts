import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseJson } from '../../service/base/exact-number.ts'
import type { JsonValue } from '../../service/base/json.ts'
import { decodeObjects, startDecoding } from '../../service/objects/decode-objects.ts'
import { isGeneratedId } from '../../service/objects/external-id.ts'
import {
  custom,
  entryType,
  itemType,
  nested,
  objectType,
  scalar,
  shown,
  typeRecords
} from '../support/type-record.ts'

const types = typeRecords(
  objectType(
    'Pet',
    [
      scalar('id', 'integer'),
      scalar('name'),
      scalar('born', 'date'),
      scalar('seen', 'date-time'),
      scalar('weight', 'number'),
      scalar('tame', 'boolean'),
      scalar('extra', 'json'),
      nested('home', 'object', 'Pet:home'),
      nested('visits', 'list', 'Visit'),
      nested('tags', 'list', 'Pet:tags'),
      nested('labels', 'map', 'Pet:labels'),
      custom('note')
    ],
    { candidates: [['id']] }
  ),
  objectType('Pet:home', [scalar('city'), nested('geo', 'object', 'Pet:home:geo')]),
  objectType('Pet:home:geo', [scalar('lat', 'number')]),
  objectType('Visit', [scalar('id')], { candidates: [['id']] }),
  itemType('Pet:tags', 'text'),
  entryType('Pet:labels', scalar('Value', 'integer'))
)

const REX = `{
  "id": 12345678901234567890, "name": "Rex", "born": "2020-02-29", "seen": "2024-03-09T14:05:00",
  "weight": 7.250, "tame": true, "extra": {"n": 12345678901234567890},
  "home": {"city": "Ulm", "geo": {"lat": 48.4}},
  "visits": [{"id": "v1"}, null, {"id": "v2"}],
  "tags": ["a", null, "b"], "labels": {"x": 1, "__proto__": 2, "y": null}
}`

const decode = (text: string, type = 'Pet') => decodeObjects(types, type, [parseJson(text)])

test('B04 every kind of value travels as its text', () => {
  const { objects, warnings } = decode(REX)
  const texts = Object.entries(shown(objects[0])).filter(([, value]) => !Array.isArray(value))
  assert.deepEqual(warnings, [])
  assert.deepEqual(Object.fromEntries(texts), {
    id: '12345678901234567890',
    name: 'Rex',
    born: '2020-02-29T00:00:00Z',
    seen: '2024-03-09T14:05:00Z',
    weight: '7.25',
    tame: 'true',
    extra: '{"n":12345678901234567890}',
    note: null
  })
})

test('B05 B06 nested objects are objects of their types at every depth', () => {
  const [home] =
    decode(REX).objects[0]?.properties.find(p => p.developerName === 'home')?.objectData ?? []
  assert.equal(home?.developerName, 'Pet:home')
  assert.deepEqual(shown(home), { city: 'Ulm', geo: [{ lat: '48.4' }] })
  assert.ok(isGeneratedId(home?.externalId ?? ''))
})

test('B07 a list of a named type holds objects of that type, without the nulls', () => {
  const visits = decode(REX).objects[0]?.properties.find(p => p.developerName === 'visits')
  assert.deepEqual(
    visits?.objectData?.map(({ developerName, externalId, order }) => [
      developerName,
      externalId,
      order
    ]),
    [
      ['Visit', 'v1', 0],
      ['Visit', 'v2', 1]
    ]
  )
})

test('B08 scalars of a list are objects with ID and Value, named by their parent', () => {
  const tags = decode(REX).objects[0]?.properties.find(p => p.developerName === 'tags')
  const ids = ['12345678901234567890-0', '12345678901234567890-1']
  assert.deepEqual(
    tags?.objectData?.map(item => item.externalId),
    ids
  )
  assert.deepEqual(tags?.objectData?.map(shown), [
    { ID: ids[0], Value: 'a' },
    { ID: ids[1], Value: 'b' }
  ])
})

test('B27 members of a map are objects with Key and Value, in their order', () => {
  assert.deepEqual(shown(decode(REX).objects[0]).labels, [
    { Key: 'x', Value: '1' },
    { Key: '__proto__', Value: '2' },
    { Key: 'y', Value: null }
  ])
})

test('B27 values of a map can be objects of their own type', () => {
  const maps = typeRecords(
    objectType('Page', [nested('blocks', 'map', 'Page:blocks')]),
    entryType('Page:blocks', nested('Value', 'object', 'Block')),
    objectType('Block', [scalar('text')])
  )
  const { objects } = decodeObjects(maps, 'Page', [{ blocks: { top: { text: 'Hi' } } }])
  assert.deepEqual(shown(objects[0]), { blocks: [{ Key: 'top', Value: [{ text: 'Hi' }] }] })
})

test('B28 a free-form value is JSON text, a scalar one too', () => {
  assert.equal(shown(decode('{"extra":["a",{"b":1.5}]}').objects[0]).extra, '["a",{"b":1.5}]')
  assert.equal(shown(decode('{"extra":"a"}').objects[0]).extra, '"a"')
})

test('B23 null and absent are no value: null for scalars, no objects for objects and lists', () => {
  const blank = {
    id: null,
    name: null,
    born: null,
    seen: null,
    weight: null,
    tame: null,
    extra: null,
    home: [],
    visits: [],
    tags: [],
    labels: [],
    note: null
  }
  assert.deepEqual(shown(decode('{}').objects[0]), blank)
  const nulls = JSON.stringify(Object.fromEntries(Object.keys(blank).map(name => [name, null])))
  assert.deepEqual(shown(decode(nulls).objects[0]), blank)
})

test('one object, or one scalar, where a list is declared counts as a list of one', () => {
  const { objects, warnings } = decode('{"id":1,"visits":{"id":"v1"},"tags":"a"}')
  assert.deepEqual(shown(objects[0]).visits, [{ id: 'v1' }])
  assert.deepEqual(shown(objects[0]).tags, [{ ID: '1-0', Value: 'a' }])
  assert.deepEqual(warnings, [])
})

test('H14 an unreadable value is no value, with a warning that says where and holds no value, nor a key of a map', () => {
  const text = `{"id":1,"born":"s3cret","home":{"geo":{"lat":"s3cret"}},"visits":["s3cret"],
    "labels":{"a/b":"s3cret"}}`
  const { objects, warnings } = decodeObjects(types, 'Pet', [{ id: 0 }, parseJson(text)])
  assert.deepEqual(shown(objects[1]).born, null)
  assert.deepEqual(shown(objects[1]).visits, [])
  assert.deepEqual(warnings, [
    { pointer: '/1/born', message: '"born" of type "Pet" is not a date' },
    { pointer: '/1/home/geo/lat', message: '"lat" of type "Pet:home:geo" is not a number' },
    { pointer: '/1/visits/0', message: 'a value is no object of type "Visit"' },
    { pointer: '/1/labels/*', message: '"Value" of type "Pet:labels" is not a whole number' }
  ])
})

test('pointers of warnings lead from where the caller found each value', () => {
  const pointerOf = (index: number) => `/data/${index + 10}`
  const { warnings } = decodeObjects(types, 'Pet', [{ labels: 7 }], { pointerOf })
  assert.deepEqual(warnings[0]?.pointer, '/data/10/labels')
})

test('values that are no objects are skipped, and the rest is numbered without a gap', () => {
  const values = [null, { id: 1 }, 'x', { id: 2 }]
  const { objects, warnings } = decodeObjects(types, 'Pet', values, { firstOrder: 5 })
  assert.deepEqual(
    objects.map(({ externalId, order }) => [externalId, order]),
    [
      ['1', 5],
      ['2', 6]
    ]
  )
  assert.deepEqual(
    warnings.map(({ pointer }) => pointer),
    ['/2']
  )
})

test('B24 a writeOnly property is left out of reads, and a password never has its value', () => {
  const secrets = typeRecords(
    objectType('Login', [
      scalar('user'),
      scalar('pin', 'text', { writeOnly: true }),
      scalar('password', 'text', { content: 'ContentPassword' })
    ]),
    objectType('Secret', [scalar('pin', 'text', { writeOnly: true })])
  )
  const value = { user: 'ana', pin: '1234', password: 's3cret' }
  const login = decodeObjects(secrets, 'Login', [value]).objects[0]
  assert.deepEqual(shown(login), { user: 'ana', password: null })
  assert.deepEqual(shown(decodeObjects(secrets, 'Secret', [value]).objects[0]), { pin: null })
})

test('B15 every object has an external id, and the same one on the next load', () => {
  const values: JsonValue[] = [{ name: 'Rex' }, { name: 'Rex' }, { name: 'Ida' }]
  const ids = () =>
    decodeObjects(types, 'Pet', values).objects.map(object => object.externalId ?? '')
  assert.deepEqual(ids(), ids())
  assert.equal(new Set(ids()).size, 3)
  assert.ok(ids().every(isGeneratedId))
})

test('a type that the model lacks is a problem', () => {
  assert.throws(() => decodeObjects(types, 'constructor', []), { code: 'TYPE_UNKNOWN' })
  assert.throws(() => decodeObjects(types, 'Pets', []), /"Pets" \(did you mean "Pet"\?\)/)
})

test('ten thousand records are decoded', () => {
  const values = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    tags: ['a', 'b'],
    home: { city: 'Ulm' }
  }))
  const { objects, warnings } = decodeObjects(types, 'Pet', values)
  assert.equal(objects.length, 10_000)
  assert.equal(objects.at(-1)?.externalId, '9999')
  assert.deepEqual(warnings, [])
})

test('an answer nested past the bound is cut with a warning instead of exhausting the stack', () => {
  const tree = typeRecords(objectType('Node', [nested('child', 'object', 'Node')]))
  let value: JsonValue = {}
  for (let depth = 0; depth < 50_000; depth++) value = { child: value }
  const { objects, warnings } = decodeObjects(tree, 'Node', [value])
  assert.equal(objects.length, 1)
  assert.equal(warnings.length, 1)
  assert.match(warnings[0]?.message ?? '', /nested deeper than 200 levels/)
})

test('H14 a warning has `*` for each key of a map, as keys are values of the answer', () => {
  const maps = typeRecords(
    objectType('Page', [
      nested('blocks', 'map', 'Page:blocks'),
      nested('rows', 'list', 'Page:blocks')
    ]),
    objectType('Page:blocks', [scalar('width', 'integer'), nested('inner', 'map', 'Page:blocks')])
  )
  const wrong = { width: 'no number', inner: { 'ana@example.com': { width: [] } } }
  const { warnings } = decodeObjects(maps, 'Page', [
    { blocks: { 'planted-key': wrong, other: 7 }, rows: [wrong] }
  ])
  assert.deepEqual(
    warnings.map(({ pointer }) => pointer),
    [
      '/0/blocks/*/width',
      '/0/blocks/*/inner/*/width',
      '/0/blocks/*',
      '/0/rows/0/width',
      '/0/rows/0/inner/*/width'
    ]
  )
})

test('H2 long lists and maps inside of objects are decoded in steps, to the same objects', () => {
  const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
    Array.from({ length: count }, (_, index) => item(index))
  const value = {
    id: 1,
    tags: many(2_000, index => `t${index}`),
    visits: many(1_200, index => (index % 100 === 7 ? null : { id: `v${index}` })),
    labels: Object.fromEntries(many(800, index => [`k${index}`, index]))
  }
  const decoder = startDecoding(types, 'Pet', [value, { id: 2 }], { notes: 'unseen' })
  let steps = 1
  while (!decoder.step()) steps++
  assert.ok(steps >= 3, `${steps} steps`)
  const [pet] = decoder.objects
  const { tags, visits, labels } = shown(pet)
  assert.deepEqual(
    tags,
    value.tags.map((Value, index) => ({ ID: `1-${index}`, Value }))
  )
  assert.deepEqual(
    visits,
    value.visits.flatMap(visit => (visit === null ? [] : [{ id: visit.id }]))
  )
  assert.equal(Array.isArray(labels) && labels.length, 800)
  assert.deepEqual(Object.keys(pet?.unseen?.asCame ?? {}), [])
  assert.ok(pet?.unseen?.absent.includes('visits'), 'a long list that is not shown as a whole')
  assert.ok(!pet?.unseen?.absent.includes('tags'))
})

test('H2 properties of all objects are counted, also of nested ones', () => {
  const few = [{ id: 1, tags: ['a', 'b'] }]
  const cells = (values: readonly JsonValue[], maxCells: number) => () =>
    decodeObjects(types, 'Pet', values, { maxCells })
  assert.doesNotThrow(cells(few, 100))
  for (const values of [
    Array.from({ length: 50 }, () => ({})),
    [{ id: 1, tags: Array.from({ length: 60 }, () => 'x') }],
    [{ id: 1, labels: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`k${at}`, 1])) }]
  ]) {
    assert.throws(cells(values, 100), { code: 'ANSWER_TOO_MANY_VALUES' })
  }
})

test('H2 the first warnings are kept, and all are counted', () => {
  const { warnings, warningCount } = decodeObjects(
    types,
    'Pet',
    Array.from({ length: 3_000 }, (_, id) => ({ id, labels: 7 }))
  )
  assert.equal(warnings.length, 20)
  assert.equal(warningCount, 3_000)
})
