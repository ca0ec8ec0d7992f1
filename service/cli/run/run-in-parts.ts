import { rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'

import type { RunPart } from '../../bulk/partition.ts'
import { describeFailure } from '../describe-failure.ts'
import { lockPath } from '../lock-path.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { assertRejectsPlace } from '../write/open-rejects.ts'
import type { RunManifest } from './commit-run.ts'
import { commitRun, runCode } from './commit-run.ts'
import type { FileStore } from './file-store.ts'
import { isInS3, storedJson } from './file-store.ts'
import { openFileStore } from './open-file-store.ts'
import { commitPart, committedParts } from './part-record.ts'
import { assertPlaces } from './place-outputs.ts'
import type { RunHead } from './run-head.ts'
import { beginRun } from './run-head.ts'
import type { RunOptions } from './run-options.ts'
import { runPart } from './run-part.ts'
import type { PipelineRun } from './pipeline-run.ts'

/** What a finished run has printed. */
const FINISHED = 'run.json'

/**
 * Runs a pipeline by way of a directory that keeps its parts, so that the same command goes on
 * (docs/pipelines.md#parts): reads the parts that are missing, then writes the outputs.
 *
 * @param read Default: one part after another, in this process.
 * @throws CommandError for a directory of another run, or that is in use, and for outputs that cannot be written.
 */
export async function runInParts(
  run: PipelineRun,
  parts: readonly RunPart[],
  options: Pick<RunOptions, 'directory' | 'share' | 'isCommit'>,
  read: ReadParts = readHere(run)
): Promise<ExitCode> {
  const { terminal, s3, signal } = run
  const store = await openFileStore(options.directory ?? usualDirectory(run.name), s3, terminal)
  assertLedgerPlace(run, store)
  await assertPlaces(run, store)
  if (options.share === null) await assertRejects(run)
  const unlock = options.share === null ? await lockRun(store) : async () => {}
  try {
    const head = await beginRun(store, run, parts)
    if (await isFinished(store)) return await tellFinished(store, run)
    const { share, isCommit } = options
    if (!isCommit && !(await readParts(run, store, shareOf(parts, share), read))) {
      return signal.aborted ? 3 : 1
    }
    return share === null ? await commit(run, store, head, parts, options) : 0
  } finally {
    await unlock()
  }
}

/** @throws CommandError for an output that is an API where the ledger would be in S3. */
export function assertLedgerPlace({ pipeline }: PipelineRun, store: FileStore): void {
  const [write] = pipeline.writes
  if (write === undefined || !isInS3(store.path)) return
  throw new CommandError(
    `\`outputs.${write.name}\` needs a directory of this machine with --dir, for its ledger`
  )
}

/** @throws CommandError for a file of rejects that cannot be written. */
export async function assertRejects({ pipeline, terminal }: PipelineRun): Promise<void> {
  for (const { rejects } of pipeline.writes) await assertRejectsPlace(rejects, terminal)
}

/** The directory of a run without `--dir`: `crm.yaml.run` of `crm.yaml`. */
function usualDirectory(name: string): string {
  return `${basename(name) || 'manifest'}.run`
}

/** Nobody can lock what is in S3. */
async function lockRun(store: FileStore): Promise<() => Promise<void>> {
  return isInS3(store.path) ? async () => {} : lockPath(`"${store.name}"`, store.path)
}

function shareOf(parts: readonly RunPart[], share: RunOptions['share']): readonly RunPart[] {
  return share === null ? parts : parts.filter(({ part }) => part % share.of === share.index)
}

/** Reads parts that are missing, and commits them. */
export type ReadParts = (store: FileStore, parts: readonly RunPart[]) => Promise<void>

/** Reads one part after another. */
function readHere({ session, terminal, signal }: PipelineRun): ReadParts {
  return async (store, parts) => {
    for (const part of parts) {
      await commitPart(store, await runPart(part, { session, store, terminal, signal }))
    }
  }
}

/** Reads the parts that are missing. @returns Whether all are there. */
async function readParts(
  { terminal, signal }: PipelineRun,
  store: FileStore,
  parts: readonly RunPart[],
  read: ReadParts
): Promise<boolean> {
  try {
    const before = await committedParts(store)
    await read(
      store,
      parts.filter(({ part }) => !before.has(part))
    )
    return true
  } catch (error) {
    terminal.err(signal.aborted ? 'the run was stopped' : describeFailure(error))
    terminal.err(
      `No output was changed. "${store.name}" has the parts that are complete: the same command goes on.`
    )
    return false
  }
}

async function commit(
  run: PipelineRun,
  store: FileStore,
  head: RunHead,
  parts: readonly RunPart[],
  { directory }: Pick<RunOptions, 'directory'>
): Promise<ExitCode> {
  const committed = await committedParts(store)
  const missing = parts.filter(({ part }) => !committed.has(part)).map(({ part }) => part)
  if (missing.length > 0) {
    const numbers = missing.slice(0, 20).join(', ')
    throw new CommandError(
      `${missing.length} of ${parts.length} parts are missing in "${store.name}": ${numbers}${missing.length > 20 ? ', …' : ''}`
    )
  }
  const { manifest, code, isOver } = await commitRun(run, store, head, parts)
  if (manifest === null) return code
  const text = JSON.stringify(manifest, null, 2)
  const { out, err } = run.terminal
  out(text)
  if (!isOver) err(`"${store.name}" has all parts: the same command goes on with what is left.`)
  else {
    await finish(store, directory === null, text).catch(error => {
      err(`warning: "${store.name}" still has parts of the run: ${describeFailure(error)}`)
    })
  }
  return code
}

/** Removes what a run needed to go on. A directory that was named keeps what was printed. */
async function finish(store: FileStore, isUsual: boolean, text: string): Promise<void> {
  if (isUsual) {
    // A directory that is removed in part must not be taken for that of a run.
    const removed = `${store.path}.finished`
    await rm(removed, { recursive: true, force: true })
    await rename(store.path, removed)
    await rm(removed, { recursive: true, force: true })
    return
  }
  await store.put(FINISHED, text, 'run')
  for (const name of await store.list('')) {
    if (/^\.?part-/.test(name)) await store.remove(name)
  }
}

/** Whether the run of a directory has been finished. */
export async function isFinished(store: FileStore): Promise<boolean> {
  return (await store.list('')).includes(FINISHED)
}

/** Prints what a finished run has printed. */
export async function tellFinished(store: FileStore, { terminal }: PipelineRun): Promise<ExitCode> {
  terminal.err(`the run of "${store.name}" was finished before; nothing was called`)
  const manifest = await storedJson<RunManifest>(store, FINISHED)
  terminal.out(JSON.stringify(manifest, null, 2))
  return runCode(manifest)
}
