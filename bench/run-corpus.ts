import assert from 'node:assert/strict'
import { createWriteStream } from 'node:fs'
import { setPriority } from 'node:os'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

import { compileCorpus } from './compile-corpus.ts'
import { chosenFiles, corpusFiles, filesIn } from './corpus-files.ts'
import { reachOf, renderReach } from './corpus-reach.ts'
import { isFailure, renderReport } from './corpus-report.ts'
import { FORMS } from './corpus-task.ts'

// Compiles every document of a corpus in processes of low priority, and plans a request for each mapping that is
// inferred. Exits with 0, or with 1 if a process crashed, an error was not a problem, or the time was over.

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
    count: { type: 'string' },
    forms: { type: 'string', default: 'plain' },
    processes: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false }
  }
})
const forms = values.forms.split(',').map(given => {
  const form = FORMS.find(each => each === given)
  assert.ok(form !== undefined, `--forms are some of ${FORMS.join(',')}`)
  return form
})

setPriority(19)
const choice = {
  only: values.only,
  ...(values.count !== undefined && { count: wholeNumber('--count', values.count) })
}
const files =
  values.folder === undefined
    ? await corpusFiles(choice)
    : chosenFiles(await filesIn(pathToFileURL(`${values.folder}/`)), choice)
const told = values.out === undefined ? null : createWriteStream(values.out)
let count = 0
const outcomes = await compileCorpus({
  files,
  forms,
  processes: wholeNumber('--processes', values.processes),
  timeMs: wholeNumber('--seconds', values.seconds) * 1_000,
  onOutcome({ name, form, ended, reply }) {
    told?.write(`${JSON.stringify({ name, form, ended, ...reply })}\n`)
    if (++count % 500 === 0) console.error(`${count} of ${files.length * forms.length}`)
  }
})
told?.end()
const reach = reachOf(outcomes)
if (values.json) console.log(JSON.stringify(reach, null, 2))
else console.log(`${renderReport(outcomes, files.length)}\n\n${renderReach(reach)}`)
if (outcomes.some(isFailure)) process.exitCode = 1

function wholeNumber(name: string, given: string): number {
  assert.match(given, /^[1-9]\d{0,5}$/, `${name} is a whole number from 1 on`)
  return Number(given)
}
