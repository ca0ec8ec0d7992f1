import { numberText } from '../base/exact-number.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'

/** How rows are written as text. */
export type RowFormat = {
  /** Before the first row. */
  readonly head: string
  /**
   * The text of some rows.
   *
   * @param isFirst Whether no row came before.
   */
  rows(rows: readonly JsonObject[], isFirst: boolean): string
  /** After the last row. */
  tail(hasRows: boolean): string
}

/** One JSON object a line. */
export const NDJSON: RowFormat = {
  head: '',
  rows: rows => {
    let text = ''
    for (const row of rows) text += `${jsonText(row)}\n`
    return text
  },
  tail: () => ''
}

/** A JSON array with one object a line. */
export const JSON_ARRAY: RowFormat = {
  head: '[',
  rows: (rows, isFirst) => {
    let text = ''
    for (const row of rows) text += `${isFirst && text === '' ? '' : ','}\n${jsonText(row)}`
    return text
  },
  tail: hasRows => (hasRows ? '\n]\n' : ']\n')
}

/** A small number as `JSON.stringify` writes it. Text may have the same. */
const SMALL = /\de-\d/

/** JSON text in which no number has an exponent. */
export function jsonText(value: JsonValue): string {
  const text = JSON.stringify(value)
  return SMALL.test(text) ? JSON.stringify(value, plainNumber) : text
}

function plainNumber(_key: string, value: JsonValue): JsonValue {
  if (typeof value !== 'number') return value
  const text = numberText(value)
  return text === undefined || text === String(value) ? value : JSON.rawJSON(text)
}
