import assert from 'node:assert/strict'
import { test } from 'node:test'

import { prepareRuns } from '../openmetadata/run-catalog.ts'
import { startOpenMetadata } from '../openmetadata/start-openmetadata.ts'

const AGE = { connection: 'openAPISchemaConnection' } as const
const PIPELINE = 'ingestionPipelineFQN: pets.metadata\npipelineRunId: run-1'

test('I18 a run tells its pipeline when it begins, and what it did', async t => {
  const server = await startOpenMetadata(t, { ...AGE, pipelines: ['pets.metadata'] })
  await prepareRuns(t, server.url, { root: PIPELINE }).run()
  const [begin, end, ...others] = server.statuses
  assert.deepEqual(others, [])
  assert.deepEqual([begin?.runId, begin?.pipelineState], ['run-1', 'running'])
  assert.deepEqual([end?.runId, end?.pipelineState], ['run-1', 'success'])
  assert.equal(end?.startDate, begin?.startDate)
  assert.ok(Number(end?.endDate) >= Number(end?.startDate))
  assert.deepEqual(end?.status, [
    {
      name: 'Rest',
      records: 7,
      updated_records: 0,
      warnings: 0,
      errors: 0,
      filtered: 0,
      failures: []
    }
  ])
})

test('I18 an old server is told the state without its steps', async t => {
  const server = await startOpenMetadata(t, {
    ...AGE,
    isNew: false,
    version: '1.5.0',
    pipelines: ['pets.metadata']
  })
  const { state } = await prepareRuns(t, server.url, { root: PIPELINE }).report()
  assert.equal(state, 'success')
  assert.deepEqual(
    server.statuses.map(({ pipelineState, status }) => [pipelineState, status]),
    [
      ['running', undefined],
      ['success', undefined]
    ]
  )
})

test('I18 a document that cannot be read is told to the pipeline', async t => {
  const server = await startOpenMetadata(t, { ...AGE, pipelines: ['pets.metadata'] })
  const { report, write } = prepareRuns(t, server.url, { root: PIPELINE })
  write('pets.yaml', 'no document')
  const { failures } = await report()
  assert.deepEqual(
    failures.map(({ kind, name, code }) => [kind, name, code]),
    [['source', 'CheckSchema', 'DOCUMENT_NOT_OPENAPI']]
  )
  assert.deepEqual(
    server.statuses.map(({ pipelineState }) => pipelineState),
    ['running', 'failed']
  )
})

test('I18 a pipeline that the server does not know is told once, and fails nothing', async t => {
  const server = await startOpenMetadata(t, AGE)
  const { state, warnings } = await prepareRuns(t, server.url, { root: PIPELINE }).report()
  assert.equal(state, 'success')
  assert.deepEqual(warnings, [
    'the pipeline is not told: ingestionPipeline instance for pets.metadata not found'
  ])
})
