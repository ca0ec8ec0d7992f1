/** A fenced block of a Markdown page. */
export type CodeBlock = {
  /** The text after the opening fence. */
  readonly info: string
  readonly text: string
  /** The last line before it that is not blank. */
  readonly before: string
  /** Line of its opening fence, from 1. */
  readonly line: number
}

/** The fenced blocks of a Markdown page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(match => {
    const [, info = '', text = ''] = match
    const before = markdown.slice(0, match.index).trimEnd().split('\n')
    return {
      info: info.trim(),
      text,
      before: before.at(-1) ?? '',
      line: markdown.slice(0, match.index).split('\n').length
    }
  })
}
