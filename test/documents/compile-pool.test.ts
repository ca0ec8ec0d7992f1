import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

import { oneAsker } from '../../service/base/askers.ts'
import { createOwner } from '../../service/base/owner.ts'
import { ConnectorError } from '../../service/errors.ts'
import type { PackedModel, UnpackedModel } from '../../service/model/packed-model.ts'
import { unpackModel } from '../../service/model/packed-model.ts'
import type { Compiled, CompilerOptions } from '../../service/documents/compile-pool.ts'
import { createCompilePool } from '../../service/documents/compile-pool.ts'
import type { SourceText } from '../../service/documents/source-document.ts'
import { packText } from '../../service/documents/source-document.ts'
import type { UrlTarget } from '../../service/parse/links.ts'
import { childrenOf } from '../support/child-processes.ts'

const URL_OF = 'https://docs.example.com/openapi.yaml'
const WORKER = new URL('../../service/compile-worker.ts', import.meta.url)

/** Far more than any document of these tests needs, so that only a hang ends by it. */
const PATIENT_MS = 60_000

/** Far more than a small document takes on a busy machine, and less than a wide one takes on any. */
const SHORT_MS = 1_500

const GOOD = `
openapi: 3.0.3
info: { title: Test, version: '1' }
components: { schemas: { Lamp: { x-flow-type: { name: Lamp }, properties: { id: { type: string } } } } }
`

/** YAML of many values, which takes seconds and much memory to read. */
const WIDE = `openapi: 3.0.3\nx-wide: [${'{a: 1},'.repeat(1_000_000)}]`

const of = (tenant: string) => oneAsker(createOwner(null, tenant))

function startCompiler(t: TestContext, options: Partial<CompilerOptions> = {}) {
  const compiler = createCompilePool({
    worker: WORKER,
    processes: 1,
    waiting: 1_024,
    timeMs: PATIENT_MS,
    memoryMb: 512,
    idleMs: PATIENT_MS,
    bounds: { perType: 200, total: 5_000 },
    warn: () => {},
    ...options
  })
  t.after(() => compiler.close())
  return compiler
}

async function documentOf(text: string, url = URL_OF): Promise<SourceText> {
  return { url, base: url, contentType: null, packed: await packText(Buffer.from(text)) }
}

function modelOf(compiled: Compiled): PackedModel {
  assert.ok('model' in compiled)
  return compiled.model
}

