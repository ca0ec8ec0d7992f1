import type { CommandOption } from './command.ts'
import { CommandError } from './terminal.ts'

/**
 * The whole number that an option has, which is from one bound to another.
 *
 * @throws CommandError for anything else.
 */
export function wholeNumber(
  { name }: Pick<CommandOption, 'name'>,
  text: string,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER
): number {
  const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (number >= from && number <= to) return number
  const upTo = to === Number.MAX_SAFE_INTEGER ? '' : ` to ${to}`
  throw new CommandError(`${name} "${text}" is not a whole number from ${from}${upTo}`)
}
