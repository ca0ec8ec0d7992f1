import { csvFormat } from '../../bulk/csv-format.ts'
import { fieldSink } from '../../bulk/field-sink.ts'
import { createParquetSink } from '../../bulk/parquet-sink.ts'
import { allColumns } from '../../bulk/row-columns.ts'
import { rowFields } from '../../bulk/row-fields.ts'
import type { RowFormat } from '../../bulk/row-format.ts'
import { ndjsonFormat } from '../../bulk/row-format.ts'
import type { RowSink } from '../../bulk/row-sink.ts'
import { createTextSink } from '../../bulk/row-sink.ts'
import { ConnectorError } from '../../errors.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import type { OpenRows } from '../../operations/row-page.ts'
import { createRowWriter, watchMembers } from '../read/row-writer.ts'
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
 * @throws CommandError for a file that cannot be written, or to which nothing with these columns can be
 *   appended; ConnectorError `FIELDS_UNKNOWN` for a Parquet file of an empty list.
 */
export async function openFileOutput(
  output: PipelineOutput,
  place: AttemptPlace,
  list: OpenRows,
  run: string
): Promise<OpenOutput> {
  const attempt = await beginAttempt(place, run)
  try {
    const rows = await openSink(output, place, list, attempt)
    return { output, attempt, ...rows }
  } catch (error) {
    await attempt.discard()
    throw error
  }
}

async function openSink(
  output: PipelineOutput,
  place: AttemptPlace,
  list: OpenRows,
  attempt: AttemptFile
): Promise<Pick<OpenOutput, 'sink' | 'leftOut'>> {
  const { name, fields } = output
  if (output.format === 'parquet') return openParquet(output, list, attempt)
  const format = textFormat(output.format, fields, list)
  const kept = output.mode === 'append' ? await keepBefore(place, attempt) : null
  const begun = kept?.isAny === true ? 0 : null
  if (kept !== null && begun !== null && !kept.head.startsWith(format.head)) {
    throw new CommandError(
      `"${place.name}" has other columns than \`outputs.${name}\`, so that nothing can be appended to it`
    )
  }
  if (fields !== null) {
    const sink = fieldSink(createTextSink(attempt, format, begun), name, fields)
    return { sink, leftOut: NOTHING }
  }
  const written = { format: output.format === 'csv' ? 'csv' : 'ndjson', columns: [] } as const
  const sink = createRowWriter(list, attempt, written, begun)
  return { sink, leftOut: sink.leftOut }
}

const NOTHING = (): readonly string[] => []

function textFormat(
  format: 'json' | 'csv',
  fields: PipelineOutput['fields'],
  { types, type }: OpenRows
): RowFormat {
  if (format === 'json') return ndjsonFormat()
  return csvFormat(fields === null ? allColumns(types, type) : fields.map(({ name }) => [name]))
}

/** @throws ConnectorError `FIELDS_UNKNOWN` */
function openParquet(
  { name, fields }: PipelineOutput,
  { type }: OpenRows,
  attempt: AttemptFile
): Pick<OpenOutput, 'sink' | 'leftOut'> {
  const columns = fields ?? rowFields(type)
  if (columns.length === 0) throw new ConnectorError('FIELDS_UNKNOWN', { type: type.name })
  const sink = createParquetSink(attempt, name, columns)
  if (fields !== null) return { sink: fieldSink(sink, name, fields), leftOut: NOTHING }
  const watch = watchMembers(columns.map(field => field.name))
  return {
    sink: {
      ...sink,
      write(rows) {
        for (const row of rows.values) watch.see(row)
        return sink.write(rows)
      }
    },
    leftOut: watch.leftOut
  }
}
