import { randomUUID } from 'node:crypto'

import type { DeltaTable } from '../../bulk/delta-table.ts'
import { deltaCommit, deltaCommitName, deltaFault } from '../../bulk/delta-table.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { CommandError } from '../terminal.ts'
import type { Attempt, CommittedFiles, WrittenFile } from './attempt-file.ts'
import type { DeltaPlace } from './delta-log.ts'
import { DELTA_LOG, readDeltaLog } from './delta-log.ts'

/** Commits that are tried while others append to the table. */
const TRIES = 20

/**
 * Begins rows of a Delta table: a Parquet file, which a commit to its log makes part of the table.
 *
 * @throws CommandError for a table that cannot take the fields, or a directory that cannot be written.
 */
export async function beginDeltaAttempt(
  output: PipelineOutput,
  place: DeltaPlace,
  fields: readonly FieldRecord[],
  run: string
): Promise<Attempt> {
  const unfit = faultOf(output, place.table, fields)
  if (unfit !== null) throw unfit
  const part = `part-00000-${randomUUID()}-c000.snappy.parquet`
  const { store } = place
  const file = await store.begin(part, run)
  /**
   * The number of the commit, or why there is none. Where it throws, the commit may be there, and its file has to stay.
   */
  const commitLog = async (
    rows: number,
    written: WrittenFile | null
  ): Promise<number | CommandError> => {
    const added = written && { path: part, bytes: written.bytes, rows }
    for (let tries = 0; tries < TRIES; tries++) {
      // What an overwrite removes is what was there when the run began.
      const table = output.mode === 'append' ? await readDeltaLog(store) : place.table
      const fault = faultOf(output, table, fields)
      if (fault !== null) return fault
      const given = { now: Date.now(), newId: randomUUID() }
      const text = deltaCommit(table, fields, output.mode, added, given)
      const version = table.version + 1
      if (await store.put(`${DELTA_LOG}/${deltaCommitName(version)}`, text, run)) return version
      if (output.mode === 'overwrite') break
    }
    return new CommandError(`"${place.name}" was changed by somebody else during the run`)
  }
  return {
    ...file,
    async commit(rows): Promise<CommittedFiles> {
      if (rows === 0) await file.discard()
      const { files } = rows === 0 ? { files: [] } : await file.commit(rows)
      const [written = null] = files
      const outcome = await commitLog(rows, written)
      if (typeof outcome === 'number') return { files, version: outcome }
      if (written !== null) await store.remove(part)
      throw outcome
    }
  }
}

function faultOf(
  { name, mode }: PipelineOutput,
  table: DeltaTable,
  fields: readonly FieldRecord[]
): CommandError | null {
  const fault = deltaFault(table, fields, mode)
  if (fault === null) return null
  return new CommandError(`\`outputs.${name}\` cannot be written: ${fault}`)
}
