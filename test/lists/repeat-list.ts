import { parseArgs } from 'node:util'

import { makeApi } from './make-api.ts'
import { makeDocument } from './make-document.ts'
import { findingText, runLists, runReport } from './run-lists.ts'

// Reads the random list APIs of some seeds: `node test/lists/repeat-list.ts --seed 17`, and shows the document
// of a single one; `--count 500` reads as many, and `--problems` shows problems too.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    shown: { type: 'string', default: '10' },
    problems: { type: 'boolean', default: false }
  }
})
const [from, count, shown] = [Number(values.seed), Number(values.count), Number(values.shown)]
const started = performance.now()
const run = await runLists({ from, count })
const seconds = ((performance.now() - started) / 1_000).toFixed(1)
if (count === 1)
  process.stdout.write(`${JSON.stringify(makeDocument(makeApi(from), '/v1'), null, 1)}\n`)
process.stdout.write(`${runReport(run, shown)}\n`)
if (values.problems)
  process.stdout.write(`${run.problems.slice(0, shown).map(findingText).join('\n')}\n`)
process.stdout.write(`${seconds} s\n`)
