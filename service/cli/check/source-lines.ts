import { shownText } from '../shown-text.ts'

/** Where a line of a text begins and ends. */
type Line = { readonly start: number; readonly end: number }

/** An excerpt of one line, and the offset in it that is pointed at. */
export type SourceExcerpt = { readonly text: string; readonly caret: number }

/** Longest excerpt. A document in JSON may be a single line. */
const WIDTH = 100

/** How much of the line is shown before what is pointed at. */
const BEFORE = 40

/**
 * Reads excerpts of the lines of a text. Lines are found once, on first use.
 *
 * @returns A function of line and column, both from 1; undefined for a place that the text does not have.
 */
export function sourceLines(
  text: string
): (line: number, column: number) => SourceExcerpt | undefined {
  let lines: readonly Line[] | undefined
  return (line, column) => {
    lines ??= findLines(text)
    const found = lines[line - 1]
    const offset = column - 1
    if (found === undefined || found.start + offset > found.end) return undefined
    const from = offset < WIDTH - BEFORE ? 0 : offset - BEFORE
    const excerpt = text.slice(found.start + from, Math.min(found.end, found.start + from + WIDTH))
    return { text: shownText(excerpt).trimEnd(), caret: offset - from }
  }
}

function findLines(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    lines.push({ start, end })
    start = end + 1
  }
  return lines
}
