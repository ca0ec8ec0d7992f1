import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { RunReport } from '../../service/ingest/push/run-report.ts'
import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { schemaFields } from '../openmetadata/schema-fields.ts'
import { BOT_TOKEN, startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { closedPort, startUpstream } from '../support/start-upstream.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const

/** Kind, code and state of a run that failed at once. */
function failure({ failures, state, endpoints }: RunReport): unknown[] {
  const [first] = failures
  assert.equal(failures.length, 1)
  assert.equal(endpoints.created, 0)
  return [state, first?.kind, first?.code]
}

test('I20 a server that cannot be reached is told, with exit code 1', async t => {
  const { run, report } = prepareRuns(t, `http://${await closedPort()}/api`)
  assert.deepEqual(failure(await report()), ['failed', 'server', 'UPSTREAM_UNREACHABLE'])
  const { code, out } = await run()
  assert.equal(code, 1)
  assert.match(out, /failed server 127\.0\.0\.1:\d+: .*the connection was refused/)
})

const wrong = [
  { name: 'of pages', status: 200, type: 'text/html', body: '<html></html>' },
  { name: 'without a version', status: 200, type: 'application/json', body: '{"ok":true}' },
  { name: 'with a list for a version', status: 200, type: 'application/json', body: '[]' },
  { name: 'that has no such path', status: 404, type: 'text/plain', body: 'not found' }
]
for (const { name, status, type, body } of wrong) {
  test(`I20 a server ${name} is told to be no OpenMetadata`, async t => {
    const url = await startUpstream(t, (_, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    })
    const { run, report } = prepareRuns(t, url)
    assert.deepEqual(failure(await report()), ['failed', 'server', 'METADATA_SERVER_WRONG'])
    assert.equal((await run()).code, 1)
  })
}

test('I20 hostPort without /api is told', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { out } = await prepareRuns(t, server.url.replace('/api', '')).run()
  assert.match(out, /does not answer as OpenMetadata/)
})

test('I20 a refused token is told without it, and nothing else is tried', async t => {
  const server = await startOpenMetadata(t, { ...AGE, token: 'another' })
  const { run, report } = prepareRuns(t, server.url)
  const result = await report()
  assert.deepEqual(failure(result), ['failed', 'server', 'METADATA_DENIED'])
  assert.equal(result.collections.unsent, 3)
  const { code, out, err } = await run()
  assert.equal(code, 1)
  assert.match(out, /refuses the token of the bot: Not Authorized! Invalid Token/)
  assert.doesNotMatch(out + err, new RegExp(BOT_TOKEN))
  assert.ok(server.calls.length <= 4)
})

test('I20 a server without services of APIs is refused by its version, unless that is not to be checked', async t => {
  const server = await startOpenMetadata(t, { ...AGE, version: '1.4.7' })
  const { out, code } = await prepareRuns(t, server.url).run()
  assert.equal(code, 1)
  assert.match(out, /is OpenMetadata 1\.4\.7, and 1\.5 is the first version with services of APIs/)
  assert.deepEqual(server.takeWrites(), [])
  const tried = prepareRuns(t, server.url, { server: 'enableVersionValidation: false' })
  const { state, warnings } = await tried.report()
  assert.equal(state, 'success')
  assert.match(warnings.join(), /1\.4\.7/)
})

for (const [name, path, reason] of [
  ['257 characters', `/${'x'.repeat(252)}`, /its name has 257 characters, more than 256/],
  ['no collection', null, /its name contains "::"/]
] as const) {
  test(`I20 a name that the server refuses for ${name} fails alone`, async t => {
    const server = await startOpenMetadata(t, AGE)
    const { report, write } = prepareRuns(t, server.url)
    write(
      'pets.yaml',
      path === null ? PETS.replace('[store.orders]', '["a::b"]') : PETS.replace('/health', path)
    )
    const { failures, state, endpoints } = await report()
    assert.equal(state, 'partialSuccess')
    assert.match(failures[0]?.reason ?? '', reason)
    assert.equal(endpoints.failed, 1)
    assert.equal(endpoints.created, 3)
  })
}

test('I20 a name of 256 characters is taken', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { report, write } = prepareRuns(t, server.url)
  write('pets.yaml', PETS.replace('/health', `/${'x'.repeat(251)}`))
  assert.equal((await report()).state, 'success')
})

test('I10 fields that the server would refuse are left out and told', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { report, write } = prepareRuns(t, server.url)
  const long = 'n'.repeat(129)
  write('pets.yaml', PETS.replace('anything: {}', `"a::b": {}\n        ${long}: {}`))
  const { warnings, state } = await report()
  assert.equal(state, 'success')
  assert.match(
    warnings.join('\n'),
    /the field "n{40}" is left out: its name has 129 characters, more than 128/
  )
  const fields = schemaFields(server.store.find('apiEndpoints', 'pets.pet./pets/get'))
  assert.deepEqual(
    fields.map(({ name }) => name),
    ['id', 'name', 'a:b']
  )
})

