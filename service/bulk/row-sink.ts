import type { Rows } from '../operations/rows.ts'
import type { RowFormat } from './row-format.ts'

/** Takes rows. */
export type RowSink = {
  /** Resolves when the rows are written. */
  write(rows: Rows): Promise<void>
  /** Ends what is complete. */
  close(): Promise<void>
}

/** Takes text. */
export type TextTarget = {
  /**
   * Resolves when all of it is written.
   *
   * @param text Bytes are UTF-8.
   */
  write(text: string | Uint8Array): Promise<void>
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
      const head = headOnce()
      const text = format.rows(rows, !hasRows)
      hasRows ||= rows.values.length > 0
      const isText = typeof text === 'string'
      if (isText ? head + text !== '' : head !== '') await target.write(isText ? head + text : head)
      if (!isText && text.length > 0) await target.write(text)
    },
    async close() {
      const text = headOnce() + format.tail(hasRows)
      if (text !== '') await target.write(text)
    }
  }
}
