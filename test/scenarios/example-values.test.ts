import assert from 'node:assert/strict'
import test from 'node:test'

import { startApi } from '../support/start-api.ts'
import { condition, flowObject, found, startConnector } from '../support/start-connector.ts'

const ok = (schema: string): string =>
  `{ responses: { '200': { description: ok, content: { application/json: { schema: ${schema} } } } } }`

const around = (members: string, name: string, schema: string): string =>
  `{ type: object, properties: { ${members === '' ? '' : `${members}, `}${name}: ${schema} } }`

const JOB = "{ $ref: '#/components/schemas/Job' }"

/** A document whose jobs are in an envelope. */
function jobs(envelope: string, id = '{ type: integer }', root = ''): string {
  return `
openapi: 3.0.3
info: { title: Jobs, version: '1' }
servers: [{ url: /v1 }]
${root}
paths:
  /jobs:
    get: ${ok(around(envelope, 'data', `{ type: array, items: ${JOB} }`))}
    post: ${ok(around(envelope, 'data', JOB))}
components:
  schemas:
    Job:
      type: object
      properties: { id: ${id}, title: { type: string } }
      x-flow-type: { name: Job }
      x-flow-query: { path: /jobs, example: true }
      x-flow-save: { path: /jobs, example: true }
`
}

const FAILURE = 'x-flow-failure: { flag: state, failed: [bad] }'

test('E2 made members that mean a refusal refuse nothing, whether they are usual or declared', async t => {
  for (const [envelope, root] of [
    ['ok: { type: boolean, default: false }'],
    ['success: { type: boolean, example: false }'],
    ['status: { type: string, enum: [error, fine] }'],
    ['errors: { type: array, minItems: 1, items: { type: string } }'],
    ['state: { type: string, enum: [bad, good] }', FAILURE]
  ] as const) {
    const api = await startApi(t, jobs(envelope, undefined, root))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    assert.equal(found(await connector.load('Job')).length, 5, envelope)
    const saved = found(await connector.save('Job', flowObject(null, { title: 'Typed' })))
    assert.deepEqual(
      saved.map(({ title }) => title),
      ['Typed'],
      envelope
    )
    assert.deepEqual(api.calls, [])
  }
})

test('E3 E9 the ids of new objects stay within the bounds of the property', async t => {
  for (const [id, least, most] of [
    ['{ type: integer, maximum: 12 }', 1, 12],
    ['{ type: integer, minimum: 9000, maximum: 9012 }', 9000, 9012],
    ['{ type: integer, maximum: 13, exclusiveMaximum: true }', 1, 12],
    ['{ type: number, maximum: 99.5 }', 1, 99]
  ] as const) {
    const api = await startApi(t, jobs('', id))
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const listed = found(await connector.load('Job')).map(({ externalId }) => Number(externalId))
    const objects = ['One', 'Two', 'Three'].map(title => flowObject(null, { title }))
    const saved = found(await connector.save('Job', ...objects))
    const ids = [...listed, ...saved.map(({ externalId }) => Number(externalId))]
    assert.equal(new Set(ids).size, 8, `${id}: ${ids}`)
    assert.ok(
      ids.every(each => each >= least && each <= most),
      `${id}: ${ids}`
    )
  }
})

test('E4 E5 custom properties that fed a load have the values that were asked for', async t => {
  const api = await startApi(
    t,
    `
openapi: 3.0.3
info: { title: Playlists, version: '1' }
servers: [{ url: /v1 }]
paths:
  /playlists/{playlist_id}/items:
    parameters: [{ name: playlist_id, in: path, required: true, schema: { type: string } }]
    get: ${ok("{ type: array, items: { $ref: '#/components/schemas/Item' } }")}
components:
  schemas:
    Item:
      type: object
      properties: { no: { type: integer }, title: { type: string } }
      x-flow-type: { name: Item, id: [playlist_id, no], customProperties: { playlist_id: string } }
      x-flow-query: { path: '/playlists/{playlist_id}/items', example: true, parameters: { playlist_id: playlist_id } }
`
  )
  const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
  const seen = new Set<string>()
  // What one caller asked for is not shown to the next.
  for (const playlist of ['pl', 'other', 'pl']) {
    const where = [condition('playlist_id', playlist)]
    const items = found(await connector.load('Item', { where }))
    assert.deepEqual(
      items.map(({ playlist_id, no }) => [playlist_id, no]),
      ['1', '2', '3', '4', '5'].map(no => [playlist, no])
    )
    for (const { externalId, title } of items) {
      seen.add(String(externalId))
      const [loaded] = found(await connector.load('Item', { id: externalId }))
      assert.deepEqual(
        [loaded?.externalId, loaded?.playlist_id, loaded?.title],
        [externalId, playlist, title]
      )
    }
  }
  assert.equal(seen.size, 10)
  const all = found(await connector.load('Item'))
  assert.deepEqual(
    all.map(({ playlist_id }) => playlist_id),
    [null, null, null, null, null]
  )
})

test('E6 the id of another object is one of those that its type shows', async t => {
  for (const id of ['{ type: integer }', '{ type: string }', '{ type: string, format: uuid }']) {
    const list = (name: string): string =>
      ok(`{ type: array, items: { $ref: '#/components/schemas/${name}' } }`)
    const api = await startApi(
      t,
      `
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: /v1 }]
paths: { /owners: { get: ${list('Owner')} }, /pets: { get: ${list('Pet')} } }
components:
  schemas:
    Owner:
      type: object
      properties: { id: ${id} }
      x-flow-type: { name: Owner }
      x-flow-query: { path: /owners, example: true }
    Pet:
      type: object
      properties: { id: ${id}, ownerId: ${id} }
      x-flow-type: { name: Pet }
      x-flow-query: { path: /pets, example: true }
`
    )
    const connector = await startConnector(t, { 'Schema URL': api.documentUrl })
    const owners = new Set(found(await connector.load('Owner')).map(({ externalId }) => externalId))
    const pets = found(await connector.load('Pet'))
    assert.equal(owners.size, 5, id)
    for (const { ownerId } of pets) assert.ok(owners.has(String(ownerId)), `${id}: ${ownerId}`)
  }
})
