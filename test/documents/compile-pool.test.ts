import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

import type { SourceDocument } from '../../service/documents/document-source.ts'
import { packText } from '../../service/documents/packed-text.ts'
import { ConnectorError } from '../../service/errors.ts'
import type { PackedModel, UnpackedModel } from '../../service/model/packed-model.ts'
import { unpackModel } from '../../service/model/packed-model.ts'
import type { HostPorts } from '../../service/documents/compile-process.ts'
import type { CompilerOptions } from '../../service/documents/compile-pool.ts'
import { createCompileProcesses } from '../../service/documents/compile-pool.ts'
import { childrenOf } from '../support/child-processes.ts'

const URL_OF = 'https://docs.example.com/openapi.yaml'
const WORKER = new URL('../../service/compile-worker.ts', import.meta.url)

/** Far more than any document of these tests needs, so that only a hang ends by it. */
const PATIENT_MS = 60_000

const GOOD = `
openapi: 3.0.3
info: { title: Test, version: '1' }
components: { schemas: { Lamp: { x-flow-type: { name: Lamp }, properties: { id: { type: string } } } } }
`

/** YAML of many values, which takes seconds and much memory to read. */
const WIDE = `openapi: 3.0.3\nx-wide: [${'{a: 1},'.repeat(1_000_000)}]`

function startCompiler(t: TestContext, options: Partial<CompilerOptions> = {}) {
  const compiler = createCompileProcesses({
    worker: WORKER,
    processes: 1,
    timeMs: PATIENT_MS,
    memoryMb: 512,
    idleMs: PATIENT_MS,
    rules: {
      bounds: { perType: 200, total: 5_000 },
      limits: { DOCUMENT_MAX_BYTES: 64_000_000, UPSTREAM_TIMEOUT_MS: 15_000 }
    },
    ...options
  })
  t.after(() => compiler.close())
  return compiler
}

async function documentOf(text: string, url = URL_OF): Promise<SourceDocument> {
  const packed = await packText(Buffer.from(text))
  const facts = { key: url, url, base: url, contentType: null, hash: text.slice(0, 99) }
  return { ...facts, packed, fetchedAt: 0, stale: null }
}

function opened(model: PackedModel | null): UnpackedModel {
  assert.ok(model)
  return unpackModel(model)
}

const ALONE: HostPorts = {
  readPart: async () => assert.fail('a part was read'),
  isKnown: async () => assert.fail('a version was asked for')
}

