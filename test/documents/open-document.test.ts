import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'

import { createOwner } from '../../service/base/owner.ts'
import { USUAL_PATIENCE_MS } from '../../service/documents/open-document.ts'
import { ConnectorError } from '../../service/errors.ts'
import { startFiles } from '../support/start-files.ts'
import { openerFor, said } from '../support/start-opener.ts'

/** A document whose only type is called so. */
function documentOf(type: string): string {
  return `
openapi: 3.0.3
info: { title: Test, version: '1' }
components: { schemas: { A: { x-flow-type: { name: ${type} }, properties: { id: { type: string } } } } }
`
}

const codesOf = (opened: Parameters<typeof said>[0]): string[] =>
  said(opened).map(({ code, message }) => `${code} ${/\((\w+)\)/.exec(message)?.[1] ?? ''}`.trim())

/** A server that takes a request and does not answer it until it is let go. */
function holding(file: string) {
  const release = Promise.withResolvers<void>()
  const handler: RequestListener = (_, response) => {
    void release.promise.then(() => response.end(file))
  }
  return { handler, release: release.resolve }
}

test('A26 a document past its time is read again, and its new model serves from then on', async t => {
  const files = await startFiles(t, { '/a': documentOf('Old') })
  const { clock, open } = openerFor(t)
  const old = await open(`${files.url}/a`)
  files.put('/a', documentOf('New'))
  clock.time += 299_000
  assert.equal((await open(`${files.url}/a`)).model, old.model)
  clock.time += 2_000
  assert.deepEqual((await open(`${files.url}/a`)).model.index.types, ['New'])
  assert.deepEqual(files.takeFetches(), ['200 /a', '200 /a'])
})

test('V4 A26 an install revalidates the document, however young its model is', async t => {
  const files = await startFiles(t, { '/a': documentOf('Old'), '/b': documentOf('Old') })
  for (const path of ['/a', '/b']) {
    const { clock, open } = openerFor(t)
    const install = () => open(files.url + path, null, { mustRevalidate: true })
    const old = path === '/a' ? await open(files.url + path) : await install()
    clock.time += 1_000
    assert.equal((await install()).model, old.model)
    files.put(path, documentOf('New'))
    clock.time += 1_000
    assert.equal((await open(files.url + path)).model, old.model)
    const installed = await install()
    assert.deepEqual(installed.model.index.types, ['New'])
    // What was installed is what flows get.
    assert.equal((await open(files.url + path)).model, installed.model)
    assert.deepEqual(files.takeFetches(), [`200 ${path}`, `304 ${path}`, `200 ${path}`])
  }
})

test('V4 A26 those who install at once join one question, also one that a flow request asks', async t => {
  const files = await startFiles(t, { '/a': documentOf('Old') })
  const { clock, open } = openerFor(t)
  await open(`${files.url}/a`)
  for (const age of [1_000, 301_000]) {
    clock.time += age
    files.takeFetches()
    const slow = holding(documentOf(`At${age}`))
    files.put('/a', slow.handler)
    const flow = age > 300_000 ? [open(`${files.url}/a`)] : []
    const install = () => open(`${files.url}/a`, null, { mustRevalidate: true })
    const installing = [...flow, install(), install(), install()]
    while (files.fetches.length === 0) await new Promise(setImmediate)
    installing.push(install())
    slow.release()
    for (const { model } of await Promise.all(installing)) {
      assert.deepEqual(model.index.types, [`At${age}`])
    }
    assert.deepEqual(files.takeFetches(), ['200 /a'])
  }
})

test('R17 while a document is read again slowly the last model serves, and whoever installs waits', async t => {
  const files = await startFiles(t, { '/a': documentOf('Old') })
  const { clock, open } = openerFor(t, { patienceMs: USUAL_PATIENCE_MS })
  const old = await open(`${files.url}/a`)
  const slow = holding(documentOf('New'))
  files.put('/a', slow.handler)
  clock.time += 301_000
  const installing = open(`${files.url}/a`, null, { mustRevalidate: true })
  const many = await Promise.all(Array.from({ length: 50 }, () => open(`${files.url}/a`)))
  for (const { model } of many) assert.equal(model, old.model)
  slow.release()
  assert.deepEqual((await installing).model.index.types, ['New'])
  assert.deepEqual((await open(`${files.url}/a`)).model.index.types, ['New'])
  assert.equal(files.fetches.length, 2)
})

