import type { JsonObject } from '../base/json.ts'
import type { RowFormat } from './row-format.ts'

/** Takes rows. */
export type RowSink = {
  /** Resolves when the rows are written. */
  write(rows: readonly JsonObject[]): Promise<void>
  /** Ends what is complete. */
  close(): Promise<void>
}

/** Takes text. */
export type TextTarget = {
  /** Resolves when all of it is written. */
  write(text: string): Promise<void>
}

/**
 * Creates a sink that writes rows as text.
 *
 * @param begun How many rows were written before, by a read that was stopped; null where nothing was.
 */
export function createTextSink(
  target: TextTarget,
  format: RowFormat,
  begun: number | null
): RowSink {
  let isBegun = begun !== null
  let hasRows = (begun ?? 0) > 0
  const headOnce = (): string => {
    const head = isBegun ? '' : format.head
    isBegun = true
    return head
  }
  return {
    async write(rows) {
      const text = headOnce() + format.rows(rows, !hasRows)
      hasRows ||= rows.length > 0
      if (text !== '') await target.write(text)
    },
    async close() {
      const text = headOnce() + format.tail(hasRows)
      if (text !== '') await target.write(text)
    }
  }
}
