import assert from 'node:assert/strict'
import { test } from 'node:test'

import { splitFilter } from '../../../service/plan/filter/split-filter.ts'
import { boundParameters } from '../../../service/model/bound-parameters.ts'
import { compile, diagnosticsOf } from '../../support/compile.ts'

function pushedBy(
  parameters: string,
  column: string,
  criterion: 'EQUAL' | 'CONTAINS',
  value: string
) {
  const model = compile(`openapi: 3.1.0
info: {title: Test, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths: {/a: {get: {parameters: [{name: p, in: query, schema: {type: string}}], responses: {}}}}
components:
  schemas:
    A:
      x-flow-type: {name: A}
      x-flow-query: {path: /a, parameters: ${parameters}}
      properties: {id: {type: string}, owner: {type: object, properties: {name: {type: string}, home: {type: object, properties: {city: {type: string}}}}}}
`)
  assert.deepEqual(
    diagnosticsOf(model).filter(line => line.includes('SOURCE_UNKNOWN')),
    []
  )
  const [type, mapping, endpoint] = [
    model.types.A,
    model.mappings['query:A'],
    model.endpoints['GET /a']
  ]
  assert.ok(type !== undefined && mapping !== undefined && endpoint !== undefined)
  const filter = {
    where: { join: 'AND', conditions: [{ column, criterion, value }], groups: [] },
    search: null,
    searchColumns: [],
    providedIds: null,
    id: null,
    offsetToken: null,
    order: [],
    limit: 10,
    offset: 0
  } as const
  const bound = boundParameters(endpoint, mapping.bindings)
  const { pushed } = splitFilter({ parameters: bound }, type, filter)
  return [...pushed].map(([{ name }, sent]) => [name, sent])
}

for (const [parameters, column, criterion] of [
  ['{p: owner.name}', 'owner.name', 'EQUAL'],
  ['{p: owner.home.city}', 'Owner.Home.City', 'EQUAL'],
  ['{p: {from: owner.name, default: x}}', 'owner.name', 'EQUAL'],
  ['{where: {owner.name: p}}', 'owner.name', 'EQUAL'],
  ['{where: {owner.home.city: {CONTAINS: p}}}', 'owner.home.city', 'CONTAINS']
] as const) {
  test(`M18 a condition on ${column} fills ${parameters}`, () => {
    assert.deepEqual(pushedBy(parameters, column, criterion, 'Ann'), [['p', 'Ann']])
  })
}

test('M18 a condition on a nested column that the API does not take is refused, not dropped', () => {
  assert.throws(() => pushedBy('{p: owner.name}', 'owner.name', 'CONTAINS', 'Ann'))
  assert.throws(() => pushedBy('{p: id}', 'owner.name', 'EQUAL', 'Ann'), { code: 'COLUMN_UNKNOWN' })
})
