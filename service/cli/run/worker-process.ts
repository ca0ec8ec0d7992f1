import '../../base/forget-proto.ts'

import { answerTasks } from '../../processes/answer-tasks.ts'
import { describeFailure } from '../describe-failure.ts'
import { openMachineRateLimit } from './machine-rate-limit.ts'
import { openFileStore } from './open-file-store.ts'
import { openPipeline } from './open-pipeline.ts'
import { commitPart } from './part-record.ts'
import { processTerminal } from './process-terminal.ts'
import type { PartScope } from './run-part.ts'
import { runPart } from './run-part.ts'
import type { WorkerReply, WorkerTask } from './worker-task.ts'

// A process that reads parts of a run, one after another, for `--workers`.

answerTasks(async (task: WorkerTask, notice): Promise<WorkerReply> => {
  try {
    await perform(task, notice)
    return { failure: null }
  } catch (error) {
    return { failure: describeFailure(error) }
  }
})

/** The manifest, which is the same for all parts. */
let opening: Promise<PartScope> | null = null

async function perform(task: WorkerTask, notice: (text: string) => void): Promise<void> {
  opening ??= open(task, notice)
  const scope = await opening
  await commitPart(scope.store, await runPart(task.part, scope))
}

/** The command ends this process with all that is open. */
async function open(task: WorkerTask, notice: (text: string) => void): Promise<PartScope> {
  const { name, configuration, partition, settings, environment, directory, calls } = task
  // The command has told what there is to say of the manifest.
  let isOpen = false
  const err = (line: string): void => {
    if (isOpen) notice(line)
  }
  const terminal = processTerminal({ err, environment, directory })
  const context = { settings, terminal, rateLimit: openMachineRateLimit(calls) }
  const never = new AbortController().signal
  const { run } = await openPipeline(name, configuration, partition, never, context)
  isOpen = true
  return { ...run, store: await openFileStore(task.store, run.s3, terminal) }
}
