import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import test from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

test('the demo tells its whole story once and ends well', async () => {
  const { stdout, stderr } = await run(process.execPath, ['demo/run-demo.ts', '--once'], {
    timeout: 240_000
  })
  assert.equal(stderr, '')
  const titles = [...stdout.matchAll(/^(\d+)\. (.*)$/gm)].map(([, step, title]) => [
    Number(step),
    title?.split(':')[0]
  ])
  assert.deepEqual(titles, [
    [1, 'Configure'],
    [2, 'Preview'],
    [3, 'Install'],
    [4, 'Query'],
    [5, 'Load one by its id'],
    [6, 'Create'],
    [7, 'Update'],
    [8, 'Delete it'],
    [9, 'Load it again'],
    [10, 'A refused call'],
    [11, 'Another one']
  ])
  const steps = stdout.split(/^\d+\. .*$/m).slice(1)
  for (const [index, lines] of [
    [0, ['POST /metadata', 'Schema URL (required)', 'was not called']],
    [1, ['GET /openapi.yaml -> 200', 'Ticket has a binding: id, subject']],
    [2, ['POST /metadata/install', 'types installed']],
    [3, ['GET /tickets?limit=3&offset=0&status=open -> 200', 'there are more: true']],
    [4, ['GET /tickets/']],
    [5, ['POST /tickets -> 201', 'effort_cost=1234567890.123456789012345678']],
    [6, ['PATCH /tickets/', 'status=solved', 'due_on=2026-12-01T00:00:00Z']],
    [7, ['DELETE /tickets/', '-> 204', 'deleted']],
    [8, ['-> 404', 'no objects']],
    [9, ['422 subject is required [API_ERROR]']],
    [10, ['was not called', '400 ', '"statsu" (did you mean "status"?)', '[COLUMN_UNKNOWN]']]
  ] as const) {
    for (const line of lines) {
      assert.ok(steps[index]?.includes(line), `step ${index + 1} has no "${line}":${steps[index]}`)
    }
  }
})
