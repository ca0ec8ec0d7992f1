/** Ends of a relation type, a parameter name and an unquoted value. */
const SPACE = ' \t'
const NAME_END = '=;, \t'
const VALUE_END = ';, \t'

/** The first link of each relation type (RFC 8288 3), in lower case. */
export type LinkTargets = ReadonlyMap<string, string>

/**
 * Reads a `Link` header (RFC 8288 3) in one pass. Values in single quotes, which some APIs send, are read as quoted
 * ones.
 *
 * @returns Empty where there is no link.
 */
export function linkTargets(header: string | undefined): LinkTargets {
  const found = new Map<string, string>()
  const text = header ?? ''
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<', at)
    const close = open < 0 ? -1 : text.indexOf('>', open)
    if (close < 0) break
    const [relation, end] = readRelation(text, close + 1)
    for (const word of relation.toLowerCase().split(/\s+/)) {
      if (word !== '' && !found.has(word)) found.set(word, text.slice(open + 1, close).trim())
    }
    at = end
  }
  return found
}

/** The first `rel` among the parameters of a link, and where they end: at a comma, or the end of the text. */
function readRelation(text: string, start: number): readonly [relation: string, end: number] {
  let relation: string | null = null
  let at = start
  while (at < text.length && text.charAt(at) !== ',') {
    const nameEnd = until(text, at, NAME_END)
    const name = text.slice(at, nameEnd).toLowerCase()
    const next = after(text, nameEnd, SPACE)
    if (name === '' || text.charAt(next) !== '=') {
      at = name === '' && next === at ? at + 1 : next
      continue
    }
    const [value, end] = readValue(text, after(text, next + 1, SPACE))
    if (name === 'rel') relation ??= value
    at = end
  }
  return [relation ?? '', at]
}

/** A quoted or unquoted value, and where it ends. A quote that is never closed is a part of the value. */
function readValue(text: string, start: number): readonly [value: string, end: number] {
  const quote = text.charAt(start)
  if (quote === '"' || quote === "'") {
    let value = ''
    for (let at = start + 1; at < text.length; at++) {
      const character = text.charAt(at)
      if (character === quote) return [value, at + 1]
      value += character === '\\' ? text.charAt(++at) : character
    }
  }
  const end = until(text, start, VALUE_END)
  return [text.slice(start, end), end]
}

function until(text: string, start: number, ends: string): number {
  let at = start
  while (at < text.length && !ends.includes(text.charAt(at))) at++
  return at
}

function after(text: string, start: number, passed: string): number {
  let at = start
  while (at < text.length && passed.includes(text.charAt(at))) at++
  return at
}
