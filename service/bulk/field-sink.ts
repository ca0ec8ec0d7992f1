import type { FieldRecord } from '../model/field-record.ts'
import { enforceFields } from '../objects/enforce-fields.ts'
import { columnPicker } from './row-columns.ts'
import type { RowSink } from './row-sink.ts'

/**
 * A sink whose rows have declared fields only, in their order.
 *
 * @param output Its name, for problems.
 * @throws ConnectorError `RECORD_MISFIT` from `write`, before any of the given rows is written.
 */
export function fieldSink(sink: RowSink, output: string, fields: readonly FieldRecord[]): RowSink {
  const pick = columnPicker(fields.map(({ name }) => [name]))
  let records = 0
  return {
    async write({ values }) {
      for (const row of values) enforceFields(output, fields, row, ++records)
      await sink.write({ values: values.map(pick), items: null })
    },
    close: sink.close
  }
}
