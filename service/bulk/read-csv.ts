import { pipeline, Readable } from 'node:stream'

import { CsvError, parse } from 'csv-parse'
import type { Options } from 'csv-parse'

import { errorCode } from '../base/error-code.ts'
import { parseJson } from '../base/exact-number.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import type { InputRow } from './input-row.ts'
import { ROW_MAX_BYTES } from './input-row.ts'
import type { WrittenColumn } from './row-columns.ts'
import { columnName, putColumn } from './row-columns.ts'

/** Cells of a line; null for one without anything, which differs from a quoted blank. */
type Cells = readonly (string | null)[]

const OPTIONS: Options = {
  info: true,
  record_delimiter: ['\r\n', '\n'],
  skip_empty_lines: true,
  relax_column_count: true,
  max_record_size: ROW_MAX_BYTES,
  cast: (value, { quoting }) => (value === '' && !quoting ? null : value)
}

/**
 * Reads rows of comma-separated values with a header (RFC 4180), in constant memory. An empty cell is no member, and
 * lists and objects are JSON text.
 *
 * @param columnsOf Finds the columns of the header.
 * @throws what `columnsOf` throws.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  columnsOf: (names: readonly string[]) => readonly WrittenColumn[]
): AsyncGenerator<InputRow, void, undefined> {
  // The parser ends with the failure of what it reads.
  const parser = pipeline(Readable.from(decoded(chunks)), parse(OPTIONS), () => {})
  let columns: readonly WrittenColumn[] | null = null
  let last = 0
  let passed = 0
  try {
    for await (const { record, info } of parser) {
      const cells: Cells = record
      // Empty lines between records count.
      const line = last + 1 + info.empty_lines - passed
      last = info.lines
      passed = info.empty_lines
      if (columns !== null) yield rowOf(line, columns, cells)
      else {
        const fault = headerFault(cells)
        if (fault !== null) return yield { line, fault }
        columns = columnsOf(cells.map(cell => (cell ?? '').trim()))
      }
    }
  } catch (error) {
    if (errorCode(error) === NO_UTF_8) {
      yield { line: last + 1, fault: 'the file is not in UTF-8' }
      return
    }
    if (!(error instanceof CsvError)) throw error
    yield { line: last + 1, fault: `the row is no CSV: ${FAULTS[error.code] ?? error.code}` }
  }
}

/** The code of a decoder's failure. */
const NO_UTF_8 = 'ERR_ENCODING_INVALID_ENCODED_DATA'

async function* decoded(
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

const FAULTS: { readonly [code: string]: string } = {
  CSV_INVALID_CLOSING_QUOTE: 'a quote inside of a cell is not doubled',
  INVALID_OPENING_QUOTE: 'a quote stands in a cell that does not begin with one',
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell does not end',
  CSV_MAX_RECORD_SIZE: `it has more than ${ROW_MAX_BYTES} bytes`
}

function headerFault(cells: Cells): string | null {
  const names = cells.map(cell => (cell ?? '').trim())
  if (names.includes('')) return 'a column of the header has no name'
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined ? null : `the header has the column "${twice}" twice`
}

function rowOf(line: number, columns: readonly WrittenColumn[], cells: Cells): InputRow {
  if (cells.length !== columns.length) {
    const few = cells.length < columns.length ? 'few' : 'many'
    const fault = `the row has too ${few} columns: ${cells.length}, and the header has ${columns.length}`
    return { line, fault }
  }
  const row: Record<string, JsonValue> = {}
  for (const [index, { column, holds }] of columns.entries()) {
    const cell = cells[index] ?? null
    if (cell === null) continue
    const value = holds === 'text' ? cell : jsonCell(cell, holds === 'anything')
    if (value === undefined) {
      return { line, fault: `the cell of column "${columnName(column)}" is no JSON list or object` }
    }
    putColumn(row, column, value)
  }
  return { line, row: row satisfies JsonObject }
}

/** A list or an object as JSON text; other text only where anything may stand. */
function jsonCell(cell: string, mayBeText: boolean): JsonValue | undefined {
  const other = mayBeText ? cell : undefined
  if (!/^\s*[[{]/.test(cell)) return other
  try {
    const value = parseJson(cell)
    return isJsonArray(value) || isJsonObject(value) ? value : other
  } catch {
    return other
  }
}