/** The problem that compiling ends in, as its code and message. */
async function problemOf(compiling: Promise<unknown>): Promise<ConnectorError> {
  const error = await compiling.then(
    () => assert.fail('it was compiled'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, String(error))
  return error
}

test('a document is compiled in another process, and its model comes back whole', async t => {
  const compiler = startCompiler(t)
  const { model, ...found } = await compiler.compile(await documentOf(GOOD), 'acme', ALONE)
  const { index, types, description } = opened(model)
  assert.deepEqual([index.types, index.documentUrl], [['Lamp'], URL_OF])
  assert.equal(types.get('Lamp')?.properties[0]?.name, 'id')
  assert.match(gunzipSync(description.gzip).toString(), /^\[\{.*"developerName":"Lamp"/)
  assert.deepEqual(found, {
    version: `${GOOD.slice(0, 99)} ${URL_OF}`,
    stale: [],
    isComplete: true
  })
})

test('what is wrong with a document is the same problem as in one process', async t => {
  const compiler = startCompiler(t)
  const error = await problemOf(compiler.compile(await documentOf('a: ['), 'acme', ALONE))
  assert.equal(error.code, 'DOCUMENT_NOT_PARSED')
  assert.match(
    error.message,
    /^the document at https:\/\/docs\.example\.com\/openapi\.yaml is neither/
  )
  const [first, second] = await Promise.all([
    problemOf(compiler.compile(await documentOf('swagger: "2.0"'), 'acme', ALONE)),
    compiler.compile(await documentOf(GOOD), 'acme', ALONE)
  ])
  assert.equal(first.code, 'DOCUMENT_VERSION_UNSUPPORTED')
  assert.ok(second.model)
})

test('R21 a document that takes too long ends with a problem in its time, and the next is compiled', async t => {
  const compiler = startCompiler(t, { timeMs: 200 })
  const [wide, good] = await Promise.all([
    documentOf(WIDE).then(document => problemOf(compiler.compile(document, 'acme', ALONE))),
    documentOf(GOOD).then(async document => {
      while (true) {
        try {
          return await compiler.compile(document, 'globex', ALONE)
        } catch (error) {
          // On a busy machine a small document may take as long.
          assert.ok(error instanceof ConnectorError && error.code === 'DOCUMENT_TOO_COMPLEX')
        }
      }
    })
  ])
  assert.equal(wide.code, 'DOCUMENT_TOO_COMPLEX')
  assert.equal(wide.status, 422)
  assert.match(wide.message, /compiling it takes more than 200 ms/)
  assert.ok(good.model)
})

test('R21 a document that takes too much memory ends its own process alone', async t => {
  const compiler = startCompiler(t, { memoryMb: 32 })
  const wide = await problemOf(compiler.compile(await documentOf(WIDE), 'acme', ALONE))
  assert.equal(wide.code, 'DOCUMENT_TOO_COMPLEX')
  assert.match(wide.message, /more than 32 MB/)
  assert.ok((await compiler.compile(await documentOf(GOOD), 'acme', ALONE)).model)
})

test('R20 sixteen documents of a tenant wait, the next is refused at once, and another tenant has its turn', async t => {
  const compiler = startCompiler(t)
  const good = await documentOf(GOOD)
  const ends: string[] = []
  const running = Array.from({ length: 17 }, async (_, index) => {
    await compiler.compile(good, 'acme', ALONE)
    ends.push(`acme ${index}`)
  })
  const refused = await problemOf(compiler.compile(good, 'acme', ALONE))
  assert.deepEqual(
    [refused.code, refused.status, refused.retryAfterSeconds],
    ['COMPILER_BUSY', 503, 2]
  )
  const other = compiler.compile(good, 'globex', ALONE).then(() => ends.push('globex'))
  await Promise.all([...running, other])
  assert.equal(ends.length, 18)
  assert.ok(ends.indexOf('globex') <= 2, ends.join())
  assert.ok((await compiler.compile(good, 'acme', ALONE)).model)
})

test('A18 parts are read by the service, judged by the compiler, and a whole that is known is not compiled', async t => {
  const compiler = startCompiler(t)
  const root = await documentOf(
    GOOD.replace(
      '{ type: string }',
      '{ type: string }, at: { $ref: "https://parts.example/a.yaml" }'
    )
  )
  const part = await documentOf(
    'type: object\nproperties: { one: { type: string } }',
    'https://parts.example/a.yaml'
  )
  const judged: string[] = []
  const versions: string[] = []
  const ports: HostPorts = {
    async readPart(url, _signal, assertUsable) {
      await assertUsable(part)
      judged.push(url)
      return part
    },
    async isKnown(version) {
      versions.push(version)
      return versions.length > 1
    }
  }
  const first = await compiler.compile(root, 'acme', ports)
  assert.deepEqual(opened(first.model).index.types, ['Lamp', 'Lamp:at'])
  const second = await compiler.compile(root, 'acme', ports)
  assert.equal(second.model, null)
  assert.deepEqual(versions, [first.version, first.version])
  assert.deepEqual(judged, ['https://parts.example/a.yaml', 'https://parts.example/a.yaml'])
})

test('A18 a part that is of no use is refused by the judgement of the compiler', async t => {
  const compiler = startCompiler(t)
  const root = await documentOf(
    GOOD.replace(
      '{ type: string }',
      '{ type: string }, at: { $ref: "https://parts.example/a.yaml" }'
    )
  )
  const broken = await documentOf('a: [', 'https://parts.example/a.yaml')
  let refusal: unknown
  const compiled = await compiler.compile(root, 'acme', {
    async readPart(_url, _signal, assertUsable) {
      try {
        await assertUsable(broken)
      } catch (error) {
        refusal = error
        throw error
      }
      return broken
    },
    isKnown: async () => false
  })
  assert.ok(refusal instanceof ConnectorError)
  assert.equal(refusal.code, 'DOCUMENT_NOT_PARSED')
  const codes = opened(compiled.model)
    .diagnostics()
    .map(({ code }) => code)
  assert.deepEqual(codes, ['REF_UNREADABLE'])
})

test('a process that was made ready compiles the first document, and one that has died is replaced', async t => {
  const compiler = startCompiler(t, { processes: 2 })
  const compile = async (): Promise<void> => {
    const { model } = await compiler.compile(await documentOf(GOOD), 'acme', ALONE)
    assert.deepEqual(opened(model).index.types, ['Lamp'])
  }
  const before = pids()
  const started = (): number[] => pids().filter(pid => !before.includes(pid))

  await compiler.prepare()
  const [ready, ...others] = started()
  assert.ok(ready !== undefined && others.length === 0)
  await compile()
  assert.deepEqual(started(), [ready])

  process.kill(ready, 'SIGKILL')
  // Until this process has heard of it.
  while (existsSync(`/proc/${ready}`)) await wait(5)
  await compile()
  assert.equal(started().length, 1)
})

test('a process without work ends, and another is there when it is needed', async t => {
  const compiler = startCompiler(t, { idleMs: 1 })
  const good = await documentOf(GOOD)
  const before = pids()
  await compiler.prepare()
  while (pids().length > before.length) await wait(5)
  assert.ok((await compiler.compile(good, 'acme', ALONE)).model)
  while (pids().length > before.length) await wait(5)
  assert.ok((await compiler.compile(good, 'acme', ALONE)).model)
})

/** The processes that this one has started, of all tests of this file. */
function pids(): number[] {
  return childrenOf(process.pid).map(({ pid }) => pid)
}
