import assert from 'node:assert/strict'
import { test } from 'node:test'

import { deleteGone } from '../../service/ingest/push/delete-gone.ts'
import { planPush } from '../../service/ingest/push/plan-push.ts'
import { createReporting } from '../../service/ingest/push/run-report.ts'
import { PETS, prepareRuns, workflowText } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const

/** The pets without orders. */
const SMALLER = PETS.replace(/ {2}\/orders[\s\S]*?(?= {2}\/health)/, '')

function deleted(lines: readonly string[]): string[] {
  return lines.filter(line => line.endsWith(' deleted'))
}

test('I14 a collection that is gone from the source is deleted softly with its endpoints, and comes back', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, report, write } = prepareRuns(t, server.url)
  await run()
  write('pets.yaml', SMALLER)
  server.takeWrites()
  const { collections, endpoints } = await report()
  const [call = '', ...others] = server.takeWrites()
  assert.match(call, /^DELETE apiCollections\/[\w-]+\?recursive=true&hardDelete=false$/)
  assert.deepEqual(others, [])
  assert.deepEqual([collections.deleted, endpoints.deleted], [1, 1])
  assert.deepEqual(deleted(server.store.lines()), [
    'apiCollections pets."store.orders" 0.2 deleted',
    'apiEndpoints pets."store.orders"./orders/{id}/get 0.2 deleted'
  ])
  assert.deepEqual((await report()).collections.deleted, 0)
  write('pets.yaml', PETS)
  const back = await report()
  assert.deepEqual(deleted(server.store.lines()), [])
  assert.equal(back.state, 'success')
})

test('I14 a server that does not bring back what is put again is asked to', async t => {
  const server = await startOpenMetadata(t, { ...AGE, restoresOnPut: false })
  const { run, write } = prepareRuns(t, server.url)
  await run()
  write('pets.yaml', SMALLER)
  await run()
  write('pets.yaml', PETS)
  const { code, out } = await run()
  assert.equal(code, 0, out)
  assert.deepEqual(deleted(server.store.lines()), [])
})

test('I14 with markDeletedApiCollections off nothing is deleted', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url, { source: 'markDeletedApiCollections: false' })
  await run()
  write('pets.yaml', SMALLER)
  const { code } = await run()
  assert.equal(code, 0)
  assert.deepEqual(deleted(server.store.lines()), [])
})

test('I14 a run that did not write everything deletes nothing, and the next one does', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, report, write } = prepareRuns(t, server.url)
  await run()
  write('pets.yaml', SMALLER.replace('Lists pets', 'Lists all pets'))
  let isBroken = true
  server.intercept(({ method, path }, response) => {
    if (!isBroken || method !== 'PUT' || path !== 'apiEndpoints') return false
    response.writeHead(422).end('{"code":422,"message":"broken for a while"}')
    return true
  })
  const cut = await report()
  assert.equal(cut.endpoints.failed, 1)
  assert.equal(cut.state, 'partialSuccess')
  assert.deepEqual(deleted(server.store.lines()), [])
  assert.match(
    cut.warnings.join(),
    /nothing was deleted, because the run is not complete; gone are: store\.orders/
  )
  isBroken = false
  const whole = await report()
  assert.deepEqual([whole.endpoints.updated, whole.collections.deleted], [1, 1])
})

test('I14 what a filter leaves out is not gone', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write, report } = prepareRuns(t, server.url)
  await run()
  const source = 'apiCollectionFilterPattern: { includes: [pet] }'
  write('workflow.yaml', workflowText(server.url, { source }))
  const { collections } = await report()
  assert.deepEqual([collections.deleted, collections.filtered], [0, 2])
  write('workflow.yaml', workflowText(server.url))
  assert.equal((await report()).collections.unchanged, 3)
})

test('I14 collections of other services stay', async t => {
  const server = await startOpenMetadata(t, AGE)
  await prepareRuns(t, server.url).run()
  const other = prepareRuns(t, server.url, { serviceName: 'pets2' })
  other.write('pets.yaml', SMALLER)
  await other.run()
  assert.deepEqual(deleted(server.store.lines()), [])
})

test('I14 an endpoint that is gone from a collection that stays is told, and stays', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, report, write } = prepareRuns(t, server.url)
  await run()
  write('pets.yaml', PETS.replace(/ {4}post:[\s\S]*?(?= {2}\/orders)/, ''))
  const { warnings, state } = await report()
  assert.deepEqual(warnings, [
    'pets.pet./pets/post is gone from the source, and stays because its collection does'
  ])
  assert.equal(state, 'success')
})

test('I14 a catalog that has not room for all operations deletes nothing', async () => {
  const report = createReporting('pets', 'server')
  const removed: string[] = []
  const gone = { id: '1', name: 'old', fullName: 'pets.old', collection: '', isDeleted: false }
  const known = { ...gone, sourceHash: null, own: {}, fields: new Map() }
  const plan = planPush(
    { collections: [], endpoints: [] },
    { serviceName: 'pets', collections: () => true, endpoints: () => true }
  )
  const client = { remove: async (path: string) => void removed.push(path) }
  const entities = { collections: new Map([['pets.old', known]]), endpoints: new Map() }
  report.leaveOut('3 operations are too many for a catalog')
  await deleteGone(plan, entities, client, report)
  assert.deepEqual(removed, [])
  assert.equal(report.result(null).state, 'success')
  assert.deepEqual(report.result(null).warnings, [
    '3 operations are too many for a catalog',
    'nothing was deleted, because the run is not complete; gone are: old'
  ])
})

for (const restoresOnPut of [true, false]) {
  test(`I14 a service that was deleted comes back on a server that ${restoresOnPut ? 'restores' : 'keeps'} what is put`, async t => {
    const server = await startOpenMetadata(t, { ...AGE, restoresOnPut })
    const { run } = prepareRuns(t, server.url)
    await run()
    const service = server.store.find('apiServices', 'pets')
    server.store.mark('apiServices', String(service?.id), true)
    const { code, out } = await run()
    assert.equal(code, 0, out)
    assert.deepEqual(deleted(server.store.lines()), [])
  })
}
