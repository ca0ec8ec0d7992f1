import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkRequests } from '../../bench/check-requests.ts'
import { compileCorpus } from '../../bench/compile-corpus.ts'
import { corpusFiles } from '../../bench/corpus-files.ts'
import { reachOf, renderReach } from '../../bench/corpus-reach.ts'
import { renderRequests, sumRequests } from '../../bench/render-requests.ts'

/** Documents that are compiled, and those of which mocks are asked. */
const DOCUMENTS = 60
const MOCKS = 12

/** Bounds of one document: CPU time (s) and memory of the process (MB). */
const SECONDS_MAX = 20
const MEGABYTES_MAX = 1_024

/** A busy machine takes longer for so many than a test usually may. */
const PATIENCE_MS = 1_200_000

const files = await corpusFiles({ count: DOCUMENTS })

test('C26 of 60 real documents as they are, none fails, is slow or large, and those without a type say why', {
  timeout: PATIENCE_MS
}, async t => {
  const outcomes = await compileCorpus({ files, forms: ['plain'], processes: 2, timeMs: 240_000 })
  const reach = reachOf(outcomes)
  t.diagnostic(renderReach(reach))
  assert.equal(reach.documents, DOCUMENTS)
  assert.deepEqual(reach.failed, [])
  assert.deepEqual(reach.unexplained, [])
  assert.ok(reach.withTypes >= DOCUMENTS / 2, `${reach.withTypes} have types`)
  assert.ok(reach.seconds.most <= SECONDS_MAX, `${reach.seconds.most} s`)
  assert.ok(reach.megabytes.most <= MEGABYTES_MAX, `${reach.megabytes.most} MB`)
})

test('C26 mocks of real documents accept at least 95% of the requests of inferred mappings', {
  timeout: PATIENCE_MS
}, async t => {
  const checked = await checkRequests(files, MOCKS)
  t.diagnostic(renderRequests(checked))
  const { planned, accepted } = sumRequests(checked)
  assert.ok(planned > 100, `only ${planned} requests`)
  assert.ok(accepted >= 0.95 * planned, `${accepted} of ${planned}`)
})
