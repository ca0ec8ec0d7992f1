import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parseArgs } from 'node:util'

import { checkRequests } from '../bench/check-requests.ts'
import { compileCorpus } from '../bench/compile-corpus.ts'
import { corpusFiles } from '../bench/corpus-files.ts'
import { reachOf } from '../bench/corpus-reach.ts'
import { readLabels } from '../test/infer/label.ts'
import { addScores } from '../test/infer/score.ts'
import { scoreLabels } from '../test/infer/score-labels.ts'
import { renderReachPage } from './render-reach.ts'

// Measures how far the connector gets with real documents, and writes docs/reach.md: `npm run reach`. It takes half an
// hour. `--count N` takes that many of the documents, chosen by hash, `--requests N` as many mocks.

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' }
  }
})

setPriority(19)
const labels = readLabels()
const scored = await scoreLabels(labels)
const files = await corpusFiles({ count: Number(values.count) })
const outcomes = await compileCorpus({
  files,
  forms: ['plain'],
  processes: Number(values.processes),
  timeMs: 300_000
})
const page = renderReachPage({
  labels,
  score: addScores(scored.map(({ score }) => score)),
  reach: reachOf(outcomes),
  requests: await checkRequests(files, Number(values.requests))
})
writeFileSync(new URL('reach.md', import.meta.url), page)
