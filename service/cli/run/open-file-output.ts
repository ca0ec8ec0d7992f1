import { csvFormat } from '../../bulk/csv-format.ts'
import { fieldSink } from '../../bulk/field-sink.ts'
import { allColumns } from '../../bulk/row-columns.ts'
import type { RowFormat } from '../../bulk/row-format.ts'
import { ndjsonFormat } from '../../bulk/row-format.ts'
import type { RowSink } from '../../bulk/row-sink.ts'
import { createTextSink } from '../../bulk/row-sink.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import type { OpenRows } from '../../operations/row-page.ts'
import { createRowWriter } from '../read/row-writer.ts'
import { CommandError } from '../terminal.ts'
import type { AttemptFile, AttemptPlace } from './attempt-file.ts'
import { beginAttempt, keepBefore } from './attempt-file.ts'

/** An output whose rows are being written. */
export type OpenOutput = {
  readonly output: PipelineOutput
  readonly sink: RowSink
  readonly attempt: AttemptFile
  /** Members of rows for which there is no column, at most so many. */
  readonly leftOut: () => readonly string[]
}

/**
 * Begins an output, with the rows that are there where it appends.
 *
 * @throws CommandError for a file that cannot be written, or to which nothing with these columns can be appended.
 */
export async function openFileOutput(
  output: PipelineOutput,
  place: AttemptPlace,
  list: OpenRows,
  run: string
): Promise<OpenOutput> {
  const attempt = await beginAttempt(place, run)
  try {
    const format = formatOf(output, list)
    const kept = output.mode === 'append' ? await keepBefore(place, attempt) : null
    const begun = kept?.isAny === true ? 0 : null
    if (kept !== null && begun !== null && !kept.head.startsWith(format.head)) {
      throw new CommandError(
        `"${place.name}" has other columns than \`outputs.${output.name}\`, so that nothing can be appended to it`
      )
    }
    const { name, fields } = output
    if (fields !== null) {
      const sink = fieldSink(createTextSink(attempt, format, begun), name, fields)
      return { output, attempt, sink, leftOut: () => [] }
    }
    const written = { format: output.format === 'csv' ? 'csv' : 'ndjson', columns: [] } as const
    const sink = createRowWriter(list, attempt, written, begun)
    return { output, attempt, sink, leftOut: sink.leftOut }
  } catch (error) {
    await attempt.discard()
    throw error
  }
}

function formatOf({ format, fields }: PipelineOutput, { types, type }: OpenRows): RowFormat {
  if (format === 'json') return ndjsonFormat()
  return csvFormat(fields === null ? allColumns(types, type) : fields.map(({ name }) => [name]))
}
