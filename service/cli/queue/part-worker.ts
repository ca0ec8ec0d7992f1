import '../../base/forget-proto.ts'

import { Readable } from 'node:stream'

import { parseWritten } from '../../base/exact-number.ts'
import { answerTasks } from '../../processes/answer-tasks.ts'
import { createSealer, readKeys } from '../../store/sealer.ts'
import { openStrictRateLimit } from '../../store/strict-rate-limit.ts'
import { describeFailure } from '../describe-failure.ts'
import { openFileStore } from '../run/open-file-store.ts'
import { openPipeline } from '../run/open-pipeline.ts'
import type { PartRecord } from '../run/part-record.ts'
import { commitPart } from '../run/part-record.ts'
import { readRunHead } from '../run/run-head.ts'
import { runInParts } from '../run/run-in-parts.ts'
import { runPart } from '../run/run-part.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { PartReply, PartTask } from './part-task.ts'

// A process that performs parts, one after another. The worker ends it where its part is somebody else's.

answerTasks(async (task: PartTask, notice): Promise<PartReply> => {
  try {
    return await perform(task, notice)
  } catch (error) {
    return { failure: describeFailure(error) }
  }
})

async function perform(task: PartTask, notice: (text: string) => void): Promise<PartReply> {
  const { run: id, part, payload, settings, results } = task
  const sealer = createSealer(readKeys(settings.STORE_KEY) ?? [])
  const limits = openStrictRateLimit(settings.REDIS_URL, sealer, message =>
    notice(`warning: ${message}`)
  )
  const said: Said = { out: [], err: [] }
  const terminal = terminalOf(task, notice, said)
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
      return { result: JSON.stringify(await runPart(given, { ...run, store })) }
    }
    for (const record of results) await commitPart(store, parseWritten<PartRecord>(record))
    // The command that gave the run writes to an API.
    if (run.pipeline.writes.length > 0) return { result: '' }
    const options = { directory: payload.store, share: null, isCommit: true }
    const code = await runInParts(run, parts, options)
    return code === 0 ? { result: said.out.join('\n') } : { failure: said.err.join('\n') }
  } finally {
    await close()
    await limits.close()
  }
}

/** The lines of standard output and of standard error. */
type Said = { readonly out: string[]; readonly err: string[] }

function terminalOf(
  { payload, environment }: PartTask,
  notice: (text: string) => void,
  { out, err }: Said
): Terminal {
  return {
    out: line => void out.push(line),
    write: async text => void out.push(Buffer.from(text).toString()),
    err(line) {
      err.push(line)
      notice(line)
    },
    status: () => {},
    input: Readable.from([Buffer.from(payload.manifest)]),
    isShown: { out: false, err: false },
    environment: { ...environment, ...payload.environment },
    directory: payload.directory,
    untilStopped: () => new Promise(() => {})
  }
}
