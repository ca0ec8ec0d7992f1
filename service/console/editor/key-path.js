/**
 * Reads the lines of a text from a position upwards. Lines count from 1.
 *
 * @typedef {(line: number) => string} LineReader
 */

/** Most lines that are read above a position. */
const LINES_MAX = 20_000

/** A key at the start of a line of YAML, after dashes of list items. */
const KEY = /^(\s*(?:-\s+)*)(?:"([^"]*)"|'([^']*)'|([^\s#'"{}[\],][^:#]*?))\s*:(?=\s|$)/

/**
 * The keys that lead to a position of a YAML text, from the outside in: what `|` is in for `a:\n  b: { c: |`. Items of lists
 * count as `0`. Undefined where the position is too deep in the text.
 *
 * @param {LineReader} lineAt
 * @param {number} line
 * @param {number} column From 0.
 * @returns {string[] | undefined}
 */
export function keyPathAt(lineAt, line, column) {
  const text = lineAt(line)
  const own = KEY.exec(text)
  const isBehindKey = own !== null && column >= own[0].length
  const inner = isBehindKey ? flowPath(text.slice(own[0].length, column)) : []
  const inside = isBehindKey ? [nameOf(own), ...inner] : []
  const limit = isBehindKey ? (own[1]?.length ?? 0) : indentOf(text, column)
  const outer = outerPath(lineAt, line, limit)
  if (outer === undefined) return undefined
  const isItem = /^\s*-\s/.test(text.slice(0, limit))
  return isItem ? [...outer, '0', ...inside] : [...outer, ...inside]
}

/** @param {LineReader} lineAt @param {number} from @param {number} limit */
function outerPath(lineAt, from, limit) {
  const path = []
  let indent = limit
  for (let line = from; line > 0 && indent > 0; line--) {
    if (from - line > LINES_MAX) return undefined
    if (line === from) continue
    const found = KEY.exec(lineAt(line))
    const at = found?.[1]?.length ?? Number.POSITIVE_INFINITY
    if (found === null || at >= indent) continue
    path.unshift(nameOf(found))
    indent = at
    // The key of an item stands behind its dash.
    const dash = found[1]?.indexOf('-') ?? -1
    if (dash !== -1) {
      path.unshift('0')
      indent = dash
    }
  }
  return path
}

/** The keys of braces that are open at the end of a text in flow style. @param {string} text */
function flowPath(text) {
  /** @type {string[]} */
  const path = []
  let key = ''
  for (const [token] of text.matchAll(/[{}[\],]|[^\s{}[\],:]+(?=\s*:)/g)) {
    if (token === '{' || token === '[') path.push(token === '[' ? '0' : key)
    else if (token === '}' || token === ']') path.pop()
    else if (token !== ',') key = token
  }
  return path.filter(each => each !== '')
}

/** @param {RegExpExecArray} found */
function nameOf([, , double, single, plain]) {
  return double ?? single ?? plain ?? ''
}

/** @param {string} text @param {number} column */
function indentOf(text, column) {
  return Math.min(column, /^[\s-]*/.exec(text)?.[0].length ?? 0)
}
