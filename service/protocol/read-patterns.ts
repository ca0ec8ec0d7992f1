import { ConnectorError } from '../errors.ts'
import type { OperationPatterns } from '../model/compile-options.ts'
import { operationPatternFault } from '../model/operation-pattern.ts'
import type { OverlayQuestion } from './overlay-schemas.ts'

/**
 * The patterns of operations that a proposal is asked for.
 *
 * @throws ConnectorError `BODY_INVALID` for one that cannot be read.
 */
export function readPatterns({ only, exclude }: OverlayQuestion): OperationPatterns {
  return { include: checked('only', only ?? []), exclude: checked('exclude', exclude ?? []) }
}

function checked(name: string, patterns: readonly string[]): readonly string[] {
  for (const [index, pattern] of patterns.entries()) {
    const fault = operationPatternFault(pattern)
    if (fault === null) continue
    const expected = `expected a pattern of paths and tags: ${fault}`
    throw new ConnectorError('BODY_INVALID', { pointer: `/${name}/${index}`, expected })
  }
  return patterns
}
