import { csvFormat } from '../../bulk/csv-format.ts'
import { fieldSink } from '../../bulk/field-sink.ts'
import { createParquetSink } from '../../bulk/parquet-sink.ts'
import type { RowColumn } from '../../bulk/row-columns.ts'
import { allColumns } from '../../bulk/row-columns.ts'
import { rowFields } from '../../bulk/row-fields.ts'
import { ndjsonFormat } from '../../bulk/row-format.ts'
import type { RowSink } from '../../bulk/row-sink.ts'
import { createTextSink } from '../../bulk/row-sink.ts'
import { ConnectorError } from '../../errors.ts'
import type { FieldRecord } from '../../model/field-record.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import type { OpenRows } from '../../operations/row-page.ts'
import { watchMembers } from '../read/row-writer.ts'
import { CommandError } from '../terminal.ts'
import type { Attempt, AttemptPlace } from './attempt-file.ts'
import { beginAttempt, keepBefore } from './attempt-file.ts'
import { beginDeltaAttempt } from './delta-attempt.ts'
import type { DeltaPlace } from './delta-log.ts'
import { beginS3Attempt } from './s3-attempt.ts'
import type { S3 } from './s3-bucket.ts'

/** Where an output is written: a file, an object, or the directory of a table. */
export type OutputPlace = AttemptPlace | S3ObjectPlace | DeltaPlace

/** An object in S3. */
export type S3ObjectPlace = { readonly name: string; readonly path: string; readonly s3: S3 }

/** An output whose rows are being written. */
export type OpenOutput = {
  readonly output: PipelineOutput
  readonly sink: RowSink
  readonly attempt: Attempt
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
  place: OutputPlace,
  list: OpenRows,
  run: string
): Promise<OpenOutput> {
  const attempt = await beginOutput(output, place, list, run)
  try {
    const rows = await openSink(output, place, list, attempt)
    return { output, attempt, ...rows }
  } catch (error) {
    await attempt.discard()
    throw error
  }
}

async function beginOutput(
  output: PipelineOutput,
  place: OutputPlace,
  list: OpenRows,
  run: string
): Promise<Attempt> {
  if ('before' in place) return beginAttempt(place, run)
  if ('s3' in place) return beginS3Attempt(place.name, place.s3, run)
  return beginDeltaAttempt(output, place, knownFields(output, list), run)
}

async function openSink(
  output: PipelineOutput,
  place: OutputPlace,
  list: OpenRows,
  attempt: Attempt
): Promise<Pick<OpenOutput, 'sink' | 'leftOut'>> {
  const { name, fields } = output
  if (output.format === 'parquet' || output.format === 'delta') {
    return openParquet(output, list, attempt)
  }
  const columns: readonly RowColumn[] =
    fields === null ? allColumns(list.types, list.type) : fields.map(each => [each.name])
  const format = output.format === 'json' ? ndjsonFormat() : csvFormat(columns)
  const kept =
    output.mode === 'append' && 'before' in place ? await keepBefore(place, attempt) : null
  const begun = kept?.isAny === true ? 0 : null
  if (kept !== null && begun !== null && !kept.head.startsWith(format.head)) {
    throw new CommandError(
      `"${place.name}" has other columns than \`outputs.${name}\`, so that nothing can be appended to it`
    )
  }
  const sink = createTextSink(attempt, format, begun)
  if (fields !== null) return { sink: fieldSink(sink, name, fields), leftOut: NOTHING }
  if (output.format === 'json') return { sink, leftOut: NOTHING }
  return watched(
    sink,
    columns.map(([first]) => first)
  )
}

const NOTHING = (): readonly string[] => []

/** A sink that looks for members of rows which no column has. */
function watched(sink: RowSink, columns: readonly string[]): Pick<OpenOutput, 'sink' | 'leftOut'> {
  const { see, leftOut } = watchMembers(columns)
  const write: RowSink['write'] = rows => {
    for (const row of rows.values) see(row)
    return sink.write(rows)
  }
  return { sink: { ...sink, write }, leftOut }
}

/** @throws ConnectorError `FIELDS_UNKNOWN` */
function knownFields({ fields }: PipelineOutput, { type }: OpenRows): readonly FieldRecord[] {
  const known = fields ?? rowFields(type)
  if (known.length === 0) throw new ConnectorError('FIELDS_UNKNOWN', { type: type.name })
  return known
}

function openParquet(
  output: PipelineOutput,
  list: OpenRows,
  attempt: Attempt
): Pick<OpenOutput, 'sink' | 'leftOut'> {
  const { name, fields } = output
  const columns = knownFields(output, list)
  const sink = createParquetSink(attempt, name, columns)
  if (fields !== null) return { sink: fieldSink(sink, name, fields), leftOut: NOTHING }
  return watched(
    sink,
    columns.map(field => field.name)
  )
}
