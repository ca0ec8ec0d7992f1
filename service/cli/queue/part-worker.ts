import '../../base/forget-proto.ts'

import { Readable } from 'node:stream'

import { parseWritten } from '../../base/exact-number.ts'
import { answerTasks } from '../../processes/answer-tasks.ts'
import { createSealer, readKeys } from '../../store/sealer.ts'
import { openStrictRateLimit } from '../../store/strict-rate-limit.ts'
import { describeFailure } from '../describe-failure.ts'
import type { FileStore } from '../run/file-store.ts'
import { openFileStore } from '../run/open-file-store.ts'
import { openPipeline } from '../run/open-pipeline.ts'
import type { PartRecord } from '../run/part-record.ts'
import { commitPart } from '../run/part-record.ts'
import type { PipelineRun } from '../run/pipeline-run.ts'
import { processTerminal } from '../run/process-terminal.ts'
import { readRunHead } from '../run/run-head.ts'
import { runInParts } from '../run/run-in-parts.ts'
import { runPart } from '../run/run-part.ts'
import { CommandError } from '../terminal.ts'
import type { PartReply, PartTask, TaskRun } from './part-task.ts'

// A process that performs parts, one after another. The worker ends it where its part is somebody else's.

answerTasks(async (task: PartTask, notice): Promise<PartReply> => {
  try {
    return await perform(task, notice)
  } catch (error) {
    return { failure: describeFailure(error) }
  }
})

/** A run whose manifest is open. */
type OpenRun = {
  readonly run: PipelineRun
  readonly store: FileStore
  readonly said: Said
  close(): Promise<void>
}

/** The lines of standard output, and the last ones of standard error. */
type Said = { readonly out: string[]; readonly err: string[] }

/** Lines of standard error that say why a run failed. */
const SAID_MAX = 10

/** The run of the latest task, and what is open of it. */
let given: TaskRun | null = null
let opened: OpenRun | null = null

async function perform(task: PartTask, notice: (text: string) => void): Promise<PartReply> {
  if (task.run !== null) {
    given = task.run
    await opened?.close()
    opened = null
  }
  if (given === null) throw new CommandError('a part came without its run')
  opened ??= await open(given, notice)
  const { run, store, said } = opened
  const { payload } = given
  const part = payload.parts[task.part]
  if (part !== undefined) {
    return { result: JSON.stringify(await runPart(part, { ...run, store })) }
  }
  for (const record of task.results) await commitPart(store, parseWritten<PartRecord>(record))
  // The command that gave the run writes to an API.
  if (run.pipeline.writes.length > 0) return { result: '' }
  said.out.length = 0
  said.err.length = 0
  const options = { directory: payload.store, share: null, isCommit: true }
  const code = await runInParts(run, payload.parts, options)
  return code === 0 ? { result: said.out.join('\n') } : { failure: said.err.join('\n') }
}

/** @throws CommandError where this machine has another directory; else as `openPipeline`. */
async function open(
  { id, payload, settings, environment }: TaskRun,
  notice: (text: string) => void
): Promise<OpenRun> {
  const { configuration, partition, directory } = payload
  const said: Said = { out: [], err: [] }
  const terminal = processTerminal({
    out: line => void said.out.push(line),
    err(line) {
      said.err.push(line)
      if (said.err.length > SAID_MAX) said.err.shift()
      notice(line)
    },
    input: Readable.from([Buffer.from(payload.manifest)]),
    environment: { ...environment, ...payload.environment },
    directory
  })
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [])
  const warn = (message: string): void => notice(`warning: ${message}`)
  const limits = openStrictRateLimit(settings.REDIS_URL, sealer, warn)
  const closing: (() => Promise<void>)[] = [limits.close]
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await each()
  }
  try {
    const context = { settings, terminal, rateLimit: limits.rateLimit }
    const never = new AbortController().signal
    const pipeline = await openPipeline('-', configuration, partition, never, context)
    closing.push(pipeline.close)
    const { run } = pipeline
    const store = await openFileStore(payload.store, run.s3, terminal)
    if ((await readRunHead(store))?.run !== id) {
      throw new CommandError(
        `"${store.name}" is not the directory of the run on this machine; all workers need the same directory, shared or of s3://`
      )
    }
    return { run, store, said, close }
  } catch (error) {
    await close()
    throw error
  }
}
