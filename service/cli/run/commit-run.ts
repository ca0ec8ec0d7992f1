import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'

import type { RunPart } from '../../bulk/partition.ts'
import type { ApiOutput } from '../../model/pipeline-output.ts'
import { describeFailure } from '../describe-failure.ts'
import type { ExitCode } from '../terminal.ts'
import { removeAttempts } from './attempt-file.ts'
import type { CommittedOutput } from './commit-outputs.ts'
import { commitOutputs } from './commit-outputs.ts'
import type { FileStore } from './file-store.ts'
import { isInS3, storedJson } from './file-store.ts'
import { DELTA_LOG } from './delta-log.ts'
import type { PlacedOutput } from './move-rows.ts'
import { moveRows } from './move-rows.ts'
import { openStoredRows } from './open-stored-rows.ts'
import type { PartRecord } from './part-record.ts'
import { readPart } from './part-record.ts'
import { placeOutputs } from './place-outputs.ts'
import type { RunHead } from './run-head.ts'
import type { PipelineRun } from './pipeline-run.ts'
import type { CheckedOutput, WrittenRows } from './write-outputs.ts'
import { checkOutput, writeOutput } from './write-outputs.ts'

/** How writing the outputs of a run ended. */
export type CommitEnd = {
  /** What is printed; null where nothing was changed. */
  readonly manifest: RunManifest | null
  readonly code: ExitCode
  /** Whether nothing is left to do. */
  readonly isOver: boolean
}

/** What a run prints. */
export type RunManifest = {
  readonly run: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly isComplete: boolean
  readonly inputs: readonly object[]
  readonly parts: readonly object[]
  readonly outputs: readonly TellableOutput[]
}

/** The exit code of a run that has printed a manifest: rows that an API refused stay so. */
export function runCode({ isComplete, outputs }: RunManifest): ExitCode {
  if (isComplete) return 0
  return outputs.some(output => !('saved' in output) || output.saved > 0) ? 3 : 1
}

/**
 * Writes the outputs of a run from its parts, which are all there. Outputs that an earlier command wrote are left out.
 *
 * @throws CommandError for an output that cannot be written, or a part that cannot be read.
 */
export async function commitRun(
  run: PipelineRun,
  store: FileStore,
  { run: id, startedAt }: RunHead,
  parts: readonly RunPart[]
): Promise<CommitEnd> {
  const { pipeline, session, signal, terminal } = run
  const records: PartRecord[] = []
  for (const { part } of parts) records.push(await readPart(store, part))
  const all = [...pipeline.outputs, ...pipeline.writes].map(({ name }) => name)
  const outputs = await writtenBefore(store, all)
  const names = new Set(outputs.map(({ name }) => name))
  const left = pipeline.outputs.filter(({ name }) => !names.has(name))
  const placed = await placeOutputs(left, run)
  await removeLeft(placed, id)
  const ofInput = Map.groupBy(records, ({ input }) => input)
  const checked: CheckedOutput[] = []
  const keep = async (output: TellableOutput): Promise<void> => {
    outputs.push(output)
    await store.put(outputRecord(output.name), JSON.stringify(output), id)
  }
  let failure: unknown = null
  try {
    for (const output of pipeline.writes) {
      const written = ofInput.get(output.input) ?? []
      if (names.has(output.name)) continue
      if (written.every(({ rows }) => rows === 0)) outputs.push(noRows(output))
      else checked.push(await checkOutput(run, output, store, written))
    }
    const moved = await moveRows(
      placed,
      async input => openStoredRows(session, input, store, ofInput.get(input) ?? []),
      // An earlier command of this run may have been killed, and has left its attempts.
      { run: `${id}.${randomUUID().slice(0, 8)}`, signal, terminal }
    )
    failure = await commitOutputs(
      moved.flatMap(({ written }) => written),
      keep
    )
  } catch (error) {
    terminal.err(signal.aborted ? 'the run was stopped' : describeFailure(error))
    terminal.err(`No output was changed. "${store.name}" has all parts: the same command goes on.`)
    return { manifest: null, code: signal.aborted ? 3 : 1, isOver: false }
  }
  if (failure === null) {
    failure = await writeAll(checked, run, store, async written => {
      if (written.unsent === 0) await keep(written)
      else outputs.push(written)
    })
  }
  if (failure !== null) {
    terminal.err(describeFailure(failure))
    const told = outputs.map(({ name }) => name).join(', ')
    terminal.err(`Outputs that are known to be new: ${told === '' ? 'none' : told}.`)
  }
  const isComplete = failure === null && outputs.length === all.length && outputs.every(isSaved)
  const isOver = failure === null && outputs.length === all.length && !outputs.some(isLeft)
  const manifest: RunManifest = {
    ...{ run: id, startedAt, finishedAt: new Date().toISOString(), isComplete },
    inputs: inputsOf(records),
    parts: records.map(({ part, input, rows, pages, bytes, sha256 }) => {
      return { part, input, rows, pages, bytes, sha256 }
    }),
    outputs
  }
  return { manifest, code: failure === null ? runCode(manifest) : 1, isOver }
}

