import type { RunPart } from '../../bulk/partition.ts'
import { describeFailure } from '../describe-failure.ts'
import type { ExitCode } from '../terminal.ts'
import type { CommittedOutput } from './commit-outputs.ts'
import { commitOutputs } from './commit-outputs.ts'
import type { FileStore } from './file-store.ts'
import { storedText } from './file-store.ts'
import { moveRows } from './move-rows.ts'
import { openStoredRows } from './open-stored-rows.ts'
import type { PartRecord } from './part-record.ts'
import { readPart } from './part-record.ts'
import { placeOutputs } from './place-outputs.ts'
import type { RunHead } from './run-head.ts'
import type { PipelineRun } from './pipeline-run.ts'

/** How writing the outputs of a run ended. */
export type CommitEnd = {
  /** What is printed; null where nothing was changed. */
  readonly manifest: object | null
  readonly code: ExitCode
  /** Whether nothing is left to do. */
  readonly isOver: boolean
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
  const outputs = await writtenBefore(
    store,
    pipeline.outputs.map(({ name }) => name)
  )
  const names = new Set(outputs.map(({ name }) => name))
  const left = pipeline.outputs.filter(({ name }) => !names.has(name))
  const placed = await placeOutputs(left, run)
  let failure: unknown = null
  try {
    const ofInput = Map.groupBy(records, ({ input }) => input)
    const moved = await moveRows(
      placed,
      async input => openStoredRows(session, input, store, ofInput.get(input) ?? []),
      { run: id, signal, terminal }
    )
    failure = await commitOutputs(
      moved.flatMap(({ written }) => written),
      async output => {
        outputs.push(output)
        await store.put(outputRecord(output.name), JSON.stringify(output), id)
      }
    )
  } catch (error) {
    terminal.err(signal.aborted ? 'the run was stopped' : describeFailure(error))
    terminal.err(`No output was changed. "${store.name}" has all parts: the same command goes on.`)
    return { manifest: null, code: signal.aborted ? 3 : 1, isOver: false }
  }
  const isComplete = failure === null
  if (!isComplete) {
    terminal.err(describeFailure(failure))
    const told = outputs.map(({ name }) => name).join(', ')
    terminal.err(`Outputs that are known to be new: ${told === '' ? 'none' : told}.`)
  }
  const manifest = {
    ...{ run: id, startedAt, finishedAt: new Date().toISOString(), isComplete },
    inputs: inputsOf(records),
    parts: records.map(({ part, input, rows, pages, bytes, sha256 }) => {
      return { part, input, rows, pages, bytes, sha256 }
    }),
    outputs
  }
  return { manifest, code: isComplete ? 0 : 1, isOver: isComplete }
}

function outputRecord(name: string): string {
  return `output-${encodeURIComponent(name)}.json`
}

/** The outputs that an earlier command wrote. */
async function writtenBefore(
  store: FileStore,
  names: readonly string[]
): Promise<CommittedOutput[]> {
  const files = new Set(await store.list(''))
  const found: CommittedOutput[] = []
  for (const name of names) {
    const file = outputRecord(name)
    if (files.has(file)) found.push(JSON.parse(await storedText(store, file)))
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
