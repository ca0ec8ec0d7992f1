import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import fc from 'fast-check'

import { isJsonArray, isJsonObject, type JsonValue } from '../../service/base/json.ts'
import { parseYaml } from '../../service/parse/parse-yaml.ts'
import { catalogOf } from '../support/catalog-of.ts'
import { compile } from '../support/compile.ts'

const SAMPLES = readdirSync('openapi-samples')
  .filter(name => name.endsWith('.yaml'))
  .map(name => parseYaml(readFileSync(`openapi-samples/${name}`, 'utf8')))

/** What may stand anywhere by mistake. */
const wrong = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    -1,
    '',
    'text',
    [],
    {},
    [null],
    [{ $ref: '#' }],
    { $ref: '#/paths' },
    { $ref: '#/components/schemas/Nothing' },
    { $ref: 1 },
    { default: null },
    { from: 1 },
    { allOf: [{}] },
    { oneOf: [{}, { type: 'null' }] },
    JSON.rawJSON('12345678901234567890')
  ),
  fc.jsonValue({ maxDepth: 2 }).map(value => parseYaml(JSON.stringify(value)))
)

/** Every place of a tree but the root, as lists of keys. */
function placesIn(value: JsonValue, at: readonly string[] = []): (readonly string[])[] {
  if (!isJsonArray(value) && !isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, held]) => {
    const place = [...at, key]
    return [place, ...placesIn(held, place)]
  })
}

/** The tree with another value at one place. */
function replaced(value: JsonValue, [key, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (key === undefined) return by
  if (isJsonArray(value)) {
    return value.map((held, index) => (String(index) === key ? replaced(held, rest, by) : held))
  }
  if (!isJsonObject(value)) return value
  return { ...value, [key]: replaced(value[key] ?? null, rest, by) }
}

/** The text of a sample with some mistakes. */
const mistaken = fc
  .tuple(
    fc.constantFrom(...SAMPLES),
    fc.array(fc.tuple(fc.nat(), wrong), { minLength: 1, maxLength: 4 })
  )
  .map(([sample, given]) => {
    const root = given.reduce<JsonValue>((tree, [index, value]) => {
      const places = placesIn(tree).filter(place => place[0] !== 'openapi')
      const place = places[index % places.length]
      return place === undefined ? tree : replaced(tree, place, value)
    }, sample)
    return JSON.stringify(root)
  })

test('H19 no wrong value at any place of a document stops its compilation, or breaks the model', () => {
  fc.assert(
    fc.property(mistaken, text => {
      const { index, types, endpoints, mappings, examples } = compile(text)
      assert.deepEqual(Object.keys(types).toSorted(), index.types.toSorted())
      for (const key of Object.keys(endpoints)) assert.ok(examples[key], key)
      for (const { endpoint } of Object.values(mappings)) assert.ok(endpoints[endpoint], endpoint)
      for (const type of Object.values(types)) {
        assert.ok(type.properties.length > 0, `${type.name} has properties`)
        const names = type.properties.map(({ name }) => name.toLowerCase())
        assert.equal(new Set(names).size, names.length, `names of ${type.name} are unique`)
        for (const { value } of type.properties) {
          if (value.form !== 'scalar') assert.ok(types[value.type], `${value.type} is there`)
        }
        for (const key of Object.values(type.mappings)) assert.ok(mappings[key], key)
      }
    }),
    { numRuns: 400 }
  )
})

test('H19 no wrong value at any place of a document stops its catalog, or breaks its form', () => {
  fc.assert(
    fc.property(mistaken, text => {
      const { collections, endpoints, counts } = catalogOf(text, {
        docUrl: 'https://a.example.com'
      })
      const names = new Set(collections.map(({ name }) => name))
      assert.equal(names.size, collections.length)
      const places = endpoints.map(({ collection, name }) => JSON.stringify([collection, name]))
      assert.equal(new Set(places).size, endpoints.length)
      for (const { collection, url } of endpoints) {
        assert.ok(names.has(collection), collection)
        assert.ok(URL.canParse(url), url)
      }
      assert.deepEqual([counts.collections, counts.endpoints], [names.size, endpoints.length])
    }),
    { numRuns: 200 }
  )
})