/** Removes the attempts that an earlier command of a run has left on this machine. */
async function removeLeft(placed: readonly PlacedOutput[], run: string): Promise<void> {
  const directories = placed.flatMap(({ place }) => {
    if ('s3' in place || isInS3(place.path)) return []
    return 'store' in place ? [place.path, join(place.path, DELTA_LOG)] : dirname(place.path)
  })
  for (const directory of new Set(directories)) await removeAttempts(directory, run)
}

/** An output as the manifest of a run tells it. */
type TellableOutput = CommittedOutput | WrittenRows

/** Whether all rows of an output are written. */
function isSaved(output: TellableOutput): boolean {
  return !('saved' in output) || output.saved === output.rows
}

/** Whether rows of an output had no turn. */
function isLeft(output: TellableOutput): boolean {
  return 'unsent' in output && output.unsent > 0
}

function noRows({ name, input, rejects }: ApiOutput): WrittenRows {
  const counts = { rows: 0, saved: 0, failed: 0, unknown: 0, unsent: 0 }
  return { name, input, format: 'rest_api', ...counts, rejects }
}

/** Writes outputs one after another. @returns The failure; null for none. */
async function writeAll(
  checked: readonly CheckedOutput[],
  run: PipelineRun,
  store: FileStore,
  onWritten: (written: WrittenRows) => Promise<void>
): Promise<unknown> {
  try {
    for (const output of checked) {
      const written = await writeOutput(run, output, store)
      await onWritten(written)
      if (run.signal.aborted) break
    }
    return null
  } catch (error) {
    return error
  }
}

function outputRecord(name: string): string {
  return `output-${encodeURIComponent(name)}.json`
}

/** The outputs that an earlier command wrote. */
async function writtenBefore(
  store: FileStore,
  names: readonly string[]
): Promise<TellableOutput[]> {
  const files = new Set(await store.list(''))
  const found: TellableOutput[] = []
  for (const name of names) {
    const file = outputRecord(name)
    if (files.has(file)) found.push(await storedJson<TellableOutput>(store, file))
  }
  return found
}

/** What was read of each input. */
function inputsOf(records: readonly PartRecord[]): object[] {
  return [...Map.groupBy(records, ({ input }) => input)].map(([name, ofInput]) => {
    const sum = (member: 'pages' | 'records' | 'repeated' | 'misfits' | 'outside'): number =>
      ofInput.reduce((total, record) => total + record[member], 0)
    const [pages, read, repeated] = [sum('pages'), sum('records'), sum('repeated')]
    return {
      ...{ name, pages, records: read, repeated, misfits: sum('misfits'), outside: sum('outside') }
    }
  })
}
