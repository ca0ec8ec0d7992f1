import type { JsonObject } from '../../base/json.ts'
import { csvFormat } from '../../bulk/csv-format.ts'
import type { RowColumn } from '../../bulk/row-columns.ts'
import { allColumns, columnPicker, namedColumns } from '../../bulk/row-columns.ts'
import type { RowFormat } from '../../bulk/row-format.ts'
import { jsonFormat, ndjsonFormat } from '../../bulk/row-format.ts'
import type { RowSink, TextTarget } from '../../bulk/row-sink.ts'
import { createTextSink } from '../../bulk/row-sink.ts'
import type { OpenRows } from '../../operations/row-page.ts'
import type { ReadOptions } from './read-rows-command.ts'

/** Writes rows in the format of a command. */
export type RowWriter = RowSink & {
  /** Rows that were written, also by earlier parts of the read. */
  count(): number
  /** Members of rows for which there is no column, at most so many. */
  leftOut(): readonly string[]
}

/** Members that are named at most. */
const NAMED_MAX = 20

/**
 * @param begun Rows that were written by an earlier part of the read; null where it has not begun.
 * @throws ConnectorError `COLUMN_UNKNOWN`
 */
export function createRowWriter(
  { type, types }: OpenRows,
  target: TextTarget,
  { format, columns }: Pick<ReadOptions, 'format' | 'columns'>,
  begun: number | null
): RowWriter {
  // Of a list without records no column is known.
  const isKnown = type.properties.length > 0
  const named = isKnown ? namedColumns(types, type, columns) : []
  const all = named.length > 0 || format !== 'csv' ? named : allColumns(types, type)
  const sink = createTextSink(target, rowFormat(format, all), begun)
  const pick = named.length > 0 && format !== 'csv' ? columnPicker(named) : null
  const watch =
    named.length === 0 && format === 'csv' ? watchMembers(all.map(([first]) => first)) : null
  let rows = begun ?? 0
  return {
    async write(given) {
      const { values } = given
      if (watch !== null) for (const row of values) watch.see(row)
      await sink.write(pick === null ? given : { values: values.map(pick), items: null })
      rows += values.length
    },
    close: sink.close,
    count: () => rows,
    leftOut: () => watch?.leftOut() ?? []
  }
}

function rowFormat(format: ReadOptions['format'], columns: readonly RowColumn[]): RowFormat {
  switch (format) {
    case 'csv':
      return csvFormat(columns)
    case 'json':
      return jsonFormat()
    case 'ndjson':
      return ndjsonFormat()
    default:
      return format satisfies never
  }
}

/** Watches for members of rows that no column has. */
export function watchMembers(columns: readonly string[]): {
  see(row: JsonObject): void
  leftOut(): readonly string[]
} {
  const known = new Set(columns)
  const others = new Set<string>()
  return {
    see(row) {
      for (const name in row) {
        if (!known.has(name) && others.size < NAMED_MAX) others.add(name)
      }
    },
    leftOut: () => [...others]
  }
}