function opened(compiled: Compiled): UnpackedModel {
  return unpackModel(modelOf(compiled))
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
  const { index, types, description } = opened(
    await compiler.compile(await documentOf(GOOD), null, of('acme'))
  )
  assert.deepEqual([index.types, index.documentUrl], [['Lamp'], URL_OF])
  assert.equal(types.get('Lamp')?.properties[0]?.name, 'id')
  assert.match(gunzipSync(description.gzip).toString(), /^\[\{.*"developerName":"Lamp"/)
})

test('a faulty document yields the same problem as when it is compiled in this process', async t => {
  const compiler = startCompiler(t)
  const error = await problemOf(compiler.compile(await documentOf('a: ['), null, of('acme')))
  assert.equal(error.code, 'DOCUMENT_NOT_PARSED')
  assert.match(
    error.message,
    /^the document at https:\/\/docs\.example\.com\/openapi\.yaml is neither/
  )
  const [first, second] = await Promise.all([
    problemOf(compiler.compile(await documentOf('swagger: "1.2"'), null, of('acme'))),
    compiler.compile(await documentOf(GOOD), null, of('acme'))
  ])
  assert.equal(first.code, 'DOCUMENT_VERSION_UNSUPPORTED')
  assert.ok(modelOf(second))
})

test('R21 a document that takes too long ends with a problem in its time, and the next is compiled', async t => {
  const compiler = startCompiler(t, { timeMs: SHORT_MS })
  const [wide, good] = await Promise.all([
    documentOf(WIDE).then(document => problemOf(compiler.compile(document, null, of('acme')))),
    documentOf(GOOD).then(document => compiler.compile(document, null, of('globex')))
  ])
  assert.equal(wide.code, 'DOCUMENT_TOO_COMPLEX')
  assert.equal(wide.status, 422)
  assert.match(wide.message, /compiling it takes more than 1500 ms/)
  assert.ok(modelOf(good))
})

test('R21 a document that takes too much memory ends its own process alone', async t => {
  const compiler = startCompiler(t, { memoryMb: 32 })
  const wide = await problemOf(compiler.compile(await documentOf(WIDE), null, of('acme')))
  assert.equal(wide.code, 'DOCUMENT_TOO_COMPLEX')
  assert.match(wide.message, /more than 32 MB/)
  assert.ok(modelOf(await compiler.compile(await documentOf(GOOD), null, of('acme'))))
})

test('R20 sixteen documents of a tenant wait, the next is refused at once, and another tenant is served', async t => {
  const compiler = startCompiler(t)
  const good = await documentOf(GOOD)
  const ends: string[] = []
  const running = Array.from({ length: 17 }, async (_, index) => {
    await compiler.compile(good, null, of('acme'))
    ends.push(`acme ${index}`)
  })
  const refused = await problemOf(compiler.compile(good, null, of('acme')))
  assert.deepEqual(
    [refused.code, refused.status, refused.retryAfterSeconds],
    ['COMPILER_BUSY', 503, 2]
  )
  const other = compiler.compile(good, null, of('globex')).then(() => ends.push('globex'))
  await Promise.all([...running, other])
  assert.equal(ends.length, 18)
  assert.ok(ends.indexOf('globex') <= 2, ends.join())
  assert.ok(modelOf(await compiler.compile(good, null, of('acme'))))
})

test('H15 a document whose process is ended from outside, twice, is not too complex, but may be tried again', async t => {
  const compiler = startCompiler(t)
  const killed = new Set<number>()
  const killing = setInterval(() => {
    for (const { pid } of childrenOf(process.pid)) {
      if (!killed.has(pid) && killed.size < 2) {
        killed.add(pid)
        process.kill(pid, 'SIGKILL')
      }
    }
  }, 5)
  const { code, status, retryAfterSeconds } = await problemOf(
    compiler.compile(await documentOf(WIDE), null, of('acme'))
  )
  clearInterval(killing)
  assert.deepEqual([code, status, retryAfterSeconds, killed.size], ['COMPILER_ENDED', 503, 2, 2])
  assert.ok(modelOf(await compiler.compile(await documentOf(GOOD), null, of('acme'))))
})

const PART_URL = 'https://parts.example/a.yaml'

const REFERRING = GOOD.replace(
  '{ type: string }',
  `{ type: string }, at: { $ref: "${PART_URL}" }, own: { $ref: "#/info" }, no: { $ref: "ftp://a/b" }`
)

test('A18 a document that refers to others is outlined, and compiled once they are gathered', async t => {
  const compiler = startCompiler(t)
  const root = await documentOf(REFERRING)
  const text = 'type: object\nproperties: { one: { type: string } }'
  const part = await documentOf(text, PART_URL)

  const first = await compiler.compile(root, null, of('acme'))
  assert.ok('outline' in first)
  assert.deepEqual([first.outline.urls, first.outline.bytes], [[PART_URL], REFERRING.length])
  const own = [URL_OF, 0] as const
  const gathered = { parts: [part], targets: new Map([own, [PART_URL, 1]]) }
  assert.deepEqual(await compiler.outline(part, URL_OF, of('acme')), {
    urls: [],
    bytes: text.length,
    values: first.outline.values > 0 ? 3 : 0
  })
  const { index, diagnostics } = opened(await compiler.compile(root, gathered, of('acme')))
  assert.deepEqual(index.types, ['Lamp', 'Lamp:at'])
  assert.deepEqual(
    diagnostics().map(({ code }) => code),
    ['REF_NOT_ALLOWED']
  )
  const refusal = { code: 'REF_UNREADABLE', reason: 'gone', problem: 'DOCUMENT_STATUS' } as const
  const without = { parts: [], targets: new Map<string, UrlTarget>([own, [PART_URL, refusal]]) }
  const lacking = opened(await compiler.compile(root, without, of('acme')))
  assert.deepEqual(
    lacking.diagnostics().map(({ code }) => code),
    ['REF_UNREADABLE', 'REF_NOT_ALLOWED']
  )
})

test('A18 a document none of whose references may be followed is compiled at once', async t => {
  const compiler = startCompiler(t)
  for (const reference of ['file:///etc/passwd', 'http://a.example/b', `${URL_OF}#/info`]) {
    const text = REFERRING.replace(PART_URL, reference)
    const { index } = opened(await compiler.compile(await documentOf(text), null, of('acme')))
    assert.equal(index.types[0], 'Lamp')
  }
})

test('A18 outlining an unusable part fails, and affects no other part', async t => {
  const patient = startCompiler(t)
  for (const [text, code, compiler] of [
    ['a: [', 'DOCUMENT_NOT_PARSED', patient],
    ['<html></html>', 'DOCUMENT_NOT_OPENAPI', patient],
    [WIDE, 'DOCUMENT_TOO_COMPLEX', startCompiler(t, { timeMs: SHORT_MS })]
  ] as const) {
    const part = await documentOf(text, PART_URL)
    const error = await problemOf(compiler.outline(part, URL_OF, of('acme')))
    assert.equal(error.code, code)
    assert.match(error.message, /parts\.example\/a\.yaml/)
    assert.ok(modelOf(await compiler.compile(await documentOf(GOOD), null, of('acme'))))
  }
})

test('a prepared process compiles the first document, and a dead one is replaced', async t => {
  const compiler = startCompiler(t, { processes: 2 })
  const compile = async (): Promise<void> => {
    const compiled = await compiler.compile(await documentOf(GOOD), null, of('acme'))
    assert.deepEqual(opened(compiled).index.types, ['Lamp'])
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

test('an idle process ends, and another starts on demand', async t => {
  const compiler = startCompiler(t, { idleMs: 1 })
  const good = await documentOf(GOOD)
  const before = pids()
  await compiler.prepare()
  while (pids().length > before.length) await wait(5)
  assert.ok(modelOf(await compiler.compile(good, null, of('acme'))))
  while (pids().length > before.length) await wait(5)
  assert.ok(modelOf(await compiler.compile(good, null, of('acme'))))
})

/** The processes that this one has started, of all tests of this file. */
function pids(): number[] {
  return childrenOf(process.pid).map(({ pid }) => pid)
}
