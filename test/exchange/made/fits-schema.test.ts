import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'

import type { JsonObject } from '../../../service/base/json.ts'
import { isJsonArray } from '../../../service/base/json.ts'
import { madeRows } from '../../support/made-rows.ts'

const NAMES = [
  'id firstName customer_id Email phone unitPrice total tax lat lng createdAt updated_at deletedAt month age url tags',
  'description next error isActive images count x-rate status constructor ÄnderungsDatum 名前 a name address code quantity'
].flatMap(line => line.split(' '))

const PATTERNS = [
  '^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$',
  '^[a-z0-9]+(-[a-z0-9]+)*$',
  '^(\\+\\d{1,3} )?\\d{3}-\\d{4}$',
  '^[A-Z]{2}$',
  '^[^/]+$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^(foo|bar)+$',
  '[0-9]',
  '^\\S{3,8}$',
  '^(?:[01]\\d|2[0-3]):[0-5]\\d$',
  '^[0-9a-f]{24}$',
  '^[A-Za-z_][A-Za-z0-9_]*$'
]

const FORMATS = { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, date: /^\d{4}-\d\d-\d\d$/ }
const MORE_FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  email: /^[^@\s]+@example\.(com|org|net)$/,
  uri: /^https:\/\/example\.(com|org|net)(\/\S*)?$/,
  decimal: /^-?\d+(\.\d+)?$/,
  ipv4: /^192\.0\.2\.\d+$/
}

const text = fc.oneof(
  fc
    .tuple(fc.nat(60), fc.nat(60))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
  fc.nat(9).map(maxLength => ({ type: 'string', maxLength })),
  fc.constantFrom(...PATTERNS).map(pattern => ({ type: 'string', pattern })),
  fc
    .constantFrom(...Object.keys({ ...FORMATS, ...MORE_FORMATS }))
    .map(format => ({ type: 'string', format })),
  fc.constant({ type: 'string' })
)

/** Bounds and a step between which there is at least one number. */
const number = fc
  .record({
    type: fc.constantFrom('integer', 'number'),
    from: fc.integer({ min: -1e6, max: 1e6 }),
    size: fc.nat(1_000),
    step: fc.constantFrom(undefined, 1, 2, 5, 0.5, 25),
    bounds: fc.constantFrom('none', 'low', 'high', 'both', 'exclusive')
  })
  .map(({ type, from, size, step = 1, bounds }) => {
    const low = from * Math.max(step, 1)
    const high = low + size * Math.max(step, 1)
    return {
      type,
      ...(step !== 1 && { multipleOf: step }),
      ...((bounds === 'low' || bounds === 'both') && { minimum: low }),
      ...((bounds === 'high' || bounds === 'both') && { maximum: high }),
      ...(bounds === 'exclusive' && {
        exclusiveMinimum: low - Math.max(step, 1),
        exclusiveMaximum: high + Math.max(step, 1)
      })
    }
  })

const given = fc.oneof(
  fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 6 })
    .map(values => ({ type: 'string', enum: values })),
  fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 6 }).map(values => ({
    type: 'integer',
    enum: values
  })),
  fc.boolean().map(value => ({ const: value }))
)

const schema = fc.letrec<{ any: JsonObject; object: JsonObject }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text as fc.Arbitrary<JsonObject>,
    number as fc.Arbitrary<JsonObject>,
    given as fc.Arbitrary<JsonObject>,
    fc.constant<JsonObject>({ type: 'boolean' }),
    text.map((held): JsonObject => ({ ...held, type: [held.type, 'null'] })),
    fc.record({ items: tie('any'), minItems: fc.nat(3), more: fc.nat(3) }).map(
      ({ items, minItems, more }): JsonObject => ({
        type: 'array',
        ...{ items, minItems, maxItems: minItems + more }
      })
    ),
    tie('object')
  ),
  object: fc
    .dictionary(fc.constantFrom(...NAMES), tie('any'), { minKeys: 1, maxKeys: 8 })
    .chain(properties =>
      fc.subarray(Object.keys(properties)).map(
        (required): JsonObject => ({
          ...{ type: 'object', properties, required, additionalProperties: false }
        })
      )
    )
})).object

test('E15 a made value fits its schema: kinds, formats, patterns, bounds, steps, lengths, counts and what is required', () => {
  const ajv = new Ajv2020({ strict: false, formats: { ...FORMATS, ...MORE_FORMATS } })
  const check = fc.property(schema, own => {
    const document = { openapi: '3.1.0', info: {}, paths: {}, components: { schemas: { A: own } } }
    const [table] = madeRows(JSON.stringify(document))
    assert.ok(table !== undefined && isJsonArray(table.rows) && table.rows.length === 5)
    const fits = ajv.compile(own)
    for (const row of table.rows) {
      assert.ok(fits(row), `${ajv.errorsText(fits.errors)}: ${JSON.stringify(row)}`)
    }
  })
  fc.assert(check, { numRuns: 400 })
})
