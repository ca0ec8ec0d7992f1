import assert from 'node:assert/strict'
import { test } from 'node:test'

import { reachOf, renderReach } from '../../bench/corpus-reach.ts'
import type { CorpusOutcome } from '../../bench/corpus-report.ts'
import type { CorpusReply } from '../../bench/corpus-task.ts'
import { documentDiagnostic } from '../../service/model/diagnostic.ts'

const REPLY: CorpusReply = {
  problem: null,
  stack: null,
  milliseconds: 2_000,
  peakBytes: 100 * 2 ** 20,
  types: 2,
  mappings: 3,
  calls: { query: 2, load: 1 },
  unplanned: [{ key: 'load:Order', problem: 'PARAMETER_REQUIRED' }],
  diagnostics: []
}

function outcome(name: string, reply: Partial<CorpusReply>): CorpusOutcome {
  return { name, form: 'plain', ended: null, reply: { ...REPLY, ...reply } }
}

const bare = { types: 0, mappings: 0, calls: {}, unplanned: [] }
const reason = documentDiagnostic('DOCUMENT_NOT_ANNOTATED', { count: 3 }, 'b.json')

test('the reach of a corpus counts documents by what became of them, calls by verb, and problems', () => {
  const reach = reachOf([
    outcome('a', {}),
    outcome('b', { ...bare, diagnostics: [reason] }),
    outcome('c', bare),
    outcome('d', { ...bare, problem: 'DOCUMENT_TOO_COMPLEX' }),
    outcome('e', { ...bare, stack: 'TypeError' }),
    { name: 'f', form: 'plain', ended: 'slow', reply: null },
    { ...outcome('g', {}), form: 'annotated' }
  ])
  assert.deepEqual([reach.documents, reach.withTypes], [6, 1])
  assert.deepEqual(reach.withoutTypes, [{ what: 'DOCUMENT_NOT_ANNOTATED', count: 1 }])
  assert.deepEqual(reach.unexplained, ['c'])
  assert.deepEqual(reach.refused, [{ what: 'DOCUMENT_TOO_COMPLEX', count: 1 }])
  assert.deepEqual(reach.failed, ['e', 'f'])
  assert.deepEqual(reach.calls, { load: 1, query: 2, save: 0, update: 0, delete: 0 })
  assert.deepEqual(reach.unplanned, [{ what: 'PARAMETER_REQUIRED', count: 1 }])
  assert.equal(reach.seconds.most, 2)
  const table = renderReach(reach)
  assert.match(table, /\| with types \| 1 \(16\.7 %\) \|/)
  assert.match(table, /\| mappings without a request \| 1 \(`PARAMETER_REQUIRED` 1\) of 3 \|/)
})
