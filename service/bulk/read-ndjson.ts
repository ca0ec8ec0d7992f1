import { parseJson } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { InputRow } from './input-row.ts'
import { ROW_MAX_BYTES } from './input-row.ts'
import type { TextLine } from './split-lines.ts'
import { splitLines } from './split-lines.ts'

/** Reads rows of NDJSON, in constant memory: a JSON object a line, in UTF-8. Blank lines are passed over. */
export async function* readNdjson(
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<InputRow, void, undefined> {
  for await (const line of splitLines(chunks, ROW_MAX_BYTES)) {
    const row = rowOf(line)
    if (row !== null) yield row
  }
}

function rowOf({ number: line, bytes }: TextLine): InputRow | null {
  if (bytes === null) return { line, fault: `the row has more than ${ROW_MAX_BYTES} bytes` }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { line, fault: 'the row is not in UTF-8' }
  }
  if (text.trim() === '') return null
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch {
    const isArray = line === 1 && text.startsWith('[')
    return { line, fault: isArray ? ARRAY : 'the row is no JSON' }
  }
  if (isJsonObject(value)) return { line, row: value }
  return { line, fault: Array.isArray(value) ? ARRAY : 'the row is no JSON object' }
}

const ARRAY = 'it is a JSON array; give NDJSON, one object a line'
