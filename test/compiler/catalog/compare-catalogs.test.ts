import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compareCatalogs } from '../../../service/compiler/catalog/compare-catalogs.ts'
import type { CatalogChange } from '../../../service/model/catalog-change.ts'
import { catalogOf } from '../../support/catalog-of.ts'

const BEFORE = `
openapi: 3.0.3
info: {title: Shop, version: '1'}
x-flow: {inference: off}
servers: [{url: 'https://a.example.com'}]
tags: [{name: pets, description: All pets}, {name: old}]
paths:
  /pets:
    get:
      tags: [pets]
      operationId: listPets
      summary: Lists pets
      parameters: [{name: q, in: query, schema: {type: string}}, {name: gone, in: query, schema: {type: string}}]
      responses: {'200': {description: L, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      tags: [pets]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: D}}
  /gone: {get: {tags: [old], responses: {'200': {description: D}}}}
  /moved: {get: {tags: [pets], responses: {'200': {description: D}}}}
components:
  schemas:
    Pet: {type: object, properties: {id: {type: integer}, name: {type: string}, owner: {type: object, properties: {email: {type: string}}}}}
  securitySchemes: {key: {type: apiKey, in: header, name: X}}
`

/** A change as a line, with its details behind. */
function lines(changes: readonly CatalogChange[]): string[] {
  return changes.flatMap(({ change, what, collection, endpoint, details }) => [
    `${change} ${what} ${collection} ${endpoint ?? ''}`.trim(),
    ...details.map(detail => `- ${detail}`)
  ])
}

function changes(after: string): string[] {
  return lines(compareCatalogs(catalogOf(BEFORE), catalogOf(after)))
}

test('I24 a document that has not changed has no changes, wherever it lies and however it is ordered', () => {
  assert.deepEqual(changes(BEFORE), [])
  assert.deepEqual(changes(`# a comment\n${BEFORE}x-other: 1\n`), [])
  const moved = catalogOf(BEFORE, { documentUrl: 'file:///elsewhere.yaml' })
  const [gone, rest] = [
    / {2}\/gone: .*\n/.exec(BEFORE)?.[0] ?? '',
    BEFORE.replace(/ {2}\/gone: .*\n/, '')
  ]
  assert.deepEqual(changes(rest.replace('paths:\n', `paths:\n${gone}`)), [])
  assert.deepEqual(lines(compareCatalogs(catalogOf(BEFORE), moved)), [])
})

test('I24 added, removed and moved endpoints and collections are told', () => {
  const after = BEFORE.replace(', {name: old}', '')
    .replace(
      / {2}\/gone: .*\n/,
      "  /new: {get: {tags: [fresh], responses: {'200': {description: D}}}}\n"
    )
    .replace('/moved: {get: {tags: [pets]', '/moved: {get: {tags: [fresh]')
  assert.deepEqual(changes(after), [
    'added collection fresh',
    'removed collection old',
    'added endpoint fresh /new/get',
    'added endpoint fresh /moved/get',
    'removed endpoint pets /moved/get',
    'removed endpoint old /gone/get'
  ])
})

test('I24 what changed of texts, parameters, credentials, deprecation and paging is told', () => {
  const after = BEFORE.replace("version: '1'", "version: '2'")
    .replace('All pets', 'Every pet')
    .replace('Lists pets', 'Lists them')
    .replace(
      '{name: q, in: query, schema: {type: string}}',
      '{name: q, in: query, required: true, schema: {type: integer}}'
    )
    .replace(
      '{name: gone, in: query, schema: {type: string}}',
      '{name: page, in: query, schema: {type: integer}}'
    )
    .replace(
      'operationId: listPets',
      'operationId: listPets\n      deprecated: true\n      security: [{key: []}]'
    )
  assert.deepEqual(changes(after), [
    'changed service',
    '- version was "1", now "2"',
    'changed collection pets',
    '- description was "All pets", now "Every pet"',
    'changed endpoint pets /pets/get',
    '- summary was "Lists pets", now "Lists them"',
    '- description was "Lists pets", now "Lists them"',
    '- it is deprecated now',
    '- parameter page was added',
    '- parameter gone was removed',
    '- parameter q was "STRING", now "INT, required"',
    '- authentication was added: "key (apiKey)"',
    '- pagination was added: "page page"'
  ])
})

test('I24 what changed of the schemas is told by the path of each field', () => {
  const after = BEFORE.replace('id: {type: integer}', 'id: {type: string, format: uuid}')
    .replace('name: {type: string}, ', '')
    .replace(
      '{email: {type: string}}',
      '{email: {type: string}, phone: {type: string, enum: [a, b]}}'
    )
    .replace("'201'", "'200'")
  const fields = (what: string): string[] => [
    `- ${what} field owner.phone was added`,
    `- ${what} field name was removed`,
    `- ${what} field id was "INT", now "STRING(uuid)"`
  ]
  assert.deepEqual(changes(after), [
    'changed endpoint pets /pets/get',
    ...fields('response'),
    'changed endpoint pets /pets/post',
    ...fields('request'),
    '- response status was "201", now "200"'
  ])
})

test('I24 many details of one endpoint are counted after the first ones', () => {
  const more = Array.from({ length: 80 }, (_, index) => `, f${index}: {type: string}`).join('')
  const [, ...told] = changes(BEFORE.replace('id: {type: integer}', `id: {type: integer}${more}`))
  assert.equal(told[49], '- response field f49 was added')
  assert.equal(told[50], '- and 30 more')
})
