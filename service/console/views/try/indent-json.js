/** A string, a run of blanks, a sign, or anything else of JSON. */
const TOKENS = /"(?:[^"\\]|\\.)*"?|\s+|[[\]{},:]|[^\s"[\]{},:]+/gs

/** Deeper lines are indented no further. */
const INDENT_MAX = 16

/**
 * JSON with a line for each member and item, and numbers with all their digits. A text that ends early is written as far
 * as it goes; what is no JSON comes back as it is.
 *
 * @param {string} text
 * @returns {string}
 */
export function indentJson(text) {
  if (!/^\s*[[{]/.test(text)) return text
  let written = ''
  let depth = 0
  const line = () => `\n${'  '.repeat(Math.min(depth, INDENT_MAX))}`
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      depth++
      written += token + line()
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1)
      const isEmpty = /[[{]\s*$/.test(written.slice(-400))
      written = isEmpty ? written.trimEnd() + token : written + line() + token
    } else if (token === ',') written += token + line()
    else if (token === ':') written += ': '
    else if (token.trim() !== '') written += token
  }
  return written
}
