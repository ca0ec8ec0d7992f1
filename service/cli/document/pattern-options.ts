import type { OperationPatterns } from '../../model/compile-options.ts'
import { operationPatternFault } from '../../model/operation-pattern.ts'
import type { CommandInput, CommandOption } from '../command.ts'
import { CommandError } from '../terminal.ts'

const ONLY: CommandOption = {
  name: '--only',
  value: 'PATTERN',
  repeats: true,
  does: 'looks only at operations with such a path or tag; `tag:` and `path:` say which'
}
const EXCLUDE: CommandOption = {
  name: '--exclude',
  value: 'PATTERN',
  repeats: true,
  does: 'leaves out operations with such a path or tag'
}

/** The options that choose operations (docs/x-flow.md#include-and-exclude). */
export const PATTERN_OPTIONS: readonly CommandOption[] = [ONLY, EXCLUDE]

/** @throws CommandError for a pattern that cannot be read. */
export function readPatternOptions({ values }: CommandInput): OperationPatterns {
  const patternsOf = (option: CommandOption): readonly string[] => {
    const patterns = values(option)
    for (const pattern of patterns) {
      const reason = operationPatternFault(pattern)
      if (reason !== null) {
        throw new CommandError(`${option.name} "${pattern}" cannot be read: ${reason}`)
      }
    }
    return patterns
  }
  return { include: patternsOf(ONLY), exclude: patternsOf(EXCLUDE) }
}
