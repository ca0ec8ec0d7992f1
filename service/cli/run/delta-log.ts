import type { DeltaTable } from '../../bulk/delta-table.ts'
import { createDeltaLogReader, deltaCommitName, NO_DELTA_TABLE } from '../../bulk/delta-table.ts'
import { CommandError } from '../terminal.ts'
import type { Attempt } from './attempt-file.ts'

/** The directory of a Delta table, on this machine or in S3. */
export type DeltaStore = {
  /** As the manifest names it, without a slash at the end. */
  readonly name: string
  /** What two outputs of one table have in common. */
  readonly path: string
  /** The names of the files of the log. */
  list(): Promise<readonly string[]>
  lines(file: string): AsyncIterable<string>
  /** Writes a file of the log whole, unless it is there; whether it is written. */
  put(file: string, text: string, run: string): Promise<boolean>
  /** Begins a file of data. */
  begin(part: string, run: string): Promise<Attempt>
  remove(part: string): Promise<void>
}

/** A table, as it was when the run began. */
export type DeltaPlace = {
  readonly path: string
  readonly name: string
  readonly store: DeltaStore
  readonly table: DeltaTable
}

const COMMIT = /^\d{20}\.json$/

/**
 * Opens the table of an output; one that is not there yet has no commit.
 *
 * @throws CommandError for a log that is not whole, or cannot be read.
 */
export async function openDeltaPlace(store: DeltaStore): Promise<DeltaPlace> {
  const { path, name } = store
  return { path, name, store, table: await readDeltaLog(store) }
}

/** @throws CommandError for a log that is not whole, or cannot be read. */
export async function readDeltaLog(store: DeltaStore): Promise<DeltaTable> {
  const { name } = store
  const all = await store.list()
  if (all.length === 0) return NO_DELTA_TABLE
  const commits = all.filter(file => COMMIT.test(file)).toSorted()
  if (commits.length === 0 || commits.some((file, version) => file !== deltaCommitName(version))) {
    throw new CommandError(
      `"${name}" cannot be written: its log begins with a checkpoint, or a commit of it is missing`
    )
  }
  const reader = createDeltaLogReader()
  for (const [version, file] of commits.entries()) {
    try {
      for await (const line of store.lines(file)) reader.read(version, line)
    } catch {
      throw new CommandError(`"${name}/_delta_log/${file}" cannot be read as a commit of a table`)
    }
  }
  return reader.table()
}
