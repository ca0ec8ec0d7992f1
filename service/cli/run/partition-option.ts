import type { JsonObject } from '../../base/json.ts'
import type { CommandInput, CommandOption } from '../command.ts'
import { CommandError } from '../terminal.ts'

export const PARTITION: CommandOption = {
  name: '--partition',
  value: 'MEMBERS',
  does: 'cuts the inputs into parts, such as by=created_at,from=2025-01-01,to=2026-01-01,count=12'
}

/**
 * The members of `partition` that a command gives (docs/pipelines.md#partitions).
 *
 * @throws CommandError for what is no list of names with values.
 */
export function partitionMembers({ value }: CommandInput): JsonObject {
  const given = value(PARTITION)
  if (given === undefined) return {}
  const members = given.split(',').map(text => {
    const split = text.indexOf('=')
    if (split < 1) {
      throw new CommandError(`${PARTITION.name} needs NAME=VALUE, such as count=16, not "${text}"`)
    }
    return [text.slice(0, split).trim(), text.slice(split + 1).trim()] as const
  })
  return Object.fromEntries(members)
}
