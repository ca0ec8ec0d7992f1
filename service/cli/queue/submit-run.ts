import { resolve } from 'node:path'

import type { JsonObject } from '../../base/json.ts'
import type { RunPart } from '../../bulk/partition.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import type { CommandContext } from '../command.ts'
import type { FileStore } from '../run/file-store.ts'
import type { PipelineRun } from '../run/open-pipeline.ts'
import type { RunHead } from '../run/run-head.ts'
import { environmentVariables } from '../session/environment-variables.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { awaitRun } from './await-run.ts'
import { addWaiting, openRunQueue } from './open-run-queue.ts'
import { writePayload } from './run-payload.ts'

/** A run that is given to workers. */
export type QueuedRun = {
  readonly run: PipelineRun
  readonly parts: readonly RunPart[]
  readonly configuration: ConfigurationValues
  /** What `--partition` gave. */
  readonly partition: JsonObject
  /** The directory of the run. */
  readonly store: FileStore
  readonly head: RunHead
}

/**
 * `openapi-flow run FILE --queue`: gives the parts of a run to workers, and waits for them (docs/pipelines.md#queue). A
 * run that was given before is waited for.
 *
 * @returns As `awaitRun`.
 * @throws CommandError for a manifest that is in no file, and as `openRunQueue`.
 */
export async function submitRun(queued: QueuedRun, context: CommandContext): Promise<ExitCode> {
  const { run, parts, configuration, partition, store, head } = queued
  const { isLocal, document, model } = run.read
  if (!isLocal) throw new CommandError('a queue needs a manifest in a file')
  const { terminal } = context
  const queue = await openRunQueue(context)
  try {
    const { runs } = queue
    const id = head.run
    if ((await runs.find(id)) === null) {
      const text = writePayload({
        ...{ name: run.name, manifest: document.text, configuration, partition, parts },
        environment: environmentVariables(model, terminal.environment),
        directory: resolve(terminal.directory),
        store: store.path
      })
      const at = Date.parse(head.startedAt)
      await runs.create({ id, name: run.name, at, parts: parts.length + 1 }, text)
    }
    // A command that ended before it had added all parts is made good by the next one.
    const waiting = (await runs.parts(id)).flatMap(({ state }, part) =>
      state === 'waiting' ? [part] : []
    )
    const found = await runs.find(id)
    if (found !== null) await addWaiting(queue, found, waiting)
    terminal.err(`run ${id}: ${parts.length} parts are queued`)
    return await awaitRun(id, queue, run.signal, terminal)
  } finally {
    await queue.close()
  }
}
