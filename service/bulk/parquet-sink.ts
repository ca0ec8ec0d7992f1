import { ByteWriter, ParquetWriter } from 'hyparquet-writer'

import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { FieldRecord } from '../model/field-record.ts'
import { EXPECTED, valueWords } from '../objects/enforce-fields.ts'
import type { ParquetValue } from './parquet-column.ts'
import { parquetElement, parquetValue } from './parquet-column.ts'
import type { RowSink, TextTarget } from './row-sink.ts'

/** A row group ends with whichever comes first: so many values, or characters of text in them. */
const GROUP_VALUES = 1_000_000
const GROUP_CHARACTERS = 32 * 1024 * 1024

/**
 * Writes rows as a Parquet file (docs/pipelines.md#parquet), in memory that the number of rows does not change: one row
 * group at a time.
 *
 * @param output Its name, for problems.
 * @param fields At least one.
 * @throws ConnectorError `RECORD_MISFIT` from `write` for a value that its field cannot hold.
 */
export function createParquetSink(
  target: TextTarget,
  output: string,
  fields: readonly FieldRecord[]
): RowSink {
  const bytes = new ByteWriter()
  const root = { name: 'root', num_children: fields.length }
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [root, ...fields.map(parquetElement)],
    createdBy: 'openapi-flow'
  })
  const groupRows = Math.max(1, Math.floor(GROUP_VALUES / fields.length))
  let columns = emptyColumns(fields)
  let records = 0
  let rows = 0
  let characters = 0
  const add = (row: JsonObject): void => {
    records++
    for (const { field, data } of columns) {
      const given = ownMember(row, field.name)
      const value = parquetValue(field.type, given)
      if (value === undefined) throw misfit(output, field, given ?? null, records)
      if (typeof value === 'string' || value instanceof Uint8Array) characters += value.length
      data.push(value)
    }
    rows++
  }
  const flush = async (): Promise<void> => {
    if (rows > 0) {
      const columnData = columns.map(({ field, data }) => ({
        ...{ name: field.name, data, offsetIndex: false }
      }))
      await writer.write({ columnData, rowGroupSize: rows })
    }
    columns = emptyColumns(fields)
    rows = 0
    characters = 0
    await drain()
  }
  /** Hands over what is written. */
  const drain = async (): Promise<void> => {
    await target.write(bytes.getBytes())
    bytes.index = 0
  }
  return {
    async write({ values }) {
      for (const row of values) {
        add(row)
        if (rows >= groupRows || characters >= GROUP_CHARACTERS) await flush()
      }
    },
    async close() {
      await flush()
      await writer.finish()
      await drain()
    }
  }
}

type Column = { readonly field: FieldRecord; readonly data: ParquetValue[] }

function emptyColumns(fields: readonly FieldRecord[]): readonly Column[] {
  return fields.map(field => ({ field, data: [] }))
}

function misfit(type: string, { name, type: kind }: FieldRecord, given: JsonValue, record: number) {
  const expected = isJsonObject(given) ? EXPECTED[kind] : `${EXPECTED[kind]} that it can hold`
  return new ConnectorError('RECORD_MISFIT', {
    ...{ type, record, field: name },
    ...{ given: valueWords(given), expected }
  })
}
