import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { isHealthy, startLimited } from '../support/start-limited.ts'

const TIMEOUT_MS = 120_000

const DOCUMENT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
servers: [{url: /v1}]
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`

/** A directory until the test ends. */
function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-disk-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A file system of 64 KB that is full, if this process may mount one; else a file, which holds no directory. */
function fullDisk(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-disk-'))
  try {
    const options = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs']
    execFileSync('mount', [...options, directory], { stdio: 'ignore' })
  } catch {
    t.after(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'file')
    writeFileSync(file, '')
    return file
  }
  // The service may still use it.
  t.after(() => {
    execFileSync('umount', ['--lazy', directory])
    rmdirSync(directory)
  })
  assert.throws(() => writeFileSync(join(directory, 'filler'), Buffer.alloc(1024 * 1024)), /ENOSPC/)
  return directory
}

for (const [name, given] of [
  [
    'a full disk for the compile cache',
    (t: TestContext) => ({ environment: { NODE_COMPILE_CACHE: fullDisk(t) } })
  ],
  [
    'a full disk for temporary files',
    (t: TestContext) => ({ environment: { TMPDIR: fullDisk(t) } })
  ],
  [
    'a compile cache in a place where nothing can be written',
    () => ({ environment: { NODE_COMPILE_CACHE: '/dev/null/cache' } })
  ],
  [
    'no file longer than nothing',
    (t: TestContext) => ({
      before: 'ulimit -f 0;',
      environment: { NODE_COMPILE_CACHE: temporary(t) }
    })
  ],
  [
    'a full disk for the log',
    () => ({ after: '> /dev/full', environment: { LOG_LEVEL: 'trace' } })
  ],
  [
    'a full disk for the log and for errors',
    () => ({ after: '> /dev/full 2> /dev/full', environment: { LOG_LEVEL: 'trace' } })
  ]
] as const) {
  test(`R19 ${name} stops neither the start, nor a compilation, nor an example, nor a call`, {
    timeout: TIMEOUT_MS
  }, async t => {
    const api = await startApi(t, DOCUMENT)
    const {
      environment,
      ...shell
    }: { environment: Record<string, string>; before?: string; after?: string } = given(t)
    const { url, child, send } = await startLimited(t, shell, environment)
    for (const configuration of [
      { 'Schema URL': api.documentUrl },
      { 'Schema URL': 'sample:petstore' }
    ]) {
      assert.equal((await send('/metadata/install', configuration)).status, 200)
    }
    for (let call = 0; call < 20; call++) {
      api.answer({ json: [{ id: '1' }] })
      const type = { objectDataType: { developerName: 'Note' } }
      const { status, body } = await send('/data', { 'Schema URL': api.documentUrl }, type)
      assert.equal(status, 200, JSON.stringify(body))
    }
    // Each of these is logged.
    assert.equal(
      (await send('/data', { 'Schema URL': `${api.url}/none.yaml#` })).status >= 400,
      true
    )
    assert.ok(await isHealthy(url))
    assert.equal(child.exitCode ?? child.signalCode, null)
  })
}
