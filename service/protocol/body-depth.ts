import { ConnectorError } from '../errors.ts'

/**
 * Refuses a body that is nested deeper than `limit` levels; a list or an object is one level. Level
 * by level, not by recursion, so that no depth ends the process.
 *
 * @throws ConnectorError BODY_TOO_DEEP
 */
export function checkBodyDepth(body: unknown, limit: number): void {
  let level = containers([body])
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) throw new ConnectorError('BODY_TOO_DEEP', { limit })
    level = level.flatMap(value => containers(Object.values(value)))
  }
}

function containers(values: readonly unknown[]): object[] {
  return values.filter(value => typeof value === 'object' && value !== null)
}
