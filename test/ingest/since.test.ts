import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { closedPort } from '../support/start-upstream.ts'

const SINCE = ['--since', 'last.json']

test('I24 --since keeps the catalog of a run, and the next run says what has changed', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { run, write, directory } = prepareRuns(t, server.url)
  const first = await run(SINCE)
  assert.equal(first.code, 0)
  assert.doesNotMatch(first.out, /Nothing has changed|added/)
  const same = await run(SINCE)
  assert.match(same.out, /^Nothing has changed\.$/m)
  write('pets.yaml', PETS.replace('Lists pets', 'Lists all pets').replace('/health', '/ready'))
  const changed = await run([...SINCE, '--json'])
  const { changes } = JSON.parse(changed.out)
  assert.deepEqual(
    changes
      .map(({ change, endpoint }: { change: string; endpoint: string }) => `${change} ${endpoint}`)
      .toSorted(),
    ['added /ready/get', 'changed /pets/get', 'removed /health/get']
  )
  assert.match((await run(SINCE)).out, /^Nothing has changed\.$/m)
  assert.equal(JSON.parse(readFileSync(join(directory, 'last.json'), 'utf8')).service.name, 'pets')
})

test('I24 a run that failed and a dry run keep nothing, so that the next run says it again', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const failed = prepareRuns(t, `http://${await closedPort()}/api`)
  assert.equal((await failed.run(SINCE)).code, 1)
  assert.equal(existsSync(join(failed.directory, 'last.json')), false)
  const { run, directory } = prepareRuns(t, server.url)
  await run([...SINCE, '--dry-run'])
  assert.equal(existsSync(join(directory, 'last.json')), false)
})

test('I24 a file that is no catalog is refused, and stays', async t => {
  const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
  const { run, write, directory } = prepareRuns(t, server.url)
  write('last.json', 'notes')
  const { code, err } = await run(SINCE)
  assert.equal(code, 2)
  assert.match(err, /"last\.json" is no catalog/)
  assert.deepEqual(server.takeWrites(), [])
  assert.equal(readFileSync(join(directory, 'last.json'), 'utf8'), 'notes')
})
