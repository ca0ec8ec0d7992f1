import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { compilerVersion, readModuleFiles } from '../../service/documents/compiler-version.ts'

const ROOT = new URL('../../', import.meta.url)
const WORKER = new URL('service/compile-worker.ts', ROOT)
const BOUNDS = { perType: 200, total: 5_000 }

/** Writes which files of the service are loaded with its argument. */
const TELL = `
import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, next) {
    if (url.startsWith('${new URL('service/', ROOT)}')) console.log(url)
    return next(url, context)
  }
})
await import(process.argv[1])`

test('V6 R18 the version of the compiler covers every file that its worker loads, and the texts of diagnostics', async () => {
  const run = promisify(execFile)
  const options = ['--input-type=module', '--eval', TELL, WORKER.href]
  const { stdout } = await run(process.execPath, options)
  const loaded = stdout.trim().split('\n')
  assert.ok(loaded.length > 50 && loaded.includes(WORKER.href))
  const covered = await readModuleFiles(WORKER)
  assert.deepEqual(
    loaded.filter(url => !covered.has(url)),
    []
  )
  assert.ok(covered.has(new URL('service/errors.ts', ROOT).href))
})

test('V6 R18 other texts, another compiler, other libraries or other bounds are another version', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const name of ['service', 'package.json']) {
    cpSync(new URL(name, ROOT), join(directory, name), { recursive: true })
  }
  const at = (path: string): URL => pathToFileURL(join(directory, path))
  const version = (bounds = BOUNDS) =>
    compilerVersion(at('service/compile-worker.ts'), at('package.json'), bounds)
  const seen = [await compilerVersion(WORKER, new URL('package.json', ROOT), BOUNDS)]
  // It does not depend on where the service lies.
  assert.deepEqual([await version()], seen)
  for (const path of [
    'service/errors.ts',
    'service/compile-worker.ts',
    'service/processes/answer-tasks.ts',
    'service/protocol/describe.ts',
    'package.json'
  ]) {
    appendFileSync(at(path), '\n')
    const next = await version()
    assert.ok(!seen.includes(next), path)
    seen.push(next)
  }
  assert.ok(!seen.includes(await version({ ...BOUNDS, total: 1 })))
  const last = await version()
  // What no worker imports changes no model.
  appendFileSync(at('service/routes/load.ts'), '\n')
  assert.equal(await version(), last)
})
