import type { JsonObject } from '../base/json.ts'
import type { JsonItems } from '../base/json-items.ts'
import { pickItems, sliceItems } from '../base/json-items.ts'

/** Rows, and their text as the API wrote it; null where that is not what is to be written. */
export type Rows = { readonly values: readonly JsonObject[]; readonly items: JsonItems | null }

export const NO_ROWS: Rows = { values: [], items: null }

/** The rows from one number to before another. */
export function sliceRows({ values, items }: Rows, from: number, to: number): Rows {
  const end = Math.min(to, values.length)
  if (from === 0 && end === values.length) return { values, items }
  return { values: values.slice(from, end), items: items && sliceItems(items, from, end) }
}

/** Some rows, by their numbers in ascending order. */
export function pickRows({ values, items }: Rows, indexes: readonly number[]): Rows {
  if (indexes.length === values.length) return { values, items }
  const picked: JsonObject[] = []
  for (const index of indexes) {
    const row = values[index]
    if (row !== undefined) picked.push(row)
  }
  return { values: picked, items: items && pickItems(items, indexes) }
}
