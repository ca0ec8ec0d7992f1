import assert from 'node:assert/strict'

import type { Child } from '../service/processes/child-process.ts'
import { isAlive, runTask, startChild, stopChild } from '../service/processes/child-process.ts'
import type { CorpusFile } from './corpus-files.ts'
import type { CorpusOutcome } from './corpus-report.ts'
import type { CorpusForm, CorpusReply, CorpusTask } from './corpus-task.ts'

/** Heap of a process, as the service gives it to one that compiles (MB). */
const MEMORY_MB = 1024

export type CorpusRun = {
  readonly files: readonly CorpusFile[]
  readonly forms: readonly CorpusForm[]
  /** How many processes work at a time. */
  readonly processes: number
  /** How long a document may take (ms). */
  readonly timeMs: number
  /** Told of each outcome. */
  readonly onOutcome?: (outcome: CorpusOutcome) => void
}

/** Compiles documents in processes, each of which is replaced when it has ended. */
export async function compileCorpus(run: CorpusRun): Promise<CorpusOutcome[]> {
  const tasks = run.files.flatMap(each => run.forms.map(form => ({ ...each, form })))
  const outcomes: CorpusOutcome[] = []
  const work = async (): Promise<void> => {
    let child: Child | null = null
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      if (child === null || !isAlive(child)) {
        child = startWorker()
        await child.ready
      }
      const outcome = await perform(child, task, run.timeMs)
      if (outcome.ended !== null) await stopChild(child)
      outcomes.push(outcome)
      run.onOutcome?.(outcome)
    }
    if (child !== null) await stopChild(child)
  }
  await Promise.all(Array.from({ length: run.processes }, work))
  return outcomes
}

function startWorker(): Child {
  return startChild({
    worker: new URL('corpus-worker.ts', import.meta.url),
    memoryMb: MEMORY_MB,
    flags: ['--expose-gc'],
    warn: (message, facts) => console.error(message, facts)
  })
}

async function perform(
  child: Child,
  { name, file, form }: CorpusFile & { readonly form: CorpusForm },
  timeMs: number
): Promise<CorpusOutcome> {
  const task: CorpusTask = { file, form }
  const outcome = await runTask(child, task, timeMs)
  if (typeof outcome === 'string') return { name, form, ended: outcome, reply: null }
  return { name, form, ended: null, reply: readReply(outcome.reply) }
}

/** The worker is part of this version. */
function readReply(reply: unknown): CorpusReply {
  assert.ok(isReply(reply))
  return reply
}

function isReply(reply: unknown): reply is CorpusReply {
  return typeof reply === 'object' && reply !== null && 'diagnostics' in reply
}
