import assert from 'node:assert/strict'
import test from 'node:test'

import type { JsonObject } from '../../../service/base/json.ts'
import { answers, listOf, NOTHING, propose, ref, rolesOf, takes } from './propose.ts'

const PET = 'Pet: { type: object, properties: { id: { type: string }, name: { type: string } } }'

/** The keys of the only resource of a document of these paths. */
function keysOf(paths: string, schemas = PET): JsonObject {
  const [resource, another] = propose(paths, schemas).resources
  assert.ok(resource !== undefined && another === undefined)
  return resource.keys
}

test('C26 objects with a path of their own are not changed below another object', () => {
  const put = takes(ref('Pet'), ref('Pet'))
  const below = `
/users/{userId}/pets: { get: ${answers(listOf('Pet'))} }
/users/{userId}/pets/{petId}: { get: ${answers(ref('Pet'))}, put: ${put}, delete: ${NOTHING} }`
  const pet = 'Pet: { type: object, properties: { id: { type: string }, name: { type: string } } }'
  const reads = 'Pet: query GET /users/{userId}/pets, load GET /users/{userId}/pets/{petId}'
  const alone = `/pets/{petId}: { get: ${answers(ref('Pet'))}`
  const written = propose(`${below}\n${alone}, delete: ${NOTHING} }`, pet)
  assert.deepEqual(rolesOf(written), [`${reads}, delete DELETE /pets/{petId}`])
  const keys = written.resources[0]?.keys
  assert.deepEqual(keys?.['x-flow-delete'], {
    path: '/pets/{petId}',
    parameters: { petId: 'externalId.id' }
  })
  assert.deepEqual(rolesOf(propose(`${below}\n${alone} }`, pet)), [reads])
  assert.deepEqual(rolesOf(propose(below, pet)), [
    `${reads}, update PUT /users/{userId}/pets/{petId}, delete DELETE /users/{userId}/pets/{petId}`
  ])
})

test('C26 each parent in an item path is a part of the key, and each mapping takes it from where it is', () => {
  const keys = keysOf(`
/farms/{farm-id}/pets: { get: ${answers(listOf('Pet'))}, post: ${takes(ref('Pet'), ref('Pet'), 201)} }
/farms/{farm-id}/pets/{petId}: { get: ${answers(ref('Pet'))}, delete: ${NOTHING} }`)
  const path = '/farms/{farm-id}/pets'
  assert.deepEqual(keys, {
    'x-flow-type': {
      name: 'Pet',
      id: ['farm-id', 'id'],
      customProperties: { 'farm-id': 'string' }
    },
    'x-flow-query': { path, parameters: { 'farm-id': 'farm-id' } },
    'x-flow-load': {
      path: `${path}/{petId}`,
      parameters: { 'farm-id': 'id.farm-id', petId: 'id.id' }
    },
    'x-flow-save': { path, parameters: { 'farm-id': 'farm-id' } },
    'x-flow-delete': {
      path: `${path}/{petId}`,
      parameters: { 'farm-id': 'externalId.farm-id', petId: 'externalId.id' }
    }
  })
})

test('C26 the id of a proposal is that inside one record, whatever the key of its type', () => {
  const [pet] = propose(
    `
/farms/{farm}/pets: { get: ${answers(listOf('Pet'))} }
/farms/{farm}/pets/{petId}: { get: ${answers(ref('Pet'))} }`,
    PET
  ).resources
  assert.deepEqual([pet?.id, pet?.load?.idParam], ['id', 'petId'])
})

test('C26 an own id that the objects do not show is a custom property beside its parents', () => {
  const file = 'File: { type: object, properties: { size: { type: integer } } }'
  const keys = keysOf(
    `
/disks/{disk}/files: { get: ${answers(listOf('File'))} }
/disks/{disk}/files/{path}: { get: ${answers(ref('File'))} }`,
    file
  )
  assert.deepEqual(keys['x-flow-type'], {
    name: 'File',
    id: ['disk', 'path'],
    customProperties: { disk: 'string', path: 'string' }
  })
})

test('C26 a required version without a value is that of the document, of a load as of a list', () => {
  const version =
    'parameters: [{ name: api-version, in: query, required: true, schema: { type: string } }]'
  const keys = keysOf(`
/pets: { get: ${answers(listOf('Pet'), 200, version)} }
/pets/{petId}: { get: ${answers(ref('Pet'), 200, version)} }`)
  const filled = { 'api-version': { default: '1' } }
  assert.deepEqual(keys['x-flow-query'], { path: '/pets', parameters: filled })
  assert.deepEqual(keys['x-flow-load'], {
    path: '/pets/{petId}',
    parameters: { petId: 'id', ...filled }
  })
})
