import { generateSync } from 'json-schema-faker'

/** Makes a text of a pattern; undefined where that fails. It may match less than the pattern, and is to be checked. */
export function makePattern(pattern: string, seed: number): string | undefined {
  try {
    const made = generateSync({ type: 'string', pattern }, { seed })
    return typeof made === 'string' ? made : undefined
  } catch {
    // A contradictory pattern makes the generator throw errors of many kinds.
    return undefined
  }
}
