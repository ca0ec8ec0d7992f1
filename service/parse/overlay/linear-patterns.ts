import type { RE2JS } from 're2js'

import { linearEngine } from '../../base/linear-engine.ts'

/** Longest pattern, in characters, and most patterns that are kept. */
const PATTERN_MAX = 1_000
const PATTERNS_MAX = 100

const known = new Map<string, RE2JS | null>()

/** Whether a pattern (I-Regexp, RFC 9485) matches a whole text. False for a pattern that is none. */
export function matchesWhole(text: unknown, pattern: unknown): boolean {
  return typeof text === 'string' && compiled(pattern)?.matches(text) === true
}

/** Whether a pattern matches some part of a text. */
export function matchesPart(text: unknown, pattern: unknown): boolean {
  return typeof text === 'string' && compiled(pattern)?.matcher(text).find() === true
}

function compiled(pattern: unknown): RE2JS | null {
  if (typeof pattern !== 'string' || pattern.length > PATTERN_MAX) return null
  const before = known.get(pattern)
  if (before !== undefined) return before
  const made = compile(pattern)
  if (known.size >= PATTERNS_MAX) known.clear()
  known.set(pattern, made)
  return made
}

function compile(pattern: string): RE2JS | null {
  try {
    return linearEngine().compile(withLines(pattern))
  } catch {
    return null
  }
}

/** A pattern whose dots are any character but those that end a line (RFC 9485 5.4). */
function withLines(pattern: string): string {
  let [text, isEscaped, isInClass] = ['', false, false]
  for (const character of pattern) {
    const isDot = character === '.' && !isEscaped && !isInClass
    text += isDot ? '[^\\n\\r]' : character
    if (isEscaped) isEscaped = false
    else if (character === '\\') isEscaped = true
    else if (character === '[') isInClass = true
    else if (character === ']') isInClass = false
  }
  return text
}
