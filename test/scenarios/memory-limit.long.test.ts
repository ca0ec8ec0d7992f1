import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { startApi } from '../support/start-api.ts'
import { isHealthy, startLimited } from '../support/start-limited.ts'

/** A document of some megabytes, for which a process needs several times its size. */
function largeDocument(): string {
  const types = Array.from({ length: 4_000 }, (_, index) => {
    const properties = Array.from(
      { length: 60 },
      (_, at) => `p${at}: {type: string, description: text ${at}}`
    )
    return `    T${index}: {type: object, properties: {${properties.join(', ')}}}`
  })
  return `openapi: 3.0.3
info: {title: Large, version: '1'}
servers: [{url: /v1}]
paths: {}
components:
  schemas:
${types.join('\n')}
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}}
`
}

const SMALL = `openapi: 3.0.3
info: {title: Small, version: '1'}
servers: [{url: /v1}]
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`

/** Processes that a process has started and not yet ended. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').flatMap(word => (word.trim() === '' ? [] : Number(word)))
}

/** Limits the address space of a process to what it has and some megabytes more. */
function limitMemory(pid: number, moreMb: number): void {
  const [, kilobytes] = /^VmSize:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const bytes = Number(kilobytes) * 1024 + moreMb * 1024 * 1024
  execFileSync('prlimit', ['--pid', `${pid}`, `--as=${bytes}`])
}

test('R21 a limit on memory that ends the compile process at its work ends nothing else', {
  timeout: 240_000
}, async t => {
  const api = await startApi(t, (request, response) => {
    response.end(request.url?.includes('large') === true ? largeDocument() : SMALL)
  })
  const limits = { COMPILE_TIMEOUT_MS: '60000', UPSTREAM_TIMEOUT_MS: '60000' }
  const { url, child, send } = await startLimited(t, {}, limits)
  const install = (name: string) =>
    send('/metadata/install', { 'Schema URL': `${api.url}/${name}.yaml` })
  assert.equal((await install('small')).status, 200)

  const [compiler] = childrenOf(child.pid ?? 0)
  assert.ok(compiler !== undefined)
  limitMemory(compiler, 48)
  const { status, body } = await install('large')
  assert.ok(!childrenOf(child.pid ?? 0).includes(compiler), 'the process has not ended')
  // The engine finds no room for its heap and says so: the document was too much, and is not tried again.
  assert.deepEqual([status, body.code], [422, 'DOCUMENT_TOO_COMPLEX'])

  assert.ok(await isHealthy(url))
  api.answer({ json: [{ id: '1' }] })
  const type = { objectDataType: { developerName: 'Note' } }
  assert.equal((await send('/data', { 'Schema URL': `${api.url}/small.yaml` }, type)).status, 200)
  assert.equal((await install('another-small')).status, 200)
  assert.equal(child.exitCode ?? child.signalCode, null)
})
