import type { RE2JS } from 're2js'

import { linearEngine } from './linear-engine.ts'

/** Whether a text begins with what a pattern describes, without regard to letter case. */
export type LinearPattern = (text: string) => boolean

/**
 * Compiles a pattern that a stranger wrote: it takes linear time, begins at the start of a text, and ignores letter case.
 *
 * @param expression One without a `patternFault`.
 */
export function linearPattern(expression: string): LinearPattern {
  const compiled = compile(expression)
  return text => compiled.matcher(text).lookingAt()
}

/** Why a pattern cannot be used; null if it can. */
export function patternFault(expression: string): string | null {
  try {
    compile(expression)
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown'
  }
}

function compile(expression: string): RE2JS {
  const engine = linearEngine()
  return engine.compile(expression, engine.CASE_INSENSITIVE)
}
