import { numberText } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { createItemJoiner } from '../base/json-items.ts'
import type { Rows } from '../operations/rows.ts'

/** How rows are written as text. */
export type RowFormat = {
  /** Before the first row. */
  readonly head: string
  /**
   * The text of some rows, in memory that the next call may use again.
   *
   * @param isFirst Whether no row came before.
   */
  rows(rows: Rows, isFirst: boolean): string | Uint8Array
  /** After the last row. */
  tail(hasRows: boolean): string
}

/** One JSON object a line. */
export function ndjsonFormat(): RowFormat {
  const join = createItemJoiner(Buffer.from('\n'), Buffer.from('\n'))
  return {
    head: '',
    rows: ({ values, items }) => {
      if (items !== null) return join(items)
      let text = ''
      for (const row of values) text += `${JSON.stringify(row)}\n`
      return SMALL.test(text) ? values.map(row => `${jsonText(row)}\n`).join('') : text
    },
    tail: () => ''
  }
}

/** A JSON array with one object a line. */
export function jsonFormat(): RowFormat {
  const join = createItemJoiner(Buffer.from(',\n'), Buffer.alloc(0))
  return {
    head: '[',
    rows: ({ values, items }, isFirst) => {
      if (values.length === 0) return ''
      const rows =
        items === null ? values.map(jsonText).join(',\n') : Buffer.from(join(items)).toString()
      return `${isFirst ? '' : ','}\n${rows}`
    },
    tail: hasRows => (hasRows ? '\n]\n' : ']\n')
  }
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
