import { RE2JS } from 're2js'

/** Whether a text begins with what a pattern describes, without regard to letter case. */
export type LinearPattern = (text: string) => boolean

/** A pattern that cannot be read. The message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/**
 * Compiles a pattern that a stranger wrote: it takes linear time, begins at the start of a text, and ignores letter case.
 *
 * @throws PatternError
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
    if (error instanceof PatternError) return error.message
    throw error
  }
}

function compile(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    throw new PatternError(reason.replace(/^error parsing regexp: /, ''))
  }
}
