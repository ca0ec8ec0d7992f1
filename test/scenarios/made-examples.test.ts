import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import type { Found } from '../support/start-connector.ts'
import { flowObject, found, startConnector } from '../support/start-connector.ts'

const SAMPLE = { 'Schema URL': 'sample:made-examples' }

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

function assertVehicle(vehicle: Found | undefined): void {
  assert.ok(vehicle)
  const text = (name: string): string => String(vehicle[name])
  assert.match(text('id'), UUID)
  assert.equal(vehicle.externalId, vehicle.id)
  assert.match(text('plate'), /^[A-Z]{2}-\d{4}$/)
  assert.equal(vehicle.seats, '5')
  assert.ok(['2', '3', '4', '5'].includes(text('doors')), text('doors'))
  assert.match(text('litres_per_100_km'), /^\d+(\.\d{1,2})?$/)
  assert.ok(['true', 'false'].includes(text('electric')))
  assert.match(text('bought_on'), /^20\d\d-\d\d-\d\dT00:00:00Z$/)
  const [driver] = Array.isArray(vehicle.driver) ? vehicle.driver : []
  assert.match(String(driver?.email), /^\w+\.\w+@example\.com$/)
  assert.deepEqual(driver?.drives, [])
}

test('G11 without any example an answer is made from its schema, for reads and writes', async t => {
  const connector = await startConnector(t, SAMPLE)
  const listed = found(await connector.load('Vehicle'))
  assert.equal(listed.length, 3)
  listed.forEach(assertVehicle)
  assert.equal(new Set(listed.map(({ id }) => id)).size, 3)
  const states = listed.map(({ state }) => state)
  assert.deepEqual(states, ['parked', 'driving', 'broken'], 'the values of an `enum` go round')
  const [loaded, ...none] = found(await connector.load('Vehicle', { id: 'any' }))
  assertVehicle(loaded)
  assert.deepEqual(none, [])
  const [saved] = found(await connector.save('Vehicle', flowObject(null, { seats: '2' })))
  assert.equal(saved?.seats, '2', 'what was sent wins')
  assertVehicle({ ...saved, seats: '5' })
  const depots = found(await connector.load('Depot'))
  assert.equal(depots.length, 5)
  assert.equal(String(depots[0]?.code).length, 3)
  assert.equal(Number(depots[0]?.places) % 10, 0)
})

test('G12 what is made is the same at every call and in every connector, but not for every document', async t => {
  const [one, other] = [await startConnector(t, SAMPLE), await startConnector(t, SAMPLE)]
  const first = await one.load('Vehicle')
  assert.equal((await one.load('Vehicle')).text, first.text)
  assert.equal((await other.load('Vehicle')).text, first.text)
  const text = document('{ type: string }')
  const [here, there] = [await startApi(t, text), await startApi(t, text)]
  const load = async (from: typeof one, { documentUrl }: typeof here): Promise<string> =>
    (await from.as({ configuration: { 'Schema URL': documentUrl } }).load('A')).text
  const [a, b] = [await load(one, here), await load(one, there)]
  assert.notEqual(a, b)
  assert.deepEqual([await load(other, here), await load(other, there)], [a, b])
})

/** A document whose type `A` has a property of a schema, and is answered without an example. */
function document(schema: string, schemas = ''): string {
  return `
openapi: 3.0.3
info: { title: Hostile, version: '1' }
servers: [{ url: / }]
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/A' } } } }
components:
  schemas:
    A:
      type: object
      properties: { id: { type: string, format: uuid }, p: ${schema} }
      x-flow-type: { name: A }
      x-flow-query: { path: /a, example: true }
${schemas}`
}

const levels = Array.from({ length: 26 }, (_, level) => {
  const next = level === 25 ? '{ type: string }' : `{ $ref: '#/components/schemas/L${level + 1}' }`
  return `    L${level}: { type: object, properties: { a: ${next}, b: ${next}, c: ${next} } }`
})

const HOSTILE: readonly (readonly [name: string, schema: string, schemas?: string])[] = [
  ['a pattern that repeats a billion times', "{ type: string, pattern: '^a{1000000000}$' }"],
  ['repeats within repeats', "{ type: string, pattern: '((a{1000}){1000}){1000}' }"],
  ['a text of a billion characters', '{ type: string, minLength: 1000000000 }'],
  ['a date of a billion characters', '{ type: string, format: date, minLength: 1000000000 }'],
  ['a billion items', '{ type: array, minItems: 1000000000, items: { type: integer } }'],
  [
    'a billion unique items of few',
    '{ type: array, minItems: 1000000000, uniqueItems: true, items: { type: boolean } }'
  ],
  [
    'a billion members',
    '{ type: object, minProperties: 1000000000, additionalProperties: { type: string } }'
  ],
  [
    'allOf of itself',
    "{ $ref: '#/components/schemas/Loop' }",
    "    Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }], type: object, properties: { x: { type: string } } }"
  ],
  [
    'objects in a circle',
    "{ $ref: '#/components/schemas/Ring' }",
    "    Ring: { type: object, required: [ring], properties: { ring: { $ref: '#/components/schemas/Ring' }, rings: { type: array, minItems: 9, items: { $ref: '#/components/schemas/Ring' } } } }"
  ],
  ['a fan of 25 levels', "{ $ref: '#/components/schemas/L0' }", levels.join('\n')]
]

test('B11 schemas that exhaust a generator are answered, or clearly refused, and the service goes on', async t => {
  const api = await startApi(t, '')
  const connector = await startConnector(t, {})
  for (const [index, [name, schema, schemas]] of HOSTILE.entries()) {
    api.publish(document(schema, schemas))
    const hostile = connector.as({ configuration: { 'Schema URL': `${api.documentUrl}?${index}` } })
    const objects = found(await hostile.load('A'))
    assert.equal(objects.length, 5, name)
    assert.match(String(objects[0]?.id), UUID, name)
    const health = await fetch(`${connector.url}/health`)
    assert.equal(health.status, 200, name)
  }
  assert.deepEqual(api.calls, [])
})

test('B9 an exploding pattern is neither made for nor tried', async t => {
  for (const pattern of ['^(a+)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '^(a|aa)+$', '(?<!a+)b+']) {
    const api = await startApi(t, document(`{ type: string, pattern: '${pattern}' }`))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const [object] = found(await connector.load('A'))
    assert.equal(object?.p, 'P 1', `${pattern} counts as no pattern`)
  }
})
