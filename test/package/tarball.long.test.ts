import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

test('the packed package installs and its command works', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await run('npm', ['pack', '--pack-destination', folder])
  const tarball = 'openapi-flow-connector-0.1.0.tgz'
  await run('npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    join(folder, tarball)
  ])

  const command = join(folder, 'node_modules', '.bin', 'openapi-flow')
  const preview = await run(process.execPath, [command, 'preview', 'sample:petstore', '--json'])
  assert.ok(JSON.parse(preview.stdout).index.types.includes('Pet'))
  const dist = join(folder, 'node_modules', 'openapi-flow-connector', 'dist')
  const { readConsoleFiles } = await import(join(dist, 'plugins', 'console-files.js'))
  const { files } = await readConsoleFiles()
  for (const path of ['page/main.js', 'page/styles/base.css', 'packages/preact.js']) {
    assert.ok(files.has(path), path)
  }
  for (const sample of ['sample:petstore', 'sample:openapi-31']) {
    const check = await run(process.execPath, [command, 'check', sample])
    assert.match(check.stdout, /^0 errors, 0 warnings, \d infos?$/m)
  }
})
