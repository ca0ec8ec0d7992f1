import { randomUUID } from 'node:crypto'

import { openPart } from '../../bulk/open-part.ts'
import type { RunPart } from '../../bulk/partition.ts'
import { ndjsonFormat } from '../../bulk/row-format.ts'
import { createTextSink } from '../../bulk/row-sink.ts'
import { ConnectorError } from '../../errors.ts'
import type { Session } from '../../operations/session.ts'
import { showProgress } from '../read/show-progress.ts'
import { patientSession } from '../session/patient-session.ts'
import type { Terminal } from '../terminal.ts'
import type { FileStore } from './file-store.ts'
import type { PartRecord } from './part-record.ts'

/** Where a part is read. */
export type PartScope = {
  readonly session: Session
  /** The directory of the run. */
  readonly store: FileStore
  readonly terminal: Terminal
  /** Stops the read; the attempt is removed. */
  readonly signal: AbortSignal
}

/**
 * Reads a part of a run into a file of its own, which becomes the part by `commitPart`.
 *
 * @throws ConnectorError as `openPart`, and `LIST_NOT_ENDED`; CommandError for a directory that cannot be written.
 */
export async function runPart(
  { part, input, partition }: RunPart,
  { session: given, store, terminal, signal }: PartScope
): Promise<PartRecord> {
  const name = `${input}, part ${part}`
  const progress = showProgress(terminal, name)
  const file = `part-${part}.${randomUUID()}.ndjson`
  const attempt = await store.begin(file, 'run')
  try {
    const session = patientSession(given, progress.onWait)
    const list = await openPart(session, input, partition)
    const sink = createTextSink(attempt, ndjsonFormat(), null)
    let rows = 0
    for await (const page of list.pages) {
      await sink.write(page.rows)
      rows += page.rows.values.length
      progress.add(page)
      if (page.end === 'pages') throw new ConnectorError('LIST_NOT_ENDED', { type: input })
      if (page.end === null) signal.throwIfAborted()
    }
    await sink.close()
    await attempt.close()
    const { reached, repeated, misfits } = progress.end()
    const { pages, records } = reached
    const { files } = await attempt.commit(rows)
    const { bytes = 0, sha256 = '' } = files[0] ?? {}
    const read = { rows, pages, records, repeated, misfits, outside: list.outside() }
    terminal.err(`${name}: ${progress.summary()}`)
    if (read.outside > rows) {
      terminal.err(
        `warning: ${read.outside} of ${records} records of part ${part} belong to other parts; see whether the API takes \`from_param\` and \`to_param\` of \`inputs.${input}.partition\``
      )
    }
    return { part, input, file, ...read, fields: list.fields(), bytes, sha256 }
  } catch (error) {
    await attempt.discard()
    throw error
  } finally {
    progress.end()
  }
}
