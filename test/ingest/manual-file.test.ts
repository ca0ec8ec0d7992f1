import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { PETS, prepareRuns } from '../openmetadata/run-catalog.ts'
import { BOT_TOKEN, startOpenMetadata } from '../openmetadata/start-openmetadata.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { startFiles } from '../support/start-files.ts'

/** The file of the manual of OpenMetadata. */
const MANUAL = readFileSync('test/openmetadata/rest_config.yaml', 'utf8')

/** The same with addresses and a token. */
function filled(text: string, documentUrl: string, hostPort: string): string {
  return text
    .replace('https://docs.open-metadata.org/swagger.json', documentUrl)
    .replace('http://localhost:8585/api', hostPort)
    .replace('{bot_jwt_token}', BOT_TOKEN)
}

/** The same with all keys that are comments. */
function switchedOn(text: string): string {
  return text
    .replace(/^( *)# (?=\w+:| {2}|- )/gm, '$1')
    .replace('aws, azure or noop', 'noop')
    .replace('airflow or env', 'env')
}

test('J04 I21 I26 the file of the manual runs unchanged but for addresses and token', async t => {
  const files = await startFiles(t, { '/swagger.json': PETS })
  const server = await startOpenMetadata(t)
  const { run, write } = prepareRuns(t, server.url)
  write('rest_config.yaml', filled(MANUAL, `${files.url}/swagger.json`, server.url))
  write('workflow.yaml', filled(MANUAL, `${files.url}/swagger.json`, server.url))
  const { code, out, err } = await run()
  assert.deepEqual([code, err], [0, ''], out)
  assert.equal(server.store.find('apiServices', 'openapi_rest')?.version, 0.1)
  assert.match(out, /^ {2}endpoints +4 +0/m)
})

test('J04 I26 the file of the manual runs with its commented keys switched on', async t => {
  const files = await startFiles(t, { '/swagger.json': PETS.replaceAll('pet]', 'apiCollection1]') })
  const server = await startOpenMetadata(t, { pipelines: ['<service name>.<ingestion name>'] })
  const { run, write } = prepareRuns(t, server.url)
  const text = switchedOn(filled(MANUAL, `${files.url}/swagger.json`, server.url))
  assert.match(text, /^ {6}apiCollectionFilterPattern:\n {8}includes:\n {10}- apiCollection1$/m)
  assert.match(text, /^ {4}sslConfig:\n {6}caCertificate: \/local\/path\/to\/certificate$/m)
  assert.match(text, /^ingestionPipelineFQN: <service name>/m)
  write('workflow.yaml', text)
  const { code, out, err } = await run()
  assert.deepEqual([code, err], [0, ''], out)
  assert.deepEqual(
    server.store.lines().filter(line => line.startsWith('apiCollections')),
    ['apiCollections openapi_rest.apiCollection1 0.1']
  )
  assert.deepEqual(
    server.statuses.map(({ pipelineState }) => pipelineState),
    ['running', 'success']
  )
})

const levels = [
  { level: 'DEBUG', says: /^PUT \/api\/v1\/apiEndpoints 201$/m },
  { level: 'INFO', says: /^w?orkflow\.yaml:18:1 info WORKFLOW_KEY_UNUSED/m },
  { level: 'WARNING', says: /^$/ },
  { level: 'ERROR', says: /^$/ }
]
for (const { level, says } of levels) {
  test(`I26 loggerLevel ${level} decides what standard error says`, async t => {
    const server = await startOpenMetadata(t, { connection: 'openAPISchemaConnection' })
    const { run } = prepareRuns(t, server.url, { loggerLevel: level, root: 'stage: {}' })
    const { err } = await run()
    assert.match(err, says)
  })
}

const usage = [
  { args: ['catalog'], says: /takes either DOC or --config FILE/ },
  { args: ['catalog', 'a.yaml', '-c', 'b.yaml'], says: /takes either DOC or --config FILE/ },
  { args: ['catalog', '-c', 'b.yaml', '--ndjson'], says: /--ndjson goes with DOC/ },
  { args: ['catalog', 'a.yaml', '--dry-run'], says: /--dry-run goes with --config FILE/ },
  { args: ['check', '-c', 'b.yaml'], says: /openapi-flow check has no option "-c"/ },
  { args: ['catalog', '-c'], says: /--config needs a value|-c needs a value/ },
  {
    args: ['catalog', '-c', 'none.yaml'],
    says: /"none\.yaml" cannot be read: there is no such file/
  }
]
for (const { args, says } of usage) {
  test(`J04 "${args.join(' ')}" ends with 2 and says why`, async () => {
    const { code, err } = await runInTerminal(args)
    assert.equal(code, 2)
    assert.match(err, says)
  })
}

test('I26 a workflow file with errors ends with 2, names each line, and calls nobody', async t => {
  const server = await startOpenMetadata(t)
  const { run } = prepareRuns(t, server.url, {
    source: 'overideMetadata: true',
    server: 'verifySSL: no'
  })
  const { code, out, err } = await run()
  assert.deepEqual([code, out], [2, ''])
  assert.match(
    err,
    /^workflow\.yaml:11:7 error WORKFLOW_KEY_UNKNOWN .*did you mean "overrideMetadata"/m
  )
  assert.match(
    err,
    /^workflow\.yaml:19:5 error WORKFLOW_VALUE_INVALID `workflowConfig\.openMetadataServerConfig\.verifySSL`/m
  )
  assert.deepEqual(server.calls, [])
})
