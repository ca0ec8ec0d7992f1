import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CorpusOutcome } from '../../bench/corpus-report.ts'
import { isFailure, renderReport, wordingOf } from '../../bench/corpus-report.ts'
import { documentDiagnostic } from '../../service/model/diagnostic.ts'

const REPLY = {
  problem: null,
  stack: null,
  milliseconds: 12,
  peakBytes: 3 * 2 ** 20,
  types: 2,
  mappings: 1,
  calls: { query: 1 },
  unplanned: [],
  diagnostics: [
    documentDiagnostic('DOCUMENT_LARGE', { bytes: 5_000_000 }, 'a.json'),
    documentDiagnostic('DOCUMENT_LARGE', { bytes: 6_000_000 }, 'a.json')
  ]
}
const DONE: CorpusOutcome = { name: 'a.json', form: 'annotated', ended: null, reply: REPLY }

test('a wording is what the messages of one kind have in common', () => {
  assert.equal(
    wordingOf('GET /a/{b} declares no parameter "x"; 17 of `#/components/schemas/X` and `items`'),
    'METHOD /… declares no parameter "…"; 0 of `…` and `items`'
  )
})

test('a document fails by its process, its time or an error that is no problem', () => {
  assert.equal(isFailure(DONE), false)
  assert.equal(isFailure({ ...DONE, reply: { ...REPLY, problem: 'DOCUMENT_TOO_COMPLEX' } }), false)
  assert.equal(isFailure({ ...DONE, reply: { ...REPLY, stack: 'TypeError' } }), true)
  for (const ended of ['slow', 'crashed', 'killed']) {
    assert.equal(isFailure({ ...DONE, ended, reply: null }), true)
    const rules: CorpusOutcome = { ...DONE, form: 'rules', ended, reply: null }
    assert.equal(isFailure(rules), ended !== 'slow')
  }
})

test('the report names failures, the most time and memory, and counts wordings', () => {
  const failed: CorpusOutcome = { name: 'b.json', form: 'plain', ended: 'slow', reply: null }
  const report = renderReport([DONE, failed], 2)
  assert.match(
    report,
    /^2 documents, 2 types, 1 mappings\n1 failed\n {2}b\.json: slow\n0 refused\n0 not checked/
  )
  assert.match(report, /most CPU time\n +12 ms {2}a\.json, annotated\n/)
  assert.match(report, /most memory\n +3 MB {2}a\.json, annotated\n/)
  assert.match(report, / 2 in +1 {2}DOCUMENT_LARGE the document has 0 bytes/)
})
