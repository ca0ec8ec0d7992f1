import { parseArgs } from 'node:util'

import { readLabels } from './label.ts'
import { renderFindings, renderScore } from './render-score.ts'
import { addScores } from './score.ts'
import { scoreLabels } from './score-labels.ts'

// Prints how well inference does on the labelled documents: `npm run infer:score`. Arguments are texts: only documents
// whose names contain one of them are judged. `--findings` prints what was missed and what was wrong, too.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { findings: { type: 'boolean', default: false } }
})
const labels = readLabels().filter(
  ({ document }) => positionals.length === 0 || positionals.some(text => document.includes(text))
)
const scored = await scoreLabels(labels)
if (values.findings) process.stdout.write(`${renderFindings(scored)}\n`)
process.stdout.write(`${renderScore(labels, addScores(scored.map(({ score }) => score)))}\n`)
