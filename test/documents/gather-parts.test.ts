import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { COMMON_ASKERS } from '../../service/base/askers.ts'
import { createDocumentSource, USUAL_FETCH_TIMES } from '../../service/documents/fetch-document.ts'
import { gatherParts } from '../../service/documents/gather-parts.ts'
import { createDocumentChanges } from '../../service/documents/document-copies.ts'
import { outlinePart } from '../../service/documents/parse-source.ts'
import type { SourceDocument } from '../../service/documents/source-document.ts'
import { createControlClient } from '../../service/net/control-client.ts'
import { createDocumentClient } from '../../service/net/document-client.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { testEgress } from '../support/test-egress.ts'
import { FETCHES } from '../support/response-budget.ts'
import { NOTHING_KEPT } from '../support/nothing-kept.ts'

const LIMITS = {
  CONNECT_TIMEOUT_MS: 5_000,
  UPSTREAM_TIMEOUT_MS: 20_000,
  DOCUMENT_MAX_BYTES: 1_000_000
}

for (const [name, text] of [
  ['good', 'type: object'],
  ['broken', 'a: [']
]) {
  test(`V3 A18 a ${name} part that comes after the time of all parts is not kept`, async t => {
    const arrived = Promise.withResolvers<ServerResponse>()
    const asked: (string | undefined)[] = []
    const url = await startUpstream(t, (request, response) => {
      asked.push(request.headers['if-none-match'])
      response.setHeader('etag', '"1"')
      if (asked.length === 1) arrived.resolve(response)
      else response.end(text)
    })
    const control = createControlClient(LIMITS, testEgress())
    t.after(() => control.close())
    const source = createDocumentSource({
      kept: NOTHING_KEPT,
      budget: FETCHES,
      times: USUAL_FETCH_TIMES,
      client: createDocumentClient(control, LIMITS),
      store: createMemoryStore({ maxBytes: 100_000, now: () => performance.now() }),
      settings: { DOCUMENT_TTL_S: 300 },
      now: Date.now,
      wait,
      newId: randomUUID,
      changes: createDocumentChanges(null),
      sampleNames: [],
      readSample: async () => undefined
    })
    const part = { location: `${url}/part.yaml`, token: null }
    const root: SourceDocument = {
      key: '',
      url: `${url}/a.yaml`,
      base: `${url}/a.yaml`,
      packed: new Uint8Array(),
      contentType: null,
      hash: '',
      fetchedAt: 0,
      stale: null
    }
    const judged: string[] = []
    const outline = async (candidate: SourceDocument) => {
      judged.push(candidate.url)
      return outlinePart(candidate, root.base)
    }
    let reading: Promise<SourceDocument> | undefined
    const gathered = await gatherParts(
      root,
      { urls: [part.location], bytes: 1, values: 1 },
      {
        outline,
        askers: COMMON_ASKERS,
        read(_, assertUsable) {
          reading = source.read(part, {
            use: 'part',
            minFetchedAt: 0,
            assertUsable,
            askers: COMMON_ASKERS
          })
          return reading
        }
      },
      { ...LIMITS, UPSTREAM_TIMEOUT_MS: 100 }
    )
    assert.deepEqual(gathered.parts, [])
    const end = gathered.targets.get(part.location)
    assert.ok(typeof end === 'object' && end.code === 'REF_LIMIT' && end.isTimeout)

    const response = await arrived.promise
    response.end(text)
    assert.ok(reading)
    await assert.rejects(reading, { code: 'DOCUMENT_TOO_COMPLEX' })
    assert.deepEqual(judged, [])
    // The failure is told for a second; then there is nothing that could be confirmed.
    await wait(1_005)
    const again = await source.read(part, {
      use: 'part',
      minFetchedAt: 0,
      assertUsable: () => {},
      askers: COMMON_ASKERS
    })
    assert.equal(again.stale, null)
    assert.deepEqual(asked, [undefined, undefined])
  })
}
