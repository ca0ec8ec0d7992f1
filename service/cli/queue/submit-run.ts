import { resolve } from 'node:path'

import type { JsonObject } from '../../base/json.ts'
import type { RunPart } from '../../bulk/partition.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import { untilAborted } from '../../time/deadline.ts'
import type { CommandContext } from '../command.ts'
import { openFileStore } from '../run/open-file-store.ts'
import type { OpenPipeline } from '../run/open-pipeline.ts'
import { assertPlaces } from '../run/place-outputs.ts'
import { beginRun } from '../run/run-head.ts'
import {
  assertLedgerPlace,
  assertRejects,
  isFinished,
  runInParts,
  tellFinished
} from '../run/run-in-parts.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { awaitRun } from './await-run.ts'
import type { RunQueue } from './open-run-queue.ts'
import { addWaiting, openRunQueue } from './open-run-queue.ts'
import { writePayload } from './run-payload.ts'

/** A run that is given to workers. */
export type QueuedRun = {
  readonly opened: OpenPipeline
  readonly parts: readonly RunPart[]
  readonly configuration: ConfigurationValues
  /** What `--partition` gave. */
  readonly partition: JsonObject
  /** That of `--dir`. */
  readonly directory: string
}

/**
 * `openapi-flow run FILE --queue`: gives the parts of a run to workers, and waits for them (docs/pipelines.md#queue). A
 * run that was given before is waited for. Where an output is an API, this command writes the outputs, as only one ledger
 * may have its rows.
 *
 * @returns As `awaitRun`, and for an output that is an API as `runInParts`.
 * @throws CommandError for a manifest that is in no file, a directory of another run, and as `openRunQueue` and
 *   `assertLedgerPlace`.
 */
export async function submitRun(queued: QueuedRun, context: CommandContext): Promise<ExitCode> {
  const { opened, parts, directory } = queued
  const { run, isLocal } = opened
  if (!isLocal) throw new CommandError('a queue needs a manifest in a file')
  const { terminal } = context
  const queue = await openRunQueue(context)
  try {
    const store = await openFileStore(directory, run.s3, terminal)
    assertLedgerPlace(run, store)
    await assertPlaces(run, store)
    await assertRejects(run)
    const head = await beginRun(store, run, parts)
    if (await isFinished(store)) return await tellFinished(store, run)
    const created = createRun(
      queued,
      { id: head.run, at: Date.parse(head.startedAt), store: store.path },
      queue,
      terminal.directory
    )
    if (!(await isEnded(created, run.signal))) {
      terminal.err('stopped before all parts were queued: the same command goes on')
      return 3
    }
    terminal.err(`run ${head.run}: ${parts.length} parts are queued`)
    const code = await awaitRun(head.run, queue, run.signal, terminal)
    const isLeft = code === 0 && run.pipeline.writes.length > 0
    return isLeft ? await runInParts(run, parts, { directory, share: null, isCommit: true }) : code
  } finally {
    await queue.close()
  }
}

/** Whether work has ended when a signal aborts: Redis may be away as long as it likes. */
async function isEnded(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  try {
    await untilAborted(work, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

/** Creates a run, unless it is there, and adds the parts that wait: an earlier command may have ended before. */
async function createRun(
  { opened, parts, configuration, partition }: QueuedRun,
  { id, at, store }: { readonly id: string; readonly at: number; readonly store: string },
  queue: RunQueue,
  directory: string
): Promise<void> {
  const { runs } = queue
  const { name, document, session } = opened.run
  const text = writePayload({
    ...{ name, manifest: document.text, configuration, partition, parts },
    environment: session.caller.variables ?? {},
    directory: resolve(directory),
    store
  })
  await runs.create({ id, name, at, parts: parts.length + 1 }, text)
  const waiting = (await runs.parts(id)).flatMap(({ state }, part) =>
    state === 'waiting' ? [part] : []
  )
  const found = await runs.find(id)
  if (found !== null) await addWaiting(queue, found, waiting)
}
