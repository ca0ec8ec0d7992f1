import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'

/** Commands whose output does not fit into a pipe. */
const LONG: readonly (readonly string[])[] = [
  ['schema'],
  ['preview', 'sample:apis/github', '--json'],
  ['catalog', 'sample:apis/github', '--ndjson']
]

function start(
  t: TestContext,
  args: readonly string[],
  output: 'pipe' | number
): { readonly child: ReturnType<typeof spawn>; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['service/main.ts', ...args], {
    stdio: ['ignore', output, 'pipe']
  })
  t.after(() => child.kill('SIGKILL'))
  return { child, ended: once(child, 'close').then(([code]) => code) }
}

for (const args of LONG) {
  test(`a reader who closes the pipe of ${args[0]} early ends it with 0 and without a word`, async t => {
    const { child, ended } = start(t, args, 'pipe')
    assert.ok(child.stdout && child.stderr)
    const err = text(child.stderr)
    child.stdout.once('data', () => child.stdout?.destroy())
    assert.deepEqual([await ended, await err], [0, ''])
  })
}

test('a full disk fails a command in one line, whatever it writes', async t => {
  for (const args of [['schema'], ['help'], ['catalog', 'sample:petstore', '--ndjson']]) {
    const full = openSync('/dev/full', 'w')
    const { child, ended } = start(t, args, full)
    closeSync(full)
    assert.ok(child.stderr)
    const err = await text(child.stderr)
    assert.deepEqual(
      [await ended, err],
      [1, 'the output could not be written: no space is left on the disk\n']
    )
  }
})
