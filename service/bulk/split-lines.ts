/** A line of a text, without its end. */
export type TextLine = {
  /** From 1. */
  readonly number: number
  /** Null for a line of more bytes than allowed. */
  readonly bytes: Uint8Array | null
  /** Whether a line feed ends it. */
  readonly isEnded: boolean
}

const LINE_FEED = 0x0a

/** Splits the bytes of a text into its lines. What is behind the last line feed is a line where it is not blank. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number
): AsyncGenerator<TextLine, void, undefined> {
  let parts: Uint8Array[] = []
  let length = 0
  let number = 1
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length > maxBytes) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const line = (isEnded: boolean): TextLine => {
    const [only, another] = parts
    const isOne = only !== undefined && another === undefined
    const bytes = length > maxBytes ? null : isOne ? only : Buffer.concat(parts)
    const made = { number: number++, bytes, isEnded }
    parts = []
    length = 0
    return made
  }
  for await (const chunk of chunks) {
    let start = 0
    for (
      let end = chunk.indexOf(LINE_FEED);
      end !== -1;
      start = end + 1, end = chunk.indexOf(LINE_FEED, start)
    ) {
      add(chunk.subarray(start, end))
      yield line(true)
    }
    add(chunk.subarray(start))
  }
  if (length > 0) yield line(false)
}
