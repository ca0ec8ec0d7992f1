import type { DeltaTable } from '../../bulk/delta-table.ts'
import { createDeltaLogReader, deltaCommitName, NO_DELTA_TABLE } from '../../bulk/delta-table.ts'
import { splitLines } from '../../bulk/split-lines.ts'
import { CommandError } from '../terminal.ts'
import type { FileStore } from './file-store.ts'

/** A table, as it was when the run began. */
export type DeltaPlace = {
  readonly path: string
  readonly name: string
  readonly store: FileStore
  readonly table: DeltaTable
}

/** The directory of the log in that of the table. */
export const DELTA_LOG = '_delta_log'

/** Most bytes of a line of the log. */
const LINE_MAX_BYTES = 64 * 1024 * 1024

const COMMIT = /^\d{20}\.json$/

/**
 * Opens the table of an output; one that is not there yet has no commit.
 *
 * @throws CommandError for a log that is not whole, or cannot be read.
 */
export async function openDeltaPlace(store: FileStore): Promise<DeltaPlace> {
  const { path, name } = store
  return { path, name, store, table: await readDeltaLog(store) }
}

/** @throws CommandError for a log that is not whole, or cannot be read. */
export async function readDeltaLog(store: FileStore): Promise<DeltaTable> {
  const { name } = store
  const all = await store.list(DELTA_LOG)
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
      const chunks = store.bytes(`${DELTA_LOG}/${file}`)
      for await (const { bytes } of splitLines(chunks, LINE_MAX_BYTES)) {
        // A line that is too long cannot be read.
        reader.read(version, bytes === null ? '…' : Buffer.from(bytes).toString())
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new CommandError(`"${name}/${DELTA_LOG}/${file}" cannot be read as a commit of a table`)
    }
  }
  return reader.table()
}
