import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { Askers } from '../../service/base/askers.ts'
import { createOwner } from '../../service/base/owner.ts'
import { ConnectorError } from '../../service/errors.ts'
import { openerFor } from '../support/start-opener.ts'
import { startUpstream } from '../support/start-upstream.ts'

const PATIENCE = { timeout: 60_000, interval: 10 }

const WHOLE = `openapi: 3.0.3
info: {title: Notes, version: '1'}
components: {schemas: {Note: {x-flow-type: {name: Note}, properties: {id: {type: string}}}}}
`
const ROOT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
components: {schemas: {Note: {$ref: 'part.yaml#/Note'}}}
`
const PART = 'Note: {x-flow-type: {name: Note}, properties: {id: {type: string}}}'

/** An opener whose compiler waits until a test lets it go on, and the owners in whose queues its tasks wait. */
async function setUp(t: TestContext, kind: 'whole' | 'part') {
  const url = await startUpstream(t, (request, response) => {
    if (request.url === '/part.yaml') response.end(PART)
    else response.end(kind === 'whole' ? WHOLE : ROOT)
  })
  const gate = Promise.withResolvers<void>()
  t.after(() => gate.resolve())
  const queued: string[] = []
  const busy = new Set<string>()
  const wait = async (what: string, askers: Askers): Promise<void> => {
    if (busy.has(askers.first.tenant)) throw new ConnectorError('COMPILER_BUSY', { limit: 16 })
    askers.each(({ tenant }) => queued.push(`${what} ${tenant}`))
    await gate.promise
  }
  const { open, compilations } = openerFor(t, {
    before: ({ compile, outline }) => ({
      async compile(root, gathered, askers) {
        if (kind === 'whole') await wait('compile', askers)
        return compile(root, gathered, askers)
      },
      async outline(part, base, askers) {
        if (kind === 'part') await wait('outline', askers)
        return outline(part, base, askers)
      }
    })
  })
  const ask = (tenant: string, mustRevalidate: boolean) =>
    open(`${url}/root.yaml`, null, { owner: createOwner(null, tenant), mustRevalidate })
  return { ask, queued, busy, gate, compilations }
}

for (const kind of ['whole', 'part'] as const) {
  for (const [first, second] of [
    [true, true],
    [false, false],
    [true, false],
    [false, true]
  ] as const) {
    const names = [first, second].map(isNow => (isNow ? 'install' : 'load')).join(' and ')
    test(`H9 who joins a flight is in the queue too: ${names} of a document (${kind})`, async t => {
      const { ask, queued, gate, compilations } = await setUp(t, kind)
      const asked = [ask('a', first)]
      const task = kind === 'whole' ? 'compile' : 'outline'
      await t.waitFor(() => assert.deepEqual(queued, [`${task} a`]), PATIENCE)
      asked.push(ask('b', second), ask('b', second), ask('c', second))
      await t.waitFor(
        () => assert.deepEqual(queued, [`${task} a`, `${task} b`, `${task} c`]),
        PATIENCE
      )
      gate.resolve()
      const opened = await Promise.all(asked)
      assert.ok(opened.every(({ model }) => model.types.get('Note') !== undefined))
      assert.equal(compilations(), 1)
    })
  }

  test(`H9 a full queue of who asked first is none of who joins (${kind})`, async t => {
    const { ask, busy, gate, compilations } = await setUp(t, kind)
    busy.add('a')
    gate.resolve()
    const asked = await Promise.allSettled([ask('a', true), ask('b', true), ask('c', true)])
    assert.deepEqual(
      asked.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled']
    )
    assert.equal(compilations(), 1)
  })
}
