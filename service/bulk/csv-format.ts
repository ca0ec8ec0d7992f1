import type { Options } from 'csv-stringify/sync'
import { stringify } from 'csv-stringify/sync'

import { numberText } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber } from '../base/json.ts'
import type { RowColumn } from './row-columns.ts'
import { columnName, columnValue } from './row-columns.ts'
import type { RowFormat } from './row-format.ts'
import { jsonText } from './row-format.ts'

/** A blank text is quoted, so that it differs from no value. */
const OPTIONS: Options = {
  cast: { string: text => (text === '' ? { value: text, quoted_empty: true } : text) }
}

/** Comma-separated values with a header (RFC 4180, lines end with LF): lists and objects are JSON text. */
export function csvFormat(columns: readonly RowColumn[]): RowFormat {
  return {
    // Of a list without records no column may be known.
    head: columns.length === 0 ? '' : stringify([columns.map(columnName)], OPTIONS),
    rows: ({ values }) =>
      stringify(
        values.map(row => columns.map(column => cellText(columnValue(row, column)))),
        OPTIONS
      ),
    tail: () => ''
  }
}

/** The text of a value; null for none. */
function cellText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || isExactNumber(value)) return numberText(value) ?? null
  return jsonText(value)
}
