import '../../base/forget-proto.ts'

import { Readable } from 'node:stream'

import { answerTasks } from '../../processes/answer-tasks.ts'
import { createSealer, readKeys } from '../../store/sealer.ts'
import { openStrictRateLimit } from '../../store/strict-rate-limit.ts'
import { describeFailure } from '../describe-failure.ts'
import { openFileStore } from '../run/file-store.ts'
import type { PipelineRun } from '../run/open-pipeline.ts'
import { openPipeline } from '../run/open-pipeline.ts'
import type { PartRecord } from '../run/part-record.ts'
import { commitPart } from '../run/part-record.ts'
import { readRunHead } from '../run/run-head.ts'
import { runInParts } from '../run/run-in-parts.ts'
import { runPart } from '../run/run-part.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { PartReply, PartTask } from './part-task.ts'

// The process of one part. The worker ends it when it has replied, or when the part is somebody else's.

answerTasks(async (task: PartTask, notice): Promise<PartReply> => {
  const said: string[] = []
  try {
    return { result: await perform(task, notice, said) }
  } catch (error) {
    return { failure: [...said, describeFailure(error)].join('\n') }
  }
})

async function perform(task: PartTask, notice: (text: string) => void): Promise<string> {
  const { run: id, part, payload, settings, results } = task
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [])
  const limits = openStrictRateLimit(settings.REDIS_URL, sealer)
  const lines: string[] = []
  const terminal = terminalOf(task, notice, lines)
  const context = { settings, terminal, rateLimit: limits.rateLimit }
  const { configuration, partition, parts } = payload
  const never = new AbortController().signal
  const { run, close } = await openPipeline('-', configuration, partition, never, context)
  try {
    const store = await openFileStore(payload.store, run.s3, terminal)
    if ((await readRunHead(store))?.run !== id) {
      throw new CommandError(
        `"${store.name}" is not the directory of the run on this machine; all workers need the same directory, shared or of s3://`
      )
    }
    const given = parts[part]
    if (given !== undefined) {
      return JSON.stringify(await runPart(given, { ...run, store }))
    }
    for (const record of results) await commitPart(store, parseWritten<PartRecord>(record))
    const options = { directory: payload.store, isPlanned: false, share: null, isCommit: true }
    await runInParts(run, parts, options)
    return lines.join('\n')
  } finally {
    await close()
    await limits.close()
  }
}

function terminalOf(
  { payload, environment }: PartTask,
  notice: (text: string) => void,
  lines: string[]
): Terminal {
  return {
    out: line => void lines.push(line),
    write: async text => void lines.push(Buffer.from(text).toString()),
    err: notice,
    status: () => {},
    input: Readable.from([Buffer.from(payload.manifest)]),
    isShown: { out: false, err: false },
    environment: { ...environment, ...payload.environment },
    directory: payload.directory,
    untilStopped: () => new Promise(() => {})
  }
}