test('I20 a call that fails for a while is repeated', async t => {
  const server = await startOpenMetadata(t, AGE)
  let failures = 2
  server.intercept(({ method }, response) => {
    if (method !== 'PUT' || failures-- <= 0) return false
    response.writeHead(503, { 'retry-after': '0' }).end('{"code":503,"message":"starting"}')
    return true
  })
  const { state } = await prepareRuns(t, server.url).report()
  assert.equal(state, 'success')
})

test('I20 a connection that breaks is repeated, because every write may be', async t => {
  const server = await startOpenMetadata(t, AGE)
  let isBroken = true
  server.intercept(({ path }, response) => {
    if (!isBroken || path !== 'apiEndpoints') return false
    isBroken = false
    response.destroy()
    return true
  })
  assert.equal((await prepareRuns(t, server.url).report()).state, 'success')
})

test('I20 a server that is gone in the middle ends the run, which the next one takes up', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { report, write } = prepareRuns(t, server.url)
  const paths = Array.from({ length: 60 }, (_, index) => `  /p${index}: { get: { responses: {} } }`)
  write(
    'pets.yaml',
    `openapi: 3.0.3\ninfo: { title: Many, version: "1" }\npaths:\n${paths.join('\n')}\n`
  )
  let [isMended, left] = [false, 20]
  server.intercept(({ method, path }, response) => {
    if (isMended || method !== 'PUT' || path !== 'apiEndpoints' || left-- > 0) return false
    response.destroy()
    return true
  })
  const cut = await report()
  assert.equal(cut.state, 'partialSuccess')
  const { created, failed, unsent } = cut.endpoints
  assert.equal(created, 20)
  assert.equal(created + failed + unsent, 60)
  assert.ok(unsent > 0, JSON.stringify(cut.endpoints))
  isMended = true
  const next = await report()
  assert.equal(next.state, 'success')
  assert.deepEqual([next.endpoints.unchanged, next.endpoints.created], [20, 40])
})

test('I20 a run that is stopped by a signal says what it did not send, and deletes nothing', async t => {
  const server = await startOpenMetadata(t, { ...AGE, pipelines: ['pets.metadata'] })
  const { run, write } = prepareRuns(t, server.url, { root: 'ingestionPipelineFQN: pets.metadata' })
  await run()
  write('pets.yaml', 'openapi: 3.0.3\ninfo: { title: None, version: "1" }\npaths: {}\n')
  const stop = Promise.withResolvers<'SIGTERM'>()
  server.intercept(({ path }) => {
    if (path.startsWith('apiCollections?')) stop.resolve('SIGTERM')
    return path.startsWith('apiCollections?')
  })
  const { code, out } = await run([], { stopped: stop.promise })
  assert.equal(code, 1)
  assert.match(out, /the run was stopped by SIGTERM \[METADATA_STOPPED\]/)
  assert.ok(!server.store.lines().some(line => line.endsWith('deleted')))
  assert.deepEqual(
    server.statuses.map(({ pipelineState }) => pipelineState),
    ['running', 'success', 'running', 'failed']
  )
})

test('I20 lists whose pages are too large are read in smaller ones', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { run, write } = prepareRuns(t, server.url)
  const paths = Array.from({ length: 60 }, (_, index) => `  /p${index}: { get: { responses: {} } }`)
  const head = 'openapi: 3.0.3\ninfo: { title: Many, version: "1" }\npaths:\n'
  write('pets.yaml', `${head}${paths.join('\n')}\n`)
  const environment = { RESPONSE_MAX_BYTES: '6000' }
  assert.equal((await run([], { environment })).code, 0)
  server.takeWrites()
  const { code, out } = await run([], { environment })
  assert.equal(code, 0, out)
  assert.match(out, /^ {2}endpoints +0 +60 /m)
  assert.deepEqual(server.takeWrites(), [])
})

test('I20 characters of names are counted, not their code units', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { report, write } = prepareRuns(t, server.url)
  write('pets.yaml', PETS.replace('/health', `/${'🐶'.repeat(251)}`))
  assert.equal((await report()).state, 'success')
})

test('I20 a list that repeats a page ends the run', async t => {
  const server = await startOpenMetadata(t, AGE)
  server.intercept(({ path }, response) => {
    if (!path.startsWith('apiCollections?')) return false
    response.end('{"data":[],"paging":{"total":1,"after":"again"}}')
    return true
  })
  const { failures } = await prepareRuns(t, server.url).report()
  assert.match(failures[0]?.reason ?? '', /its list has the same page twice/)
})

test('I20 something between that answers writes with a page is told, and ends the run', async t => {
  const server = await startOpenMetadata(t, AGE)
  server.intercept(({ method, path }, response) => {
    if (method !== 'PUT' || path !== 'apiCollections') return false
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>')
    return true
  })
  const { failures, state, collections } = await prepareRuns(t, server.url).report()
  assert.equal(state, 'failed')
  assert.equal(collections.created, 0)
  assert.match(failures[0]?.reason ?? '', /it answers a PUT without an entity/)
})
