import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { Rows } from '../operations/rows.ts'

const LINE_FEED = 0x0a

/**
 * Reads rows that were written as NDJSON by `ndjsonFormat`, with their text, some at a time.
 *
 * @throws TypeError for what is no NDJSON.
 */
export async function* storedRows(
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<Rows, void, undefined> {
  let rest: Uint8Array[] = []
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    if (end === 0) {
      rest.push(chunk)
      continue
    }
    yield rowsOf(Buffer.concat([...rest, chunk.subarray(0, end)]))
    rest = end < chunk.length ? [chunk.subarray(end)] : []
  }
  if (rest.length > 0) throw new TypeError('the last row is not whole')
}

/** The rows of whole lines. */
function rowsOf(bytes: Buffer): Rows {
  const values: JsonObject[] = []
  const ranges: number[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start)
    const value = parseJson(bytes.toString('utf8', start, end))
    if (!isJsonObject(value)) throw new TypeError('a row is no object')
    values.push(value)
    ranges.push(start, end)
    start = end + 1
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { values, items: { bytes, view, ranges: Int32Array.from(ranges) } }
}