test('R17 H18 while the server of a document is away its last model serves for a day, and says so', async t => {
  const files = await startFiles(t, { '/a': documentOf('Good') })
  const { clock, open } = openerFor(t)
  const good = await open(`${files.url}/a`)
  files.put('/a', (_, response) => response.writeHead(503).end())
  clock.time += 301_000
  const stale = await open(`${files.url}/a`)
  assert.equal(stale.model, good.model)
  assert.deepEqual(codesOf(stale), ['DOCUMENT_STALE DOCUMENT_STATUS'])
  assert.match(said(stale)[0]?.message ?? '', /a copy that is 301 s old is in use/)
  assert.deepEqual(files.takeFetches(), ['200 /a', '503 /a'])

  // Asked again at most once in a minute, and nobody waits for it.
  clock.time += 59_000
  for (let i = 0; i < 3; i++) await open(`${files.url}/a`)
  assert.deepEqual(files.takeFetches(), [])
  const slow = holding(documentOf('Good'))
  files.put('/a', slow.handler)
  clock.time += 2_000
  for (let i = 0; i < 3; i++) assert.equal((await open(`${files.url}/a`)).model, good.model)
  slow.release()
  const back = await open(`${files.url}/a`, null, { mustRevalidate: true })
  assert.deepEqual([back.model, codesOf(back)], [good.model, []])
  assert.equal(files.takeFetches().length, 1)

  files.put('/a', null)
  clock.time += 86_400_000
  assert.deepEqual((await open(`${files.url}/a`)).model.index.types, ['Good'])
  clock.time += 61_000
  const late = await open(`${files.url}/a`, null, { mustRevalidate: true }).catch(
    (error: unknown) => error
  )
  assert.ok(late instanceof ConnectorError, String(late))
  assert.equal(late.code, 'DOCUMENT_STATUS')
})

test('A26 a new text that is broken takes no good model away, and a diagnostic says so', async t => {
  for (const [broken, code] of [
    ['a: [', 'DOCUMENT_NOT_PARSED'],
    ['<html></html>', 'DOCUMENT_NOT_OPENAPI'],
    ['swagger: "1.2"', 'DOCUMENT_VERSION_UNSUPPORTED']
  ] as const) {
    const files = await startFiles(t, { '/a': documentOf('Good') })
    const { clock, open } = openerFor(t)
    const good = await open(`${files.url}/a`)
    files.put('/a', broken)
    clock.time += 301_000
    const stale = await open(`${files.url}/a`)
    assert.equal(stale.model, good.model)
    assert.deepEqual(codesOf(stale), [`DOCUMENT_STALE ${code}`])
    files.put('/a', documentOf('Better'))
    clock.time += 1_000
    // Whoever installs is not told to come again in a minute.
    const better = await open(`${files.url}/a`, null, { mustRevalidate: true })
    assert.deepEqual([better.model.index.types, codesOf(better)], [['Better'], []])
  }
})

test('R11 many who open documents with the same text at once share one compilation', async t => {
  const text = documentOf('Same')
  const files = await startFiles(t, { '/a': text })
  const { open, compilations } = openerFor(t)
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => open(`${files.url}/a`, `token-${index % 4}`))
  )
  assert.equal(compilations(), 1)
  assert.equal(files.fetches.length, 4)
})

test('R11 a caller that gives up aborts neither other callers nor the compilation', async t => {
  const slow = holding(documentOf('A'))
  const files = await startFiles(t, { '/a': slow.handler })
  const { open } = openerFor(t)
  const leaver = new AbortController()
  const leaving = open(`${files.url}/a`, null, { signal: leaver.signal })
  const staying = open(`${files.url}/a`)
  leaver.abort(new Error('the platform hung up'))
  await assert.rejects(leaving, /the platform hung up/)
  slow.release()
  assert.deepEqual((await staying).model.index.types, ['A'])
})

test('a full cache evicts models of the tenant with the most bytes, not of others', async t => {
  const paths = ['/victim', ...Array.from({ length: 30 }, (_, index) => `/flood-${index}`)]
  const files = await startFiles(
    t,
    Object.fromEntries(paths.map((path, index) => [path, documentOf(`T${index}`)]))
  )
  const { open, compilations } = openerFor(t, { maxBytes: 20_000 })
  const victim = await open(`${files.url}/victim`, null, { owner: createOwner(null, 'victim') })
  for (const path of paths.slice(1))
    await open(files.url + path, null, { owner: createOwner(null, 'flood') })
  assert.equal(
    (await open(`${files.url}/victim`, null, { owner: createOwner(null, 'victim') })).model,
    victim.model
  )
  assert.equal(compilations(), 31)
  await open(`${files.url}/flood-0`, null, { owner: createOwner(null, 'flood') })
  assert.equal(compilations(), 32)
})

test('a document that cannot be compiled is not tried again for a minute, though it is fetched again', async t => {
  const files = await startFiles(t, { '/a': 'a: [' })
  const { clock, open, compilations } = openerFor(t)
  const attempt = async (): Promise<string> => {
    const error = await open(`${files.url}/a`).catch((reason: unknown) => reason)
    return error instanceof ConnectorError ? error.code : String(error)
  }
  assert.equal(await attempt(), 'DOCUMENT_NOT_PARSED')
  clock.time += 30_000
  assert.equal(await attempt(), 'DOCUMENT_NOT_PARSED')
  assert.deepEqual([compilations(), files.fetches.length], [1, 2])
  clock.time += 31_000
  assert.equal(await attempt(), 'DOCUMENT_NOT_PARSED')
  assert.equal(compilations(), 2)
  files.put('/a', documentOf('Good'))
  clock.time += 1_000
  await open(`${files.url}/a`)
})
